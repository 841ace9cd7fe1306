"""The running order of a night: pitches chosen, moved and removed; businesses asked, and their answers."""

from __future__ import annotations

from uuid import UUID

from crm.angels.events.models import NightGuest, NightPlace, NightSlot, PitchNight
from crm.angels.events.policy import POLICY
from crm.angels.events.queries import nights as queries
from crm.angels.events.queries.wishes import came_to
from crm.angels.events.rules.running import UNNAMED, moved, named_in, why_no_room
from crm.angels.events.service.planning import why_not_upcoming, why_settled
from crm.angels.events.service.telling import tell_business, tell_manager
from crm.angels.events.workflow import IN_ORDER, SLOTS, Act, NightStatus, SlotStatus
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.queries.people import people_told
from crm.angels.pitches.queries.pitches import pitch
from crm.angels.pitches.workflow import PitchStatus
from crm.audit import service as audit
from crm.db.changes import amend, created
from crm.db.session import session
from crm.db.states import advance, refuse_if
from crm.kernel.clock import day_of, now, today
from crm.kernel.errors import Conflict, Invalid, require_reason
from crm.kernel.permissions import SYSTEM, Actor
from crm.kernel.text import ended

ENDED = "The pitch has ended"
NOT_OPEN = {
    NightStatus.PLANNED: "Check-in opens on the day, once the invitations were sent.",
    NightStatus.HELD: "This night has been recorded as held, so nobody can be checked in any more.",
    NightStatus.CANCELLED: "This night was cancelled.",
}
"""Why nobody is checked in, by where a night stands."""


def add_pitch(night: PitchNight, pitch_id: UUID, *, minutes: int, by: Actor) -> NightSlot:
    """Ask a business whose pitch is published to take a turn of so many minutes, at the end of the running order."""
    POLICY.require(by, Act.ADD_PITCH, night)
    held = queries.hold(night.id)
    refuse_if(why_not_upcoming(held) or _why_shown(held))
    chosen = pitch(pitch_id)
    slots = queries.slots_of(held.id)
    _require_fit(held, chosen, [each.pitch_id for each in slots])
    _require_time(held, [*(each.minutes for each in slots if each.status in IN_ORDER), minutes])
    position = max((each.position for each in slots), default=0) + 1
    made = NightSlot(night_id=held.id, pitch_id=pitch_id, position=position, minutes=minutes, asked_at=now())
    made._status = SLOTS.start  # noqa: SLF001 where every turn begins
    session().add(made)
    session().flush()
    audit.record(Act.ADD_PITCH, made, created(pitch_id=pitch_id, minutes=minutes), by=by)
    tell_business(_whole(made), "night_turn_asked", night=held, minutes=minutes)
    return made


def _whole(made: NightSlot) -> NightSlot:
    session().expire(made)
    found = queries.slot(made.id)
    assert found is not None
    return found


def _require_fit(held: PitchNight, chosen: Pitch | None, known: list[UUID]) -> None:
    if chosen is None or chosen.status is not PitchStatus.PUBLISHED:
        raise Invalid("Choose a pitch that is published", field="pitch")
    if chosen.id in known:
        raise Invalid("This pitch is in the running order already", field="pitch")
    if not people_told(chosen.business_id):
        raise Invalid(f"{chosen.business.name} has no owner who can sign in and answer", field="pitch")
    if named_in(f"{held.title} {held.about} {held.place}", [chosen.business.name]):
        raise Invalid(UNNAMED.format(name=chosen.business.name) + ". Change the night first", field="pitch")


def _require_time(held: PitchNight, turns: list[int]) -> None:
    reason = why_no_room(turns, held.minutes)
    if reason:
        raise Invalid(reason, field="minutes")


def shift(slot: NightSlot, *, up: bool, by: Actor) -> bool:
    """Move a pitch one place up or down in the running order; False where it is at that end already."""
    POLICY.require(by, Act.ORDER, slot)
    held = queries.hold(slot.night_id)
    refuse_if(why_settled(held))
    slots = {each.id: each for each in queries.slots_of(held.id)}
    if slot.id not in slots:
        raise Conflict("This pitch is no longer in the running order.")
    before = slot.position
    for number, each in enumerate(moved(list(slots), slot.id, up=up), 1):
        slots[each].position = number  # type: ignore[index]
    if slot.position == before:
        return False
    audit.record(Act.ORDER, slot, {"position": (before, slot.position)}, by=by)
    return True


def set_minutes(slot: NightSlot, minutes: int, *, by: Actor) -> None:
    """Change how many minutes a pitch has, and tell the business where it was told another number."""
    POLICY.require(by, Act.ORDER, slot)
    held = queries.hold(slot.night_id)
    refuse_if(why_not_upcoming(held))
    others = [e.minutes for e in queries.slots_of(held.id) if e.status in IN_ORDER and e.id != slot.id]
    _require_time(held, [*others, minutes])
    changes = amend(slot, minutes=minutes)
    if changes:
        audit.record(Act.ORDER, slot, changes, by=by)
        in_calendar = True if slot.status is SlotStatus.AGREED else None
        about = {"minutes": minutes, "changed": f"how long you have, {minutes} minutes"}
        tell_business(slot, "night_turn_changed", night=held, in_calendar=in_calendar, **about)


