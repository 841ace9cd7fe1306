"""Reads of repayments: one whole, those of an award, those that wait, and what can be asked for at most."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, Subquery, literal, select
from sqlalchemy.orm import joinedload

from crm.db.session import session
from crm.funding.envelopes.models import LedgerEntry
from crm.funding.envelopes.queries.beside import beside, moved, moved_beyond
from crm.funding.envelopes.queries.ledger import balances_of
from crm.funding.envelopes.rules import LedgerAccount, Subject
from crm.funding.payments.queries.payments import payments_about
from crm.kernel.clock import day_of
from crm.kernel.money import NO_MONEY, Money
from crm.programme.awards.models import Award
from crm.programme.claims.models import AwardRecovery
from crm.programme.claims.queries.claims import MOST, line_of_award, of_award
from crm.programme.claims.workflow import RecoveryStatus

STATUS = AwardRecovery.__table__.c.status
RECOVERED_WAY = (LedgerAccount.PAID, LedgerAccount.RECOVERED)
"""What money that came back moves in the ledger."""


def _whole() -> Select[AwardRecovery]:
    return select(AwardRecovery).options(*of_award(AwardRecovery.award), joinedload(AwardRecovery.asked_by))


def _brief() -> Select[AwardRecovery]:
    """Repayments with what a line about each shows, and who asked for it."""
    return select(AwardRecovery).options(
        *line_of_award(AwardRecovery.award), joinedload(AwardRecovery.asked_by)
    )


def recovery(recovery_id: UUID) -> AwardRecovery | None:
    """One repayment with its award, as it is now."""
    query = _whole().where(AwardRecovery.id == recovery_id)
    return session().scalar(query.execution_options(populate_existing=True))


def recoveries_of(award_id: UUID) -> Sequence[AwardRecovery]:
    """The repayments that were asked for of an award, the newest first."""
    query = _brief().where(AwardRecovery.award_id == award_id)
    return session().scalars(query.order_by(AwardRecovery.asked_at.desc()).limit(MOST)).all()


def asked_together(found: AwardRecovery) -> Sequence[AwardRecovery]:
    """Everything that was asked for with one repayment, itself too: the instalments that came in their order, then what is to come.

    What an instalment leaves keeps the moment at which all of it was asked for.
    """
    query = _brief().where(AwardRecovery.award_id == found.award_id, AwardRecovery.asked_at == found.asked_at)
    rows = session().scalars(query.order_by(AwardRecovery.id).limit(MOST)).all()
    return sorted(rows, key=lambda each: (each.received_on is None, each.received_on or each.due_on))


def recoveries_that_are(*statuses: RecoveryStatus) -> Sequence[AwardRecovery]:
    """Every repayment in some states, the one due first before the others."""
    query = _brief().where(STATUS.in_(statuses))
    return session().scalars(query.order_by(AwardRecovery.due_on, AwardRecovery.id).limit(MOST)).all()


def cancelled_among(recovery_ids: Collection[UUID]) -> set[UUID]:
    """Which of some repayments were cancelled: one query."""
    query = select(AwardRecovery.id).where(AwardRecovery.id.in_(list(recovery_ids)))
    return set(session().scalars(query.where(STATUS == RecoveryStatus.CANCELLED)))


def paid_net(found: Award) -> Money:
    """What was paid of an award and did not come back, as the ledger says (P46)."""
    if found.envelope_id is None:
        return NO_MONEY
    about = Subject("decision", found.decision_id)
    return balances_of(about, envelope_id=found.envelope_id, line=found.line)[LedgerAccount.PAID]


def first_paid_on(found: Award) -> date | None:
    """The day on which the first payment of an award was made."""
    paid = payments_about(Subject("decision", found.decision_id))
    days = [each.paid_on or day_of(each.paid_at) for each in paid if each.paid_at is not None]
    return min(days, default=None)


def received_beside() -> Subquery:
    """What was paid back of each award beside what the ledger says was recovered."""
    ours = select(literal("decision"), Award.decision_id, AwardRecovery.amount)
    ours = ours.join_from(AwardRecovery, Award, Award.id == AwardRecovery.award_id)
    ours = ours.where(AwardRecovery.received_on.is_not(None))
    return beside(ours, moved(RECOVERED_WAY, LedgerEntry.subject_table == "decision"))


def recovered_without() -> Subquery:
    """What the ledger says was recovered, by envelope and thing, about anything but awards."""
    return moved_beyond(RECOVERED_WAY, LedgerEntry.subject_table != "decision")


def most_to_ask(found: Award) -> Money:
    """What can still be asked for: paid, not come back, and not asked for already."""
    asked = select(AwardRecovery.amount).where(
        AwardRecovery.award_id == found.id, STATUS == RecoveryStatus.ASKED
    )
    return paid_net(found) - sum(session().scalars(asked), start=NO_MONEY)
