"""Lessons and their texts, and the businesses that are asked to be named in them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from crm.accounts.models import Account
from crm.businesses.models import Business
from crm.db.paging import Order, Slice, slice_of
from crm.db.session import session
from crm.db.types import has_words
from crm.ip.testbed.models import Lesson, Naming, Project, ProjectPart
from crm.ip.testbed.policy import APPROVERS, LEADERS
from crm.ip.testbed.queries.seeing import LESSON, MOST, NAMING, PART, at_work
from crm.ip.testbed.workflow import LessonStatus, NamingStatus

LATEST = Order((LESSON.published_at, LESSON.id), lambda row: (row.published_at, row.id), is_descending=True)


def _lessons() -> Select[Lesson]:
    to_owner = selectinload(Lesson.namings).joinedload(Naming.part).joinedload(ProjectPart.business)
    return select(Lesson).options(
        joinedload(Lesson.project).joinedload(Project.lead),
        joinedload(Lesson.project).selectinload(Project.partners),
        *(joinedload(Lesson.written_by), joinedload(Lesson.published_by)),
        to_owner.undefer(Business.shared),
    )


def lesson(lesson_id: UUID) -> Lesson | None:
    """One lesson with its project and who was asked to be named."""
    query = _lessons().where(LESSON.id == lesson_id).execution_options(populate_existing=True)
    return session().scalar(query)


def lesson_text(text_id: UUID) -> Lesson | None:
    """One lesson as those see it who write and publish it."""
    return lesson(text_id)


def publishers(*, besides: UUID | None) -> Sequence[str]:
    """Who can publish what somebody else wrote, by name."""
    account = Account.__table__.c
    query = select(account.name).where(account.id.in_(at_work(APPROVERS)), account.id != besides)
    return session().scalars(query.order_by(func.lower(account.name), account.id).limit(MOST)).all()


def lessons_of(project_id: UUID) -> Sequence[Lesson]:
    """The lessons of a project, the latest first."""
    query = _lessons().where(LESSON.project_id == project_id, LESSON.status != LessonStatus.DISCARDED)
    return session().scalars(query.order_by(LESSON.written_at.desc(), LESSON.id).limit(MOST)).all()


def published_of(project_id: UUID) -> Sequence[Lesson]:
    """The published lessons of a project, the latest first, without what belongs to them."""
    query = select(Lesson).where(LESSON.project_id == project_id, LESSON.status == LessonStatus.PUBLISHED)
    return session().scalars(query.order_by(LESSON.written_at.desc(), LESSON.id).limit(MOST)).all()


def lessons_in(status: LessonStatus) -> Sequence[Lesson]:
    """The lessons of one state, the oldest first."""
    query = _lessons().where(LESSON.status == status)
    return session().scalars(query.order_by(LESSON.written_at, LESSON.id).limit(MOST)).all()


def drafts_of(account_id: UUID | None) -> Sequence[Lesson]:
    """The drafts of one person, and those whose writer cannot write any more: somebody else sees them to an end."""
    is_left = LESSON.written_by_id.is_(None) | LESSON.written_by_id.not_in(at_work(LEADERS))
    query = _lessons().where(LESSON.status == LessonStatus.DRAFT)
    query = query.where((LESSON.written_by_id == account_id) | is_left)
    return session().scalars(query.order_by(LESSON.written_at, LESSON.id).limit(MOST)).all()


def published(*, text: str = "", cursor: str | None = None) -> Slice[Lesson]:
    """One page of the published lessons, the newest first."""
    query = _lessons().where(LESSON.status == LessonStatus.PUBLISHED)
    if text.strip():
        query = query.where(has_words(text, LESSON.title, LESSON.text))
    return slice_of(query, LATEST, cursor=cursor)


def _namings() -> Select[Naming]:
    to_part = joinedload(Naming.part)
    to_lesson = joinedload(Naming.lesson)
    return select(Naming).options(
        to_part.joinedload(ProjectPart.business).undefer(Business.shared),
        to_lesson.selectinload(Lesson.namings),
        to_lesson.joinedload(Lesson.project).joinedload(Project.lead),
        to_lesson.joinedload(Lesson.project).joinedload(Project.partners),
        *(to_lesson.joinedload(Lesson.written_by), to_lesson.joinedload(Lesson.published_by)),
    )


def naming(naming_id: UUID) -> Naming | None:
    """One business's answer about being named in a lesson, with the lesson."""
    return session().scalars(_namings().where(NAMING.id == naming_id)).unique().one_or_none()


def namings_of(business_ids: Sequence[UUID]) -> Sequence[Naming]:
    """Where some businesses are named, or asked to be, in texts that are used; the latest asked first."""
    used = (LessonStatus.DRAFT, LessonStatus.SUBMITTED, LessonStatus.PUBLISHED)
    query = (
        _namings().join(ProjectPart, PART.id == NAMING.part_id).join(Lesson, LESSON.id == NAMING.lesson_id)
    )
    query = query.where(PART.business_id.in_(list(business_ids)), LESSON.status.in_(used))
    return _latest_asked(query)


def namings_in(part_id: UUID) -> Sequence[Naming]:
    """Every text that a business was asked about in one project."""
    return _latest_asked(_namings().where(NAMING.part_id == part_id))


def _latest_asked(query: Select[Naming]) -> Sequence[Naming]:
    return session().scalars(query.order_by(NAMING.asked_at.desc(), NAMING.id).limit(MOST)).unique().all()


def unanswered(business_ids: Sequence[UUID]) -> Sequence[Naming]:
    """What some businesses have still to say."""
    used = (LessonStatus.DRAFT, LessonStatus.SUBMITTED, LessonStatus.PUBLISHED)
    to_lesson = contains_eager(Naming.lesson)
    query = select(Naming).options(
        contains_eager(Naming.part).joinedload(ProjectPart.business),
        to_lesson.selectinload(Lesson.namings),
        to_lesson.joinedload(Lesson.project).selectinload(Project.partners),
    )
    query = query.join(ProjectPart, PART.id == NAMING.part_id).join(Lesson, LESSON.id == NAMING.lesson_id)
    query = query.where(PART.business_id.in_(list(business_ids)), LESSON.status.in_(used))
    query = query.where(NAMING.status == NamingStatus.ASKED)
    return session().scalars(query.order_by(NAMING.asked_at.desc(), NAMING.id).limit(MOST)).all()
