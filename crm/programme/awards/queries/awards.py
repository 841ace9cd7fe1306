"""Reads of awards: one whole, those of a cohort, a business or an envelope, and those whose offer ends soon."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Exists, Select, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from crm.businesses.models import Business
from crm.db.remembering import remembered
from crm.db.session import session
from crm.funding.payments.models import BankDetails, Payment
from crm.funding.payments.queries.details import bars_of, confirmed_by_business, payees
from crm.funding.payments.queries.payments import OPEN
from crm.funding.payments.workflow import DetailsStatus
from crm.funding.subsidy.models import Subsidy
from crm.kernel.clock import is_past, now
from crm.programme.applications.models import Application
from crm.programme.awards.models import Award, AwardMilestone
from crm.programme.awards.workflow import OVER, AwardStatus
from crm.programme.cohort.models import Cohort, Decision

AWARD = Award.__table__.c
MOST = 1_000
CAME_TO_NOTHING = (AwardStatus.DECLINED, AwardStatus.LAPSED)
SHOWN_FOR = timedelta(days=28)
"""How long an offer that came to nothing stays on the desks of managers."""


def whole() -> Select[Award]:
    """Awards with all that belongs to them: milestones, business, application, decision, envelope and subsidy."""
    decided = joinedload(Award.decision)
    about = joinedload(Award.application)
    return select(Award).options(
        joinedload(Award.business).undefer(Business.shared),
        about.joinedload(Application.round),
        about.joinedload(Application.business).undefer(Business.shared),
        decided.joinedload(Decision.cohort).joinedload(Cohort.round),
        decided.joinedload(Decision.application).joinedload(Application.round),
        decided.joinedload(Decision.application).joinedload(Application.business).undefer(Business.shared),
        joinedload(Award.envelope),
        joinedload(Award.subsidy).joinedload(Subsidy.business).undefer(Business.shared),
        joinedload(Award.prepared_by),
        joinedload(Award.offered_by),
        selectinload(Award.milestones),
    )


def award(award_id: UUID) -> Award | None:
    """One award with its milestones, business, application, decision, envelope and subsidy."""
    return session().scalar(whole().where(Award.id == award_id))


def award_of_decision(decision_id: UUID) -> Award | None:
    """The award that was made for a decision, if there is one."""
    return session().scalar(whole().where(Award.decision_id == decision_id))


def award_about(application_id: UUID) -> Award | None:
    """The award for an application, if there is one."""
    return session().scalar(whole().where(Award.application_id == application_id))


def offered_for(application_ids: Collection[UUID]) -> Sequence[Award]:
    """The awards for some applications whose offer was sent, each with its business and round."""
    query = brief()
    query = query.where(Award.application_id.in_(list(application_ids)), Award.offered_at.is_not(None))
    return session().scalars(query.order_by(Award.prepared_at, Award.id)).all()


def without_account(business_ids: Collection[UUID]) -> Sequence[Award]:
    """The awards of some businesses that are to be paid, and for which no bank details wait for our call or are confirmed.

    Bank details to which the bank rejected a payment, or from which it returned one, are none: nothing can be paid to them.
    """
    if not business_ids:
        return ()
    barred = list(bars_of([each.id for each in confirmed_by_business(business_ids).values()]))
    known = select(BankDetails.id).where(
        BankDetails.business_id == Award.business_id,
        BankDetails.__table__.c.status.in_((DetailsStatus.ENTERED, DetailsStatus.CONFIRMED)),
        BankDetails.id.not_in(barred),
    )
    owed = select(Payment.id).where(
        Payment.about_table == "decision",
        Payment.about_id == Award.decision_id,
        Payment.__table__.c.status.in_(OPEN),
    )
    query = brief().where(Award.business_id.in_(list(business_ids)), Award.envelope_id.is_not(None))
    query = query.where(~known.exists(), or_(AWARD.status == AwardStatus.ACCEPTED, owed.exists()))
    return session().scalars(query.order_by(Award.prepared_at, Award.id)).all()


@remembered
def award_told(application_id: UUID) -> Award | None:
    """The award for an application with no more than its business: for the story of the application."""
    query = select(Award).options(joinedload(Award.business).undefer(Business.shared))
    return session().scalar(query.where(Award.application_id == application_id))


@remembered
def awards_told_of(business_id: UUID) -> Sequence[Award]:
    """The awards of a business that were offered, with what a line about each shows: for its timeline."""
    query = brief().where(Award.business_id == business_id, Award.offered_at.is_not(None))
    return session().scalars(query.order_by(Award.prepared_at.desc(), Award.id).limit(MOST)).all()


def path_to_account(business_id: UUID) -> str:
    """Where a business that is to be paid gives its bank details, or looks at those that the bank does not pay to; empty once it did."""
    session().flush()
    if not without_account([business_id]):
        return ""
    page = f"/businesses/{business_id}/bank-details"
    return page if payees([business_id])[business_id].bar else f"{page}/new"


def awards_of_business(*business_ids: UUID) -> Sequence[Award]:
    """The awards of a business, or of some, the newest first."""
    query = whole().where(Award.business_id.in_(business_ids))
    return session().scalars(query.order_by(Award.prepared_at.desc(), Award.id).limit(MOST)).all()


def awards_of_cohort(cohort_id: UUID) -> Sequence[Award]:
    """The awards of a cohort, by application."""
    query = whole().join(Decision, Decision.id == Award.decision_id)
    query = query.join(Application, Application.id == Award.application_id)
    query = query.where(Decision.cohort_id == cohort_id)
    return session().scalars(query.order_by(Application.reference).limit(MOST)).all()


def awards_that_are(*statuses: AwardStatus) -> Sequence[Award]:
    """Every award in some states, the offer that ends first before the others."""
    query = whole().where(AWARD.status.in_(statuses))
    return session().scalars(query.order_by(Award.offer_expires_on, Award.id).limit(MOST)).all()


def brief() -> Select[Award]:
    """Awards with what a line about each shows: its business, and its application with the round."""
    return select(Award).options(
        joinedload(Award.business).undefer(Business.shared),
        joinedload(Award.application).joinedload(Application.round),
    )


def _is_unread() -> Exists:
    """Whether none of the programme's team marked as read why it came to nothing."""
    return exists().where(Decision.id == Award.decision_id, Decision.is_end_unread)


