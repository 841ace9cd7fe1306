"""Assessing applications by the stated criteria, offering places in that order, and the waiting list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from crm.audit import service as audit
from crm.db.changes import Changes, amend, created
from crm.db.session import session
from crm.db.states import advance, refuse_if, require_as_previewed, require_as_shown
from crm.exporting.delegations.models import Delegation, DelegationPlace
from crm.exporting.delegations.policy import POLICY
from crm.exporting.delegations.queries import fitting, seating, seeing
from crm.exporting.delegations.rules import TOP, Candidate, Choice, choose, marks_in_words
from crm.exporting.delegations.service.telling import tell
from crm.exporting.delegations.workflow import (
    PLACES,
    SEATED,
    Act,
    PlaceStatus,
    Sells,
    why_left,
    why_not_assess,
    why_not_change,
    why_not_offer_again,
    why_not_select,
    why_on_hold,
)
from crm.kernel.clock import now, today
from crm.kernel.errors import Conflict, Invalid, refuse_all, require_all, require_reason, says_something
from crm.kernel.marks import mark_of
from crm.kernel.permissions import SYSTEM, Actor

ASSESS_FIRST = "Assess every application first."


@dataclass(frozen=True)
class Assessment:
    """One mark (0 to 3) for each criterion, whether the business is suitable, and why."""

    marks: tuple[int, ...]
    is_suitable: bool
    reason: str
    legal_note: str = ""


def assess(place: DelegationPlace, details: Assessment, *, version: int | None, by: Actor) -> None:
    """Assess an application by the stated criteria. Where goods are sold with subsidy, say what was checked (P42)."""
    POLICY.require(by, Act.ASSESS, place)
    seeing.hold(place.delegation)
    refuse_if(why_not_assess(place))
    require_as_shown(place, version)
    _require_sound(place, details)
    fields = {"marks": list(details.marks), "is_suitable": details.is_suitable}
    fields |= {"reason": details.reason.strip(), "legal_note": details.legal_note.strip()}
    before = list(place.marks)
    changes = amend(place, **fields, assessed_at=now())
    if "marks" in changes:
        criteria = place.delegation.criteria
        changes["marks"] = (marks_in_words(criteria, before), marks_in_words(criteria, details.marks))
    audit.record(Act.ASSESS, place, changes, by=by)


def _require_sound(place: DelegationPlace, details: Assessment) -> None:
    require_all(
        lambda: refuse_all(_faults_in(place, details)),
        lambda: require_reason(details.reason),
    )


def _faults_in(place: DelegationPlace, details: Assessment) -> Iterator[Invalid]:
    wanted = len(place.delegation.criteria)
    if len(details.marks) != wanted or not all(0 <= each <= TOP for each in details.marks):
        yield Invalid(f"Give each criterion a mark from 0 to {TOP}", field="mark_0")
    gate = fitting.fit_of(place.delegation, place.business).gate
    if details.is_suitable and gate:
        yield Invalid(f"This business is not ready for a market yet. {gate}", field="suitable")
    if details.is_suitable and needs_legal_note(place) and not says_something(details.legal_note):
        yield Invalid("Say what the check of the subsidy for goods found", field="legal_note")


def needs_legal_note(place: DelegationPlace) -> bool:
    """Whether it has to be checked that the subsidy pays for attending, not for exporting goods (section 16; P42)."""
    return place.sells is not Sells.SERVICES and place.delegation.subsidy.pence > 0


def choice_of(found: Delegation, places: Sequence[DelegationPlace]) -> Choice:
    """Who would be offered a place now, and in which order the others wait."""
    applied = [each for each in places if each.status is PlaceStatus.APPLIED]
    return choose([_candidate(each) for each in applied], seats=found.seats)


def _candidate(place: DelegationPlace) -> Candidate:
    marks = tuple(int(each) for each in place.marks)
    return Candidate(place.id, bool(place.is_suitable), marks, place.applied_at, place.business.name)


def mark(found: Delegation, places: Sequence[DelegationPlace]) -> str:
    """The mark of what the preview of a selection shows: who is offered a place and who waits, with marks and reasons."""
    chosen = choice_of(found, places)
    said = {str(each.id): (each.business.name, each.points, each.reason) for each in places}
    return mark_of(chosen.offered, chosen.waiting, chosen.passed_over, found.seats, said)


def why_not_assessed(places: Sequence[DelegationPlace]) -> str | None:
    """Why nobody can be chosen yet: applications were not assessed, or there are none."""
    left = unassessed(places)
    if left:
        return f"{ASSESS_FIRST} Not assessed: {', '.join(each.business.name for each in left)}."
    is_empty = not any(each.status is PlaceStatus.APPLIED for each in places)
    return "There are no applications to choose from." if is_empty else None


def why_not_offer(found: Delegation, places: Sequence[DelegationPlace]) -> str | None:
    """Why the places cannot be offered as the applications stand."""
    return why_not_assessed(places) or _why_not_fit(found, places)


@dataclass(frozen=True)
class HeldUp:
    """Why the places cannot be offered, and the applications that have to be assessed first."""

    why: str
    unassessed: tuple[DelegationPlace, ...] = ()


def held_up(found: Delegation, places: Sequence[DelegationPlace]) -> HeldUp | None:
    """What keeps the places from being offered, for a page that leads to it."""
    left, why = unassessed(places), why_not_offer(found, places)
    return HeldUp(ASSESS_FIRST if left else why, tuple(left)) if why else None


def _why_not_fit(found: Delegation, places: Sequence[DelegationPlace]) -> str | None:
    """The subsidy for a place is more than the limit leaves to a business that would be offered one."""
    offered = set(choice_of(found, places).offered)
    owners = {each.business_id: each.business.name for each in places if each.id in offered}
    rooms = fitting.rooms_in(found, list(owners))
    left = sorted(owners[each] for each, room in rooms.items() if room < found.subsidy)
    if not left:
        return None
    words = f"The subsidy of {found.subsidy.in_full()} for a place is more than the limit leaves to"
    return f"{words} {', '.join(left)}. Assess the application again and say that it is not suitable."


def unassessed(places: Sequence[DelegationPlace]) -> list[DelegationPlace]:
    """The applications that keep the places from being offered: nobody has assessed them."""
    return [each for each in places if each.status is PlaceStatus.APPLIED and each.is_suitable is None]


def select(found: Delegation, *, seen: str | None = None, by: Actor) -> Choice:
    """Offer the places by the marks, and put the rest on the waiting list in that order. Everybody is written to."""
    POLICY.require(by, Act.SELECT, found)
    seeing.hold(found)
    refuse_if(why_not_select(found))
    places = seating.places_in(found.id)
    refuse_if(why_not_offer(found, places))
    require_as_previewed(seen, mark(found, places))
    chosen, by_id = choice_of(found, places), {each.id: each for each in places}
    audit.record(Act.SELECT, found, amend(found, selected_at=now()), by=by)
    for number, place_id in enumerate(chosen.waiting, 1):
        waiting = by_id[place_id]
        _step(waiting, Act.WAIT, by=by, queue=number)
        tell(waiting, "delegation_waiting", number=number, share=found.share.in_full())
    for place_id in chosen.passed_over:
        _step(by_id[place_id], Act.NOT_SELECT, by=by)
        tell(by_id[place_id], "delegation_not_selected", reason=by_id[place_id].reason)
    for place_id in chosen.offered:
        _offer(by_id[place_id], by=by)
    return chosen


def _step(
    place: DelegationPlace, act: Act, *, told: Changes | None = None, by: Actor, **fields: object
) -> None:
    changes = advance(PLACES, place, act) | amend(place, **fields) | (told or {})
    session().flush()
    audit.record(act, place, changes, by=by)


def _offer(
    place: DelegationPlace, *, act: Act = Act.OFFER, invited_by: str = "", followed: str = "", by: Actor
) -> None:
    """Offer the lowest free seat. The delegation must be held: its seats are counted once.

    ``followed`` is what made the seat free, where nobody offers it but the waiting list moves up.
    """
    found = place.delegation
    taken = {each.seat for each in seating.places_in(found.id) if each.status in SEATED}
    free = next((seat for seat in range(1, found.seats + 1) if seat not in taken), None)
    if free is None:
        raise Conflict("Every place in this delegation is offered or taken.")
    told = created(followed=followed) if followed else {}
    _step(place, act, told=told, by=by, seat=free, answer_by=last_day_to_answer(found))
    also = seating.also_away_of(found, [place], is_staff=False)[place.id]
    said = {"also": ". ".join(also), "invited_by": invited_by, **found.terms.said()}
    tell(place, "delegation_offered", **said)


def last_day_to_answer(found: Delegation) -> date:
    """Until when an offer that is made today can be answered: so many days, and the day before departure at the latest."""
    last = min(today() + timedelta(days=found.answer_days), found.departs_on - timedelta(days=1))
    return max(last, today())


def seat(place: DelegationPlace, *, by: Actor) -> None:
    """Offer the lowest free seat to a business that was invited: its letter says by whom."""
    _offer(place, invited_by=by.name, by=by)


def offer_again(place: DelegationPlace, *, by: Actor) -> None:
    """Offer a free place to a business that declined it, gave it up or did not answer in time."""
    POLICY.require(by, Act.OFFER_AGAIN, place)
    seeing.hold(place.delegation)
    session().refresh(place, ["_status", "seat", "version"])
    PLACES.target(Act.OFFER_AGAIN, place.status)
    refuse_if(why_not_offer_again(place) or why_no_seat(place.delegation))
    room = fitting.rooms_in(place.delegation, [place.business_id])
    if room.get(place.business_id, place.delegation.subsidy) < place.delegation.subsidy:
        raise Conflict(f"The limit leaves {place.business.name} less than the subsidy of a place.")
    _offer(place, act=Act.OFFER_AGAIN, by=by)


def why_no_seat(found: Delegation) -> str | None:
    """Why no place can be offered: none is free, or it has left."""
    if why_left(found):
        return why_left(found)
    is_full = seeing.seats_taken([found.id])[found.id] >= found.seats
    return "Every place in this delegation is offered or taken." if is_full else None


def fill(found: Delegation, *, after: str) -> list[str]:
    """Offer the seats that are free to those on the waiting list, in its order, and return whose businesses these are.

    ``after`` is what this follows: the trail says it of each offer.
    A business to which the limit leaves less than the subsidy stays on the list, and the next is offered the seat.
    """
    session().flush()
    moved = _moving_up(found, seating.places_in(found.id))
    for each in moved:
        _offer(each, followed=after, by=SYSTEM)
    return [each.business.name for each in moved]


def next_up(place: DelegationPlace) -> list[str]:
    """Which businesses are offered a seat once this place is free, for the page that frees it."""
    found = place.delegation
    if not found.selected_at:
        return []
    left = [each for each in seating.places_in(found.id) if each.id != place.id]
    return [each.business.name for each in _moving_up(found, left)]


def _moving_up(found: Delegation, places: Sequence[DelegationPlace]) -> list[DelegationPlace]:
    """The first on the waiting list whom the limit leaves enough, as many as seats are free."""
    if why_not_change(found) or why_on_hold(found) or why_left(found):
        return []
    free = found.seats - sum(each.status in SEATED for each in places)
    waiting = [each for each in places if each.status is PlaceStatus.WAITING]
    rooms = fitting.rooms_in(found, [each.business_id for each in waiting])
    able = [each for each in waiting if rooms.get(each.business_id, found.subsidy) >= found.subsidy]
    return able[: max(free, 0)]
