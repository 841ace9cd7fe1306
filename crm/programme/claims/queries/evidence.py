"""Reads of milestones and the evidence that they are met."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload

from crm.businesses.models import Business
from crm.db.session import session
from crm.documents.models import Document
from crm.documents.queries import documents_about
from crm.kernel.clock import has_come
from crm.kernel.money import NO_MONEY, Money
from crm.programme.applications.models import Application
from crm.programme.awards.models import Award, AwardMilestone
from crm.programme.awards.queries import awards
from crm.programme.awards.workflow import RUNNING, AwardStatus
from crm.programme.claims.models import AwardClaim, MilestoneEvidence, MilestoneReminder
from crm.programme.claims.queries.claims import MOST, line_of_award, of_award, taken_of
from crm.programme.claims.workflow import OPEN_CLAIMS, EvidenceStatus, Reminder

EVIDENCE_TABLE = "milestone_evidence"
STATUS = MilestoneEvidence.__table__.c.status


@dataclass(frozen=True)
class MilestoneOf:
    """One milestone with its award."""

    award: Award
    milestone: AwardMilestone

    @property
    def business(self) -> Business:
        """Whose milestone it is."""
        return self.award.business

    @property
    def stands_on(self) -> Award:
        """On whose page it is shown."""
        return self.award


def running_award(award_id: UUID) -> Award | None:
    """An award whose offer was accepted, whatever became of it since."""
    found = awards.award(award_id)
    return found if found is not None and found.status in RUNNING else None


def milestone_of(award_id: UUID, milestone_id: UUID) -> MilestoneOf | None:
    """One milestone of just this award, if its offer was accepted."""
    found = running_award(award_id)
    milestone = next((each for each in found.milestones if each.id == milestone_id), None) if found else None
    return MilestoneOf(found, milestone) if found and milestone else None


def _whole() -> Select[MilestoneEvidence]:
    return select(MilestoneEvidence).options(
        *of_award(MilestoneEvidence.award), joinedload(MilestoneEvidence.milestone)
    )


def _brief() -> Select[MilestoneEvidence]:
    """Evidence with what a line about each shows."""
    return select(MilestoneEvidence).options(
        *line_of_award(MilestoneEvidence.award), joinedload(MilestoneEvidence.milestone)
    )


def evidence(evidence_id: UUID) -> MilestoneEvidence | None:
    """One piece of evidence with its milestone and award."""
    return session().scalar(_whole().where(MilestoneEvidence.id == evidence_id))


def evidence_of(award_id: UUID) -> Sequence[MilestoneEvidence]:
    """All evidence for an award's milestones, the newest first."""
    query = _brief().where(MilestoneEvidence.award_id == award_id)
    return session().scalars(query.order_by(MilestoneEvidence.handed_in_at.desc()).limit(MOST)).all()


def waiting_for(milestone_id: UUID) -> MilestoneEvidence | None:
    """The evidence for a milestone that waits to be checked: one at most."""
    query = _whole().where(MilestoneEvidence.milestone_id == milestone_id, STATUS == EvidenceStatus.HANDED_IN)
    return session().scalar(query)


def draft_for(milestone_id: UUID) -> MilestoneEvidence | None:
    """The evidence for a milestone that is not handed in yet: one at most."""
    query = _whole().where(MilestoneEvidence.milestone_id == milestone_id, STATUS == EvidenceStatus.DRAFT)
    return session().scalar(query)


def last_sent_back(milestone_id: UUID) -> MilestoneEvidence | None:
    """The evidence for a milestone that was sent back last."""
    query = _whole().where(MilestoneEvidence.milestone_id == milestone_id, STATUS == EvidenceStatus.SENT_BACK)
    return session().scalar(query.order_by(MilestoneEvidence.decided_at.desc()).limit(1))


def waiting_evidence() -> Sequence[MilestoneEvidence]:
    """All evidence that waits to be checked, the oldest first."""
    query = _brief().where(STATUS == EvidenceStatus.HANDED_IN)
    return session().scalars(query.order_by(MilestoneEvidence.handed_in_at).limit(MOST)).all()


def file_of(evidence_id: UUID, document_id: UUID) -> Document | None:
    """One file of just this evidence."""
    return next(
        (each for each in documents_about(EVIDENCE_TABLE, evidence_id) if each.id == document_id), None
    )


def unmet_until(day: date) -> Sequence[MilestoneOf]:
    """The milestones of running awards that are not met, due by a day, and have no evidence that waits to be checked.

    The earliest first, each with what a letter about it needs.
    """
    return _milestones(_unmet().where(has_come(AwardMilestone.due_on, on=day)))


def sent_back_to(business_ids: Collection[UUID]) -> Sequence[MilestoneOf]:
    """The milestones of some businesses whose evidence was sent back, and of which none waits to be checked."""
    if not business_ids:
        return ()
    query = _unmet().where(Award.business_id.in_(list(business_ids)))
    return _milestones(query.where(_given(EvidenceStatus.SENT_BACK)))


def _given(status: EvidenceStatus) -> ColumnElement[bool]:
    mine = select(MilestoneEvidence.id).where(MilestoneEvidence.milestone_id == AwardMilestone.id)
    return mine.where(STATUS.in_((status,))).exists()


def _unmet() -> Select[AwardMilestone]:
    query = select(AwardMilestone).join(Award, Award.id == AwardMilestone.award_id)
    query = query.where(Award.__table__.c.status == AwardStatus.ACCEPTED, AwardMilestone.met_at.is_(None))
    return query.where(~_given(EvidenceStatus.HANDED_IN))


def _milestones(query: Select[AwardMilestone]) -> Sequence[MilestoneOf]:
    application = joinedload(AwardMilestone.award).joinedload(Award.application)
    query = query.options(*line_of_award(AwardMilestone.award), application.joinedload(Application.business))
    rows = session().scalars(query.order_by(AwardMilestone.due_on, AwardMilestone.id).limit(MOST)).all()
    return [MilestoneOf(each.award, each) for each in rows]


def reminded(kind: Reminder) -> set[tuple[UUID, date]]:
    """For which milestones, and for which of their days, a reminder of a kind was sent."""
    query = select(MilestoneReminder.milestone_id, MilestoneReminder.due_on)
    return {(one, day) for one, day in session().execute(query.where(MilestoneReminder.kind == kind))}


def claimable(business_ids: Collection[UUID]) -> Sequence[tuple[MilestoneOf, Money]]:
    """The milestones of some businesses that are met, with no open claim, and what of each was not claimed yet."""
    if not business_ids:
        return ()
    claims = AwardClaim.__table__.c
    mine = select(AwardClaim.id).where(AwardClaim.milestone_id == AwardMilestone.id)
    query = select(AwardMilestone).join(Award, Award.id == AwardMilestone.award_id)
    query = query.where(Award.business_id.in_(list(business_ids)), AwardMilestone.met_at.is_not(None))
    query = query.where(Award.__table__.c.status == AwardStatus.ACCEPTED)
    query = query.where(~mine.where(claims.status.in_(OPEN_CLAIMS)).exists())
    query = query.options(*line_of_award(AwardMilestone.award)).order_by(
        AwardMilestone.met_at, AwardMilestone.id
    )
    rows = session().scalars(query.limit(MOST)).all()
    gone = taken_of([each.id for each in rows])
    left = [(each, each.amount - gone.get(each.id, NO_MONEY)) for each in rows]
    return [(MilestoneOf(each.award, each), sum_) for each, sum_ in left if sum_]
