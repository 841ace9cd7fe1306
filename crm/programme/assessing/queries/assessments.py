"""Reads of assessors, assessments, scores and totals. What is not submitted is never counted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, Select, func, or_, select
from sqlalchemy.orm import defer, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from crm.accounts.models import Account, RoleGrant
from crm.accounts.queries import holds_on
from crm.accounts.workflow import AccountStatus
from crm.businesses.models import Business
from crm.db.session import session
from crm.kernel.roles import Role, Scope
from crm.programme.applications.models import Application
from crm.programme.applications.policy import GIVEN, SCORING
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.assessing.models import (
    Assessment,
    AssessmentVersion,
    Interest,
    Moderation,
    RoundAssessor,
    Score,
)
from crm.programme.assessing.policy import LIVE, OPEN, OWN
from crm.programme.assessing.workflow import AssessmentStatus
from crm.programme.rounds.models import Criterion
from crm.programme.rounds.queries import WHOLE_ROUND

ASSESSMENT = Assessment.__table__.c
MOST = 500
MOST_RANKED = 5_000


def panel(round_id: UUID) -> Sequence[RoundAssessor]:
    """Who assesses for a round, by name."""
    query = (
        select(RoundAssessor)
        .join(Account, Account.id == RoundAssessor.account_id)
        .where(RoundAssessor.round_id == round_id)
        .options(joinedload(RoundAssessor.account))
    )
    return session().scalars(query.order_by(Account.name, RoundAssessor.id).limit(MOST)).all()


def panel_member(round_id: UUID, member_id: UUID) -> RoundAssessor | None:
    """One of those who assess for just this round."""
    query = select(RoundAssessor).options(
        joinedload(RoundAssessor.account), joinedload(RoundAssessor.round).options(*WHOLE_ROUND)
    )
    return session().scalar(query.where(RoundAssessor.id == member_id, RoundAssessor.round_id == round_id))


def candidates(round_id: UUID, *, on: date) -> Sequence[Account]:
    """The accounts that hold the role of an assessor for a round, and do not assess for it yet."""
    held = select(RoleGrant.account_id).where(
        RoleGrant.role == Role.ASSESSOR,
        holds_on(on),
        or_(RoleGrant.scope == Scope.EVERYWHERE, RoleGrant.scope_id == str(round_id)),
    )
    there = select(RoundAssessor.account_id).where(RoundAssessor.round_id == round_id)
    active = Account.__table__.c.status != AccountStatus.DEACTIVATED
    query = select(Account).where(Account.id.in_(held), Account.id.not_in(there), active)
    return session().scalars(query.order_by(Account.name, Account.id).limit(MOST)).all()


def roles_of(account_id: UUID, *, on: date) -> set[Role]:
    """The roles that somebody holds on a day."""
    query = select(RoleGrant.role).where(RoleGrant.account_id == account_id, holds_on(on))
    return set(session().scalars(query))


def loads(round_id: UUID) -> dict[UUID, tuple[int, int]]:
    """How many applications of a round each assessor has, and how many of these are submitted."""
    handed_in = func.count().filter(ASSESSMENT.status == AssessmentStatus.SUBMITTED)
    query = (
        select(ASSESSMENT.assessor_id, func.count(), handed_in)
        .join(Application, Application.id == ASSESSMENT.application_id)
        .where(Application.round_id == round_id, ASSESSMENT.status.in_(LIVE))
        .group_by(ASSESSMENT.assessor_id)
    )
    return {account_id: (count, done) for account_id, count, done in session().execute(query)}


class HeldOne(NamedTuple):
    """An application that an assessor has, and how far they are."""

    id: UUID
    reference: str
    business_name: str
    status: AssessmentStatus


def held_by(round_id: UUID) -> dict[UUID, list[HeldOne]]:
    """The rows behind `loads`: which applications of a round each assessor has."""
    query = (
        select(
            ASSESSMENT.assessor_id, Application.id, Application.reference, Business.name, ASSESSMENT.status
        )
        .join(Application, Application.id == ASSESSMENT.application_id)
        .join(Business, Business.id == Application.business_id)
        .where(Application.round_id == round_id, ASSESSMENT.status.in_(LIVE))
    )
    found: dict[UUID, list[HeldOne]] = {}
    for account_id, *columns in session().execute(query.order_by(Application.reference)):
        found.setdefault(account_id, []).append(HeldOne(*columns))
    return found


def to_allocate(round_id: UUID) -> Sequence[Application]:
    """The applications of a round that are to be assessed, in one order."""
    query = select(Application).where(
        Application.round_id == round_id, Application.__table__.c.status == ApplicationStatus.SUBMITTED
    )
    query = query.options(
        defer(Application.readings),
        joinedload(Application.business).load_only(Business.name, Business.dcms_groups),
    )
    return session().scalars(query.order_by(Application.reference).limit(MOST_RANKED)).all()


@dataclass(frozen=True)
class Holder:
    """Who has an application to assess, and how far they are."""

    id: UUID
    name: str
    status: AssessmentStatus
    override_reason: str
    account_id: UUID

    def counts(self, able: Collection[UUID]) -> bool:
        """Whether it counts towards what the application needs: submitted, or with someone who can assess."""
        return self.status is AssessmentStatus.SUBMITTED or self.account_id in able


@dataclass(frozen=True)
class Allocated:
    """An application that is to be assessed, and who has it."""

    id: UUID
    reference: str
    business_name: str
    holders: list[Holder]


def allocation(round_id: UUID) -> list[Allocated]:
    """Who has which application of a round, in two queries of the few columns that a page shows."""
    is_open = (
        Application.round_id == round_id,
        Application.__table__.c.status == ApplicationStatus.SUBMITTED,
    )
    held = (
        select(
            ASSESSMENT.application_id,
            Assessment.id,
            Account.name,
            ASSESSMENT.status,
            Assessment.override_reason,
            Account.id,
        )
        .join(Application, Application.id == ASSESSMENT.application_id)
        .join(Account, Account.id == ASSESSMENT.assessor_id)
        .where(*is_open, ASSESSMENT.status.in_(LIVE))
        .order_by(Account.name, Assessment.id)
    )
    holders: dict[UUID, list[Holder]] = {}
    for application_id, *columns in session().execute(held):
        holders.setdefault(application_id, []).append(Holder(*columns))
    query = select(Application.id, Application.reference, Business.name)
    query = query.join(Business, Business.id == Application.business_id).where(*is_open)
    rows = session().execute(query.order_by(Application.reference).limit(MOST_RANKED))
    return [Allocated(found, reference, name, holders.get(found, [])) for found, reference, name in rows]


def _whole() -> Select[Assessment]:
    whole = joinedload(Assessment.application)
    return select(Assessment).options(
        joinedload(Assessment.assessor),
        selectinload(Assessment.scores),
        whole.joinedload(Application.round).options(*WHOLE_ROUND),
        whole.joinedload(Application.business).undefer(Business.shared),
    )


def assessment(assessment_id: UUID) -> Assessment | None:
    """One assessment with its scores, its application, and all that the round asks and judges by."""
    return session().scalar(_whole().where(Assessment.id == assessment_id))


def read_again(found: Assessment) -> None:
    """Let an assessment know its scores as they are now; all else that is loaded of it stays."""
    session().flush()
    rows = session().scalars(select(Score).where(Score.assessment_id == found.id).order_by(Score.id)).all()
    set_committed_value(found, "scores", list(rows))


def assessments_of(account_id: UUID) -> Sequence[Assessment]:
    """What somebody was given to assess: what waits first, then the latest."""
    whole = joinedload(Assessment.application)
    query = select(Assessment).where(ASSESSMENT.assessor_id == account_id)
    query = query.options(whole.joinedload(Application.business), whole.joinedload(Application.round))
    is_done = ASSESSMENT.status.not_in((AssessmentStatus.ALLOCATED, AssessmentStatus.ACCEPTED))
    query = query.order_by(is_done, ASSESSMENT.allocated_at.desc(), ASSESSMENT.id)
    return session().scalars(query.limit(MOST)).all()


def assessors_with(round_id: UUID, statuses: Collection[AssessmentStatus]) -> Sequence[UUID]:
    """Who has an assessment of a round in one of these states."""
    query = (
        select(ASSESSMENT.assessor_id)
        .join(Application, Application.id == ASSESSMENT.application_id)
        .where(Application.round_id == round_id, ASSESSMENT.status.in_(statuses))
        .distinct()
    )
    return session().scalars(query.order_by(ASSESSMENT.assessor_id)).all()


def count_waiting(account_id: UUID) -> tuple[int, datetime | None]:
    """How many assessments somebody still has to submit, and when the first is due; not those to be scored again."""
    returned = select(AssessmentVersion.id).where(AssessmentVersion.assessment_id == Assessment.id)
    query = (
        select(Assessment)
        .where(ASSESSMENT.assessor_id == account_id, ASSESSMENT.status.in_(OPEN), ~returned.exists())
        .options(joinedload(Assessment.application).joinedload(Application.round))
    )
    due = [each.due_at for each in session().scalars(query.limit(MOST))]
    return len(due), min(due, default=None)


def of_application(application_id: UUID) -> Sequence[Assessment]:
    """Every assessment of an application with its scores, by the assessor's name."""
    query = (
        select(Assessment)
        .join(Account, Account.id == Assessment.assessor_id)
        .where(Assessment.application_id == application_id)
        .options(joinedload(Assessment.assessor), selectinload(Assessment.scores))
    )
    return session().scalars(query.order_by(Account.name, Assessment.id).limit(MOST)).all()


