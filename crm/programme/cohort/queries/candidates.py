"""The ranked applications of a round with the facts that a cohort is balanced by, in a number of queries that does not grow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from crm.businesses.models import Business
from crm.db.session import session
from crm.places.queries import authorities
from crm.programme.applications.models import Application, SectionAnswers
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.assessing.queries.assessments import MOST_RANKED
from crm.programme.assessing.queries.totals import RANKED, RankedApplication, ranking
from crm.programme.cohort.models import Cohort, Decision
from crm.programme.cohort.rules.choosing import Candidate, Groups
from crm.programme.cohort.rules.freezing import ranking_of
from crm.programme.cohort.rules.groups import Dimension
from crm.programme.rounds.models import Round, RoundQuestion, RoundSection
from crm.programme.rounds.rules.labels import STRANDS
from crm.programme.rounds.workflow import QuestionKind

APPLICATION = Application.__table__.c
CODES = {label: code for code, label in STRANDS.items()}


def candidates(found: Round) -> list[Candidate]:
    """The applications of a round in order of rank, each with its groups. The criteria of the round must be loaded."""
    groups, strands = _groups(found.id), _strands(found.id)
    return [
        _candidate(each, owner, {**known, Dimension.STRAND: strands.get(each.id, ())})
        for each in ranking(found)
        for owner, known in [groups.get(each.id, (None, {}))]
        if owner is not None
    ]


def decided_or_now(found: Cohort) -> list[Candidate]:
    """The ranked list that the drafts of a cohort are read by: as it was when the cohort was confirmed, else as it is."""
    if found.confirmed_at is None or found.ranking is None:
        return candidates(found.round)
    return ranking_of(found.ranking, names_of(found.round_id))


def as_decided(found: Cohort, rows: list[Candidate]) -> list[Candidate]:
    """Of ranked applications those by which the drafts of a cohort are scored: as they were kept when it was confirmed, without names."""
    return rows if found.confirmed_at is None or found.ranking is None else ranking_of(found.ranking, {})


def ranked_as(found: Decision) -> Candidate | None:
    """How the application of a decision was ranked when its cohort was confirmed; None where that was not kept."""
    kept = [each for each in found.cohort.ranking or () if each["id"] == str(found.application_id)]
    return next(iter(ranking_of(kept, {})), None)


def names_of(round_id: UUID) -> dict[str, str]:
    """The businesses of a round's applications by reference, whatever became of these."""
    query = select(Application.reference, Business.name).join(
        Business, Business.id == Application.business_id
    )
    rows = session().execute(query.where(Application.round_id == round_id).limit(MOST_RANKED))
    return {row[0]: row[1] for row in rows}


def _candidate(row: RankedApplication, business_id: UUID, groups: Groups) -> Candidate:
    place, standing = row.place, row.place.standing
    return Candidate(
        id=row.id,
        reference=row.reference,
        name=row.business_name,
        rank=place.rank,
        percent=standing.total.percent,
        asked_for=row.asked_for,
        asked_capital=row.asked_capital,
        total=standing.in_words,
        fails=standing.fails,
        is_tied=place.is_tied,
        why=place.why,
        groups=groups,
        by_criterion=standing.total.by_criterion,
        business_id=business_id,
        is_closed=row.status is ApplicationStatus.ASSESSED,
    )


def _groups(round_id: UUID) -> dict[UUID, tuple[UUID, Groups]]:
    """By each application its business: where that is, its sub-sectors and stage, and whether it applies for the first time."""
    earlier = aliased(Application)
    has_applied = exists().where(
        earlier.business_id == APPLICATION.business_id,
        earlier.round_id != round_id,
        earlier.submitted_at < APPLICATION.submitted_at,
    )
    columns = (Business.leps, Business.authority, Business.dcms_groups, Business.stage, has_applied)
    query = (
        select(APPLICATION.id, APPLICATION.business_id, *columns)
        .join(Business, Business.id == APPLICATION.business_id)
        .where(APPLICATION.round_id == round_id, APPLICATION.status.in_(RANKED))
    )
    rows = session().execute(query.order_by(APPLICATION.id).limit(MOST_RANKED))
    return {row[0]: (row[1], _grouped(row)) for row in rows}


def _grouped(row: Any) -> Groups:
    _, _, leps, authority, sub_sectors, stage, has_applied = row
    return {
        Dimension.AREA: _area(authority, leps),
        Dimension.AUTHORITY: (authority,) if authority else (),
        Dimension.SUB_SECTOR: sub_sectors,
        Dimension.STAGE: (stage,) if stage else (),
        Dimension.FIRST_TIME: ("no",) if has_applied else ("yes",),
    }


def strand_of(found: Application) -> str:
    """The strand that an application is for, by its code; empty where its round does not ask."""
    return next(iter(_strands(found.round_id).get(found.id, ())), "")


def _area(authority: str | None, leps: tuple[str, ...]) -> tuple[str, ...]:
    """The one area of a business: that of its local authority, in which most of its postcode lies; so areas make 100%.

    An authority outside the region is in none of its areas. Without an authority it is the area with the largest share.
    """
    if authority:
        return tuple(each.lep for each in authorities() if each.name == authority)
    return leps[:1]


def _strands(round_id: UUID) -> Mapping[UUID, tuple[str, ...]]:
    """The strand of each application, where the round asks for it by a choice between the strands of the programme."""
    latest = (
        select(
            SectionAnswers.application_id,
            SectionAnswers.section_id,
            func.max(SectionAnswers.version).label("version"),
        )
        .join(RoundSection, RoundSection.id == SectionAnswers.section_id)
        .where(RoundSection.round_id == round_id)
        .group_by(SectionAnswers.application_id, SectionAnswers.section_id)
        .subquery()
    )
    same = (
        (SectionAnswers.application_id == latest.c.application_id)
        & (SectionAnswers.section_id == latest.c.section_id)
        & (SectionAnswers.version == latest.c.version)
    )
    query = (
        select(SectionAnswers.application_id, RoundQuestion.id, RoundQuestion.choices, SectionAnswers.answers)
        .join(latest, same)
        .join(RoundQuestion, RoundQuestion.section_id == SectionAnswers.section_id)
        .where(RoundQuestion.kind == QuestionKind.CHOICE)
    )
    found: dict[UUID, tuple[str, ...]] = {}
    for application_id, question_id, choices, answers in session().execute(query):
        code = CODES.get(answers.get(str(question_id)))
        if code and set(choices) <= set(CODES):
            found[application_id] = (code,)
    return found
