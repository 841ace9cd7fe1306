"""Taking back what a business was told (decision 0108): a lower award, or no place on the waiting list.

One person proposes it with its reason, and another confirms it. Nothing changes before that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crm.accounts.service import proposing
from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.holding import why_held
from crm.db.session import session
from crm.db.states import read_state_again, refuse_if, require_as_previewed
from crm.funding.envelopes.rules import Line, Subject
from crm.funding.envelopes.service import posting
from crm.funding.subsidy.queries import rooms_of
from crm.funding.subsidy.rules import Room
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.kernel.errors import Invalid, require_reason
from crm.kernel.marks import mark_of as mark
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Actor
from crm.kernel.workflow import first_reason
from crm.notices.rules import Wording
from crm.programme.cohort.models import Decision, DecisionChange
from crm.programme.cohort.policy import POLICY
from crm.programme.cohort.queries.changing import open_change
from crm.programme.cohort.queries.sending import offer_due
from crm.programme.cohort.rules.money import said_parts
from crm.programme.cohort.service.deciding import come_off, hold_as_shown
from crm.programme.cohort.service.telling import tell_applicant, wording
from crm.programme.cohort.workflow import (
    CHANGES,
    Act,
    ChangeKind,
    DecisionStatus,
    Outcome,
    why_not_promoted,
)

HELD_BY_OFFER = "decision with an offer"
"""What the room of offers is asked about: an award with an offer is not lowered."""
NOT_TOLD = "The applicant was never told of its place on the waiting list, so one person takes it off."
WAITS = "A change of this decision was proposed already. Another person decides on it."
WITHDRAWAL_WAITS = "Somebody proposed to withdraw this award. Another person decides on that first."


@dataclass(frozen=True)
class Lowering:
    """What an award is lowered to, ``capital`` being a part of it where it has two, and why; and the version that was on the screen."""

    amount: Money
    reason: str
    version: int | None = None
    capital: Money = NO_MONEY


@dataclass(frozen=True)
class TakingOff:
    """Why an application comes off the waiting list, whether it asked for that, and the version of the decision that was on the screen."""

    kind: ChangeKind
    reason: str
    version: int | None = None


def limit_for(found: Decision) -> Room | None:
    """The limit of the business, with its linked companies, without this award. Nothing limits a dry run, which gives nothing."""
    if found.cohort.envelope_id is None:
        return None
    business_id = found.application.business_id
    return rooms_of([business_id], on=today(), besides=found.id)[business_id]


def room_for(found: Decision) -> Money | None:
    """What the business can be given today in place of this award."""
    limit = limit_for(found)
    return limit.left if limit else None


def _why_no_award_told(found: Decision) -> str | None:
    if found.outcome is not Outcome.SUCCESSFUL or found.status is DecisionStatus.WITHDRAWN:
        return "Only an award can be lowered."
    if found.status is not DecisionStatus.NOTIFIED:
        return "This decision was not sent yet."
    return WITHDRAWAL_WAITS if found.withdrawal_proposed_at else why_held(HELD_BY_OFFER, found.id)


def why_changing(found: Decision) -> str | None:
    """Why a decision is left as it is for now: a change of it waits for a second person."""
    return WAITS if open_change(found.id) else None


def why_not_lowered(found: Decision) -> str | None:
    """Why nobody can propose to lower an award: it is none, was not told, its offer is prepared, or another proposal waits."""
    return first_reason(_why_no_award_told, why_changing)(found)


def why_not_taken_off(found: Decision) -> str | None:
    """Why nobody can propose to take an application off the waiting list: it is not on it, was not told so, or a proposal waits."""
    return why_not_promoted(found) or (why_changing(found) if found.notified_at else NOT_TOLD)


def propose_lowering(found: Decision, wanted: Lowering, *, by: Actor) -> DecisionChange:
    """Propose to lower an award that its applicant was told of, with the reason that it will read (P38)."""
    POLICY.require(by, Act.PROPOSE_CHANGE, found)
    hold_as_shown(found, wanted.version)
    refuse_if(why_not_lowered(found))
    _require_less(found, wanted)
    made = DecisionChange(kind=ChangeKind.LOWER, amount=wanted.amount)
    made.capital = wanted.capital if found.cohort.line is None else NO_MONEY
    return _proposed(found, made, wanted.reason, by=by)


def _require_less(found: Decision, wanted: Lowering) -> None:
    require_reason(wanted.reason)
    assert found.amount is not None
    field = "amount" if found.cohort.line else "revenue"
    if wanted.amount <= NO_MONEY:
        raise Invalid("Enter more than £0, or propose to withdraw the award", field=field)
    if wanted.amount >= found.amount:
        raise Invalid(f"Enter less than the award of {found.amount.in_full()}", field=field)
    _require_parts(found, wanted)
    room = room_for(found)
    if room is not None and wanted.amount > room:
        raise Invalid(f"{room.in_full()} is the most that can be given today", field=field)


def _require_parts(found: Decision, wanted: Lowering) -> None:
    """Neither part grows: what is taken off one is not added to the other."""
    if found.cohort.line is not None:
        return
    before, after = parts_of(found.amount, found.capital), parts_of(wanted.amount, wanted.capital)
    for each, field in ((Line.CAPITAL, "capital"), (Line.REVENUE, "revenue")):
        if after[each] > before[each]:
            raise Invalid(f"Enter {before[each].in_full()} at most: that is its part now", field=field)


def parts_of(amount: Money | None, capital: Money) -> dict[Line, Money]:
    """The two parts of an award from capital and revenue."""
    return {Line.CAPITAL: capital, Line.REVENUE: (amount or NO_MONEY) - capital}


def propose_taking_off(found: Decision, wanted: TakingOff, *, by: Actor) -> DecisionChange:
    """Propose to take an application off the waiting list that it was told of: because it asked, or because we take it off."""
    POLICY.require(by, Act.PROPOSE_CHANGE, found)
    hold_as_shown(found, wanted.version)
    refuse_if(why_not_taken_off(found))
    require_reason(wanted.reason)
    if wanted.kind is ChangeKind.LOWER:
        raise Invalid("Choose who wants it off the waiting list", field="kind")
    return _proposed(found, DecisionChange(kind=wanted.kind), wanted.reason, by=by)


def _proposed(found: Decision, made: DecisionChange, reason: str, *, by: Actor) -> DecisionChange:
    made.decision_id, made.reason, made.before = found.id, reason, found.amount or NO_MONEY
    return proposing.propose(made, Act.PROPOSE_CHANGE, kind=made.kind, amount=made.amount, by=by)


def facts_of(found: DecisionChange) -> dict[str, Any]:
    """What the letter about a lower award says."""
    decided = found.decision
    line = decided.cohort.line
    return {
        "reason": found.reason,
        "before": said_parts(found.before, decided.capital, line=line),
        "amount": (found.amount or NO_MONEY).in_full(),
        "parts": said_parts(found.amount, found.capital, line=None) if found.amount and line is None else "",
        "offer_by": day_in_words(offer_due(today())),
    }


def letter_of(found: DecisionChange) -> Wording | None:
    """The letter that is sent as soon as a lower award is confirmed. Others leave with the next letters, and are previewed there."""
    return wording(found.decision, "award_lowered", facts=facts_of(found)) if found.is_lowering else None


def mark_of(found: DecisionChange) -> str:
    """The mark of what the page of a proposal shows: what is taken back of which decision, why, and the letter."""
    about = found.decision
    rows = (about.application.business.name, about.application.reference, about.round.name)
    sums = (about.amount, about.capital, found.before, found.amount, found.capital)
    return mark(found.kind, found.reason, *(str(each) for each in sums), rows, letter_of(found))


def why_not_confirmed(found: DecisionChange) -> str | None:
    """Why what was proposed cannot be done now: the award is over or offered, no longer waits, or is too much for the limit."""
    if not found.is_lowering:
        return why_not_promoted(found.decision)
    reason, room = _why_no_award_told(found.decision), room_for(found.decision)
    if reason or room is None or found.amount is None or found.amount <= room:
        return reason
    return f"{room.in_full()} is the most that can be given today. Refuse this, and propose a lower sum."


def _begin(found: DecisionChange, act: Act, *, by: Actor) -> None:
    """Always the cohort first: what waits is held by whoever changes the decision too."""
    POLICY.require(by, act, found)
    hold_as_shown(found.decision, None)
    read_state_again(found)
    if act is not Act.READ_CHANGE:
        CHANGES.machine.target(act, found.status, thing=found)


def confirm(found: DecisionChange, *, seen: str | None = None, by: Actor) -> None:
    """Do what another person proposed: money is free again and the business is told, or its letter waits with the next ones."""
    _begin(found, Act.CONFIRM_CHANGE, by=by)
    require_as_previewed(seen, mark_of(found))
    refuse_if(proposing.why_not_decided_by(found, by.account_id) or why_not_confirmed(found))
    letter = facts_of(found) if found.is_lowering else {}
    proposing.confirm(CHANGES, found, by=by)
    if found.is_lowering:
        _lower(found, by=by)
        tell_applicant(found.decision, "award_lowered", facts=letter, by=by)
    else:
        come_off(found.decision, found.kind, reason=found.reason, by=by)


def _lower(found: DecisionChange, *, by: Actor) -> None:
    """The award is less: what is taken off either part is free at once."""
    decided = found.decision
    assert decided.amount is not None
    assert found.amount is not None
    before, line = parts_of(decided.amount, decided.capital), decided.cohort.line
    after, total = parts_of(found.amount, found.capital), decided.amount - found.amount
    off = {line: total} if line else {each: before[each] - after[each] for each in before}
    changes = amend(decided, amount=found.amount, capital=found.capital, part_reason=found.reason)
    session().flush()
    if decided.cohort.envelope_id is not None:
        about, owner = Subject("decision", decided.id), decided.cohort.envelope_id
        for of, amount in off.items():
            if amount:
                posting.release(owner, of, amount=amount, about=about, reason=found.reason, by=by)
    audit.record(Act.LOWER, decided, changes, by=by)


def refuse(found: DecisionChange, *, reason: str, version: int | None = None, by: Actor) -> None:
    """Refuse what was proposed, with a reason: the business keeps what it was told."""
    _begin(found, Act.REFUSE_CHANGE, by=by)
    proposing.refuse(CHANGES, found, reason=reason, version=version, by=by)


def withdraw(found: DecisionChange, *, version: int | None = None, by: Actor) -> None:
    """Withdraw one's own proposal: the business keeps what it was told."""
    _begin(found, Act.WITHDRAW_CHANGE, by=by)
    proposing.withdraw(CHANGES, found, version=version, by=by)


def read(found: DecisionChange, *, by: Actor) -> None:
    """Note that what became of a proposal was read: it leaves every desk."""
    _begin(found, Act.READ_CHANGE, by=by)
    proposing.read(CHANGES, found, by=by)
