"""The IP readiness of the businesses of a project, before they joined and now."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from crm.kernel.clock import now
from tests import assessments, factories
from tests.cast import Cast
from tests.client import ConformingClient
from tests.ip import bed

pytestmark = pytest.mark.engine("sqlite")


def test_a_project_compares_the_ip_readiness_of_its_businesses_before_and_after(
    client: ConformingClient, cast: Cast
) -> None:
    first, second = bed.owner(), factories.business()
    with time_machine.travel(now() - timedelta(days=40), tick=False):
        before = assessments.finished(first, pattern="b")
    part = bed.taking(first)
    page = f"/test-bed/{part.project_id}/readiness"
    client.sign_in(cast.administrator)
    assert "No business has a result both before and after yet" in client.get(page).text
    with time_machine.travel(now() + timedelta(days=40), tick=False):
        after = assessments.finished(first, pattern="d")
    assessments.finished(second, pattern="a")
    shown = " ".join(client.get(page).text.split())
    assert "1 business has a result before and after" in shown
    assert "1 higher, 0 the same, 0 lower" in shown
    assert f'href="/readiness/{before.id}"' in shown
    assert f'href="/readiness/{after.id}"' in shown
    assert second.name not in shown
    assert f'href="{page}"' in client.get(f"/test-bed/{part.project_id}").text
