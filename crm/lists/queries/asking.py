"""What a list is asked for, in SQL: its filters, and the columns that it is sorted by."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, cast, func, literal, select, union_all
from sqlalchemy import Text as TextType

from crm.accounts.models import Account
from crm.businesses.models import Business
from crm.businesses.queries import listing
from crm.caseload.models import Lead, Tag
from crm.caseload.policy import tags_visible_to
from crm.caseload.queries.leads import is_left, led_ids
from crm.caseload.queries.tags import tagged_ids
from crm.casework.models import Conversation, NextStep
from crm.casework.queries.conversations import COUNTS
from crm.db.paging import Order
from crm.diagnostics.models import Diagnosis
from crm.diagnostics.workflow import DiagnosisStatus
from crm.kernel.clock import today
from crm.kernel.eligibility import STAGES
from crm.kernel.permissions import Actor
from crm.lists.rules import LEFT, MINE, NOBODY, Wanted

BUSINESSES, TALKS, STEPS = Business.__table__.c, Conversation.__table__.c, NextStep.__table__.c
LEADS, ACCOUNTS, DIAGNOSES = Lead.__table__.c, Account.__table__.c, Diagnosis.__table__.c
NEVER, NO_DAY = date(1, 1, 1), date(9999, 12, 31)
"""Where a business stands in an order that nobody ever spoke with, or that has no next step with a day."""


def conditions(wanted: Wanted, actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """That a business is in use, visible to the actor, and what the list is asked for. Raises `BadInput` for what is no place."""
    search = listing.Search(
        text=wanted.q, place=wanted.place, groups=wanted.group, stage=wanted.stage, hub_id=wanted.hub
    )
    asked = [*listing.conditions(search, actor)]
    if wanted.lead:
        asked.append(_is_led_by(wanted.lead, actor))
    if wanted.quiet is not None:
        asked.append(~_was_contacted_since(today() - timedelta(days=wanted.quiet)))
    if wanted.tag is not None:
        asked += [BUSINESSES.id.in_(tagged_ids(wanted.tag)), _sees_tag(wanted.tag, actor)]
    if wanted.need:
        asked.append(_has_need(wanted.need))
    return tuple(asked)


def _is_led_by(lead: str, actor: Actor) -> ColumnElement[bool]:
    if lead == NOBODY:
        held = select(LEADS.id).where(LEADS.business_id == BUSINESSES.id, LEADS.ended_at.is_(None))
        return ~held.correlate(Business.__table__).exists()
    if lead == LEFT:
        return is_left()
    who = actor.account_id if lead == MINE else UUID(lead)
    return BUSINESSES.id.in_(led_ids(who)) if who else literal(False)


def _sees_tag(tag_id: UUID, actor: Actor) -> ColumnElement[bool]:
    """That a tag is one that the reader sees: the list is empty where it is not."""
    return select(Tag.id).where(Tag.id == tag_id, tags_visible_to(actor)).exists()


def _was_contacted_since(day: date) -> ColumnElement[bool]:
    """That somebody spoke with a business after a day: on that day itself it was quiet for so many days already."""
    talks = select(TALKS.id).where(TALKS.business_id == BUSINESSES.id, TALKS.happened_on > day, *COUNTS)
    return talks.correlate(Business.__table__).exists()


def _has_need(need: str) -> ColumnElement[bool]:
    """That the latest finished diagnosis of a business found a need."""
    finished = (DIAGNOSES.business_id == BUSINESSES.id, DIAGNOSES.status == DiagnosisStatus.FINISHED)
    latest = select(DIAGNOSES.id).where(*finished).order_by(*newest_first()).limit(1)
    one = latest.correlate(Business.__table__).scalar_subquery()
    has = select(DIAGNOSES.id).where(
        DIAGNOSES.id == one, cast(DIAGNOSES.needs, TextType).like(f'%"{need}":%')
    )
    return has.correlate(Business.__table__).exists()


def newest_first() -> tuple[ColumnElement[Any], ...]:
    """Finished diagnoses, the latest first."""
    return DIAGNOSES.finished_at.desc(), DIAGNOSES.id


def last_contact() -> ColumnElement[Any]:
    """The day on which somebody last spoke with a business."""
    last = select(func.max(TALKS.happened_on)).where(TALKS.business_id == BUSINESSES.id, *COUNTS)
    return last.correlate(Business.__table__).scalar_subquery()


def _last_contacts() -> Any:
    """The same of every business that anybody spoke with, added up at once."""
    query = select(TALKS.business_id, func.max(TALKS.happened_on).label("on")).where(*COUNTS)
    return query.group_by(TALKS.business_id).subquery("last")


def _steps_due() -> Any:
    """The first day on which something is to be done about each business that has such a day."""
    whose = func.coalesce(STEPS.business_id, TALKS.business_id)
    query = select(whose.label("business_id"), func.min(STEPS.due_on).label("due_on"))
    query = query.select_from(NextStep).outerjoin(Conversation, TALKS.id == STEPS.conversation_id)
    return query.where(STEPS.done_at.is_(None), STEPS.due_on.is_not(None)).group_by(whose).subquery("due")


def ordered(wanted: Wanted, asked: tuple[ColumnElement[bool], ...]) -> tuple[Select[Any], Order]:
    """The ids of the businesses that meet some conditions with what they are sorted by, and the order."""
    column, is_descending = wanted.sort.removeprefix("-"), wanted.sort.startswith("-")
    query = select(BUSINESSES.id, BUSINESSES.sort_name).where(*asked)
    if column == "name":
        columns: tuple[ColumnElement[Any], ...] = (BUSINESSES.sort_name, BUSINESSES.id)
        return query, Order(columns, lambda row: (row.sort_name, row.id), is_descending)
    query, key = _joined(query, column, is_few=wanted.lead not in ("", NOBODY, LEFT))
    order = Order(
        (key, BUSINESSES.sort_name, BUSINESSES.id),
        lambda row: (row.key, row.sort_name, row.id),
        is_descending,
    )
    return query.add_columns(key.label("key")), order


def _joined(query: Select[Any], column: str, *, is_few: bool) -> tuple[Select[Any], ColumnElement[Any]]:
    """A query with what a column needs, and what it is sorted by. The days of one person's businesses are looked up one by one."""
    if column == "lead":
        is_theirs = (LEADS.business_id == BUSINESSES.id) & LEADS.ended_at.is_(None)
        query = query.outerjoin(Lead, is_theirs).outerjoin(Account, ACCOUNTS.id == LEADS.account_id)
        return query, func.coalesce(ACCOUNTS.name, "")
    if column == "contact" and is_few:
        return query, func.coalesce(last_contact(), NEVER)
    if column == "contact":
        last = _last_contacts()
        return query.outerjoin(last, last.c.business_id == BUSINESSES.id), func.coalesce(last.c.on, NEVER)
    if column == "step":
        due = _steps_due()
        return query.outerjoin(due, due.c.business_id == BUSINESSES.id), func.coalesce(due.c.due_on, NO_DAY)
    places = {stage: number for number, stage in enumerate(STAGES)}
    return query, case(places, value=BUSINESSES.stage, else_=len(places))


def steps_of(business_ids: list[UUID]) -> Select[Any]:
    """What is to be done first about each of some businesses, its own steps and those out of its conversations."""
    told = (STEPS.title, STEPS.due_on, STEPS.created_at, STEPS.id)
    own = select(STEPS.business_id, *told).where(STEPS.business_id.in_(business_ids), STEPS.done_at.is_(None))
    via = select(TALKS.business_id, *told).join_from(
        Conversation, NextStep, TALKS.id == STEPS.conversation_id
    )
    via = via.where(TALKS.business_id.in_(business_ids), STEPS.done_at.is_(None))
    every = union_all(own, via).subquery().c
    sooner = (every.due_on.is_(None), every.due_on, every.created_at, every.id)
    place = func.row_number().over(partition_by=every.business_id, order_by=sooner).label("place")
    found = select(every.business_id, every.title, every.due_on, place).subquery().c
    return select(found.business_id, found.title, found.due_on).where(found.place == 1)
