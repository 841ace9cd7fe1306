"""Reads of what stands before a cohort is chosen: how many applications of a round are ranked, and which rounds have no draft."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from crm.db.session import session
from crm.kernel.clock import now
from crm.programme.applications.models import Application
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.cohort.models import Cohort, CohortDraft
from crm.programme.cohort.workflow import DraftStatus
from crm.programme.rounds.models import Round
from crm.programme.rounds.workflow import RoundStatus

APPLICATION = Application.__table__.c
MOST = 200


@dataclass(frozen=True)
class Judged:
    """How many applications of a round are ranked, and how many are still being assessed."""

    ranked: int = 0
    open: int = 0


def judged_in(round_ids: Collection[UUID]) -> Mapping[UUID, Judged]:
    """By round, how far its applications are: one query, however many rounds."""
    states = (ApplicationStatus.ASSESSED, ApplicationStatus.SUBMITTED)
    counted = [func.count().filter(APPLICATION.status == each) for each in states]
    query = select(Application.round_id, *counted).where(Application.round_id.in_(list(round_ids)))
    rows = session().execute(query.group_by(Application.round_id))
    return {row[0]: Judged(row[1], row[2]) for row in rows}


def cohorts_without_draft() -> Sequence[Cohort]:
    """The cohorts that are not confirmed and have no draft that can become theirs, whose round is closed; the oldest round first."""
    alive = select(CohortDraft.cohort_id).where(
        CohortDraft.__table__.c.status.in_((DraftStatus.OPEN, DraftStatus.PROPOSED))
    )
    query = (
        select(Cohort)
        .join(Round, Round.id == Cohort.round_id)
        .options(joinedload(Cohort.round))
        .where(Cohort.confirmed_at.is_(None), Cohort.id.not_in(alive), Round.deadline_at < now())
    )
    return session().scalars(query.order_by(Round.deadline_at, Cohort.id).limit(MOST)).all()


def rounds_without_cohort() -> Sequence[Round]:
    """The rounds that are closed and have no cohort; the oldest first."""
    query = select(Round).where(
        Round.id.not_in(select(Cohort.round_id)),
        Round.__table__.c.status == RoundStatus.PUBLISHED,
        Round.deadline_at < now(),
    )
    return session().scalars(query.order_by(Round.deadline_at, Round.id).limit(MOST)).all()
