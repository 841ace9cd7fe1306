"""What waits in assessing: rounds without enough assessors, scores too far apart, what is scored again or can be closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, cast, false, func, select
from sqlalchemy.orm import defer, joinedload

from crm.businesses.models import Business
from crm.db.session import session
from crm.kernel.clock import day_of, today
from crm.programme.applications.models import ApplicantQuery, Application
from crm.programme.applications.workflow import ApplicationStatus, QueryStatus
from crm.programme.assessing.models import Assessment, AssessmentVersion, Moderation, RoundAssessor, Score
from crm.programme.assessing.policy import OPEN
from crm.programme.assessing.queries.able import counts, is_able
from crm.programme.assessing.workflow import AssessmentStatus
from crm.programme.rounds.models import Criterion, Round
from crm.programme.rounds.workflow import RoundStatus

ASSESSMENT = Assessment.__table__.c
MOST = 50


def rounds_lacking_assessors(at: datetime) -> Sequence[tuple[Round, int]]:
    """Published rounds past their deadline, each with how many submitted applications have too few who can assess."""
    counted = counts(Application.round_id, on=day_of(at))
    held = select(func.count()).where(ASSESSMENT.application_id == Application.id, counted).scalar_subquery()
    lacking = (
        select(Application.round_id, func.count().label("count"))
        .join(Round, Round.id == Application.round_id)
        .where(
            Application.__table__.c.status == ApplicationStatus.SUBMITTED,
            Round.__table__.c.status == RoundStatus.PUBLISHED,
            Round.deadline_at <= at,
            held < Round.assessors,
        )
        .group_by(Application.round_id)
        .subquery()
    )
    rows = session().execute(select(Round, lacking.c.count).join(lacking, lacking.c.round_id == Round.id))
    return [(found, count) for found, count in rows]


def _apart() -> Select[Any]:
    """The ids of submitted applications with scores further apart than their round allows, and not moderated as they are."""
    of_part = (
        (Moderation.application_id == ASSESSMENT.application_id)
        & (Moderation.criterion_id == Score.criterion_id)
        & (Moderation.part == Score.part)
    )
    count, total, lowest, highest = (
        cast(each, String)
        for each in (func.count(), func.sum(Score.value), func.min(Score.value), func.max(Score.value))
    )
    now_scored = count + ":" + total + ":" + lowest + ":" + highest
    is_settled = func.coalesce(Moderation.judged == now_scored, false())
    return (
        select(ASSESSMENT.application_id)
        .join(Score, Score.assessment_id == ASSESSMENT.id)
        .join(Application, Application.id == ASSESSMENT.application_id)
        .join(Round, Round.id == Application.round_id)
        .join(Criterion, Criterion.id == Score.criterion_id)
        .outerjoin(Moderation, of_part)
        .where(
            ASSESSMENT.status == AssessmentStatus.SUBMITTED,
            Application.__table__.c.status == ApplicationStatus.SUBMITTED,
            Criterion.superseded_at.is_(None),
            Score.is_stale.is_(False),
        )
        .group_by(ASSESSMENT.application_id, Score.criterion_id, Score.part, Round.spread, Moderation.judged)
        .having(func.max(Score.value) - func.min(Score.value) > Round.spread, ~is_settled)
    )


def applications_apart() -> Sequence[Application]:
    """Submitted applications with a part whose scores lie further apart than the round allows and that nobody moderated."""
    query = (
        select(Application)
        .where(Application.id.in_(_apart()))
        .options(
            defer(Application.readings),
            joinedload(Application.round),
            joinedload(Application.business).undefer(Business.shared),
        )
    )
    return session().scalars(query.order_by(Application.reference).limit(MOST)).all()


def applications_to_close(round_id: UUID | None = None, *, most: int = MOST) -> Sequence[Application]:
    """Submitted applications, of all rounds or of one, that can be closed: all in, none stale or too far apart, no query open."""
    application_id = Application.id
    handed_in = select(func.count()).where(
        ASSESSMENT.application_id == application_id, ASSESSMENT.status == AssessmentStatus.SUBMITTED
    )
    stale = select(Score.id).join(Assessment, Assessment.id == Score.assessment_id)
    stale = stale.where(
        ASSESSMENT.application_id == application_id,
        ASSESSMENT.status == AssessmentStatus.SUBMITTED,
        Score.is_stale.is_(True),
    )
    asked = select(ApplicantQuery.id).where(
        ApplicantQuery.application_id == application_id,
        ApplicantQuery.__table__.c.status == QueryStatus.OPEN,
    )
    query = (
        select(Application)
        .join(Round, Round.id == Application.round_id)
        .where(
            Application.__table__.c.status == ApplicationStatus.SUBMITTED,
            Round.criteria_opened_at.is_(None),
            handed_in.scalar_subquery() >= Round.assessors,
            ~stale.exists(),
            ~asked.exists(),
            Application.id.not_in(_apart()),
        )
        .options(
            defer(Application.readings),
            joinedload(Application.round),
            joinedload(Application.business).undefer(Business.shared),
        )
    )
    if round_id is not None:
        query = query.where(Application.round_id == round_id)
    return session().scalars(query.order_by(Application.reference).limit(most)).all()


def to_score_again(*conditions: ColumnElement[bool]) -> dict[UUID, str]:
    """Which assessments wait to be scored again: returned to their assessor, or stale since an answer changed."""
    returned = select(AssessmentVersion.id).where(
        AssessmentVersion.assessment_id == Assessment.id, AssessmentVersion.returned_at.is_not(None)
    )
    stale = select(Score.id).where(Score.assessment_id == Assessment.id, Score.is_stale.is_(True))
    query = (
        select(Assessment.id, ASSESSMENT.status)
        .join(Application, Application.id == ASSESSMENT.application_id)
        .where(Application.__table__.c.status == ApplicationStatus.SUBMITTED, *conditions)
        .where(
            ((ASSESSMENT.status == AssessmentStatus.ACCEPTED) & returned.exists())
            | ((ASSESSMENT.status == AssessmentStatus.SUBMITTED) & stale.exists())
        )
    )
    is_in = AssessmentStatus.SUBMITTED
    return {key: "stale" if status is is_in else "returned" for key, status in session().execute(query)}


def assessments_to_score_again(account_id: UUID) -> Sequence[tuple[Assessment, str]]:
    """What somebody has to score again, the next due first, each with why; none while the criteria are open."""
    kinds = to_score_again(Assessment.assessor_id == account_id)
    query = select(Assessment).where(Assessment.id.in_(kinds))
    whole = joinedload(Assessment.application)
    query = query.options(whole.joinedload(Application.business), whole.joinedload(Application.round))
    rows = [each for each in session().scalars(query) if each.round.criteria_opened_at is None]
    return [(each, kinds[each.id]) for each in sorted(rows, key=lambda row: (row.due_at, str(row.id)))]


def not_submitted_by(found: RoundAssessor) -> Sequence[Assessment]:
    """What an assessor has still to submit in a round, the next due first."""
    whole = joinedload(Assessment.application)
    query = (
        select(Assessment)
        .join(Application, Application.id == ASSESSMENT.application_id)
        .where(
            Application.round_id == found.round_id,
            ASSESSMENT.assessor_id == found.account_id,
            ASSESSMENT.status.in_(OPEN),
        )
        .options(whole.defer(Application.readings), whole.joinedload(Application.round))
    )
    return sorted(session().scalars(query), key=lambda row: (row.due_at, row.application.reference))


def rounds_with_open_assessments() -> Sequence[tuple[Round, int]]:
    """Published rounds that are being assessed, each with how many assessments somebody still has to submit, the next to end first."""
    count = (
        select(Application.round_id, func.count().label("count"))
        .join(Assessment, ASSESSMENT.application_id == Application.id)
        .where(
            ASSESSMENT.status.in_(OPEN),
            is_able(ASSESSMENT.assessor_id, Application.round_id, on=today()),
        )
        .group_by(Application.round_id)
        .subquery()
    )
    query = select(Round, count.c.count).join(count, count.c.round_id == Round.id)
    query = query.where(Round.__table__.c.status == RoundStatus.PUBLISHED)
    rows = session().execute(query.order_by(Round.assess_until, Round.id).limit(MOST))
    return [(found, number) for found, number in rows]
