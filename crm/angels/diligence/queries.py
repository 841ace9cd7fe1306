"""Reads of due diligence: the questions of an introduction, of a pitch and of all, and the answers that serve them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import joinedload

from crm.angels.diligence.models import ANSWER_TABLE, DiligenceAnswer, DiligenceItem
from crm.angels.diligence.policy import items_visible_to
from crm.angels.diligence.workflow import LIVE, ItemStatus, Sharing
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.workflow import IntroductionStatus
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.queries.pitches import pitch
from crm.angels.syndicates.queries.syndicates import with_members_of
from crm.businesses.models import Business
from crm.db.paging import Order, Slice, slice_of
from crm.db.session import session
from crm.documents.models import Document
from crm.documents.queries import document_about
from crm.kernel.clock import has_come, today
from crm.kernel.permissions import Actor

COLUMN = DiligenceItem.__table__.c
MOST = 500
LATE = "late"
NEWEST = Order((COLUMN.asked_at, COLUMN.id), lambda each: (each.asked_at, each.id), is_descending=True)


def _whole() -> Select[Any]:
    met = joinedload(DiligenceItem.introduction)
    return select(DiligenceItem).options(
        met.joinedload(Introduction.pitch).joinedload(Pitch.business).undefer(Business.shared),
        met.joinedload(Introduction.account),
        joinedload(DiligenceItem.answer).joinedload(DiligenceAnswer.made_by),
        joinedload(DiligenceItem.answered_by),
    )


def _joined(query: Select[Any]) -> Select[Any]:
    query = query.join(Introduction, Introduction.id == COLUMN.introduction_id)
    return query.join(Pitch, Pitch.id == Introduction.pitch_id)


def item(item_id: UUID) -> DiligenceItem | None:
    """One question with its introduction, pitch, business, investor and answer."""
    found: DiligenceItem | None = session().scalar(_whole().where(COLUMN.id == item_id))
    return found


def items(actor: Actor, *, status: str = "", cursor: str | None = None) -> Slice[DiligenceItem]:
    """One page of the questions that an actor may see, newest first; the "late" ones wait for the manager's help."""
    query = _joined(_whole()).where(items_visible_to(actor))
    if status == LATE:
        query = query.where(_is_late(today()))
    elif status:
        query = query.where(COLUMN.status == status)
    return slice_of(query, NEWEST, cursor=cursor)


def _is_late(on: date) -> ColumnElement[bool]:
    return and_(COLUMN.status == ItemStatus.ASKED, has_come(COLUMN.task_on, on=on))


def count_late(on: date) -> int:
    """How many questions wait for so long that the network's manager has to help: as many as the list of late ones shows."""
    return session().scalar(select(func.count()).select_from(DiligenceItem).where(_is_late(on))) or 0


def count_for(business_ids: Collection[UUID]) -> int:
    """How many questions wait for an answer of some businesses."""
    query = _joined(select(func.count()).select_from(DiligenceItem))
    query = query.where(COLUMN.status == ItemStatus.ASKED, Pitch.business_id.in_(list(business_ids)))
    return session().scalar(query) or 0


def items_of(introduction_id: UUID) -> Sequence[DiligenceItem]:
    """What was asked under one introduction, in the order in which it was asked."""
    query = _whole().where(COLUMN.introduction_id == introduction_id)
    return session().scalars(query.order_by(COLUMN.asked_at, COLUMN.id).limit(MOST)).all()


def items_under(introduction_ids: Collection[UUID]) -> Sequence[DiligenceItem]:
    """Every item asked under some introductions."""
    query = select(DiligenceItem).where(COLUMN.introduction_id.in_(introduction_ids))
    return session().scalars(query.order_by(COLUMN.id)).all()


def items_about(pitch_id: UUID, *statuses: ItemStatus) -> Sequence[DiligenceItem]:
    """The questions about a pitch that are in one of some states, the oldest first."""
    query = _joined(_whole()).where(Introduction.pitch_id == pitch_id, COLUMN.status.in_(statuses))
    return session().scalars(query.order_by(COLUMN.asked_at, COLUMN.id).limit(MOST)).all()


def count_about(pitch_id: UUID) -> dict[tuple[ItemStatus, bool], int]:
    """How many questions about a pitch came to what, and whether they are closed: as `DiligenceItem.was` says of one."""
    counts: dict[tuple[ItemStatus, bool], int] = {}
    for each in items_about(pitch_id, *ItemStatus):
        key = each.was, each.status is ItemStatus.ENDED
        counts[key] = counts.get(key, 0) + 1
    order = list(ItemStatus)
    return dict(sorted(counts.items(), key=lambda each: (order.index(each[0][0]), each[0][1])))


