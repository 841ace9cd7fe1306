"""Who leads a workshop: named by its letters and its calendar, changed on its page, and handed over with the rest."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.models import Account
from crm.kernel.clock import now
from crm.kernel.roles import Role, Scope
from crm.meetings import queries
from crm.meetings.models import Workshop
from crm.meetings.service.seating import event_of
from crm.notices.models import Letter
from tests import factories, gatherings
from tests.cast import Cast
from tests.client import ConformingClient


def colleague_of(cast: Cast) -> Account:
    made = factories.account(name="Wynn Workshop")
    (held,) = cast.adviser.account.grants
    factories.grant(made, Role.ADVISER, scope=Scope.HUB, scope_id=held.scope_id)
    return made


def whole(found: Workshop) -> Workshop:
    read = queries.workshop(found.id)
    assert read is not None
    return read


def test_k15_a_workshop_of_a_leaver_is_handed_over_and_its_calendar_names_who_leads_it_now(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made, to = gatherings.workshop(created_by_id=cast.adviser.id), colleague_of(cast)
    client.sign_in(cast.administrator).post(f"/people/{cast.adviser.id}/deactivate")
    page = client.get(f"/people/{cast.adviser.id}/caseload")
    assert made.title in page.text
    client.post(f"/people/{cast.adviser.id}/caseload", data={f"to-{made.id}": str(to.id)})
    db.expire_all()

    assert whole(made).lead_id == to.id
    assert whole(made).created_by_id == cast.adviser.id
    assert event_of(whole(made)).organiser == (to.name, to.email)
    assert f"{to.name}" in client.get(f"/workshops/{made.id}").text
    assert db.scalars(select(Letter).where(Letter.to_address == to.email)).all()


def test_the_lead_of_a_workshop_is_changed_on_its_page(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made, to = gatherings.workshop(created_by_id=cast.adviser.id), colleague_of(cast)
    client.sign_in(cast.adviser)
    address, day = f"/workshops/{made.id}/change", (now() + timedelta(days=9)).date()
    assert f'value="{cast.adviser.id}" selected' in client.get(address).text
    told = {"title": "New title", "about": "Money", "kind_code": made.kind_code, "channel": "in_person"}
    told |= {"place": "A hall", "seats": "5", "hour": "10:00", "minutes": "60", "lead": str(to.id)}
    told |= {"day-day": str(day.day), "day-month": str(day.month), "day-year": str(day.year)}
    assert client.post(address, data=told).status_code == 303
    db.expire_all()

    assert whole(made).lead_id == to.id
