"""The scores behind the funding line, assessor by assessor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from crm.accounts.models import Account
from crm.businesses.models import Business
from crm.db.session import session
from crm.programme.applications.models import Application
from crm.programme.assessing.models import Assessment, Score
from crm.programme.assessing.queries.totals import RANKED, settled_of
from crm.programme.assessing.rules.scoring import Key
from crm.programme.assessing.workflow import AssessmentStatus
from crm.programme.cohort.queries.candidates import candidates
from crm.programme.cohort.rules.choosing import Candidate
from crm.programme.cohort.rules.money import Purse
from crm.programme.cohort.rules.stability import Change, Terms, changes
from crm.programme.rounds.models import Criterion, Round

ASSESSMENT = Assessment.__table__.c


@dataclass(frozen=True)
class Without:
    """What the cohort by rank would be without one assessor."""

    assessor: str
    comes_in: Sequence[Candidate]
    falls_out: Sequence[Candidate]


def stability(found: Round, *, free: Purse) -> list[Without]:
    """For each assessor of a round, who would come in and who would fall out without them."""
    rows = {each.id: each for each in candidates(found)}
    criteria = [each.weighed for each in found.criteria]
    terms = Terms(
        criteria,
        found.tie_rule,
        found.threshold,
        {str(each.id): each.least for each in found.criteria},
        {str(each.id): each.title for each in found.criteria},
        free,
    )
    scores, names = _scores(found.id)
    moved = changes(scores, settled_of(found.id), rows=rows, terms=terms)
    return [_without(each, names[each.assessor_id], rows) for each in moved]


def _without(change: Change, name: str, rows: dict[UUID, Candidate]) -> Without:
    return Without(name, [rows[each] for each in change.comes_in], [rows[each] for each in change.falls_out])


def _scores(round_id: UUID) -> tuple[dict[UUID, dict[UUID, dict[Key, int]]], dict[UUID, str]]:
    """The scores that count by application and assessor, and the assessors' names."""
    columns = (ASSESSMENT.application_id, ASSESSMENT.assessor_id, Score.criterion_id, Score.part, Score.value)
    query = (
        select(*columns)
        .join(Score, Score.assessment_id == ASSESSMENT.id)
        .join(Application, Application.id == ASSESSMENT.application_id)
        .join(Criterion, Criterion.id == Score.criterion_id)
        .where(
            Application.round_id == round_id,
            Application.__table__.c.status.in_(RANKED),
            ASSESSMENT.status == AssessmentStatus.SUBMITTED,
            Criterion.superseded_at.is_(None),
            Score.is_stale.is_(False),
        )
    )
    found: dict[UUID, dict[UUID, dict[Key, int]]] = {}
    for key, account_id, criterion_id, part, value in session().execute(query):
        found.setdefault(key, {}).setdefault(account_id, {})[(str(criterion_id), part)] = value
    people = {each for given in found.values() for each in given}
    names = session().execute(select(Account.id, Account.name).where(Account.id.in_(people)))
    return found, {row[0]: row[1] for row in names}


def overridden_independence(round_id: UUID) -> list[tuple[str, str, str]]:
    """The assessments given to somebody who had helped the business lately: the business, the assessor, and why (P23)."""
    query = (
        select(Business.name, Account.name, Assessment.override_reason)
        .join(Application, Application.id == ASSESSMENT.application_id)
        .join(Business, Business.id == Application.business_id)
        .join(Account, Account.id == ASSESSMENT.assessor_id)
        .where(Application.round_id == round_id, Assessment.override_reason != "")
    )
    rows = session().execute(query.order_by(Business.name, Account.name))
    return [(row[0], row[1], row[2]) for row in rows]
