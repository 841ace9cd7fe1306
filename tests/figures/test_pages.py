"""Dated figures through their pages: each of them shown once on every page that shows one."""

from __future__ import annotations

import pytest
from markupsafe import escape
from sqlalchemy.orm import Session

from crm.figures.queries import history_of
from crm.figures.rules import CATALOGUE, Unit
from tests.cast import Cast
from tests.client import ConformingClient

TYPED = {Unit.MONEY: "£1,234", Unit.PERCENT: "12"}


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_every_figure_can_be_proposed_and_is_shown_in_its_unit(
    name: str, client: ConformingClient, cast: Cast, db: Session
) -> None:
    known = CATALOGUE[name]
    client.sign_in(cast.administrator)
    assert str(escape(f"Propose a value: {known.label}")) in client.get(f"/figures/{name}/new").text

    told = {
        "value": TYPED.get(known.unit, "12"),
        "source": "A decision of the board",
        "confidence": "decision",
    }
    day = {"valid_from-day": "1", "valid_from-month": "4", "valid_from-year": "2031"}
    answer = client.post(f"/figures/{name}/new", data=told | day)

    assert answer.status_code == 303
    made = next(each for each in history_of(name) if each.proposed_at is not None and each.proposed_by_id)
    for page in (answer.headers["Location"], f"/figures/{name}"):
        assert made.shown in client.get(page).text


def test_a_figure_is_approved_refused_and_withdrawn_through_its_page(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    told = {"value": "12", "source": "The board", "confidence": "decision"}
    told |= {"valid_from-day": "1", "valid_from-month": "4", "valid_from-year": "2031"}
    for step, by, words in (
        ("approve", cast.second_administrator, "is approved"),
        ("refuse", cast.second_administrator, "is refused"),
        ("withdraw", cast.administrator, "is withdrawn"),
    ):
        client.sign_in(cast.administrator)
        where = client.post("/figures/enquiry.draft_days/new", data=told).headers["Location"]
        client.sign_in(by)
        answer = client.post(f"{where}/{step}", data={"reason": "Not read closely enough"})
        assert answer.status_code == 303
        assert words in client.get(answer.headers["Location"]).text
