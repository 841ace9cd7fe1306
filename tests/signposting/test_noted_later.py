"""An enquiry that is recorded later than it came."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of
from crm.kernel.errors import Invalid
from crm.notices.models import Letter
from crm.notices.rules import word
from crm.signposting.models import Enquiry
from crm.signposting.service.enquiring import Told, due_on, take_down
from crm.signposting.workflow import Way
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient, errors_of

PHONED = {
    "way": "phone",
    "business_name": "Kiln",
    "story": "Help",
    "name": "Ann",
    "phone": "0121 496 0001",
    "form": "",
}


def in_text(letter: Letter) -> str:
    given = {"to_name": "Ann", "base_url": "https://crm", "service_name": "CRM", "link": "https://crm/l"}
    return word(letter.kind, letter.context | given).text


def test_the_clock_of_a_call_runs_from_the_day_it_came(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    told, day = PHONED, {"came_on-month": "11", "came_on-year": "2026"}
    client.sign_in(cast.adviser)
    assert 'name="came_on-day"' in client.get("/enquiries/new").text
    for wrong, words in (("25", "Day it came"), ("24", "in the last 60 days")):
        month = "11" if wrong == "25" else "8"
        refused = client.post(
            "/enquiries/new", data=told | day | {"came_on-day": wrong, "came_on-month": month}
        )
        assert (refused.status_code, words in refused.text) == (422, True)
    taken = client.post("/enquiries/new", data=told | day | {"came_on-day": "19"})
    assert errors_of(taken) == []
    found = db.scalars(select(Enquiry)).one()
    assert (day_of(found.received_at), found.due_on) == (date(2026, 11, 19), due_on(date(2026, 11, 19)))
    assert found.due_on < due_on()


def test_k10_no_letter_or_page_promises_an_answer_by_a_day_that_is_past(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    told = PHONED | {"email": "ann@made.example"}
    told |= {"came_on-day": "17", "came_on-month": "11", "came_on-year": "2026"}
    client.sign_in(cast.adviser).post("/enquiries/new", data=told | {"place": "B9 4AA"})
    found, letter = db.scalars(select(Enquiry)).one(), db.scalars(select(Letter)).one()
    assert "Thank you for your enquiry of 17 November 2026." in in_text(letter)
    assert "will answer as soon as possible" in in_text(letter)
    found.business_id = BUSINESS
    db.flush()
    page = client.sign_in(cast.founder).get(f"/enquiries/{found.id}/status").text
    assert "as soon as possible" in page
    for text in (in_text(letter), page):
        assert day_in_words(found.due_on) not in text


@pytest.mark.parametrize("place", ["HR1 2AA", "HR1", "EH1 1AA"])
def test_k5_an_adviser_is_stopped_where_a_visitor_from_outside_the_region_is(
    place: str, client: ConformingClient, cast: Cast, db: Session
) -> None:
    refused = client.sign_in(cast.adviser).post("/enquiries/new", data=PHONED | {"place": place})
    assert (refused.status_code, "point the caller to the business support helplines" in refused.text) == (
        422,
        True,
    )
    assert len(errors_of(refused)) == 1
    assert 'value="Kiln"' in refused.text
    assert db.scalars(select(Enquiry)).all() == []
    with pytest.raises(Invalid, match="West Midlands"):
        take_down(Told("Kiln", "Ann", None, "0121 496 0001", outcode="HR1"), Way.PHONE, by=cast.adviser.actor)
