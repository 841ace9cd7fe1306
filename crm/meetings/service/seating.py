"""Places in a workshop: signed up for, given up, moved up from the waiting list, matched with a business."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from crm.accounts.workflow import AccountStatus
from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.service.keeping import require_in_use
from crm.casework.service.counting import Attended, credit
from crm.db.changes import amend, created
from crm.db.session import session
from crm.db.states import advance, refuse_if
from crm.kernel.clock import moment_with_weekday, now, to_local
from crm.kernel.errors import Conflict, Invalid, says_something
from crm.kernel.events import Event
from crm.kernel.permissions import SYSTEM, Actor, by_link
from crm.links.queries import dead
from crm.links.rules import Purpose
from crm.links.service import opened
from crm.meetings import queries
from crm.meetings.models import Workshop, WorkshopPlace
from crm.meetings.policy import POLICY
from crm.meetings.workflow import OVER, PLACES, Act, PlaceStatus, WorkshopStatus, why_not_sign_up
from crm.notices.service import Extras, LinkWanted, Reader, queue
from crm.throttles import service as throttles
from crm.throttles.rules import SIGN_UPS_BY_ADDRESS, Source

TWICE = "Somebody signed up with this address already"
HELD = "This workshop has taken place."


@dataclass(frozen=True)
class Attendee:
    """Who comes, and from which business, as they say it; its id where the product knows it."""

    person_name: str
    email: str
    business_name: str
    business_id: UUID | None = None


def why_too_late(workshop: Workshop) -> str | None:
    """Why nobody can sign up by themselves any more; None where they can."""
    return OVER if workshop.status is not WorkshopStatus.OPEN or workshop.starts_at <= now() else None


def sign_up(workshop: Workshop, attendee: Attendee, *, sent_from: Source, by: Actor) -> WorkshopPlace:
    """Take a place, or one on the waiting list where all are taken. So many an hour from one network address.

    Whoever has one already gets their letter again, and a stranger cannot tell the one from the other.
    """
    POLICY.require(by, Act.SIGN_UP, workshop)
    throttles.take(SIGN_UPS_BY_ADDRESS, sent_from.address, secret=sent_from.secret)
    throttles.count_letter(attendee.email, sent_from)
    held = queries.workshop_to_seat(workshop.id)
    refuse_if(why_too_late(held))
    kept = queries.place_of(held.id, attendee.email)
    if kept is None:
        return _seat(held, attendee, Act.SIGN_UP, by=by)
    audit.record(Act.SIGN_UP, kept, by=by)
    tell(kept, _letter_of(kept), workshop=held)
    return kept


def _letter_of(place: WorkshopPlace) -> str:
    return "workshop_waiting" if place.status is PlaceStatus.WAITING else "workshop_place"


def sign_up_others(workshop: Workshop, attendee: Attendee, *, by: Actor) -> WorkshopPlace:
    """Take a place for somebody who asked by telephone or at the door."""
    POLICY.require(by, Act.SIGN_UP_OTHERS, workshop)
    held = queries.workshop_to_seat(workshop.id)
    refuse_if(why_not_sign_up(held))
    if queries.place_of(held.id, attendee.email) is not None:
        raise Invalid(TWICE, field="email")
    return _seat(held, attendee, Act.SIGN_UP_OTHERS, by=by)


def _seat(held: Workshop, attendee: Attendee, act: Act, *, by: Actor) -> WorkshopPlace:
    is_free = queries.seats_taken([held.id])[held.id] < held.seats
    made = WorkshopPlace(workshop_id=held.id, **vars(attendee), signed_up_at=now(), _status=PLACES.start)
    made.agreed_to = held.starts_at
    session().add(made)
    session().flush()
    audit.record(act, made, created(business_name=attendee.business_name), by=by)
    if is_free:
        _take_up(made, held)
    else:
        tell(made, "workshop_waiting", workshop=held)
    return made


def _take_up(place: WorkshopPlace, workshop: Workshop) -> None:
    audit.record(Act.TAKE_UP, place, advance(PLACES, place, Act.TAKE_UP), by=SYSTEM)
    tell(place, "workshop_place", workshop=workshop)


def fill(workshop: Workshop) -> None:
    """Let those who wait the longest have the places that are free, and tell them.

    After a move only those who said that the new time suits them: nobody is seated on a day that they never saw.
    """
    session().flush()
    free = workshop.seats - queries.seats_taken([workshop.id])[workshop.id]
    waiting = [
        each
        for each in queries.places_in(workshop.id)
        if each.status is PlaceStatus.WAITING and each.would_come(workshop)
    ]
    for each in waiting[: max(free, 0)]:
        _take_up(each, workshop)


def place_behind(token: str) -> WorkshopPlace:
    """The place that a letter's link leads to. Raises `NotFound`."""
    found = queries.place(UUID(opened(token, Purpose.WORKSHOP)))
    if found is None:
        raise dead(Purpose.WORKSHOP)
    return found


def give_up_by_link(token: str) -> None:
    """Give one's own place up, for whoever waits."""
    place = place_behind(token)
    _give_up(place, by=by_link(place.person_name))


