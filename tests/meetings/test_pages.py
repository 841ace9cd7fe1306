"""Each form and button of meetings, sent by the right person through its page, and where that leads."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.accounts.models import Hub
from crm.businesses.models import Business
from crm.casework.models import Conversation
from crm.kernel.clock import now, today
from crm.meetings.workflow import PlaceStatus, WorkshopStatus
from tests import factories, gatherings
from tests.cast import HUB, Cast
from tests.client import ConformingClient
from tests.meetings.test_workshops import past
from tests.programme.pages import sent


def test_k3_an_appointment_is_held_once_however_often_its_form_is_sent(
    client: ConformingClient, cast: Cast, owner: Business, db: Session
) -> None:
    person, kind = factories.person(owner), factories.support_kind()
    made = gatherings.appointment(owner, person_id=person.id, adviser_id=cast.adviser.id, **past())
    client.sign_in(cast.adviser)
    where = f"/appointments/{made.id}/hold"
    assert client.get(where).status_code == 200
    day = today()
    told = {"happened_on-day": str(day.day), "happened_on-month": str(day.month)}
    told |= {"happened_on-year": str(day.year), "people": str(person.id), "advisers": str(cast.adviser.id)}
    told |= {"subject": "Held once", "channel": "video", "kind_code": kind.code, "quarters": "1.5"}
    assert "Conversation recorded." in sent(client, where, told)
    assert db.scalar(select(func.count()).where(Conversation.subject == "Held once")) == 1
    db.expire_all()
    assert client.get(where).status_code == 409


def own_hub(db: Session) -> UUID:
    """The hub of the cast's first adviser."""
    return db.scalars(select(Hub.id).where(Hub.code == HUB)).one()


def typed(begins: Any, **fields: str) -> dict[str, str]:
    day = {"day-day": str(begins.day), "day-month": str(begins.month), "day-year": str(begins.year)}
    told = {
        "title": "Rights",
        "about": "What you own",
        "hour": "10:00",
        "minutes": "90",
        "place": "Another hall",
    }
    return day | told | {"channel": "in_person", "seats": "20", "quarters": "1.5", "hub": ""} | fields


def test_a_workshop_is_changed_and_cancelled_through_its_pages(client: ConformingClient, cast: Cast) -> None:
    made = gatherings.workshop()
    client.sign_in(cast.adviser)
    fields = {"kind_code": made.kind_code, "version": str(made.version)}
    told = typed(today() + timedelta(days=9), **fields)
    assert "Workshop changed." in sent(client, f"/workshops/{made.id}/change", told)
    assert "Workshop cancelled." in sent(
        client, f"/workshops/{made.id}/cancel", {"reason": "The speaker is ill"}
    )
    assert client.get(f"/workshops/{made.id}/change").status_code == 409
    assert client.get(f"/workshops/{made.id}/places/new").status_code == 409


def test_somebody_who_came_after_all_is_recorded_through_the_page(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    held = gatherings.workshop(WorkshopStatus.HELD, **past())
    place = gatherings.place(held, person_name="Ann", _status=PlaceStatus.ABSENT)
    client.sign_in(cast.adviser)
    assert "Ann is recorded as having come." in sent(client, f"/workshop-places/{place.id}/attend")
    early = gatherings.workshop(starts_at=now() + timedelta(days=2))
    waiting = gatherings.place(early)
    assert client.post(f"/workshop-places/{waiting.id}/attend").status_code == 409


def test_a_colleague_who_signs_a_person_up_is_asked_about_them_and_a_visitor_about_themselves(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = gatherings.workshop()
    where = f"/workshops/{made.id}/places/new"
    page = client.sign_in(cast.adviser).get(where).text
    assert "Your name" not in page
    assert "Name of the person" in page
    refused = client.post(where, data={})
    assert refused.status_code == 422
    assert " your " not in refused.text.split("<main")[1].split("</main")[0].lower()
    client.sign_in(cast.visitor)
    assert "Your name" in client.get(f"/workshops/{made.id}/sign-up").text


def test_45_a_workshop_of_another_hub_shows_nobody_who_signed_up_and_is_not_changed(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    theirs = gatherings.workshop(hub_id=own_hub(db))
    place = gatherings.place(theirs)
    draft = gatherings.workshop(WorkshopStatus.DRAFT, hub_id=own_hub(db))
    client.sign_in(cast.other_adviser)
    page = client.get(f"/workshops/{theirs.id}").text
    assert "Sign a person up" in page
    assert "Who signed up" not in page
    shut = (
        f"/workshops/{theirs.id}/places",
        f"/workshops/{theirs.id}/change",
        f"/workshops/{draft.id}",
        f"/workshop-places/{place.id}/match",
        f"/workshop-places/{place.id}/give-up",
    )
    assert {client.get(each).status_code for each in shut} == {404}
    assert draft.title not in client.get("/workshops").text
    client.sign_in(cast.adviser)
    assert place.email in client.get(f"/workshops/{theirs.id}/places").text
    assert draft.title in client.get("/workshops").text


def test_45_who_signs_a_client_up_for_a_workshop_of_another_hub_is_led_back_to_it(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    theirs = gatherings.workshop(hub_id=own_hub(db))
    client.sign_in(cast.other_adviser)
    told = {"person_name": "Ann", "email": "ann@made.example", "business_name": "Made Makers"}
    assert "We have emailed Ann about their place." in sent(
        client, f"/workshops/{theirs.id}/places/new", told
    )
