"""Light reads for the story of an award, and for what belongs to it: what happened, without costs, files and versions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from crm.db.session import session
from crm.funding.envelopes.models import EntryReversal, LedgerEntry
from crm.funding.payments.models import (
    BankAnswer,
    BankAnswerLine,
    BankDetails,
    Payment,
    PaymentRun,
    RunLine,
    Settlement,
)
from crm.funding.payments.rules.answers import Verdict
from crm.funding.subsidy.models import Subsidy
from crm.programme.awards.models import Award, AwardClosing
from crm.programme.claims.models import (
    AwardChange,
    AwardClaim,
    AwardRecovery,
    ClaimVersion,
    MilestoneEvidence,
    MoneyProposal,
)
from crm.programme.claims.workflow import ClaimStatus

MOST = 200


def claims_told(award_ids: Collection[UUID]) -> Sequence[AwardClaim]:
    """The claims against some awards that were not discarded, in their order, each with when it was submitted, every time."""
    status = AwardClaim.__table__.c.status
    query = select(AwardClaim).where(AwardClaim.award_id.in_(award_ids), status != ClaimStatus.DISCARDED)
    query = query.options(selectinload(AwardClaim.versions).defer(ClaimVersion.costs))
    return session().scalars(query.order_by(AwardClaim.number).limit(MOST)).all()


def evidence_told(award_ids: Collection[UUID]) -> Sequence[MilestoneEvidence]:
    """The evidence for the milestones of some awards, the oldest first."""
    query = select(MilestoneEvidence).options(joinedload(MilestoneEvidence.milestone))
    query = query.where(MilestoneEvidence.award_id.in_(award_ids))
    order = (MilestoneEvidence.handed_in_at, MilestoneEvidence.id)
    return session().scalars(query.order_by(*order).limit(MOST)).all()


def released_told(payment_ids: Collection[UUID]) -> Sequence[RunLine]:
    """The tries of some payments whose run was released, each with its run, the oldest first."""
    query = select(RunLine).join(PaymentRun, PaymentRun.id == RunLine.run_id).options(joinedload(RunLine.run))
    query = query.where(RunLine.payment_id.in_(payment_ids), PaymentRun.released_at.is_not(None))
    return session().scalars(query.order_by(PaymentRun.released_at, RunLine.end_to_end_id).limit(MOST)).all()


def answers_told(payment_ids: Collection[UUID]) -> Sequence[tuple[BankAnswerLine, UUID]]:
    """What the bank's recorded answers say of some payments, each with the id of its payment, the oldest first."""
    query = select(BankAnswerLine, RunLine.payment_id).join(RunLine, RunLine.id == BankAnswerLine.run_line_id)
    query = query.join(BankAnswer, BankAnswer.id == BankAnswerLine.answer_id)
    query = query.options(joinedload(BankAnswerLine.answer))
    query = query.where(RunLine.payment_id.in_(payment_ids), BankAnswerLine.verdict != Verdict.REPEATED)
    rows = session().execute(query.order_by(BankAnswer.uploaded_at, BankAnswerLine.position).limit(MOST))
    return [(line, payment_id) for line, payment_id in rows]


def changes_told(award_ids: Collection[UUID]) -> Sequence[AwardChange]:
    """The changes that were requested of some awards, the oldest first."""
    query = select(AwardChange).where(AwardChange.award_id.in_(award_ids))
    return session().scalars(query.order_by(AwardChange.asked_at, AwardChange.id).limit(MOST)).all()


def recoveries_told(award_ids: Collection[UUID]) -> Sequence[AwardRecovery]:
    """The repayments that were requested of some awards, the oldest first."""
    query = select(AwardRecovery).where(AwardRecovery.award_id.in_(award_ids))
    return session().scalars(query.order_by(AwardRecovery.asked_at, AwardRecovery.id).limit(MOST)).all()


def belonging_to(application_ids: Collection[UUID]) -> Mapping[str, Collection[UUID]]:
    """What was made under the awards of some applications, by table: what the audit log has under their reference.

    With everything about their money: the runs that paid them, the accounts that they were paid to, what the bank answered, what was
    settled by hand, and reversals.
    """
    awards = select(Award.id).where(Award.application_id.in_(list(application_ids)))
    decisions = select(Award.decision_id).where(Award.application_id.in_(list(application_ids)))
    paid = select(Payment.id).where(Payment.about_table == "decision", Payment.about_id.in_(decisions))
    tries = select(RunLine).where(RunLine.payment_id.in_(paid))
    lines = select(BankAnswerLine).where(BankAnswerLine.run_line_id.in_(tries.with_only_columns(RunLine.id)))
    firms = select(Award.business_id).where(Award.id.in_(awards))
    entries = select(LedgerEntry.id).where(
        LedgerEntry.subject_table == "decision", LedgerEntry.subject_id.in_(decisions)
    )
    given = select(Subsidy.id).join(Award, Award.subsidy_id == Subsidy.id).where(Award.id.in_(awards))
    kinds: tuple[Any, ...] = (AwardClaim, MilestoneEvidence, AwardChange, AwardRecovery)
    kinds += (AwardClosing, MoneyProposal)
    found: dict[str, Collection[UUID]] = {
        kind.__tablename__: session().scalars(select(kind.id).where(kind.award_id.in_(awards))).all()
        for kind in kinds
    }
    money: dict[str, Select[Any]] = {
        "payment": paid,
        "payment_run": tries.with_only_columns(RunLine.run_id),
        "payment_settlement": select(Settlement.id).where(Settlement.payment_id.in_(paid)),
        "bank_details": select(BankDetails.id).where(BankDetails.business_id.in_(firms)),
        "bank_answer": lines.with_only_columns(BankAnswerLine.answer_id),
        "bank_answer_line": lines.with_only_columns(BankAnswerLine.id),
        "entry_reversal": select(EntryReversal.id).where(EntryReversal.entry_id.in_(entries)),
        "subsidy": given,
    }
    return found | {table: session().scalars(query.distinct()).all() for table, query in money.items()}
