"""Nights: planned, changed, cancelled, held; and what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm.angels.events.models import PitchNight
from crm.angels.events.policy import POLICY
from crm.angels.events.queries import nights as queries
from crm.angels.events.queries.places import places_in
from crm.angels.events.rules.labels import TOLD
from crm.angels.events.rules.running import UNNAMED, named_in, outcomes_until, what_changed, why_no_room
from crm.angels.events.service.seating import fill
from crm.angels.events.service.telling import tell, tell_business, tell_guests
from crm.angels.events.workflow import (
    IN_ORDER,
    NIGHTS,
    PLACES,
    UPCOMING,
    Act,
    NightStatus,
    PlaceStatus,
    SlotStatus,
)
from crm.angels.pitches.queries.pitches import published
from crm.audit import service as audit
from crm.db.changes import Changes, amend, created, fields_of
from crm.db.session import session
from crm.db.states import advance, refuse_if, require_as_shown
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, has_come, now, today
from crm.kernel.errors import Conflict, Invalid, require_reason
from crm.kernel.permissions import SYSTEM, Actor

LISTENING = (PlaceStatus.INVITED, PlaceStatus.COMING, PlaceStatus.MAYBE, PlaceStatus.WAITING)
SETTLED = "This night has been held or cancelled, so it cannot be changed."


@dataclass(frozen=True)
class NightDetails:
    """What a night is, when and where. ``seats`` are places for investors."""

    title: str
    starts_at: datetime
    ends_at: datetime
    seats: int
    place: str = ""
    video_url: str = ""
    about: str = ""


def why_settled(night: PitchNight) -> str | None:
    """Why a night cannot be changed any more; None where it can."""
    return None if night.status in UPCOMING else SETTLED


def why_not_upcoming(night: PitchNight) -> str | None:
    """Why nothing can be prepared for a night any more: it is settled, or has begun; None where it can."""
    has_begun = "This night has begun, so its pitches and invitations cannot be changed."
    return why_settled(night) or (has_begun if night.starts_at <= now() else None)


def plan(details: NightDetails, *, by: Actor) -> PitchNight:
    """Plan a night. Nobody is told before its invitations are sent, but for the businesses that are asked to pitch."""
    POLICY.require(by, Act.PLAN)
    _require_sound(details, kept=None)
    made = PitchNight(
        **fields_of(details), created_at=now(), created_by_id=by.account_id, _status=NIGHTS.start
    )
    session().add(made)
    session().flush()
    told = {name: value for name, value in vars(details).items() if value not in (None, "")}
    audit.record(Act.PLAN, made, created(**told), by=by)
    return made


def _require_sound(details: NightDetails, *, kept: PitchNight | None) -> None:
    if (kept is None or kept.starts_at != details.starts_at) and details.starts_at <= now():
        raise Invalid("Choose a time that is still to come", field="day")
    if day_of(details.starts_at) != day_of(details.ends_at):
        raise Invalid("The night must end on the day it starts", field="minutes")
    if not (details.place or details.video_url):
        raise Invalid("Enter where the night is, or a video link, or both", field="place")
    _require_unnamed(details)


def _require_unnamed(details: NightDetails) -> None:
    """Letters and calendars name no business that raises money: a calendar is read by more people than its owner."""
    names = [each.business.name for each in published()]
    for field in ("title", "about", "place"):
        name = named_in(getattr(details, field), names)
        if name:
            raise Invalid(UNNAMED.format(name=name), field=field)


def change(night: PitchNight, details: NightDetails, *, version: int | None = None, by: Actor) -> int:
    """Change a night; return how many letters leave. A new time or place is told to everyone invited and every business.

    New places go to those who wait the longest.
    """
    POLICY.require(by, Act.CHANGE, night)
    held = queries.hold(night.id)
    refuse_if(why_settled(held))
    require_as_shown(held, version)
    _require_sound(details, kept=held)
    _require_fits(held, details)
    changes = amend(held, **fields_of(details))
    if not changes:
        return 0
    if "starts_at" in changes:
        held.reminded_at = None
    audit.record(Act.CHANGE, held, changes, by=by)
    told = _tell_of_change(held, changes) if set(changes) & set(TOLD) else 0
    if "seats" in changes:
        fill(held)
    return told


def _require_fits(held: PitchNight, details: NightDetails) -> None:
    if details.seats < queries.seats_taken(held.id):
        raise Invalid("More places than these are taken already", field="seats")
    turns = [each.minutes for each in queries.slots_of(held.id) if each.status in IN_ORDER]
    length = int((details.ends_at - details.starts_at).total_seconds() // 60)
    reason = why_no_room(turns, length)
    if reason:
        raise Invalid(reason, field="minutes")


def _tell_of_change(held: PitchNight, changes: Changes) -> int:
    """Tell investors with an open invitation, those with a place with their calendar entry; and the businesses asked.

    The letters say what has changed. Returns how many leave.
    """
    what: dict[str, Any] = {"changed": what_changed(changes)}
    places = [each for each in places_in(held.id) if each.status in LISTENING]
    for each in places:
        tell(each, "night_changed", night=held, had_seat=each.status is PlaceStatus.COMING, **what)
    slots = [each for each in queries.slots_of(held.id) if each.status in IN_ORDER]
    count = len(places)
    for turn in slots:
        in_calendar = True if turn.status is SlotStatus.AGREED else None
        count += tell_business(turn, "night_turn_changed", night=held, in_calendar=in_calendar, **what)
    return count + tell_guests(held, "night_guest_changed", **what)


def cancel(night: PitchNight, *, reason: str, by: Actor) -> int:
    """Cancel a night with a reason; return how many letters leave: to everyone invited who has not declined, and every business."""
    POLICY.require(by, Act.CANCEL, night)
    words = require_reason(reason)
    held = queries.hold(night.id)
    changes = advance(NIGHTS, held, Act.CANCEL) | amend(held, reason=words)
    audit.record(Act.CANCEL, held, changes, by=by)
    places = [each for each in places_in(held.id) if each.status in (*LISTENING, PlaceStatus.ATTENDED)]
    for each in places:
        had_seat = each.status in (PlaceStatus.COMING, PlaceStatus.ATTENDED)
        tell(each, "night_cancelled", night=held, reason=words, had_seat=had_seat)
    slots = [each for each in queries.slots_of(held.id) if each.status in IN_ORDER]
    count = len(places)
    for turn in slots:
        in_calendar = False if turn.status is SlotStatus.AGREED else None
        count += tell_business(
            turn, "night_turn_cancelled", night=held, reason=words, in_calendar=in_calendar
        )
    return count + tell_guests(held, "night_guest_cancelled", is_cancelled=True, reason=words)


def why_not_close(night: PitchNight) -> str | None:
    """Why a night cannot be recorded as held yet; None once it is over: nobody can be checked in from then on."""
    return "This night is not over yet. Record it as held after its end." if night.ends_at > now() else None


def close(night: PitchNight, *, by: Actor) -> int:
    """Record that a night was held; return how many had a place and were not checked in: they are no-shows."""
    POLICY.require(by, Act.CLOSE, night)
    held = queries.hold(night.id)
    refuse_if(why_not_close(held))
    changes = advance(NIGHTS, held, Act.CLOSE)
    missing = [each for each in places_in(held.id) if each.status is PlaceStatus.COMING]
    for each in missing:
        audit.record(Act.MISS, each, advance(PLACES, each, Act.MISS), by=by)
    audit.record(Act.CLOSE, held, changes | created(no_shows=len(missing)), by=by)
    return len(missing)


def release(night: PitchNight) -> int:
    """Give each business the feedback on its pitch, the day after; return how many are told. A night still open is closed."""
    held = queries.hold(night.id)
    if held.released_at is not None or held.status not in (NightStatus.INVITED, NightStatus.HELD):
        return 0
    if held.status is NightStatus.INVITED:
        close(held, by=SYSTEM)
    audit.record(Act.RELEASE, held, amend(held, released_at=now()), by=SYSTEM)
    slots = queries.pitched_at(held.id)
    for each in slots:
        tell_business(each, "night_feedback", night=held)
    return len(slots)


def why_not_review(night: PitchNight) -> str | None:
    """Why it cannot be recorded yet what came of a night; None once it was held and 90 days have passed."""
    if night.status is not NightStatus.HELD:
        return "This night has not been held."
    until = outcomes_until(night.starts_at)
    too_early = f"What comes of this night is counted until {day_in_words(until)}. Record it from then on."
    return None if has_come(until, on=today()) else too_early


def review(night: PitchNight, *, words: str, by: Actor) -> None:
    """Record what came of a night, in words beside the numbers."""
    POLICY.require(by, Act.REVIEW, night)
    refuse_if(why_not_review(night))
    if not words.strip():
        raise Invalid("Say what came of the night", field="words")
    changes = amend(night, review=words.strip())
    if not changes:
        raise Conflict("This is what is recorded already.")
    audit.record(Act.REVIEW, night, changes | amend(night, reviewed_at=now()), by=by)
