"""Workshops: planned, opened for sign-up, moved, called off, and held by saying who came."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from crm.audit import service as audit
from crm.casework.queries import are_active_staff
from crm.casework.queries import kind as support_kind
from crm.casework.rules import CHANNELS
from crm.casework.workflow import Channel
from crm.db.changes import Changes, amend, created
from crm.db.session import session
from crm.db.states import advance, refuse_if, require_as_shown
from crm.kernel.clock import moment_with_weekday, now, time_in_words, to_local, today
from crm.kernel.errors import Conflict, Invalid, require_all, says_something
from crm.kernel.measures import in_hours
from crm.kernel.permissions import Actor
from crm.meetings import queries
from crm.meetings.models import Workshop
from crm.meetings.policy import POLICY
from crm.meetings.service.seating import fill, note_attended, tell
from crm.meetings.workflow import PLACES, WORKSHOPS, Act, PlaceStatus, why_not_change_workshop

QUARTER = timedelta(minutes=15)
INVITED = ("starts_at", "ends_at", "channel", "place", "title")
"""What an invitation says: where it changes, whoever has a place is told."""


@dataclass(frozen=True)
class WorkshopDetails:
    """What a workshop is, when and where. ``quarters`` are the quarter-hours that each business is given; or none.

    ``lead_id`` is who leads it: whoever plans it, where nobody is named.
    """

    title: str
    about: str
    kind_code: str
    hub_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    channel: Channel
    place: str
    seats: int
    quarters: int | None = None
    lead_id: UUID | None = None


def plan(details: WorkshopDetails, *, by: Actor) -> Workshop:
    """Plan a workshop; nobody outside sees it before it is opened."""
    POLICY.require(by, Act.PLAN_WORKSHOP)
    require_sound(details, kept=None)
    fields = vars(details) | {"lead_id": details.lead_id or by.account_id}
    made = Workshop(**fields, created_at=now(), created_by_id=by.account_id, _status=WORKSHOPS.start)
    session().add(made)
    session().flush()
    told = {
        name: value
        for name, value in vars(details).items()
        if value not in (None, "") and name not in ("hub_id", "lead_id")
    }
    audit.record(Act.PLAN_WORKSHOP, made, created(**told), by=by)
    return made


def require_sound(details: WorkshopDetails, *, kept: Workshop | None) -> None:
    """Refuse a workshop that cannot be held, with everything that is wrong with it. Raises `Invalid`."""
    require_all(
        lambda: _require_to_come(details, kept),
        lambda: _require_kind(details, kept),
        lambda: _require_seats(details, kept),
        lambda: _require_within_length(details),
        lambda: _require_lead(details, kept),
    )


def _require_to_come(details: WorkshopDetails, kept: Workshop | None) -> None:
    has_moved = kept is None or kept.starts_at != details.starts_at
    if has_moved and details.starts_at <= now():
        raise Invalid("Choose a time that is still to come", field="day")


def _require_seats(details: WorkshopDetails, kept: Workshop | None) -> None:
    if kept is not None and details.seats < queries.seats_taken([kept.id])[kept.id]:
        raise Invalid("More places than these are taken already", field="seats")


def _require_kind(details: WorkshopDetails, kept: Workshop | None) -> None:
    found = support_kind(details.kind_code)
    if found is None or (found.retired_on is not None and (kept is None or kept.kind_code != found.code)):
        raise Invalid("Choose a kind of support from the list", field="kind_code")


def _require_lead(details: WorkshopDetails, kept: Workshop | None) -> None:
    """Who leads it works for a hub now, unless they led it before."""
    lead = details.lead_id
    has_changed = lead is not None and (kept is None or kept.lead_id != lead)
    if has_changed and not are_active_staff([lead], on=today()):  # type: ignore[list-item]
        raise Invalid("Choose a colleague who works for a hub", field="lead")


def _require_within_length(details: WorkshopDetails) -> None:
    """A business is given no more hours than the workshop takes."""
    most = ceil((details.ends_at - details.starts_at) / QUARTER)
    if details.quarters is not None and details.quarters > most:
        raise Invalid(
            f"The workshop takes {in_hours(most)}: each business can have that at most", field="quarters"
        )


def change(workshop: Workshop, details: WorkshopDetails, *, version: int | None, by: Actor) -> int:
    """Change a workshop; return how many people are told. Those with a place are told of a new time or place.

    New seats go to those who wait. They are told of a new time too, and asked whether it suits them before they are
    given a place.
    """
    POLICY.require(by, Act.CHANGE_WORKSHOP, workshop)
    held = queries.workshop_to_seat(workshop.id)
    settled = why_not_change_workshop(held)
    if settled:
        raise Conflict(settled)
    require_as_shown(held, version)
    require_sound(details, kept=held)
    changes = amend(held, **vars(details) | {"lead_id": details.lead_id or held.lead_id})
    if not changes:
        return 0
    audit.record(Act.CHANGE_WORKSHOP, held, {k: v for k, v in changes.items() if k != "hub_id"}, by=by)
    return _changed(held, changes)


def hand(workshop_id: UUID, from_id: UUID, *, to: UUID, by: Actor) -> bool:
    """Let a colleague lead a workshop: letters and calendars name them from then on. False if it moved on."""
    found = queries.workshop(workshop_id)
    if found is None or found.lead_id != from_id or why_not_change_workshop(found):
        return False
    POLICY.require(by, Act.CHANGE_WORKSHOP, found)
    audit.record(Act.CHANGE_WORKSHOP, found, amend(found, lead_id=to), by=by)
    return True


def _changed(workshop: Workshop, changes: Changes) -> int:
    told = _told_of_change(workshop, changes) if changes.keys() & set(INVITED) else 0
    if "seats" in changes:
        fill(workshop)
    return told


def _was(workshop: Workshop, changes: Changes) -> str:
    """What a workshop was before, in words: only what was changed."""
    before = {name: old for name, (old, _) in changes.items() if name in INVITED}
    told = [f"“{before['title']}”"] if "title" in before else []
    if before.keys() & {"starts_at", "ends_at"}:
        begins, ends = before.get("starts_at", workshop.starts_at), before.get("ends_at", workshop.ends_at)
        told.append(f"{moment_with_weekday(begins)}, until {time_in_words(to_local(ends).time())}")
    told += [CHANNELS[before["channel"]]] if "channel" in before else []
    return "; ".join([*told, before["place"]] if "place" in before else told)


def _told_of_change(workshop: Workshop, changes: Changes) -> int:
    """Tell those with a place, and of a new time those who wait; return how many they are."""
    workshop.sequence += 1
    kinds = {PlaceStatus.TAKEN: "workshop_changed"}
    if "starts_at" in changes:
        kinds[PlaceStatus.WAITING] = "workshop_moved"
    told = [each for each in queries.places_in(workshop.id) if each.status in kinds]
    for each in told:
        tell(each, kinds[each.status], workshop=workshop, was=_was(workshop, changes))
    return len(told)


def open_(workshop: Workshop, *, by: Actor) -> None:
    """Show it to everybody, and let them sign up."""
    POLICY.require(by, Act.OPEN_WORKSHOP, workshop)
    if workshop.starts_at <= now():
        raise Conflict("This workshop's time has passed. Change its day first.")
    audit.record(Act.OPEN_WORKSHOP, workshop, advance(WORKSHOPS, workshop, Act.OPEN_WORKSHOP), by=by)


def cancel(workshop: Workshop, *, reason: str, by: Actor) -> int:
    """Cancel a workshop, with a reason. Everybody who signed up is told; return how many they are."""
    POLICY.require(by, Act.CANCEL_WORKSHOP, workshop)
    if not says_something(reason):
        raise Invalid("Say why it is cancelled", field="reason")
    held = queries.workshop_to_seat(workshop.id)
    changes = advance(WORKSHOPS, held, Act.CANCEL_WORKSHOP) | amend(held, reason=reason)
    held.sequence += 1
    audit.record(Act.CANCEL_WORKSHOP, held, changes, by=by)
    told = [e for e in queries.places_in(held.id) if e.status in (PlaceStatus.TAKEN, PlaceStatus.WAITING)]
    for each in told:
        tell(each, "workshop_cancelled", workshop=held, reason=reason)
    return len(told)


def why_not_hold(workshop: Workshop) -> str | None:
    """Why attendance cannot be recorded yet; None once the workshop has begun."""
    return "This workshop has not begun yet." if workshop.starts_at > now() else None


def hold(
    workshop: Workshop, came: Collection[UUID], *, shown: Collection[UUID] | None = None, by: Actor
) -> None:
    """Say who came, by their places: each business among them is given the hours, once, to be confirmed by it.

    ``shown`` are the places on the page that was answered, where there was one: of others nothing was said.
    """
    POLICY.require(by, Act.HOLD_WORKSHOP, workshop)
    held = queries.workshop_to_seat(workshop.id)
    refuse_if(why_not_hold(held))
    _require_shown(held, came, shown)
    changes = advance(WORKSHOPS, held, Act.HOLD_WORKSHOP)
    session().flush()
    for each in queries.places_in(held.id):
        if each.id in came and each.status in (PlaceStatus.TAKEN, PlaceStatus.WAITING):
            note_attended(each, by=by)
        elif each.status is PlaceStatus.TAKEN:
            audit.record(Act.MISS, each, advance(PLACES, each, Act.MISS), by=by)
    audit.record(Act.HOLD_WORKSHOP, held, changes | created(came=len(set(came))), by=by)


def _require_shown(workshop: Workshop, came: Collection[UUID], shown: Collection[UUID] | None) -> None:
    """Nobody is absent, or there, because of a page that did not show them."""
    if shown is None:
        return
    there = {
        each.id: each.person_name
        for each in queries.places_in(workshop.id)
        if each.status in (PlaceStatus.TAKEN, PlaceStatus.WAITING)
    }
    unseen = [name for each, name in there.items() if each not in shown]
    if unseen or not set(came) <= there.keys() or not set(shown) <= there.keys():
        who = f": {', '.join(unseen)} signed up" if unseen else ""
        raise Conflict(
            f"The list changed after you opened this page{who}. Check who came, then send it again."
        )
