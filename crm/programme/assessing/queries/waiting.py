"""What waits in assessing: rounds without enough assessors, and scores that lie too far apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import defer, joinedload

from crm.businesses.models import Business
from crm.db.session import session
from crm.programme.applications.models import Application
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.assessing.models import Assessment, Moderation, Score
from crm.programme.assessing.policy import LIVE
from crm.programme.assessing.workflow import AssessmentStatus
from crm.programme.rounds.models import Round
from crm.programme.rounds.workflow import RoundStatus

ASSESSMENT = Assessment.__table__.c
MOST = 50


def rounds_lacking_assessors(at: datetime) -> Sequence[tuple[Round, int]]:
    """Published rounds past their deadline, each with how many submitted applications have too few assessors."""
    live = ASSESSMENT.status.in_(LIVE)
    held = select(func.count()).where(ASSESSMENT.application_id == Application.id, live).scalar_subquery()
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


def applications_apart() -> Sequence[Application]:
    """Submitted applications with a part whose scores lie further apart than the round allows and that nobody moderated."""
    is_settled = (
        select(Moderation.id)
        .where(
            Moderation.application_id == ASSESSMENT.application_id,
            Moderation.criterion_id == Score.criterion_id,
            Moderation.part == Score.part,
        )
        .exists()
    )
    apart = (
        select(ASSESSMENT.application_id)
        .join(Score, Score.assessment_id == ASSESSMENT.id)
        .join(Application, Application.id == ASSESSMENT.application_id)
        .join(Round, Round.id == Application.round_id)
        .where(
            ASSESSMENT.status == AssessmentStatus.SUBMITTED,
            Application.__table__.c.status == ApplicationStatus.SUBMITTED,
            ~is_settled,
        )
        .group_by(ASSESSMENT.application_id, Score.criterion_id, Score.part, Round.spread)
        .having(func.max(Score.value) - func.min(Score.value) > Round.spread)
    )
    query = (
        select(Application)
        .where(Application.id.in_(apart))
        .options(
            defer(Application.readings),
            joinedload(Application.round),
            joinedload(Application.business).selectinload(Business.shares),
        )
    )
    return session().scalars(query.order_by(Application.reference).limit(MOST)).all()