def live_of(account_id: UUID) -> Sequence[Assessment]:
    """What somebody was given and has not left, with its application and business."""
    query = _whole().where(ASSESSMENT.assessor_id == account_id, ASSESSMENT.status.in_(LIVE))
    return session().scalars(query.order_by(ASSESSMENT.id).limit(MOST)).all()


def open_of_application(application_id: UUID) -> Sequence[Assessment]:
    """The assessments of an application that are not submitted."""
    query = select(Assessment).where(
        ASSESSMENT.application_id == application_id,
        ASSESSMENT.status.in_((AssessmentStatus.ALLOCATED, AssessmentStatus.ACCEPTED)),
    )
    query = query.options(joinedload(Assessment.application).joinedload(Application.round))
    return session().scalars(query.order_by(ASSESSMENT.id)).all()


def handed_in_of_round(round_id: UUID) -> Sequence[Assessment]:
    """The assessments of a round that were submitted, with their scores."""
    query = (
        select(Assessment)
        .options(selectinload(Assessment.scores))
        .join(Application, Application.id == Assessment.application_id)
    )
    query = query.where(Application.round_id == round_id, ASSESSMENT.status == AssessmentStatus.SUBMITTED)
    return session().scalars(query.order_by(ASSESSMENT.id)).all()


def interests_of(account_id: UUID) -> Sequence[Interest]:
    """What somebody declared, the latest first."""
    query = select(Interest).where(Interest.account_id == account_id).options(joinedload(Interest.business))
    return session().scalars(query.order_by(Interest.declared_at.desc(), Interest.id).limit(MOST)).all()


