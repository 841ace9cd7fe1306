"""What two people decide about the money of an award (decision 0111): an approved claim is returned unpaid, or money is asked back.

One person proposes it with the reason that the business reads, and another confirms it. No money moves before that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.accounts.service import proposing
from crm.db.states import read_state_again, refuse_if, require_as_previewed, require_as_shown
from crm.kernel.calendar import add_months, day_in_words
from crm.kernel.clock import is_past, today
from crm.kernel.errors import Invalid, require_reason, says_something
from crm.kernel.marks import mark_of as mark
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Actor
from crm.notices.rules import Wording
from crm.programme.awards.models import Award
from crm.programme.awards.queries.awards import hold
from crm.programme.claims.models import AwardClaim, MoneyProposal
from crm.programme.claims.policy import POLICY
from crm.programme.claims.queries.claims import claim
from crm.programme.claims.queries.money_proposals import open_repayment
from crm.programme.claims.queries.recoveries import most_to_ask
from crm.programme.claims.service import claiming, unpaid
from crm.programme.claims.service.recovering import ask_back
from crm.programme.claims.service.telling import as_told, tell_business
from crm.programme.claims.service.unpaid import return_unpaid, why_not_returned
from crm.programme.claims.workflow import MONEY, Act, MoneyProposalKind

LETTERS = {
    MoneyProposalKind.RETURN: "grant_claim_returned",
    MoneyProposalKind.REPAYMENT: "repayment_asked",
}
"""The letter that the business gets as soon as a second person confirms."""
MOST_MONTHS = 24
"""How far ahead the last day for a repayment can be: a day years later is a slip."""
REPAYMENT_WAITS = (
    "Asking for a repayment of this award was proposed already. Another person decides on it first."
)


@dataclass(frozen=True)
class RepaymentWanted:
    """How much a business is to pay back, by which day, and why."""

    amount: Money
    due_on: date
    reason: str


def why_not_asked_back(found: Award) -> str | None:
    """Why nobody can propose to ask for a repayment: nothing is left to ask for, or another proposal waits."""
    if open_repayment(found.id) is not None:
        return REPAYMENT_WAITS
    return None if most_to_ask(found) > NO_MONEY else "Nothing of this award is left to ask back."


def propose_return(found: AwardClaim, *, reason: str, version: int | None = None, by: Actor) -> MoneyProposal:
    """Propose to return an approved claim that will not be paid as it is, with the reason that the business reads."""
    POLICY.require(by, Act.PROPOSE_RETURN, found)
    hold(found.award)
    require_as_shown(found, version)
    read_state_again(found)
    refuse_if(unpaid.why_not_return_proposed(found))
    if not says_something(reason):
        raise Invalid("Say what is missing or wrong", field="reason")
    assert found.approved is not None
    made = MoneyProposal(kind=MoneyProposalKind.RETURN, award_id=found.award_id, claim_id=found.id)
    made.amount, made.reason = found.approved, reason
    return proposing.propose(made, Act.PROPOSE_RETURN, kind=made.kind, amount=made.amount, by=by)


def propose_repayment(found: Award, wanted: RepaymentWanted, *, by: Actor) -> MoneyProposal:
    """Propose to ask a business to pay back a part of what was paid, with the reason that it reads."""
    POLICY.require(by, Act.PROPOSE_REPAYMENT, found)
    hold(found)
    refuse_if(why_not_asked_back(found))
    _require_sound(found, wanted)
    made = MoneyProposal(kind=MoneyProposalKind.REPAYMENT, award_id=found.id, reason=wanted.reason)
    made.amount, made.due_on = wanted.amount, wanted.due_on
    told = {"kind": made.kind, "amount": made.amount, "due_on": made.due_on}
    return proposing.propose(made, Act.PROPOSE_REPAYMENT, **told, by=by)


def _require_sound(found: Award, wanted: RepaymentWanted) -> None:
    most = most_to_ask(found)
    if not NO_MONEY < wanted.amount <= most:
        raise Invalid(
            f"Enter more than £0 and {most.in_full()} at most: it was paid and can be asked for",
            field="amount",
        )
    if is_past(wanted.due_on, on=today()):
        raise Invalid("The date to pay back by must be today or later", field="due_on")
    if wanted.due_on > add_months(today(), MOST_MONTHS):
        words = f"The date to pay back by must be within the next {MOST_MONTHS} months"
        raise Invalid(words, field="due_on")
    require_reason(wanted.reason)


def why_not_confirmed(found: MoneyProposal) -> str | None:
    """Why what was proposed cannot be done now: the claim moved on, less can be asked back, or its date has passed."""
    if found.is_return:
        return why_not_returned(_claim_of(found))
    most = most_to_ask(found.award)
    if found.amount > most:
        return (
            f"{most.in_full()} is the most that can be asked back now. Refuse this, and propose a lower sum."
        )
    if found.due_on is not None and is_past(found.due_on, on=today()):
        return "The date by which to pay back has passed. Refuse this, and propose it with a later date."
    return None


def _claim_of(found: MoneyProposal) -> AwardClaim:
    assert found.claim_id is not None
    made = claim(found.claim_id)
    assert made is not None
    return made


def facts_of(found: MoneyProposal) -> dict[str, Any]:
    """What its letter says. The repayment that comes of it has its id, so that the letter leads to a page that is there then."""
    if found.claim is not None:
        back = {"taken_back": found.amount.in_full(), "reason": found.reason}
        return claiming.facts_of(found.claim) | back
    assert found.due_on is not None
    due, path = day_in_words(found.due_on), f"/repayments/{found.id}"
    return {"path": path, "amount": found.amount.in_full(), "due": due, "reason": found.reason}


def letter_of(found: MoneyProposal) -> Wording:
    """The letter that is sent as soon as it is confirmed."""
    return as_told(found.award, LETTERS[found.kind], **facts_of(found))


def mark_of(found: MoneyProposal) -> str:
    """The mark of what the page of a proposal shows: which money of which award, why, and the letter."""
    about = found.award
    rows = (about.business.name, about.application.reference, about.round.name, str(about.amount))
    return mark(found.kind, found.reason, str(found.amount), str(found.due_on), rows, letter_of(found))


def _begin(found: MoneyProposal, act: Act, *, by: Actor) -> None:
    """Always the award first: what waits is held by whoever pays its claims, or records a repayment."""
    POLICY.require(by, act, found)
    hold(found.award)
    read_state_again(found)
    if act is not Act.READ_PROPOSAL:
        MONEY.machine.target(act, found.status, thing=found)


def confirm(found: MoneyProposal, *, seen: str | None = None, by: Actor) -> None:
    """Do what another person proposed: the claim is returned, or the repayment asked for, and the business is told."""
    _begin(found, Act.CONFIRM_PROPOSAL, by=by)
    require_as_previewed(seen, mark_of(found))
    refuse_if(proposing.why_not_decided_by(found, by.account_id) or why_not_confirmed(found))
    letter = facts_of(found)
    proposing.confirm(MONEY, found, by=by)
    if found.is_return:
        return_unpaid(_claim_of(found), reason=found.reason, by=by)
    else:
        ask_back(found, by=by)
    tell_business(found.award, LETTERS[found.kind], **letter, by=by)


def refuse(found: MoneyProposal, *, reason: str, version: int | None = None, by: Actor) -> None:
    """Refuse what was proposed, with a reason: no money moves."""
    _begin(found, Act.REFUSE_PROPOSAL, by=by)
    proposing.refuse(MONEY, found, reason=reason, version=version, by=by)


def withdraw(found: MoneyProposal, *, version: int | None = None, by: Actor) -> None:
    """Withdraw one's own proposal: no money moves."""
    _begin(found, Act.WITHDRAW_PROPOSAL, by=by)
    proposing.withdraw(MONEY, found, version=version, by=by)


def read(found: MoneyProposal, *, by: Actor) -> None:
    """Note that what became of a proposal was read: it leaves every desk."""
    _begin(found, Act.READ_PROPOSAL, by=by)
    proposing.read(MONEY, found, by=by)
