"""What people have in hand in casework: next steps, draft conversations, and hours that a business has not answered for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from crm.businesses.models import Business
from crm.businesses.workflow import BusinessStatus
from crm.casework.models import Conversation, ConversationAdviser, NextStep, NextStepAssignee, SupportHours
from crm.casework.workflow import ConversationStatus, HoursStatus
from crm.db.session import session
from crm.kernel.calendar import add_months
from crm.kernel.clock import today

TALKS, HOURS, STEPS = Conversation.__table__.c, SupportHours.__table__.c, NextStep.__table__.c
IN_USE = Business.__table__.c.status != BusinessStatus.ARCHIVED
MOST, MONTHS = 500, 12


def steps_held_by(account_ids: Collection[UUID]) -> Sequence[NextStep]:
    """Everything that some people have still to do, what is due first, first."""
    theirs = select(NextStepAssignee.next_step_id).where(NextStepAssignee.account_id.in_(account_ids))
    talk = joinedload(NextStep.conversation).joinedload(Conversation.business)
    query = select(NextStep).options(
        joinedload(NextStep.own_business).undefer(Business.shared),
        talk.undefer(Business.shared),
        selectinload(NextStep.assignees),
    )
    query = query.where(STEPS.id.in_(theirs), STEPS.done_at.is_(None))
    return session().scalars(query.order_by(STEPS.due_on.is_(None), STEPS.due_on, STEPS.id).limit(MOST)).all()


def drafts_held_by(account_ids: Collection[UUID]) -> Sequence[Conversation]:
    """The conversations that some people began to record with businesses in use, the oldest first."""
    theirs = (TALKS.holder_id.in_(account_ids), TALKS.status == ConversationStatus.DRAFT, IN_USE)
    query = select(Conversation).options(joinedload(Conversation.business).undefer(Business.shared))
    query = query.join(Conversation.business).where(*theirs).order_by(TALKS.happened_on, TALKS.id)
    return session().scalars(query.limit(MOST)).all()


def hours_held_by(account_ids: Collection[UUID]) -> Sequence[SupportHours]:
    """The hours that some people are to have confirmed and no business has answered for yet, the oldest first."""
    theirs = (HOURS.asker_id.in_(account_ids), HOURS.status == HoursStatus.STATED, HOURS.voided_at.is_(None))
    query = select(SupportHours).options(joinedload(SupportHours.business).undefer(Business.shared))
    query = query.join(SupportHours.business).where(*theirs, IN_USE).order_by(HOURS.happened_on, HOURS.id)
    return session().scalars(query.limit(MOST)).all()


def worked_with(account_id: UUID) -> tuple[Select[Any], ...]:
    """The ids of the businesses that a person has something to do for, or helped in the last twelve months."""
    theirs = select(NextStepAssignee.next_step_id).where(NextStepAssignee.account_id == account_id)
    to_do = (STEPS.id.in_(theirs), STEPS.done_at.is_(None))
    helped = select(ConversationAdviser.conversation_id).where(ConversationAdviser.account_id == account_id)
    since = TALKS.happened_on >= add_months(today(), -MONTHS)
    return (
        select(STEPS.business_id).where(*to_do, STEPS.business_id.is_not(None)),
        select(TALKS.business_id).join(NextStep.__table__, STEPS.conversation_id == TALKS.id).where(*to_do),
        select(TALKS.business_id).where(TALKS.holder_id == account_id, since),
        select(TALKS.business_id).where(TALKS.id.in_(helped), since),
    )
