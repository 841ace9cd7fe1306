"""Reads of conversations, hours and kinds of support."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from crm.accounts.models import Account, Hub, RoleGrant
from crm.accounts.queries import colleagues
from crm.accounts.workflow import AccountStatus
from crm.businesses.models import Business, Person
from crm.businesses.policy import HUB_ROLES
from crm.businesses.queries.seeing import people_of
from crm.businesses.workflow import BusinessStatus
from crm.casework.models import (
    Conversation,
    ConversationAdviser,
    ConversationPerson,
    ConversationService,
    EmailTemplate,
    NextStep,
    NextStepAssignee,
    QuietNotice,
    ReminderChoice,
    SupportHours,
    SupportKind,
    WrittenEmail,
)
from crm.casework.rules import REMIND_DAYS, USUAL_QUIET_DAYS, is_quiet
from crm.casework.workflow import ConversationStatus, HoursStatus
from crm.db.session import session
from crm.directory.models import Service
from crm.directory.workflow import ServiceStatus
from crm.kernel.clock import has_come, is_past, today
from crm.kernel.permissions import Actor
from crm.kernel.roles import STAFF, Scope

COLUMNS = Conversation.__table__.c
HOURS = SupportHours.__table__.c
STEPS = NextStep.__table__.c
COUNTS = (COLUMNS.status == ConversationStatus.COMPLETE, COLUMNS.voided_at.is_(None))
"""Which conversations count: those that are complete and were not voided."""
GRANTS = RoleGrant.__table__.c
MOST = 100
CENTRAL = "Central team"
"""The team of whoever works for every hub."""


def _whole() -> Select[Conversation]:
    return select(Conversation).options(
        joinedload(Conversation.business).selectinload(Business.shares),
        joinedload(Conversation.kind),
        selectinload(Conversation.advisers).joinedload(ConversationAdviser.account),
        selectinload(Conversation.people).joinedload(ConversationPerson.person),
        selectinload(Conversation.services).joinedload(ConversationService.service),
    )


def conversation(conversation_id: UUID) -> Conversation | None:
    """One conversation with who took part, and its business."""
    return session().scalar(_whole().where(Conversation.id == conversation_id))


def read_again(found: Conversation) -> None:
    """Let a conversation know who took part now."""
    query = _whole().where(Conversation.id == found.id).execution_options(populate_existing=True)
    session().scalar(query)


def conversations_of(business_id: UUID, *, most: int = MOST) -> Sequence[Conversation]:
    """What was said with a business and by whom, the latest first, without what was thrown away."""
    query = _of_business(business_id).where(COLUMNS.status != ConversationStatus.DISCARDED)
    with_advisers = selectinload(Conversation.advisers).joinedload(ConversationAdviser.account)
    return session().scalars(query.options(with_advisers).limit(most)).all()


def complete_with(business_id: UUID, *, most: int) -> Sequence[Conversation]:
    """The conversations with a business that count, the latest first: for its timeline."""
    query = _of_business(business_id).where(*COUNTS)
    return session().scalars(query.limit(most)).all()


def _of_business(business_id: UUID) -> Select[Conversation]:
    order = (COLUMNS.happened_on.desc(), COLUMNS.recorded_at.desc(), COLUMNS.id)
    return select(Conversation).where(COLUMNS.business_id == business_id).order_by(*order)


def drafts_of(account_id: UUID) -> Sequence[Conversation]:
    """The conversations that a person began to record, the oldest first, each with its business."""
    mine = (COLUMNS.recorded_by_id == account_id, COLUMNS.status == ConversationStatus.DRAFT)
    whole = joinedload(Conversation.business).selectinload(Business.shares)
    query = select(Conversation).where(*mine).options(whole).order_by(COLUMNS.happened_on, COLUMNS.id)
    return session().scalars(query.limit(MOST)).all()


def team_of(account_id: UUID, *, on: date) -> str:
    """The hub that somebody worked for on a day, in words."""
    found = _hub_of(account_id, on=on)
    return found.name if found else CENTRAL


def team_hub_of(account_id: UUID, *, on: date) -> UUID | None:
    """The hub that somebody worked for on a day; None for whoever works for all."""
    found = _hub_of(account_id, on=on)
    return found.id if found else None


def _hub_of(account_id: UUID, *, on: date) -> Hub | None:
    """Of two hubs, the first by name."""
    held = select(GRANTS.scope_id).where(
        GRANTS.account_id == account_id,
        GRANTS.role.in_(HUB_ROLES),
        GRANTS.scope == Scope.HUB,
        has_come(GRANTS.valid_from, on=on),
        or_(GRANTS.valid_to.is_(None), ~is_past(GRANTS.valid_to, on=on)),
    )
    hub_ids = [UUID(each) for each in session().scalars(held)]
    query = select(Hub).where(Hub.id.in_(hub_ids)).order_by(Hub.name, Hub.id).limit(1)
    return session().scalar(query) if hub_ids else None


def advisers_for(business: Business, actor: Actor) -> dict[str, str]:
    """Who may have taken part, by id: the colleagues at the hub that cares for it, and whoever asks."""
    known = {str(each.id): each.name for each in colleagues(business.hub_id)} if business.hub_id else {}
    return ({str(actor.account_id): actor.name} if actor.account_id else {}) | known


def are_active_staff(account_ids: Iterable[UUID], *, on: date) -> set[UUID]:
    """Those of some accounts that can sign in and hold a role at a hub, or for every hub, on a day."""
    held = select(GRANTS.account_id).where(
        GRANTS.account_id.in_(list(account_ids)),
        GRANTS.scope.in_((Scope.HUB, Scope.EVERYWHERE)),
        has_come(GRANTS.valid_from, on=on),
        or_(GRANTS.valid_to.is_(None), ~is_past(GRANTS.valid_to, on=on)),
    )
    joined = held.join(Account, Account.id == GRANTS.account_id)
    return set(session().scalars(joined.where(Account.__table__.c.status == AccountStatus.ACTIVE)))


def readers_at(business_id: UUID) -> list[Person]:
    """The people at a business that can be asked about its hours: with an address, and not staff of ours."""
    people = [each for each in people_of(business_id) if each.email and not each.left_on]
    held = select(Account.email).join(RoleGrant, RoleGrant.account_id == Account.id)
    is_held = or_(GRANTS.valid_to.is_(None), ~is_past(GRANTS.valid_to, on=today()))
    emails = [each.email for each in people]
    staff = set(session().scalars(held.where(Account.email.in_(emails), GRANTS.role.in_(STAFF), is_held)))
    return [each for each in people if each.email not in staff]


def hours(hours_id: UUID) -> SupportHours | None:
    """Hours with the business that they were for."""
    query = select(SupportHours).options(joinedload(SupportHours.business).selectinload(Business.shares))
    return session().scalar(query.where(SupportHours.id == hours_id, SupportHours.voided_at.is_(None)))


def hours_of(business_id: UUID) -> Sequence[SupportHours]:
    """The hours that a business was given, the latest first."""
    query = select(SupportHours).where(HOURS.business_id == business_id, HOURS.voided_at.is_(None))
    return session().scalars(query.order_by(HOURS.happened_on.desc(), HOURS.id).limit(500)).all()


def hours_from(conversation_id: UUID) -> SupportHours | None:
    """The hours that a conversation stands for."""
    query = select(SupportHours).options(joinedload(SupportHours.business).selectinload(Business.shares))
    return session().scalar(query.where(HOURS.conversation_id == conversation_id))


def hours_at(workshop_id: UUID, business_id: UUID) -> SupportHours | None:
    """The hours that a business had at a workshop."""
    sought = (HOURS.workshop_id == workshop_id, HOURS.business_id == business_id)
    return session().scalar(select(SupportHours).where(*sought))


def stated(business_id: UUID) -> list[SupportHours]:
    """The hours that a business has not answered for."""
    return [each for each in hours_of(business_id) if each.status is HoursStatus.STATED]


def asked_about(business_id: UUID) -> list[SupportHours]:
    """The hours that a business was asked to confirm and has not answered for."""
    return [each for each in stated(business_id) if each.asked_at is not None]


def quarters_on(business_id: UUID, day: date, *, but: UUID | None = None) -> int:
    """How many quarter-hours a business was given on a day, without those of one row."""
    on_it = (HOURS.business_id == business_id, HOURS.happened_on == day, HOURS.voided_at.is_(None))
    query = select(func.sum(HOURS.quarters)).where(*on_it)
    if but is not None:
        query = query.where(HOURS.id != but)
    return session().scalar(query) or 0


def spoken_with(first: date, last: date, *, visible: ColumnElement[bool]) -> tuple[dict[UUID, int], int]:
    """Which businesses advisers spoke with in some days, with the quarter-hours of each; and how often altogether.

    ``visible`` says which businesses the asking actor may see.
    """
    is_counted = (*COUNTS, COLUMNS.happened_on.between(first, last))
    total = func.coalesce(func.sum(COLUMNS.quarters), 0)
    query = select(COLUMNS.business_id, total, func.count()).join_from(Conversation, Conversation.business)
    query = query.where(visible, *is_counted).group_by(COLUMNS.business_id)
    rows = session().execute(query).all()
    return {business_id: int(quarters) for business_id, quarters, _ in rows}, sum(row[2] for row in rows)


def kinds(*, with_retired: bool = False) -> Sequence[SupportKind]:
    """The kinds of support by area; those in use, unless the retired ones are asked for too."""
    query = select(SupportKind)
    if not with_retired:
        query = query.where(SupportKind.retired_on.is_(None))
    return (
        session().scalars(query.order_by(SupportKind.area_label, SupportKind.label, SupportKind.code)).all()
    )


def kind(kind_code: str) -> SupportKind | None:
    """One kind of support, in use or not."""
    return session().scalar(select(SupportKind).where(SupportKind.code == kind_code))


def services_in_use() -> dict[str, str]:
    """The services that can be spoken of, by id: all but those that are closed or no longer run."""
    columns = Service.__table__.c
    is_over = columns.status.in_((ServiceStatus.CLOSED, ServiceStatus.HISTORIC))
    query = select(columns.id, columns.name).where(~is_over).order_by(columns.name, columns.id).limit(1_000)
    return {str(service_id): name for service_id, name in session().execute(query)}


def are_services(service_ids: Iterable[UUID]) -> bool:
    """Whether each of these is a service of the directory."""
    sought = set(service_ids)
    columns = Service.__table__.c
    query = select(func.count()).select_from(Service.__table__).where(columns.id.in_(sought))
    return not sought or session().scalar(query) == len(sought)


def _whole_step() -> Select[NextStep]:
    talk = joinedload(NextStep.conversation).joinedload(Conversation.business)
    return select(NextStep).options(
        joinedload(NextStep.own_business).selectinload(Business.shares),
        talk.selectinload(Business.shares),
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


def steps_for(account_id: UUID, *, until: date) -> Sequence[NextStep]:
    """What somebody is to do by a day and has not put away, what is due first, first."""
    mine = select(NextStepAssignee.next_step_id).where(NextStepAssignee.account_id == account_id)
    query = _whole_step().where(STEPS.id.in_(mine), STEPS.done_at.is_(None), has_come(STEPS.due_on, on=until))
    query = query.where(or_(STEPS.dismissed_for.is_(None), STEPS.dismissed_for != STEPS.due_on))
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


def templates(*, with_retired: bool = False) -> Sequence[EmailTemplate]:
    """The beginnings of e-mails by name; those in use, unless the retired ones are asked for too."""
    query = select(EmailTemplate).order_by(EmailTemplate.name, EmailTemplate.id).limit(500)
    return session().scalars(query if with_retired else query.where(EmailTemplate.retired_on.is_(None))).all()


def template(template_id: UUID) -> EmailTemplate | None:
    """One beginning of an e-mail, in use or not."""
    return session().get(EmailTemplate, template_id)


def email(email_id: UUID) -> WrittenEmail | None:
    """One e-mail with the business and the person it went to, and its letter."""
    query = select(WrittenEmail).options(
        joinedload(WrittenEmail.business).selectinload(Business.shares),
        joinedload(WrittenEmail.person),
        joinedload(WrittenEmail.letter),
        joinedload(WrittenEmail.written_by),
    )
    return session().scalar(query.where(WrittenEmail.id == email_id))


def emails_to(business_id: UUID, *, most: int) -> Sequence[WrittenEmail]:
    """The e-mails that were written to a business, the latest first, each with its reader and letter."""
    query = select(WrittenEmail).options(joinedload(WrittenEmail.person), joinedload(WrittenEmail.letter))
    order = (WrittenEmail.written_at.desc(), WrittenEmail.id)
    return (
        session()
        .scalars(query.where(WrittenEmail.business_id == business_id).order_by(*order).limit(most))
        .all()
    )
