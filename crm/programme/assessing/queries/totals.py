"""What the applications of a round come to, in order. What is not submitted is never counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from crm.businesses.models import Business
from crm.db.session import session
from crm.kernel.money import Money
from crm.programme.applications.models import Application
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.assessing.models import Assessment, Moderation, Score
from crm.programme.assessing.queries.assessments import MOST_RANKED
from crm.programme.assessing.rules.ranking import Ranked, Standing, fails, ranked
from crm.programme.assessing.rules.scoring import Key, Tally, to_moderate, total_of
from crm.programme.assessing.workflow import AssessmentStatus
from crm.programme.rounds.models import Criterion, Round
from crm.programme.rounds.rules.weights import shown

ASSESSMENT = Assessment.__table__.c
RANKED = (ApplicationStatus.SUBMITTED, ApplicationStatus.ASSESSED)


@dataclass(frozen=True)
class RankedApplication:
    """An application with where it stands."""

    id: UUID
    reference: str
    business_name: str
    asked_for: Money | None
    asked_capital: Money | None
    status: ApplicationStatus
    place: Ranked


def ranking(found: Round, *, only: UUID | None = None) -> list[RankedApplication]:
    """The applications of a round that are submitted, in order; of all of them, or of one. The round must be whole.

    Six queries, however many applications there are.
    """
    rows: dict[UUID, Any] = {row[0]: row for row in _ranked_rows(found.id, only)}
    tallies, stale = _tallies(found.id, only)
    made, counts = _moderations(found.id, only), _handed_in(found.id, only)
    criteria = [each.weighed for each in found.criteria]
    least = {str(each.id): each.least for each in found.criteria}
    titles = {str(each.id): each.title for each in found.criteria}
    standings = []
    for key in rows:
        own, every = tallies.get(key, {}), made.get(key, {})
        moderated = _that_count(every, own)
        total = total_of(criteria, own, moderated=moderated)
        apart = len(to_moderate(own, threshold=found.spread, settled=moderated))
        numbers = (counts.get(key, 0), found.assessors, stale.get(key, 0), apart, len(moderated))
        outdated = len(every) - len(moderated)
        standing = Standing(key, total, *numbers, outdated=outdated)
        if standing.is_complete:
            below = fails(total, criteria, threshold=found.threshold, least=least, titles=titles)
            standing = replace(standing, fails=below) if below else standing
        standings.append(standing)
    places = ranked(standings, criteria, rule=found.tie_rule, titles=titles)
    return [_placed(rows[each.standing.id], each) for each in places]


def came_to(found: Round) -> dict[UUID, str]:
    """The total of each application of a round, and its rank, in words: as they are until something of it is returned."""
    return {each.id: _in_words(each.place) for each in ranking(found)}


def _in_words(place: Ranked) -> str:
    rank = "" if place.rank is None else f", rank {place.rank}"
    below = f", {place.standing.fails[0].lower()}" if place.standing.fails else ""
    return f"{place.standing.in_words}{rank}{below}"[:100]


def _placed(row: Any, place: Ranked) -> RankedApplication:
    application_id, reference, name, asked_for, asked_capital, status = row
    return RankedApplication(application_id, reference, name, asked_for, asked_capital, status, place)


def _in_round(round_id: UUID, only: UUID | None) -> list[ColumnElement[bool]]:
    """That an application is one of a round that is ranked or, of these, a certain one."""
    found = [Application.round_id == round_id, Application.__table__.c.status.in_(RANKED)]
    return [*found, Application.id == only] if only else found


def _ranked_rows(round_id: UUID, only: UUID | None) -> Iterable[Any]:
    """The columns that a ranking shows: whole rows of five hundred applications are slow to make."""
    sums = (Application.asked_for, Application.asked_capital)
    columns = (Application.reference, Business.name, *sums, Application.__table__.c.status)
    query = select(Application.id, *columns).join(Business, Business.id == Application.business_id)
    return session().execute(
        query.where(*_in_round(round_id, only)).order_by(Application.id).limit(MOST_RANKED)
    )


def _tallies(round_id: UUID, only: UUID | None) -> tuple[dict[UUID, dict[Key, Tally]], dict[UUID, int]]:
    """The scores that count, added up by application and part; and how many do not, since an answer changed."""
    numbers = (func.count(), func.sum(Score.value), func.min(Score.value), func.max(Score.value))
    columns = (ASSESSMENT.application_id, Score.criterion_id, Score.part, Score.is_stale)
    query = (
        select(*columns, *numbers)
        .select_from(Score)
        .join(Assessment, Assessment.id == Score.assessment_id)
        .join(Application, Application.id == Assessment.application_id)
        .join(Criterion, Criterion.id == Score.criterion_id)
        .where(ASSESSMENT.status == AssessmentStatus.SUBMITTED, Criterion.superseded_at.is_(None))
        .group_by(*columns)
    )
    tallies: dict[UUID, dict[Key, Tally]] = {}
    stale: dict[UUID, int] = {}
    codes = Codes()
    for row in session().execute(query.where(*_in_round(round_id, only))):
        _note(row, tallies, stale=stale, codes=codes)
    return tallies, stale


class Codes(dict[UUID, str]):
    """The codes of criteria by their ids, each written out once."""

    def __missing__(self, criterion_id: UUID) -> str:
        return self.setdefault(criterion_id, str(criterion_id))


def _note(row: Any, tallies: dict[UUID, dict[Key, Tally]], *, stale: dict[UUID, int], codes: Codes) -> None:
    application_id, criterion_id, part, is_stale, count, sum_, lowest, highest = row
    if is_stale:
        stale[application_id] = stale.get(application_id, 0) + int(count)
    else:
        key = (codes[criterion_id], part)
        tallies.setdefault(application_id, {})[key] = Tally(int(count), int(sum_), lowest, highest)


def settled_of(round_id: UUID) -> dict[UUID, dict[Key, int]]:
    """What was moderated in a round and still counts, by application and part."""
    tallies = _tallies(round_id, None)[0]
    return {
        key: _that_count(made, tallies.get(key, {})) for key, made in _moderations(round_id, None).items()
    }


def _that_count(made: Mapping[Key, tuple[int, str]], tallies: Mapping[Key, Tally]) -> dict[Key, int]:
    """Of what was moderated, what was made on just the scores that there are now."""
    return {key: value for key, (value, judged) in made.items() if judged == _code(tallies.get(key))}


def _code(tally: Tally | None) -> str:
    return tally.code if tally else ""


def _moderations(round_id: UUID, only: UUID | None) -> dict[UUID, dict[Key, tuple[int, str]]]:
    """Every moderation by application and part: its score, and the scores that it was made on."""
    columns = (Moderation.application_id, Moderation.criterion_id, Moderation.part)
    query = (
        select(*columns, Moderation.value, Moderation.judged)
        .join(Application, Application.id == Moderation.application_id)
        .join(Criterion, Criterion.id == Moderation.criterion_id)
        .where(Criterion.superseded_at.is_(None), *_in_round(round_id, only))
    )
    found: dict[UUID, dict[Key, tuple[int, str]]] = {}
    for application_id, criterion_id, part, value, judged in session().execute(query):
        found.setdefault(application_id, {})[(str(criterion_id), part)] = (value, judged)
    return found


def _handed_in(round_id: UUID, only: UUID | None) -> dict[UUID, int]:
    query = (
        select(ASSESSMENT.application_id, func.count())
        .join(Application, Application.id == ASSESSMENT.application_id)
        .where(ASSESSMENT.status == AssessmentStatus.SUBMITTED)
        .group_by(ASSESSMENT.application_id)
    )
    rows = session().execute(query.where(*_in_round(round_id, only)))
    return {row[0]: row[1] for row in rows}


# ---------------------------------------------------------------- what a total is made of


@dataclass(frozen=True)
class PartMade:
    """A part of a criterion as it stands for one application: who gave what, their mean, what was settled, what it adds.

    ``adds`` and ``most`` are per cent of the total, rounded for display; what is not scored is None. ``outdated`` is what
    was settled on other scores than there are now: it does not count.
    """

    part: str
    given: list[tuple[str, Score]]
    settled: Moderation | None
    mean: Decimal | None
    adds: Decimal | None
    most: Decimal
    is_apart: bool
    outdated: Moderation | None = None


def parts_of(
    found: Round, assessments: Sequence[Assessment], *, moderations: Sequence[Moderation]
) -> list[tuple[Criterion, list[PartMade]]]:
    """Each criterion with its parts, of those assessments of one application that were submitted."""
    handed_in = [each for each in assessments if each.status is AssessmentStatus.SUBMITTED]
    settled = {(each.criterion_id, each.part): each for each in moderations}
    return [
        (
            each,
            [
                part_of(
                    each, part, handed_in=handed_in, settled=settled.get((each.id, part)), spread=found.spread
                )
                for part in each.parts
            ],
        )
        for each in found.criteria
    ]


def part_of(
    criterion: Criterion,
    part: str,
    *,
    handed_in: Sequence[Assessment],
    settled: Moderation | None,
    spread: int,
) -> PartMade:
    """One part, from the assessments that were submitted."""
    given = [
        (each.assessor.name, score)
        for each in handed_in
        for score in each.scores
        if (score.criterion_id, score.part) == (criterion.id, part)
    ]
    values = [score.value for _, score in given if not score.is_stale]
    tally = Tally.of(values) if values else None
    counts = settled if settled and settled.judged == _code(tally) else None
    stands = counts.value if counts else tally.mean if tally else None
    return PartMade(
        part=part,
        given=given,
        settled=counts,
        outdated=None if counts else settled,
        mean=shown(tally.mean) if tally else None,
        adds=None if stands is None else shown(stands * criterion.weighed.worth_of_point),
        most=shown(criterion.weighed.weight_of_part),
        is_apart=tally is not None and tally.spread > spread,
    )


def drift_of(round_id: UUID) -> dict[UUID, Decimal]:
    """How much more of a scale, in per cent, each assessor gives than the others gave for the same, on average.

    Scales of 5 and of 100 points weigh the same, one's own score is not among those it is compared with, and what
    nobody else scored says nothing. For the lead to look at: it is rounded, and no total rests on it.
    """
    columns = (ASSESSMENT.application_id, Score.criterion_id, Score.part)
    scored = (
        select(*columns, ASSESSMENT.assessor_id, (Score.value * 1.0 / Criterion.highest).label("share"))
        .select_from(Score)
        .join(Assessment, Assessment.id == Score.assessment_id)
        .join(Application, Application.id == ASSESSMENT.application_id)
        .join(Criterion, Criterion.id == Score.criterion_id)
        .where(ASSESSMENT.status == AssessmentStatus.SUBMITTED, Application.round_id == round_id)
        .where(Criterion.superseded_at.is_(None), Score.is_stale.is_(False))
        .subquery()
    )
    same = (scored.c.application_id, scored.c.criterion_id, scored.c.part)
    every, how_many = (each.over(partition_by=same) for each in (func.sum(scored.c.share), func.count()))
    others = (every - scored.c.share) / func.nullif(how_many - 1, 0)
    apart = select(scored.c.assessor_id, (scored.c.share - others).label("apart")).subquery()
    query = select(apart.c.assessor_id, func.avg(apart.c.apart)).group_by(apart.c.assessor_id)
    rows = session().execute(query.where(apart.c.apart.is_not(None)))
    return {account_id: (Decimal(str(mean)) * 100).quantize(Decimal("0.1")) for account_id, mean in rows}
