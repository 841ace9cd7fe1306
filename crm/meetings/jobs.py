"""The demonstration's appointments and workshops, one in every state."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select

from crm.accounts.queries import account, account_of, actor_of
from crm.businesses.models import Business
from crm.businesses.queries.listing import Search, businesses
from crm.businesses.queries.seeing import business, people_of
from crm.casework import queries as casework
from crm.casework.service.conversing import ConversationDetails
from crm.casework.workflow import Channel
from crm.db.session import session
from crm.kernel.clock import day_of, moment_on, today
from crm.kernel.permissions import SYSTEM, Actor
from crm.meetings import queries
from crm.meetings.models import Appointment, Workshop
from crm.meetings.service import arranging, holding, seating
from crm.meetings.service.arranging import AppointmentDetails
from crm.meetings.service.holding import WorkshopDetails

KIND = "ip.ip_basics"
TITLES = {
    "draft": "What a licence should say",
    "open": "Who owns what you make",
    "held": "Getting paid on time",
    "cancelled": "Selling to museums",
}
FREE, FREE_SEATS = "Selling at fairs: a first plan", 20
"""One that has places left, so that people can be invited to it."""
VISITORS = (("Ines Demo-Visitor", "ines@visitor.example"), ("Tom Demo-Visitor", "tom@visitor.example"))


def load_demo() -> dict[str, int]:
    """Appointments and workshops in every state, with places in every state."""
    if session().scalar(select(func.count()).select_from(Workshop)):
        return {"demo workshops": 0}
    found = next(iter(businesses(Search(text="Lantern Otter Animation"), SYSTEM).rows), None)
    whole, who = business(found.id) if found else None, account_of("adviser@demo.example")
    adviser = account(who.id) if who else None
    if whole is None or adviser is None or casework.kind(KIND) is None:
        return {"demo workshops": 0}
    actor = actor_of(adviser)
    appointments = [_appointment(whole, days, by=actor) for days in (3, 5, 6)]
    _settle(appointments, by=actor)
    workshops = {
        state: _workshop(title, days, by=actor) for days, (state, title) in enumerate(TITLES.items(), 8)
    }
    _furnish(workshops, whole, by=actor)
    holding.open_(_workshop(FREE, 16, seats=FREE_SEATS, by=actor), by=actor)
    return {"demo appointments": len(appointments), "demo workshops": len(workshops) + 1}


def _at(days: int) -> dict[str, datetime]:
    begins = moment_on(today() + timedelta(days=days), time(10, 30))
    return {"starts_at": begins, "ends_at": begins + timedelta(hours=1, minutes=30)}


def _appointment(owner: Business, days: int, *, by: Actor) -> Appointment:
    reader = next(each for each in people_of(owner.id) if each.email)
    assert by.account_id is not None
    details = AppointmentDetails(
        reader.id,
        by.account_id,
        "The plan for a series",
        **_at(days),
        channel=Channel.VIDEO,
        place="A video call",
    )
    return arranging.arrange(owner, details, by=by)


def _settle(appointments: list[Appointment], *, by: Actor) -> None:
    """One is called off and one was held two weeks ago; the first stays."""
    _, off, held = appointments
    arranging.cancel(off, reason="Invented: the adviser is ill.", by=by)
    held.starts_at, held.ends_at = (each - timedelta(days=21) for each in (held.starts_at, held.ends_at))
    session().flush()
    queries.read_again(held)
    arranging.hold(held, _said(held, on=day_of(held.starts_at)), by=by)


def _said(held: Appointment, *, on: date) -> ConversationDetails:
    return ConversationDetails(
        happened_on=on,
        subject=held.subject,
        people=(held.person_id,),
        advisers=(held.adviser_id,),
        channel=Channel.VIDEO,
        kind_code=KIND,
    )


def _workshop(title: str, days: int, *, seats: int = 2, by: Actor) -> Workshop:
    details = WorkshopDetails(
        title=title,
        about="Invented: a morning for makers, with time for questions.",
        kind_code=KIND,
        hub_id=None,
        lead_id=by.account_id,
        **_at(days),
        channel=Channel.IN_PERSON,
        place="The Made Hall, Birmingham",
        seats=seats,
        quarters=6,
    )
    made = holding.plan(details, by=by)
    found = queries.workshop(made.id)
    assert found is not None
    return found


def _furnish(workshops: dict[str, Workshop], owner: Business, *, by: Actor) -> None:
    reader = next(each for each in people_of(owner.id) if each.email)
    own = seating.Attendee(reader.name, reader.email or "", owner.name, owner.id)
    others = [seating.Attendee(name, email, "Invented Makers") for name, email in VISITORS]
    for state in ("open", "held", "cancelled"):
        holding.open_(workshops[state], by=by)
    for state in ("open", "held"):
        _seat(workshops[state], (own, *others), by=by)
    _give_one_up(workshops["open"], by=by)
    holding.cancel(workshops["cancelled"], reason="Invented: the speaker cannot come.", by=by)
    _hold(workshops["held"], by=by)


def _seat(workshop: Workshop, attendees: Iterable[seating.Attendee], *, by: Actor) -> None:
    for each in attendees:
        seating.sign_up_others(workshop, each, by=by)


def _give_one_up(workshop: Workshop, *, by: Actor) -> None:
    """The second visitor moves up, and somebody else waits."""
    first_visitor = queries.place_of(workshop.id, VISITORS[0][1])
    assert first_visitor is not None
    found = queries.place(first_visitor.id)
    assert found is not None
    seating.give_up(found, reason="Invented: a colleague comes instead.", by=by)
    seating.sign_up_others(
        workshop, seating.Attendee("Una Demo-Visitor", "una@visitor.example", "Made Alone"), by=by
    )


def _hold(workshop: Workshop, *, by: Actor) -> None:
    """It was a week ago: the one from the business came, the other did not."""
    workshop.starts_at -= timedelta(days=21)
    workshop.ends_at -= timedelta(days=21)
    session().flush()
    came = {each.id for each in queries.places_in(workshop.id) if each.business_id is not None}
    holding.hold(workshop, came, by=by)
