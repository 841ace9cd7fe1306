"""Repayments: asked for by two people, recorded when the money came, and released by another person (P46)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from crm.audit import service as audit
from crm.db.changes import amend, created
from crm.db.session import session
from crm.db.states import advance, read_state_again, refuse_if, require_as_shown
from crm.funding.envelopes.rules import LedgerAccount, Subject
from crm.funding.envelopes.service import posting
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, now, today
from crm.kernel.errors import Invalid, require_reason
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Actor
from crm.programme.awards.queries.awards import hold
from crm.programme.claims.models import AwardRecovery, MoneyProposal
from crm.programme.claims.policy import POLICY
from crm.programme.claims.queries import recoveries as queries
from crm.programme.claims.queries.apart import why_apart
from crm.programme.claims.service.telling import tell_business
from crm.programme.claims.workflow import RECOVERIES, Act

ASKED = "asked for this repayment"


def ask_back(found: MoneyProposal, *, by: Actor) -> AwardRecovery:
    """Ask for the repayment that two people decided on, which has the id of their proposal. No money moves yet."""
    made = AwardRecovery(id=found.id, award_id=found.award_id, amount=found.amount, due_on=found.due_on)
    made.reason, made.asked_at, made.asked_by_id = found.reason, now(), found.proposed_by_id
    session().add(made)
    session().flush()
    told = created(amount=made.amount, due_on=made.due_on, reason=made.reason)
    audit.record(Act.ASK_BACK, made, told, by=by)
    return made


def _facts(found: AwardRecovery) -> dict[str, Any]:
    due = day_in_words(found.due_on)
    facts = {"path": _path(found), "amount": found.amount.in_full(), "due": due}
    return facts | {"reason": found.reason}


def _path(found: AwardRecovery) -> str:
    return f"/repayments/{found.id}"


def _begin(found: AwardRecovery, act: Act, *, by: Actor) -> None:
    POLICY.require(by, act, found)
    hold(found.award)
    read_state_again(found)
    RECOVERIES.target(act, found.status, thing=found)


@dataclass(frozen=True)
class Received:
    """How much money came back, and on which day."""

    amount: Money
    on: date


def receive(found: AwardRecovery, came: Received, *, by: Actor) -> Money:
    """Record that money came back, and return what is still to come: an instalment leaves a repayment of the rest.

    It is not free before it is released, and subsidy headroom does not grow (P46).
    """
    _begin(found, Act.RECEIVE, by=by)
    _require_received(found, came.on)
    rest = found.amount - _sound_amount(found, came.amount)
    changes = advance(RECOVERIES, found, Act.RECEIVE) | amend(found, amount=came.amount, received_on=came.on)
    session().flush()
    where, about = _ledger_of(found)
    posting.recover(*where, amount=came.amount, about=about, reason=found.reason, on=came.on, by=by)
    audit.record(Act.RECEIVE, found, changes, by=by)
    facts = _facts(found) | {"left": ""}
    if rest:
        facts |= {"left": rest.in_full(), "path": _path(_leave(found, rest, by=by))}
    tell_business(found.award, "repayment_received", **facts, by=by)
    return rest


def _sound_amount(found: AwardRecovery, amount: Money) -> Money:
    if not NO_MONEY < amount <= found.amount:
        said = f"Enter more than £0 and {found.amount.in_full()} at most: no more than that was asked for"
        raise Invalid(said, field="amount")
    return amount


def _leave(found: AwardRecovery, rest: Money, *, by: Actor) -> AwardRecovery:
    """What is left after an instalment is a repayment of its own, due on the same day and for the same reason."""
    same = {"due_on": found.due_on, "reason": found.reason, "asked_at": found.asked_at}
    made = AwardRecovery(award_id=found.award_id, amount=rest, asked_by_id=found.asked_by_id, **same)
    session().add(made)
    session().flush()
    audit.record(Act.NOTE_REST, made, created(amount=rest, due_on=made.due_on, reason=made.reason), by=by)
    return made


def _require_received(found: AwardRecovery, received_on: date) -> None:
    """Refuse a day that has not come, and one before anything was paid: a business may pay back before we ask in writing."""
    if received_on > today():
        raise Invalid("The date must be today or earlier", field="received_on")
    first = queries.first_paid_on(found.award) or day_of(found.asked_at)
    if received_on < first:
        said = (
            f"The date must be {day_in_words(first)} or later: nothing of this award was paid before that day"
        )
        raise Invalid(said, field="received_on")


def correct(
    found: AwardRecovery, *, received_on: date, reason: str, version: int | None = None, by: Actor
) -> None:
    """Correct the day on which a repayment came, with a reason, before it is released. The sum stays what was asked for.

    ``version`` is that of the repayment on the screen.
    """
    _begin(found, Act.CORRECT, by=by)
    require_as_shown(found, version)
    _require_received(found, received_on)
    require_reason(reason)
    changes = advance(RECOVERIES, found, Act.CORRECT) | amend(found, received_on=received_on)
    session().flush()
    audit.record(Act.CORRECT, found, changes | {"reason": (None, reason.strip())}, by=by)


def _ledger_of(found: AwardRecovery) -> tuple[tuple[UUID, Any], Subject]:
    award = found.award
    assert award.envelope_id is not None
    return (award.envelope_id, award.line), Subject("decision", award.decision_id)


def why_not_released_by(found: AwardRecovery, account_id: UUID | None) -> str | None:
    """Why just this person does not release it: they asked for it, by whichever of their accounts (P45)."""
    return why_apart(account_id, found.asked_by_id, did=ASKED, then="releases it")


def release(found: AwardRecovery, *, reason: str, by: Actor) -> None:
    """Make money that came back free again in its envelope, with a reason: a second person's act."""
    _begin(found, Act.RELEASE, by=by)
    refuse_if(why_not_released_by(found, by.account_id))
    require_reason(reason)
    changes = advance(RECOVERIES, found, Act.RELEASE)
    changes |= amend(found, released_at=now(), released_by_id=by.account_id, release_reason=reason.strip())
    session().flush()
    where, about = _ledger_of(found)
    out_of = LedgerAccount.RECOVERED
    posting.release(*where, amount=found.amount, about=about, reason=reason.strip(), out_of=out_of, by=by)
    audit.record(Act.RELEASE, found, changes, by=by)


def why_not_cancelled_by(found: AwardRecovery, account_id: UUID | None) -> str | None:
    """Why just this person does not cancel it: who asks for money back does not let it go again, by whichever account (decision 0111)."""
    return why_apart(account_id, found.asked_by_id, did=ASKED, then="cancels it")


def cancel(found: AwardRecovery, *, reason: str, by: Actor) -> None:
    """Cancel a repayment that did not come, with a reason. The business is told that it pays nothing back."""
    _begin(found, Act.CANCEL, by=by)
    refuse_if(why_not_cancelled_by(found, by.account_id))
    require_reason(reason)
    changes = advance(RECOVERIES, found, Act.CANCEL) | amend(found, cancel_reason=reason.strip())
    session().flush()
    audit.record(Act.CANCEL, found, changes, by=by)
    facts = _facts(found) | {"reason": found.cancel_reason}
    tell_business(found.award, "repayment_cancelled", **facts, by=by)