def interest(interest_id: UUID) -> Interest | None:
    """One declared interest."""
    query = select(Interest).options(joinedload(Interest.business))
    return session().scalar(query.where(Interest.id == interest_id))


def moderations_of(application_id: UUID) -> Sequence[Moderation]:
    """What was moderated of an application by the criteria that hold."""
    query = (
        select(Moderation)
        .join(Criterion, Criterion.id == Moderation.criterion_id)
        .where(Moderation.application_id == application_id, Criterion.superseded_at.is_(None))
        .options(joinedload(Moderation.moderated_by))
    )
    return session().scalars(query.order_by(Moderation.moderated_at, Moderation.id)).all()


def scores_given_to(application_id: UUID) -> Sequence[Score]:
    """Every score of an application by those who still assess it."""
    found = (
        select(Score)
        .join(Assessment, Assessment.id == Score.assessment_id)
        .where(Assessment.application_id == application_id, Assessment.__table__.c.status.in_(LIVE))
        .options(joinedload(Score.criterion))
    )
    return session().scalars(found.order_by(Score.id)).all()


def given_of(application_ids: Collection[UUID]) -> dict[UUID, list[Assessment]]:
    """Every assessment of some applications, whatever came of it, by the application."""
    query = select(Assessment).where(ASSESSMENT.application_id.in_(list(application_ids)))
    found: dict[UUID, list[Assessment]] = {}
    for each in session().scalars(query.order_by(ASSESSMENT.allocated_at, ASSESSMENT.id)):
        found.setdefault(each.application_id, []).append(each)
    return found


def facts_of(given: Iterable[tuple[UUID, AssessmentStatus, UUID]]) -> Mapping[str, Any]:
    """What policies need to know of whoever may see scores or gives them: what they were given to assess, and how far it is.

    Asked at every request: a role that is granted while somebody scores opens no scores to them.
    """
    rows = list(given)
    scoring = frozenset(round_id for _, status, round_id in rows if status in OPEN)
    own = {application_id: status for application_id, status, _ in rows}
    return {GIVEN: frozenset(own), OWN: own, SCORING: scoring}


def given_to(assessor_id: BindParameter[UUID]) -> Select[UUID, AssessmentStatus, UUID]:
    """What somebody was given to assess: application, state and round."""
    return (
        select(ASSESSMENT.application_id, ASSESSMENT.status, Application.round_id)
        .join(Application, Application.id == ASSESSMENT.application_id)
        .where(ASSESSMENT.assessor_id == assessor_id, ASSESSMENT.status.in_(LIVE))
        .limit(MOST_RANKED)
    )


def assessed_of_round(round_id: UUID) -> Sequence[Application]:
    """The applications of a round whose assessment is closed."""
    is_closed = Application.__table__.c.status == ApplicationStatus.ASSESSED
    query = select(Application).where(Application.round_id == round_id, is_closed)
    return session().scalars(query.order_by(Application.reference)).all()
