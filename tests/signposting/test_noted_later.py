"""An enquiry that is recorded later than it came."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.kernel.clock import day_of
from crm.signposting.models import Enquiry
from crm.signposting.service.enquiring import due_on
from tests.cast import Cast
from tests.client import ConformingClient, errors_of


def test_the_clock_of_a_call_runs_from_the_day_it_came(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    told = {
        "way": "phone",
        "business_name": "Kiln",
        "story": "Help",
        "name": "Ann",
        "phone": "0121 496 0001",
        "form": "",
    }
    day = {"came_on-month": "11", "came_on-year": "2026"}
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