def stay_by_link(token: str) -> None:
    """Say that one still wants a place after the workshop was moved: whoever waits moves up again from then on."""
    place = place_behind(token)
    held = queries.workshop_to_seat(place.workshop_id)
    refuse_if(why_too_late(held))
    if place.status is not PlaceStatus.WAITING or place.would_come(held):
        raise Conflict("There is nothing to answer. Your place is as this page shows it.")
    audit.record(Act.STAY, place, amend(place, agreed_to=held.starts_at), by=by_link(place.person_name))
    fill(held)


def give_up(place: WorkshopPlace, *, reason: str, by: Actor) -> None:
    """Take a person off the list of a workshop, with a reason; the letter says who did it and why."""
    POLICY.require(by, Act.GIVE_UP, place)
    if not says_something(reason):
        raise Invalid("Say why their place is cancelled", field="reason")
    _give_up(place, reason=reason, by=by)


def _give_up(place: WorkshopPlace, *, reason: str = "", by: Actor) -> None:
    held = queries.workshop_to_seat(place.workshop_id)
    if held.status is WorkshopStatus.HELD:
        raise Conflict(HELD)
    had_seat = place.status is PlaceStatus.TAKEN
    changes = advance(PLACES, place, Act.GIVE_UP)
    audit.record(Act.GIVE_UP, place, changes | (created(reason=reason) if reason else {}), by=by)
    if reason and held.status is WorkshopStatus.OPEN:
        tell(place, "workshop_taken_off", workshop=held, reason=reason, by_name=by.name, had_seat=had_seat)
    elif had_seat and held.status is WorkshopStatus.OPEN:
        tell(place, "workshop_given_up", workshop=held)
    if held.status is WorkshopStatus.OPEN and held.starts_at > now():
        fill(held)


def match(place: WorkshopPlace, business: Business, *, by: Actor) -> None:
    """Say which business somebody comes from. Hours of a workshop that was held count for it from then on."""
    POLICY.require(by, Act.MATCH, place)
    require_in_use(business)
    changes = amend(place, business_id=business.id)
    if not changes:
        return
    session().flush()
    audit.record(Act.MATCH, place, {"business": (None, business.name)}, by=by)
    if place.status is PlaceStatus.ATTENDED:
        credit_for(place, business, by=by)


def attend(place: WorkshopPlace, *, by: Actor) -> None:
    """Say that somebody came after all."""
    POLICY.require(by, Act.ATTEND, place)
    if place.workshop.status is not WorkshopStatus.HELD:
        raise Conflict("Say first who came, on the page of the workshop.")
    note_attended(place, by=by)


def note_attended(place: WorkshopPlace, *, by: Actor) -> None:
    """Somebody came; the hours count for their business, where it is known."""
    audit.record(Act.ATTEND, place, advance(PLACES, place, Act.ATTEND), by=by)
    if place.business is not None:
        credit_for(place, place.business, by=by)


def credit_for(place: WorkshopPlace, business: Business, *, by: Actor) -> None:
    """The hours of a workshop, for a business: once, however many of its people came."""
    workshop = place.workshop
    if workshop.quarters:
        day = to_local(workshop.starts_at).date()
        credit(business, Attended(workshop.id, day, workshop.quarters, workshop.title), by=by)


def event_of(workshop: Workshop, *, place: WorkshopPlace | None = None, is_cancelled: bool = False) -> Event:
    """The workshop for a calendar; whoever leads it stands as its organiser.

    With a place it is an invitation of its own, so that giving the place up and coming back are two. It names the
    address alone: nobody has proved that the name typed with it is theirs.
    """
    lead = workshop.lead
    what = f"place-{place.id}" if place else f"workshop-{workshop.id}"
    return Event(
        uid=f"{what}@letters.crm",
        sequence=workshop.sequence + (place is not None and place.status is PlaceStatus.GIVEN_UP),
        starts_at=workshop.starts_at,
        ends_at=workshop.ends_at,
        title=workshop.title,
        where=workshop.place,
        organiser=(lead.name, lead.email) if lead else None,
        attendee=(place.email, place.email) if place else None,
        is_cancelled=is_cancelled,
    )


CALLED_OFF = ("workshop_cancelled", "workshop_given_up", "workshop_taken_off")
WITHOUT_EVENT = ("workshop_waiting", "workshop_moved")


def tell(place: WorkshopPlace, kind: str, *, workshop: Workshop, had_seat: bool = True, **said: str) -> None:
    """A letter about somebody's place, with its link, and the event where they have a seat or lose one."""
    when = moment_with_weekday(workshop.starts_at)
    context = {"title": workshop.title, "when": when, "place": workshop.place, "had_seat": had_seat} | said
    has_entry = had_seat and kind not in WITHOUT_EVENT and place.status is not PlaceStatus.WAITING
    event = event_of(workshop, place=place, is_cancelled=kind in CALLED_OFF) if has_entry else None
    link = LinkWanted(Purpose.WORKSHOP, str(place.id))
    host = workshop.lead
    host = host if host and host.status is AccountStatus.ACTIVE else None
    context |= {"host": host.name if host else ""}
    having = Extras(context, link, event=event, reply_to=host.email if host else None)
    queue(kind, Reader(place.email, place.person_name), having=having)
