"""Reads of assessments as they were submitted, one version after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.db.session import session
from crm.programme.assessing.models import Assessment, AssessmentVersion
from crm.programme.assessing.rules.versions import differences

VERSION = AssessmentVersion.__table__.c
MOST = 1_000


@dataclass(frozen=True)
class Past:
    """A version that is not the one that counts: what it was, what became of it, and each part then and afterwards."""

    assessment_id: UUID
    version: AssessmentVersion
    rows: list[tuple[str, str, str]]

    @property
    def became(self) -> str:
        """What became of it, but for the moment and the name."""
        return "returned" if self.version.returned_at else "confirmed after an answer changed"


def versions_of_assessment(assessment_id: UUID) -> Sequence[AssessmentVersion]:
    """Every version of an assessment, the first first."""
    query = select(AssessmentVersion).where(VERSION.assessment_id == assessment_id)
    query = query.options(joinedload(AssessmentVersion.returned_by)).order_by(VERSION.number)
    return session().scalars(query.limit(MOST)).all()


def past_of(application_id: UUID) -> list[Past]:
    """The versions of all assessments of an application that do not count any more, in order."""
    query = (
        select(AssessmentVersion)
        .join(Assessment, Assessment.id == VERSION.assessment_id)
        .where(Assessment.application_id == application_id)
        .options(joinedload(AssessmentVersion.returned_by))
        .order_by(VERSION.assessment_id, VERSION.number)
    )
    every = session().scalars(query.limit(MOST)).all()
    following = {(each.assessment_id, each.number - 1): each for each in every}
    return [
        Past(each.assessment_id, each, differences(each.scores, later.scores if later else None))
        for each in every
        if (later := following.get((each.assessment_id, each.number))) or each.returned_at
    ]
