"""Reads of bank details, and of the people who can be called about them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import joinedload

from crm.businesses.models import Business, Person
from crm.db.session import session
from crm.figures.queries import figure_on
from crm.funding.payments.models import (
    BankAnswer,
    BankAnswerLine,
    BankDetails,
    Payment,
    PaymentRun,
    RunLine,
)
from crm.funding.payments.rules.accounts import NO_ACCOUNT, REJECTED, REPLACED, RETURNED, Bar
from crm.funding.payments.rules.answers import Verdict
from crm.funding.payments.rules.reasons import RETURNED_BY, is_against_payee
from crm.funding.payments.workflow import DetailsStatus, PaymentStatus, RunStatus
from crm.kernel.clock import today

MOST = 200
IS_ABOUT = RunLine.id == BankAnswerLine.run_line_id
IS_RETURNED = and_(
    PaymentRun.__table__.c.status == RunStatus.RELEASED,
    RunLine.is_open.is_(False),
    Payment.__table__.c.status.not_in((PaymentStatus.SENT, PaymentStatus.PAID)),
    Payment.fail_reason.startswith(RETURNED_BY, autoescape=True),
)
"""That the bank sent back what a closed try had paid: until the payment is at the bank again."""
DETAILS_STATUS = BankDetails.__table__.c.status


def bars_of(details_ids: Collection[UUID]) -> Mapping[UUID, Bar]:
    """Of each of some bank details to which the bank rejected a payment, or from which it returned one, why. What was our fault is none."""
    query = select(RunLine.details_id, BankAnswerLine.reason).join(RunLine, IS_ABOUT)
    query = query.join(BankAnswer, BankAnswer.id == BankAnswerLine.answer_id)
    query = query.where(
        RunLine.details_id.in_(list(details_ids)),
        BankAnswerLine.__table__.c.verdict == Verdict.REJECTED,
    )
    rows = session().execute(query.order_by(BankAnswer.uploaded_at, BankAnswerLine.position))
    found = {row[0]: Bar(row[1]) for row in rows if is_against_payee(row[1])}
    back = select(RunLine.details_id, Payment.fail_reason).join(Payment, Payment.id == RunLine.payment_id)
    back = back.join(PaymentRun, PaymentRun.id == RunLine.run_id)
    back = back.where(RunLine.details_id.in_(list(details_ids)), IS_RETURNED)
    returned = session().execute(back.order_by(Payment.requested_at, Payment.id))
    said = {row[0]: row[1] for row in returned if is_against_payee(row[1])}
    return {key: Bar(why.removeprefix(RETURNED_BY), is_return=True) for key, why in said.items()} | found


def bars_before(found: Collection[BankDetails]) -> Mapping[UUID, Bar]:
    """Of each of some bank details whose account the business had entered before, what the bank had against it then."""
    owners = {each.business_id for each in found}
    query = select(BankDetails).where(BankDetails.business_id.in_(list(owners)))
    rows = session().scalars(query.order_by(BankDetails.entered_at)).all() if owners else ()
    bars = bars_of([each.id for each in rows]) if rows else {}
    return {
        each.id: bars[one.id]
        for each in found
        for one in rows
        if one.id in bars and one.id != each.id and one.is_account_of(each)
    }


def details(details_id: UUID) -> BankDetails | None:
    """One set of bank details with its business and people."""
    return session().scalar(_details().where(BankDetails.id == details_id))


def details_of(business_id: UUID) -> Sequence[BankDetails]:
    """Every set of bank details that a business entered, the newest first."""
    query = _details().where(BankDetails.business_id == business_id)
    return session().scalars(query.order_by(BankDetails.entered_at.desc()).limit(MOST)).all()


def confirmed_details(business_id: UUID) -> BankDetails | None:
    """The bank details that a business is paid to."""
    query = select(BankDetails).where(BankDetails.business_id == business_id)
    return session().scalar(query.where(DETAILS_STATUS == DetailsStatus.CONFIRMED))


def confirmed_by_business(business_ids: Collection[UUID]) -> Mapping[UUID, BankDetails]:
    """The bank details that each of many businesses is paid to: one query."""
    query = select(BankDetails).where(
        BankDetails.business_id.in_(list(business_ids)), DETAILS_STATUS == DetailsStatus.CONFIRMED
    )
    return {each.business_id: each for each in session().scalars(query)}


@dataclass(frozen=True)
class Payee:
    """What is known of the account of one business: the one it is paid to, what the bank has against it, and whether one waits for our call."""

    account: BankDetails | None
    bar: Bar | None
    is_waiting: bool

    @property
    def is_replaced(self) -> bool:
        """Whether the business has entered another account than the one it is paid to, with which nothing else is wrong."""
        return self.account is not None and self.bar is None and self.is_waiting

    @property
    def why_not(self) -> str | None:
        """Why nothing can be paid to this business, and who does what now; None where it has an account that can be paid to."""
        if self.account is None:
            return NO_ACCOUNT[self.is_waiting]
        if self.bar is None:
            return REPLACED if self.is_replaced else None
        return (RETURNED if self.bar.is_return else REJECTED)[self.is_waiting]


def payees(business_ids: Collection[UUID]) -> Mapping[UUID, Payee]:
    """What is known of the accounts of some businesses: three queries."""
    open_ = (DetailsStatus.ENTERED, DetailsStatus.CONFIRMED)
    query = select(BankDetails).where(
        BankDetails.business_id.in_(list(business_ids)), DETAILS_STATUS.in_(open_)
    )
    rows = session().scalars(query).all()
    paid_to = {each.business_id: each for each in rows if each.status is DetailsStatus.CONFIRMED}
    waiting = {each.business_id for each in rows if each.status is DetailsStatus.ENTERED}
    bars = bars_of([each.id for each in paid_to.values()]) if paid_to else {}
    return {
        each: Payee(
            paid_to.get(each), bars.get(paid_to[each].id) if each in paid_to else None, each in waiting
        )
        for each in business_ids
    }


def hold_accounts(business_ids: Collection[UUID]) -> None:
    """Let nobody else change, or say what the bank has against, the accounts that some businesses are paid to until this transaction ends."""
    query = select(BankDetails.id).where(
        BankDetails.business_id.in_(list(business_ids)), DETAILS_STATUS == DetailsStatus.CONFIRMED
    )
    session().scalars(query.order_by(BankDetails.id).with_for_update()).all()


def accounts_in(lines: Collection[RunLine]) -> Mapping[UUID, BankDetails]:
    """By their id, the bank details that lines of runs pay to: one query."""
    query = select(BankDetails).options(joinedload(BankDetails.business))
    rows = session().scalars(query.where(BankDetails.id.in_({each.details_id for each in lines})))
    return {each.id: each for each in rows}


def is_new_in(run: PaymentRun, account: BankDetails) -> bool:
    """Whether an account was confirmed shortly before a run, or on a number that was new: it is to be looked at twice."""
    is_recent = account.called_at is not None and account.called_at > run.made_at - recently()
    return is_recent or account.number_changed_on is not None


def behind(lines: Collection[RunLine]) -> Mapping[UUID, tuple[BankDetails, BankDetails | None]]:
    """By line of a run, the bank details that it pays to, with those that they replaced: two queries."""
    known = {each.details_id for each in lines}
    query = select(BankDetails).options(joinedload(BankDetails.called_by))
    found = {each.id: each for each in session().scalars(query.where(BankDetails.id.in_(list(known))))}
    owners = {each.business_id for each in found.values()}
    older = select(BankDetails).where(BankDetails.business_id.in_(list(owners)))
    replaced = session().scalars(older.where(DETAILS_STATUS == DetailsStatus.REPLACED)).all()
    return {each.id: (found[each.details_id], _before(found[each.details_id], replaced)) for each in lines}


def _before(found: BankDetails, replaced: Sequence[BankDetails]) -> BankDetails | None:
    """The account that a business was paid to before this one."""
    earlier = [
        each
        for each in replaced
        if each.business_id == found.business_id
        and each.id != found.id
        and each.entered_at <= found.entered_at
    ]
    return max(earlier, key=lambda each: each.entered_at, default=None)


def to_call_back() -> Sequence[BankDetails]:
    """Every set of bank details that waits for a call, the oldest first."""
    query = _details().where(DETAILS_STATUS == DetailsStatus.ENTERED)
    return session().scalars(query.order_by(BankDetails.entered_at).limit(MOST)).all()


def waiting_among(business_ids: Collection[UUID]) -> Sequence[BankDetails]:
    """The bank details of some businesses that wait for a call, the oldest first: one query."""
    query = _details().where(BankDetails.business_id.in_(list(business_ids)))
    query = query.where(DETAILS_STATUS == DetailsStatus.ENTERED)
    return session().scalars(query.order_by(BankDetails.entered_at)).all()


def waiting_details(business_id: UUID) -> BankDetails | None:
    """The bank details of a business that wait for a call: one at most."""
    query = _details().where(BankDetails.business_id == business_id)
    return session().scalar(query.where(DETAILS_STATUS == DetailsStatus.ENTERED))


def _details() -> Select[BankDetails]:
    return select(BankDetails).options(
        joinedload(BankDetails.business).undefer(Business.shared),
        joinedload(BankDetails.entered_by),
        joinedload(BankDetails.called_by),
    )


def recently() -> timedelta:
    """For how long a telephone or an account counts as new."""
    return timedelta(days=int(figure_on("payments.new_number_days", on=today())))


def people_of(business_id: UUID) -> Sequence[Person]:
    """The people at a business now."""
    query = select(Person).where(Person.business_id == business_id, Person.left_on.is_(None))
    return session().scalars(query.order_by(Person.name, Person.id).limit(MOST)).all()
