"""Reads of next steps, of businesses that nobody has spoken with for long, and of how each person is reminded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from crm.accounts.models import Account
from crm.accounts.workflow import AccountStatus
from crm.businesses.models import Business
from crm.businesses.queries.seeing import consented
from crm.businesses.workflow import BusinessStatus, ConsentPurpose
from crm.casework.models import (
    Conversation,
    ConversationAdviser,
    NextStep,
    NextStepAssignee,
    QuietNotice,
    ReminderChoice,
)
from crm.casework.rules import REMIND_DAYS, USUAL_QUIET_DAYS, is_quiet
from crm.casework.workflow import ConversationStatus
from crm.db.remembering import remembered
from crm.db.session import session
from crm.kernel.clock import has_come

COLUMNS = Conversation.__table__.c
STEPS = NextStep.__table__.c
COUNTS = (COLUMNS.status == ConversationStatus.COMPLETE, COLUMNS.voided_at.is_(None))
"""Which conversations count: those that are complete and were not voided."""
IS_ASKED = or_(STEPS.service_id.is_not(None), STEPS.path != "")
"""That a business asked for it: see `NextStep.is_asked`."""
MOST = 100


def _whole_step() -> Select[NextStep]:
    talk = joinedload(NextStep.conversation).joinedload(Conversation.business)
    return select(NextStep).options(
        joinedload(NextStep.own_business).undefer(Business.shared),
        joinedload(NextStep.service),
        talk.undefer(Business.shared),
        selectinload(NextStep.assignees).joinedload(NextStepAssignee.account),
    )


def next_step(next_step_id: UUID) -> NextStep | None:
    """One next step with its business and whoever is to do it."""
    return session().scalar(_whole_step().where(NextStep.id == next_step_id))


def read_step_again(found: NextStep) -> None:
    """Let a step know what belongs to it now."""
    query = _whole_step().where(NextStep.id == found.id).execution_options(populate_existing=True)
    session().scalar(query)


def steps_of(business_id: UUID) -> Sequence[NextStep]:
    """What is to be done about a business, out of its conversations too: what is due first, first."""
    talks = select(COLUMNS.id).where(COLUMNS.business_id == business_id)
    query = select(NextStep).options(selectinload(NextStep.assignees).joinedload(NextStepAssignee.account))
    query = query.where(or_(STEPS.business_id == business_id, STEPS.conversation_id.in_(talks)))
    order = (STEPS.done_at.is_not(None), STEPS.due_on.is_(None), STEPS.due_on, STEPS.id)
    return session().scalars(query.order_by(*order).limit(MOST)).all()


def steps_told(business_id: UUID, *, most: int) -> Sequence[tuple[str, datetime, datetime | None]]:
    """The next steps of a business for its story, the newest first: what each is, when it was added, and when it was done."""
    talks = select(COLUMNS.id).where(COLUMNS.business_id == business_id)
    query = select(STEPS.title, STEPS.created_at, STEPS.done_at)
    query = query.where(or_(STEPS.business_id == business_id, STEPS.conversation_id.in_(talks)))
    rows = session().execute(query.order_by(STEPS.created_at.desc(), STEPS.id).limit(most))
    return [(title, added, done) for title, added, done in rows]


def steps_asked(business_id: UUID) -> Sequence[NextStep]:
    """What a business asks to be referred to and is still to be done, what was asked first, first."""
    query = _whole_step().where(
        STEPS.business_id == business_id, STEPS.service_id.is_not(None), STEPS.done_at.is_(None)
    )
    return session().scalars(query.order_by(STEPS.created_at, STEPS.id).limit(MOST)).all()


@remembered
def steps_ever_asked(business_id: UUID) -> Sequence[NextStep]:
    """What a business asked for, done or not, the newest first: to be referred to a service, or for an answer alone."""
    query = _whole_step().where(STEPS.business_id == business_id, IS_ASKED)
    return session().scalars(query.order_by(STEPS.created_at.desc(), STEPS.id).limit(MOST)).all()


def withdrawn_since(steps: Iterable[NextStep]) -> set[UUID]:
    """Which of some steps ask to refer a business that no longer agrees to be referred, by their ids."""
    asked = [each for each in steps if each.service_id is not None and each.done_at is None]
    if not asked:
        return set()
    agreed = consented({each.business.id for each in asked}, ConsentPurpose.SHARE_WITH_PROVIDERS)
    return {each.id for each in asked if each.business.id not in agreed}


def step_asked_before(
    business_id: UUID, service_id: UUID, *, path: str, drafted_at: datetime
) -> NextStep | None:
    """What a business asked for from a place, where a referral was drafted from it at a moment: still to be done then."""
    query = _whole_step().where(STEPS.business_id == business_id, STEPS.service_id == service_id)
    query = query.where(STEPS.path == path)
    query = query.where(STEPS.created_at <= drafted_at)
    query = query.where(or_(STEPS.done_at.is_(None), STEPS.done_at >= drafted_at))
    return session().scalar(query.order_by(STEPS.created_at.desc(), STEPS.id).limit(1))


def steps_for(account_id: UUID, *, until: date) -> Sequence[NextStep]:
    """What somebody is to do by a day and has not put away, what is due first, first.

    What a business asks for is there from the day on which it asks until it is answered: nobody puts it away.
    """
    mine = select(NextStepAssignee.next_step_id).where(NextStepAssignee.account_id == account_id)
    is_due = or_(has_come(STEPS.due_on, on=until), IS_ASKED)
    query = _whole_step().where(STEPS.id.in_(mine), STEPS.done_at.is_(None), is_due)
    is_quiet = and_(STEPS.dismissed_for == STEPS.due_on, ~IS_ASKED)
    query = query.where(or_(STEPS.dismissed_for.is_(None), ~is_quiet))
    return session().scalars(query.order_by(STEPS.due_on, STEPS.id).limit(MOST)).all()


def steps_to_tell(on: date) -> dict[Account, list[NextStep]]:
    """Steps that are due and were not told about, by whoever is to do them."""
    due = on + timedelta(days=REMIND_DAYS)
    query = _whole_step().where(
        STEPS.done_at.is_(None), has_come(STEPS.due_on, on=due), STEPS.reminded_for.is_(None)
    )
    found: dict[Account, list[NextStep]] = {}
    for step in session().scalars(query.order_by(STEPS.due_on, STEPS.id).limit(5_000)):
        for each in step.assignees if not step.business.is_archived else ():
            if each.account.status is AccountStatus.ACTIVE:
                found.setdefault(each.account, []).append(step)
    return found


@dataclass(frozen=True)
class Quiet:
    """A business that nobody has spoken with since a day, for so many days."""

    business_id: UUID
    name: str
    last_on: date
    days: int


def quiet_to_tell(on: date) -> dict[Account, list[Quiet]]:
    """Businesses that nobody has spoken with for as long as somebody wants to know, and was not told yet.

    Told are the advisers of the last conversation who still work here. A new conversation begins a new gap.
    """
    rows = _last_talks(on)
    choices = choices_of(account.id for account, *_ in rows)
    notices = session().scalars(select(QuietNotice).where(QuietNotice.account_id.in_(choices)))
    known = {(each.account_id, each.business_id, each.last_on, each.days) for each in notices}
    found: dict[Account, list[Quiet]] = {}
    for account, business_id, name, last_on in rows:
        for days in (int(each) for each in choices[account.id].quiet_days):
            is_new = (account.id, business_id, last_on, days) not in known
            if is_new and is_quiet(last_on, days, on=on):
                found.setdefault(account, []).append(Quiet(business_id, name, last_on, days))
    return found


def _last_talks(on: date) -> list[tuple[Account, UUID, str, date]]:
    """The last conversation with each business in use, with each adviser in it who is still here."""
    is_complete = and_(*COUNTS)
    last = select(COLUMNS.business_id, func.max(COLUMNS.happened_on).label("on")).where(is_complete)
    newest = last.group_by(COLUMNS.business_id).subquery()
    query = (
        select(Account, COLUMNS.business_id, Business.name, COLUMNS.happened_on)
        .join_from(Conversation, newest, newest.c.business_id == COLUMNS.business_id)
        .join(Business, Business.id == COLUMNS.business_id)
        .join(ConversationAdviser, ConversationAdviser.conversation_id == COLUMNS.id)
        .join(Account, Account.id == ConversationAdviser.account_id)
        .where(is_complete, COLUMNS.happened_on == newest.c.on, COLUMNS.happened_on < on)
        .where(Business.__table__.c.status == BusinessStatus.ACTIVE)
        .where(Account.__table__.c.status == AccountStatus.ACTIVE)
        .order_by(Account.name, Account.id, Business.sort_name, COLUMNS.business_id)
    )
    rows = [(row[0], row[1], row[2], row[3]) for row in session().execute(query)]
    return list(dict.fromkeys(rows))  # of two talks on one day, one


def choices_of(account_ids: Iterable[UUID]) -> dict[UUID, ReminderChoice]:
    """How each of some people wants to be reminded; whoever has not chosen: by email, after the usual days."""
    ids = list(account_ids)
    kept = session().scalars(select(ReminderChoice).where(ReminderChoice.account_id.in_(ids)))
    usual = tuple(str(each) for each in USUAL_QUIET_DAYS)
    found = {each: ReminderChoice(account_id=each, by_letter=True, quiet_days=usual) for each in ids}
    return found | {each.account_id: each for each in kept}
