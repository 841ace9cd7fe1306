"""Delegations: planned, opened, changed, closed, cancelled, and held by saying who went."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from crm.audit import service as audit
from crm.db.changes import Changes, amend, created, fields_of
from crm.db.session import session
from crm.db.states import advance, refuse_if, require_as_shown
from crm.exporting.delegations.models import Delegation, DelegationPlace
from crm.exporting.delegations.policy import POLICY
from crm.exporting.delegations.queries import counting, seating, seeing
from crm.exporting.delegations.service.answering import begin_subsidy, end_subsidy, money_of, move_subsidy
from crm.exporting.delegations.service.choosing import fill
from crm.exporting.delegations.service.returning import begin_returns, days_asked, end_returns
from crm.exporting.delegations.service.reviewing import go_on, tell_all
from crm.exporting.delegations.service.telling import tell, tell_of_attendance
from crm.exporting.delegations.service.weighing import faults_of
from crm.exporting.delegations.workflow import (
    DELEGATIONS,
    IN_HAND,
    PLACES,
    Act,
    DelegationStatus,
    PlaceStatus,
    why_not_change,
    why_not_hold,
    why_not_open,
    why_on_hold,
)
from crm.exporting.plans.models import MarketEdition
from crm.exporting.plans.queries import edition
from crm.exporting.plans.service.markets import require_open
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import is_past, now, today
from crm.kernel.errors import Conflict, Invalid, refuse_all, says_something
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor

INVITED = {"title", "departs_on", "returns_on", "place", "covers"}
"""What an offer and an invitation say: where it changes, whoever has a place or waits for one is told."""
FIXED = ("criteria", "cost", "share", "edition_id")
"""What those who apply rely on: it stays as it was once the delegation was opened."""

STATED_ALREADY = "The market, the costs and how places are given were stated when the delegation opened. They cannot be changed."
ENDED_BY = {
    PlaceStatus.OFFERED: Act.LAPSE,
    PlaceStatus.WAITING: Act.NOT_SELECT,
    PlaceStatus.APPLIED: Act.NOT_SELECT,
}
"""How a place that is still open ends once its delegation is over."""


@dataclass(frozen=True)
class DelegationDetails:
    """A delegation. ``cost`` is for each place, ``share`` what the business pays of it; the rest is subsidy."""

    edition_id: UUID
    title: str
    about: str
    departs_on: date
    returns_on: date
    closes_on: date
    place: str
    seats: int
    cost: Money
    share: Money
    criteria: tuple[str, ...]
    answer_days: int = 7
    partner: str = ""
    covers: str = ""


def plan(
    edition: MarketEdition,
    details: DelegationDetails,
    *,
    depends_on_exporting_goods: bool = False,
    are_days_right: bool = True,
    by: Actor,
) -> Delegation:
    """Plan a delegation to an edition of a market; nobody outside sees it before it is opened.

    Days that hardly fit those of the market are asked about, unless ``are_days_right``.
    """
    POLICY.require(by, Act.PLAN)
    require_open(edition)
    ticked = {"depends_on_exporting_goods": depends_on_exporting_goods, "are_days_right": are_days_right}
    _require_sound(details, kept=None, **ticked)
    fields = _fields(details)
    made = Delegation(**fields, lead_id=by.account_id, created_at=now(), _status=DELEGATIONS.start)
    session().add(made)
    session().flush()
    told = {name: value for name, value in fields.items() if name != "edition_id"}
    audit.record(Act.PLAN, made, created(**told, edition=edition.name), by=by)
    return made


def _fields(details: DelegationDetails) -> dict[str, Any]:
    return fields_of(details) | {"criteria": list(details.criteria)}


def _require_sound(details: DelegationDetails, *, kept: Delegation | None, **ticked: bool) -> None:
    refuse_all(faults_of(fields_of(details) | ticked, kept=kept))


def change(
    found: Delegation,
    details: DelegationDetails,
    *,
    version: int | None,
    depends_on_exporting_goods: bool = False,
    are_days_right: bool = True,
    by: Actor,
) -> list[str]:
    """Change a delegation, tell who has a place of it, and return the businesses that were offered one of its new seats."""
    POLICY.require(by, Act.CHANGE, found)
    seeing.hold(found)
    refuse_if(why_not_change(found))
    require_as_shown(found, version)
    _require_kept(found, details)
    ticked = {"depends_on_exporting_goods": depends_on_exporting_goods, "are_days_right": are_days_right}
    _require_sound(details, kept=found, **ticked)
    changes = amend(found, **_fields(details), review="")
    return _changed(found, changes, by=by) if changes else []


def _changed(found: Delegation, changes: Changes, *, by: Actor) -> list[str]:
    """Record it, tell everybody in it, move the entries in calendars, and offer the seats that are free to those who wait."""
    audit.record(Act.CHANGE, found, _said(changes), by=by)
    is_told = bool(INVITED & set(changes))
    if "review" in changes:
        go_on(found, is_told=is_told, after=f"{by.name} changed the delegation")
    if is_told:
        found.sequence += 1
        session().flush()
        is_moved = bool({"departs_on", "returns_on"} & set(changes))
        tell_all(found, "delegation_changed", changed=_moved(changes), is_moved=is_moved)
    if "departs_on" in changes:
        for each in seating.places_in(found.id):
            move_subsidy(each)
    is_filled = bool({"seats", "review"} & set(changes)) and found.selected_at is not None
    return fill(found, after="The delegation was changed") if is_filled else []


def _said(changes: Changes) -> Changes:
    return {name: pair for name, pair in changes.items() if name != "edition_id"}


def _require_kept(found: Delegation, details: DelegationDetails) -> None:
    """What was stated when it opened stays as it is; a draft can go to another edition, if there is one."""
    if edition(details.edition_id) is None:
        raise Invalid("Choose the market or festival", field="edition")
    if found.status is not DelegationStatus.DRAFT:
        for name in FIXED:
            if _fields(details)[name] != getattr(found, name):
                raise Conflict(STATED_ALREADY)


def _moved(changes: Changes) -> list[list[str]]:
    """What changed of what an invitation says, for the letter."""
    names = {
        "title": "Name",
        "departs_on": "Departure",
        "returns_on": "Return",
        "place": "Where",
        "covers": "What is covered",
    }
    found = []
    for name, label in names.items():
        if name in changes:
            found.append([label, *(_in_words(each) for each in changes[name])])
    return found


def _in_words(value: object) -> str:
    return day_in_words(value) if isinstance(value, date) else str(value)


def open_(found: Delegation, *, by: Actor) -> None:
    """Open a delegation for applications. Its criteria and costs are fixed from now on."""
    POLICY.require(by, Act.OPEN, found)
    DELEGATIONS.target(Act.OPEN, found.status)
    refuse_if(why_not_open(found))
    audit.record(Act.OPEN, found, advance(DELEGATIONS, found, Act.OPEN), by=by)


def close(found: Delegation, *, by: Actor) -> None:
    """Take no more applications; this happens by itself after the last day to apply."""
    POLICY.require(by, Act.CLOSE, found)
    seeing.hold(found)
    audit.record(Act.CLOSE, found, advance(DELEGATIONS, found, Act.CLOSE), by=by)


def why_not_reopen(found: Delegation) -> str | None:
    """Why applications cannot be taken again: places were offered, or the last day to apply has passed."""
    if found.selected_at:
        return "Places in this delegation were offered already. Invite a business to a free place instead."
    if is_past(found.closes_on, on=today()):
        return f"The last day to apply was {day_in_words(found.closes_on)}. Change that day first."
    return why_on_hold(found)


def reopen(found: Delegation, *, by: Actor) -> None:
    """Take applications again after they were closed by mistake. What was assessed stays assessed."""
    POLICY.require(by, Act.REOPEN, found)
    seeing.hold(found)
    DELEGATIONS.target(Act.REOPEN, found.status)
    refuse_if(why_not_reopen(found))
    audit.record(Act.REOPEN, found, advance(DELEGATIONS, found, Act.REOPEN), by=by)


def cancel(found: Delegation, *, reason: str, by: Actor) -> None:
    """Cancel a delegation. Everybody with an application is told, and calendars take it out."""
    POLICY.require(by, Act.CANCEL, found)
    if not says_something(reason):
        raise Invalid("Say why it is cancelled", field="reason")
    seeing.hold(found)
    changes = advance(DELEGATIONS, found, Act.CANCEL) | amend(found, reason=reason.strip(), review="")
    found.sequence += 1
    session().flush()
    audit.record(Act.CANCEL, found, changes, by=by)
    for each in seating.places_in(found.id):
        if each.status in IN_HAND:
            is_seated = each.status is PlaceStatus.ACCEPTED
            tell(each, "delegation_cancelled", was_seated=is_seated, reason=found.reason, **money_of(each))
        end_subsidy(each, reason="The delegation was cancelled")


def hold(
    found: Delegation, went: Collection[UUID], *, shown: Collection[UUID] | None = None, by: Actor
) -> None:
    """Record who went. Each of them is asked what came of it at the months of the dated figures; what is open ends."""
    POLICY.require(by, Act.HOLD, found)
    seeing.hold(found)
    DELEGATIONS.target(Act.HOLD, found.status)
    refuse_if(why_not_hold(found))
    seated = [each for each in seating.places_in(found.id) if each.status is PlaceStatus.ACCEPTED]
    ids = {each.id for each in seated}
    if not set(went) <= ids or (shown is not None and set(shown) != ids):
        raise Conflict("The list changed after you opened this page. Check who went, then send it again.")
    audit.record(Act.HOLD, found, advance(DELEGATIONS, found, Act.HOLD) | created(went=len(went)), by=by)
    for each in seated:
        _settle(each, went=each.id in went, by=by)
    _end_open(found)


def _end_open(found: Delegation) -> None:
    """End the offers that nobody answered, the waiting list and applications with their delegation. Each is told."""
    for each in seating.places_in(found.id):
        act = ENDED_BY.get(each.status)
        if act is not None:
            changes = advance(PLACES, each, act) | amend(each, seat=None)
            session().flush()
            audit.record(act, each, changes, by=SYSTEM)
            has_left = found.selected_at is None
            tell(each, "delegation_over", was_offered=act is Act.LAPSE, has_left=has_left)


def _settle(place: DelegationPlace, *, went: bool, by: Actor) -> None:
    act = Act.ATTEND if went else Act.MISS
    audit.record(act, place, advance(PLACES, place, act), by=by)
    tell_of_attendance(place, went=went, days=days_asked(place.delegation), by=by)
    if went:
        begin_returns(place)
    else:
        end_subsidy(place, reason="The business did not go")


def why_not_attend(place: DelegationPlace) -> str | None:
    """Why it cannot be corrected who went: that is not recorded of the delegation yet."""
    is_held = place.delegation.status is DelegationStatus.HELD
    return None if is_held else "Record who went on the whole delegation first."


def why_not_miss(place: DelegationPlace) -> str | None:
    """Why a place cannot be corrected to one that nobody used: see `why_not_attend`, or results of it were told."""
    is_told = any(each.answered_at for each in counting.returns_of(place.id))
    words = f"{place.business.name} has told what came of this delegation, so it went. If the results are wrong, change them."
    return why_not_attend(place) or (words if is_told else None)


def why_not_correct(place: DelegationPlace) -> str | None:
    """Why what is recorded of who went cannot be corrected to the other."""
    return why_not_miss(place) if place.status is PlaceStatus.WENT else why_not_attend(place)


def attend(place: DelegationPlace, *, by: Actor) -> None:
    """Correct that a business went after all: it is asked for results, and the papers of its subsidy begin again."""
    POLICY.require(by, Act.ATTEND, place)
    seeing.hold(place.delegation)
    refuse_if(why_not_attend(place))
    PLACES.target(Act.ATTEND, place.status)
    begin_subsidy(place)
    _settle(place, went=True, by=by)


def miss(place: DelegationPlace, *, by: Actor) -> None:
    """Correct that a business did not go: it is not asked for results, and papers that were not given are cancelled."""
    POLICY.require(by, Act.MISS, place)
    seeing.hold(place.delegation)
    refuse_if(why_not_miss(place))
    _settle(place, went=False, by=by)
    end_returns(place)
