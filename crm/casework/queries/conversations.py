"""Reads of conversations, and of the kinds of support that they were about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from crm.businesses.models import Business
from crm.casework.models import (
    Conversation,
    ConversationAdviser,
    ConversationPerson,
    ConversationService,
    SupportKind,
)
from crm.casework.workflow import ConversationStatus
from crm.db.session import session
from crm.directory.models import Service
from crm.directory.workflow import ServiceStatus

COLUMNS = Conversation.__table__.c
COUNTS = (COLUMNS.status == ConversationStatus.COMPLETE, COLUMNS.voided_at.is_(None))
"""Which conversations count: those that are complete and were not voided."""
MOST = 100


def _whole() -> Select[Conversation]:
    return select(Conversation).options(
        joinedload(Conversation.business).undefer(Business.shared),
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
    mine = (COLUMNS.holder_id == account_id, COLUMNS.status == ConversationStatus.DRAFT)
    whole = joinedload(Conversation.business).undefer(Business.shared)
    query = select(Conversation).where(*mine).options(whole).order_by(COLUMNS.happened_on, COLUMNS.id)
    return session().scalars(query.limit(MOST)).all()


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