@remembered
def on_desks(business_ids: frozenset[UUID] | None = None) -> Sequence[Award]:
    """The awards whose offer waits to be sent or answered, or came to nothing lately and is unread, of all businesses or of some.

    The offer that ends first comes before the others. All that desks tell of offers is taken from this one query.
    """
    failed = and_(AWARD.status.in_(CAME_TO_NOTHING), Award.closed_at > now() - SHOWN_FOR, _is_unread())
    query = brief().options(joinedload(Award.decision))
    query = query.where(or_(AWARD.status.in_((AwardStatus.PREPARED, AwardStatus.OFFERED)), failed))
    if business_ids is not None:
        query = query.where(Award.business_id.in_(business_ids))
    return session().scalars(query.order_by(Award.offer_expires_on, Award.id).limit(MOST)).all()


def ids_past(*, on: date) -> Sequence[UUID]:
    """The awards whose offer was not answered by its last day."""
    query = select(Award.id).where(AWARD.status == AwardStatus.OFFERED)
    query = query.where(is_past(AWARD.offer_expires_on, on=on))
    return session().scalars(query.order_by(Award.offer_expires_on, Award.id)).all()


def milestone(milestone_id: UUID) -> AwardMilestone | None:
    """One milestone."""
    return session().get(AwardMilestone, milestone_id)


def hold(found: Award) -> None:
    """Let nobody else act on an award until this transaction ends, and read where it stands now."""
    session().execute(select(Award.id).where(Award.id == found.id).with_for_update())
    session().refresh(found, attribute_names=["_status", "version", "amount", "offer_expires_on"])


def decisions_without_award(cohort_ids: Collection[UUID] | None = None) -> Sequence[Decision]:
    """Successful decisions that their applicant was told of, and for which no offer was prepared yet."""
    about = joinedload(Decision.application)
    query = (
        select(Decision)
        .options(
            about.joinedload(Application.business).undefer(Business.shared),
            about.joinedload(Application.round),
            joinedload(Decision.cohort).joinedload(Cohort.round),
        )
        .where(Decision.outcome == "successful", Decision.__table__.c.status == "notified")
        .where(Decision.id.not_in(select(Award.decision_id)))
    )
    if cohort_ids is not None:
        query = query.where(Decision.cohort_id.in_(list(cohort_ids)))
    return session().scalars(query.order_by(Decision.notified_at, Decision.id).limit(MOST)).all()


def states_in(cohort_ids: Collection[UUID]) -> dict[UUID, Counter[AwardStatus]]:
    """By cohort, how many of its awards are in each state: one query."""
    query = select(Decision.cohort_id, AWARD.status, func.count()).join(
        Decision, Decision.id == Award.decision_id
    )
    query = query.where(Decision.cohort_id.in_(list(cohort_ids))).group_by(Decision.cohort_id, AWARD.status)
    found: dict[UUID, Counter[AwardStatus]] = {}
    for cohort_id, status, count in session().execute(query):
        found.setdefault(cohort_id, Counter())[status] = count
    return found


def why_not_given_up(application_id: UUID) -> str | None:
    """Why an application is not withdrawn: it was not selected, has an offer to decline, or an award that is over or runs."""
    query = select(AWARD.status, Award.amount).where(Award.application_id == application_id)
    found = session().execute(query).first()
    if found is None:
        return _why_not_selected(application_id)
    if found[0] is AwardStatus.PREPARED:
        return None
    if found[0] in OVER:
        return "What was decided on this application is over, so there is nothing to withdraw."
    if found[0] is AwardStatus.OFFERED:
        return f"A grant of {found[1].in_full()} is offered for this application. Decline the offer instead, on the page of the grant."
    return (
        f"You accepted a grant of {found[1].in_full()} for this application, so it cannot be withdrawn. Write to us if you "
        "want to give up the grant: we end it with you."
    )


def _why_not_selected(application_id: UUID) -> str | None:
    told = Decision.__table__.c
    query = select(Decision.id).where(Decision.application_id == application_id, told.status == "notified")
    if session().scalar(query.where(Decision.outcome == "unsuccessful")) is None:
        return None
    return "This application was not selected, so there is nothing to withdraw."
