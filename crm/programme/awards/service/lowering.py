"""Lowering an award before its offer is prepared, to a sum that fits what the business can still be given."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.session import session
from crm.db.states import refuse_if, require_as_shown
from crm.funding.envelopes.rules import Subject
from crm.funding.envelopes.service import posting
from crm.funding.subsidy.queries import headrooms_of
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.kernel.errors import Invalid, require_reason
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Actor
from crm.programme.awards.policy import POLICY
from crm.programme.awards.service.preparing import why_not_prepared
from crm.programme.awards.workflow import Act
from crm.programme.cohort.models import Decision
from crm.programme.cohort.queries import cohorts
from crm.programme.cohort.queries.sending import offer_due
from crm.programme.cohort.service.deciding import why_not_promoted_by
from crm.programme.cohort.service.telling import tell_applicant


@dataclass(frozen=True)
class Lowering:
    """What an award is lowered to, why, and the version of the decision that was on the screen."""

    amount: Money
    reason: str
    version: int | None = None


def room_for(found: Decision) -> Money:
    """What the business, with its linked companies, can still be given today."""
    business_id = found.application.business_id
    return headrooms_of([business_id], on=today())[business_id]


def why_not_lowered_by(found: Decision, account_id: UUID | None) -> str | None:
    """Why this approver cannot lower an award: an offer was prepared, or they proposed the cohort themselves."""
    reason = why_not_prepared(found)
    if reason or account_id is None or not why_not_promoted_by(found.cohort, account_id):
        return reason
    return "You had a hand in this cohort, so another approver lowers its awards."


def lower(found: Decision, wanted: Lowering, *, by: Actor) -> None:
    """Lower an award with a reason: what is taken off it is free at once, and the business is told (P38).

    Of an award from capital and revenue it comes off revenue first.
    """
    POLICY.require(by, Act.LOWER, found)
    cohorts.hold(found.cohort)
    session().refresh(found, attribute_names=["_status", "outcome", "amount", "version"])
    require_as_shown(found, wanted.version)
    refuse_if(why_not_lowered_by(found, by.account_id))
    assert found.amount is not None
    before, reason = found.amount, wanted.reason.strip()
    _require_less(found, wanted, before)
    changes = amend(
        found, amount=wanted.amount, capital=min(found.capital, wanted.amount), part_reason=reason
    )
    session().flush()
    if found.cohort.envelope_id is not None:
        about, where = Subject("decision", found.id), (found.cohort.envelope_id, found.cohort.line)
        posting.release(*where, amount=before - wanted.amount, about=about, reason=reason, by=by)
    facts = {"reason": reason, "before": before.in_full(), "amount": wanted.amount.in_full()}
    facts["offer_by"] = day_in_words(offer_due(today()))
    tell_applicant(found, "award_lowered", facts=facts, by=by)
    audit.record(Act.LOWER, found, changes, by=by)


def _require_less(found: Decision, wanted: Lowering, before: Money) -> None:
    require_reason(wanted.reason)
    if not NO_MONEY < wanted.amount < before:
        raise Invalid(f"Enter less than the award of {before.in_full()}", field="amount")
    room = room_for(found)
    if found.cohort.envelope_id is not None and wanted.amount > room:
        raise Invalid(f"{room.in_full()} is the most that can be given today", field="amount")
