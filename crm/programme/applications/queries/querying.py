"""Reads of what applicants are asked after they submitted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from crm.businesses.models import Business
from crm.db.session import session
from crm.programme.applications.models import ApplicantQuery, Application, QueriedQuestion
from crm.programme.applications.workflow import ApplicationStatus, QueryStatus
from crm.programme.rounds.models import Round
from crm.programme.rounds.queries import WHOLE_ROUND

MOST = 100


def query(query_id: UUID) -> ApplicantQuery | None:
    """One query with its questions, its application and round."""
    whole = joinedload(ApplicantQuery.application)
    found = select(ApplicantQuery).options(
        selectinload(ApplicantQuery.questions),
        whole.joinedload(Application.round).options(*WHOLE_ROUND),
        whole.joinedload(Application.business).undefer(Business.shared),
    )
    return session().scalar(found.where(ApplicantQuery.id == query_id))


def queries_about(application_id: UUID) -> Sequence[ApplicantQuery]:
    """The queries about an application, the latest first."""
    found = select(ApplicantQuery).where(ApplicantQuery.application_id == application_id)
    found = found.order_by(ApplicantQuery.asked_at.desc(), ApplicantQuery.id)
    return session().scalars(found.limit(MOST)).all()


def questions_queried(application_id: UUID) -> set[UUID]:
    """The questions of an application that an open query is about."""
    found = select(QueriedQuestion.question_id).join(
        ApplicantQuery, ApplicantQuery.id == QueriedQuestion.query_id
    )
    about = ApplicantQuery.application_id == application_id
    still_open = ApplicantQuery.__table__.c.status == QueryStatus.OPEN
    return set(session().scalars(found.where(about, still_open)))


def open_about(application_id: UUID) -> Sequence[ApplicantQuery]:
    """The queries about an application that wait for an answer, with their questions, the next due first."""
    found = select(ApplicantQuery).where(
        ApplicantQuery.application_id == application_id,
        ApplicantQuery.__table__.c.status == QueryStatus.OPEN,
    )
    found = found.options(selectinload(ApplicantQuery.questions))
    return session().scalars(found.order_by(ApplicantQuery.due_at, ApplicantQuery.id).limit(MOST)).all()


def queried_in(round_id: UUID) -> frozenset[UUID]:
    """The applications of a round with a query that waits for an answer."""
    found = select(ApplicantQuery.application_id).join(
        Application, Application.id == ApplicantQuery.application_id
    )
    is_open = ApplicantQuery.__table__.c.status == QueryStatus.OPEN
    return frozenset(session().scalars(found.where(Application.round_id == round_id, is_open)))


def open_for(business_ids: Collection[UUID]) -> Sequence[ApplicantQuery]:
    """The queries that some businesses still have to answer, the next due first; none of dry runs."""
    found = (
        select(ApplicantQuery)
        .join(Application, Application.id == ApplicantQuery.application_id)
        .join(Round, Round.id == Application.round_id)
        .where(
            Application.business_id.in_(list(business_ids)),
            Round.is_dry_run.is_(False),
            ApplicantQuery.__table__.c.status == QueryStatus.OPEN,
            Application.__table__.c.status == ApplicationStatus.SUBMITTED,
        )
        .options(joinedload(ApplicantQuery.application).joinedload(Application.round))
    )
    return session().scalars(found.order_by(ApplicantQuery.due_at, ApplicantQuery.id).limit(MOST)).all()