def remove_pitch(slot: NightSlot, *, reason: str, by: Actor) -> None:
    """Remove a pitch from the running order, with a reason that its business is told."""
    POLICY.require(by, Act.REMOVE_PITCH, slot)
    _remove(slot, require_reason(reason), by=by)


def _remove(slot: NightSlot, reason: str, *, by: Actor) -> None:
    held = queries.hold(slot.night_id)
    refuse_if(why_settled(held) or why_stays(slot))
    before = slot.status
    changes = advance(SLOTS, slot, Act.REMOVE_PITCH) | amend(slot, reason=reason)
    audit.record(Act.REMOVE_PITCH, slot, changes, by=by)
    if before in IN_ORDER:
        in_calendar = False if before is SlotStatus.AGREED else None
        about = {"reason": ended(reason), "is_published": slot.pitch.status is PitchStatus.PUBLISHED}
        tell_business(slot, "night_turn_removed", night=held, in_calendar=in_calendar, **about)


def why_stays(slot: NightSlot) -> str | None:
    """Why a turn is not removed: the ledger says that its pitch was shown. One that is not published is shown to no one."""
    return _why_shown(slot.night) if slot.pitch.status is PitchStatus.PUBLISHED else None


def _why_shown(held: PitchNight) -> str | None:
    """The ledger says that those who were checked in were shown these pitches, so none is taken out then."""
    words = "Investors have been checked in, so the pitches of this night can no longer be changed."
    return words if came_to(held.id) else None


def remove_ended(found: Pitch, *, by: Actor) -> None:  # noqa: ARG001 the system removes them
    """A pitch that has ended is removed from the nights that have not begun; its business and the manager are told.

    Investors who were checked in before the beginning were shown nothing yet. A business that had declined stays declined.
    """
    for each in queries.slots_for(found.id):
        if each.status in IN_ORDER and why_not_upcoming(each.night) is None:
            _remove(each, ENDED, by=SYSTEM)
            about = {"headline": found.headline, "why": "its pitch has ended"}
            tell_manager(each.night, "night_turn_lost", **about)


def agree(slot: NightSlot, *, by: Actor) -> None:
    """Agree to pitch at a night; the business gets the entry for its calendars."""
    POLICY.require(by, Act.AGREE, slot)
    held = queries.hold(slot.night_id)
    refuse_if(why_not_upcoming(held) or _why_shown(held))
    if slot.status is SlotStatus.DECLINED:
        _require_room_again(held, slot)
    changes = advance(SLOTS, slot, Act.AGREE) | amend(slot, answered_at=now(), reason="")
    audit.record(Act.AGREE, slot, changes, by=by)
    tell_business(slot, "night_turn_agreed", night=held, in_calendar=True, minutes=slot.minutes)


def _require_room_again(held: PitchNight, slot: NightSlot) -> None:
    """Its minutes may have gone to another pitch meanwhile."""
    others = [each.minutes for each in queries.slots_of(held.id) if each.status in IN_ORDER]
    refuse_if(why_no_room([*others, slot.minutes], held.minutes))


def turn_down(slot: NightSlot, *, reason: str = "", by: Actor) -> None:
    """Decline to pitch at a night, also after having agreed; whoever planned it is told."""
    POLICY.require(by, Act.TURN_DOWN, slot)
    held = queries.hold(slot.night_id)
    refuse_if(why_not_upcoming(held))
    had_agreed = slot.status is SlotStatus.AGREED
    changes = advance(SLOTS, slot, Act.TURN_DOWN) | amend(slot, answered_at=now(), reason=reason.strip())
    audit.record(Act.TURN_DOWN, slot, changes, by=by)
    if had_agreed:
        tell_business(slot, "night_turn_declined", night=held, in_calendar=False)
    why = reason.strip() or "the business gave no reason"
    tell_manager(held, "night_turn_lost", headline=slot.pitch.headline, why=why)


def note_arrival(found: NightSlot | NightGuest, *, by: Actor) -> None:
    """Note that a business or a guest has arrived; they are listed apart from the investors who were checked in."""
    POLICY.require(by, Act.NOTE_ARRIVAL, found)
    refuse_if(why_not_tonight(found.night))
    if found.arrived_at is not None:
        raise Conflict("This arrival is recorded already.")
    audit.record(Act.NOTE_ARRIVAL, found, amend(found, arrived_at=now()), by=by)


def undo_arrival(found: NightSlot | NightGuest, *, by: Actor) -> None:
    """Undo an arrival that was recorded of the wrong business or guest."""
    POLICY.require(by, Act.UNDO_ARRIVAL, found)
    refuse_if(why_not_tonight(found.night))
    if found.arrived_at is None:
        raise Conflict("No arrival is recorded.")
    audit.record(Act.UNDO_ARRIVAL, found, amend(found, arrived_at=None), by=by)


def why_not_tonight(night: PitchNight) -> str | None:
    """Why nobody can be checked in at a night now; None on its day, once its invitations were sent."""
    if night.status is not NightStatus.INVITED:
        return NOT_OPEN[night.status]
    is_today = day_of(night.starts_at) == today()
    return None if is_today else "Check-in opens on the day of the night."


def why_not_arrived(found: NightSlot | NightGuest | NightPlace) -> str | None:
    """As `why_not_tonight`, of what belongs to a night."""
    return why_not_tonight(found.night)