def live_items_of(account_id: UUID) -> Sequence[DiligenceItem]:
    """The questions of one investor that were neither withdrawn nor closed."""
    query = _joined(_whole()).where(Introduction.account_id == account_id, COLUMN.status.in_(LIVE))
    return session().scalars(query.order_by(COLUMN.asked_at, COLUMN.id).limit(MOST)).all()


def served_by(answer_id: UUID) -> Sequence[DiligenceItem]:
    """The questions that one answer serves now."""
    query = _whole().where(COLUMN.answer_id == answer_id, COLUMN.status == ItemStatus.ANSWERED)
    return session().scalars(query.order_by(COLUMN.asked_at, COLUMN.id).limit(MOST)).all()


def answers_about(pitch_id: UUID) -> Sequence[DiligenceAnswer]:
    """The answers about a pitch that were not withdrawn, the newest first."""
    query = select(DiligenceAnswer).options(joinedload(DiligenceAnswer.made_by))
    query = query.where(DiligenceAnswer.pitch_id == pitch_id, DiligenceAnswer.withdrawn_at.is_(None))
    return session().scalars(query.order_by(DiligenceAnswer.made_at.desc()).limit(MOST)).all()


def answer_about(answer_id: UUID, pitch_id: UUID) -> DiligenceAnswer | None:
    """One answer, if it is about just this pitch and was not withdrawn."""
    return next((each for each in answers_about(pitch_id) if each.id == answer_id), None)


def shared_answers(pitch_id: UUID) -> Sequence[DiligenceAnswer]:
    """The answers about a pitch that every introduced investor may read."""
    return [each for each in answers_about(pitch_id) if each.sharing is Sharing.INTRODUCED]


def kinds_shared(pitch_id: UUID) -> set[str]:
    """The usual items about a pitch whose answer every introduced investor may read already."""
    answered = items_about(pitch_id, ItemStatus.ANSWERED)
    shared = {each.id for each in shared_answers(pitch_id)}
    return {each.kind for each in answered if each.kind and each.answer_id in shared}


def syndicate_answers(pitch_id: UUID) -> Sequence[DiligenceAnswer]:
    """The answers about a pitch that the lead and the confirmed members of its syndicate may read."""
    return [each for each in answers_about(pitch_id) if each.with_syndicate]


def introduced_for(pitch_id: UUID) -> Sequence[Introduction]:
    """The introductions for a pitch that took place, each with its investor."""
    met = Introduction.__table__.c
    query = select(Introduction).options(
        joinedload(Introduction.account),
        joinedload(Introduction.pitch).joinedload(Pitch.business).undefer(Business.shared),
    )
    query = query.where(met.pitch_id == pitch_id, met.status == IntroductionStatus.AGREED)
    return session().scalars(query.order_by(met.requested_at, met.id).limit(MOST)).all()


@dataclass(frozen=True)
class Handed:
    """A file of an answer, with the introductions whose investors it is shared with, and the accounts of the syndicate that
    may read it: none once it was withdrawn.
    """

    answer: DiligenceAnswer
    file: Document
    pitch: Pitch
    given_under: tuple[Introduction, ...]
    members: frozenset[UUID] = frozenset()


def handed(answer_id: UUID, document_id: UUID) -> Handed | None:
    """A file of just this answer; None where there is none."""
    answer = session().get(DiligenceAnswer, answer_id)
    file_ = document_about(document_id, kind=ANSWER_TABLE, thing_id=answer_id)
    about = pitch(answer.pitch_id) if answer else None
    if answer is None or file_ is None or about is None:
        return None
    is_shared = answer.with_syndicate and answer.withdrawn_at is None
    members = frozenset(with_members_of(about.id)) if is_shared else frozenset()
    return Handed(answer, file_, about, tuple(_given_under(answer)), members)


def _given_under(answer: DiligenceAnswer) -> Sequence[Introduction]:
    if answer.withdrawn_at is not None:
        return ()
    if answer.sharing is Sharing.INTRODUCED:
        return introduced_for(answer.pitch_id)
    return [each.introduction for each in served_by(answer.id)]


def to_nudge(on: date) -> Sequence[DiligenceItem]:
    """Questions of which the business has to be reminded, and was not yet."""
    query = _whole().where(
        COLUMN.status == ItemStatus.ASKED, has_come(COLUMN.nudge_on, on=on), COLUMN.nudged_at.is_(None)
    )
    return session().scalars(query.order_by(COLUMN.nudge_on).limit(MOST)).all()


def to_tell() -> Sequence[DiligenceItem]:
    """Questions that were answered, or are not available, and of which the investor was not told yet."""
    settled = (ItemStatus.ANSWERED, ItemStatus.UNAVAILABLE)
    query = _whole().where(COLUMN.status.in_(settled), COLUMN.told_at.is_(None))
    return session().scalars(query.order_by(COLUMN.answered_at).limit(MOST)).all()
