"""A window that is not open is said on the page, before anything is scored."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.kernel.clock import now
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.judging import given_to, handed_in, judged


@pytest.mark.parametrize(
    ("begins", "ends", "said"),
    [(2, 9, "You can submit your assessment from"), (-9, -2, "The time to submit ended on")],
)
def test_k12_an_assessor_reads_that_the_window_is_closed_and_is_offered_no_submitting(
    cast: Cast, client: ConformingClient, begins: int, ends: int, said: str
) -> None:
    window = {"assess_from": now() + timedelta(days=begins), "assess_until": now() + timedelta(days=ends)}
    made = given_to(cast, handed_in(judged(deadline_at=now() - timedelta(days=10), **window)))
    page = client.sign_in(cast.assessor).get(f"/assessments/{made.id}").text
    assert said in page
    assert "Save for later" in page
    assert "Save and submit" not in page


def test_in_the_window_it_can_be_submitted(cast: Cast, client: ConformingClient) -> None:
    made = given_to(cast, handed_in())
    page = client.sign_in(cast.assessor).get(f"/assessments/{made.id}").text
    assert "Save and submit" in page
