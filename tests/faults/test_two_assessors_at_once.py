"""Two assessors of one application, or one in two windows, at the same moment: both count, and nothing is written over."""

from __future__ import annotations

from uuid import UUID

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from crm.db.session import session
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.permissions import SYSTEM
from crm.programme.applications.models import Application
from crm.programme.applications.queries import applications
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.assessing.models import Assessment, Score
from crm.programme.assessing.queries import assessments as assessing
from crm.programme.assessing.queries.totals import ranking
from crm.programme.assessing.service import allocating, moderating, scoring
from crm.programme.assessing.service.moderating import Settled
from crm.programme.assessing.service.scoring import Given, Judgement
from crm.programme.rounds.models import Round
from tests import factories, rounds
from tests.faults.together import together
from tests.houses import database
from tests.programme.judging import judged

TIMES = 5


def given(app: Flask, assessors: int) -> tuple[UUID, list[UUID]]:
    """An application that is handed in, and assessments of it that are taken on."""
    with database(app).transaction():
        made = rounds.application(factories.business(), judged(), status=ApplicationStatus.SUBMITTED)
        return made.id, [rounds.assessment(made).id for _ in range(assessors)]


def judge(assessment_id: UUID, value: int, *, hand_in: bool = True, seen: int = 1) -> int:
    found = assessing.assessment(assessment_id)
    assert found is not None
    scores = {
        (str(each.id), part): Given(value, "Made words enough")
        for each in found.round.criteria
        for part in each.parts
    }
    scoring.save(found, Judgement(scores, "", seen), by=SYSTEM)
    if hand_in:
        scoring.hand_in(found, by=SYSTEM)
    return value


def whole(application_id: UUID) -> Application:
    found = applications.application(application_id)
    assert found is not None
    return found


def test_p18_two_assessors_at_once_are_two_assessments_and_one_mean(furnished: Flask) -> None:
    for _ in range(TIMES):
        made, (one, other) = given(furnished, 2)
        assert sorted(together(furnished, lambda a=one: judge(a, 4), lambda b=other: judge(b, 2))) == [2, 4]
        with database(furnished).reading():
            standing = ranking(whole(made).round, only=made)[0].place.standing
            assert standing.in_words == "60.00%"


def test_p19_one_assessor_in_two_windows_at_once_keeps_one_of_the_two(furnished: Flask) -> None:
    for _ in range(TIMES):
        _, (one,) = given(furnished, 1)
        acts = [lambda a=one, v=value: judge(a, v, hand_in=False) for value in (4, 2)]
        done = together(furnished, *acts)
        refused = [each for each in done if isinstance(each, Conflict | IntegrityError | StaleDataError)]
        (kept,) = [each for each in done if isinstance(each, int)]
        assert len(refused) == 1
        with database(furnished).reading():
            rows = session().scalars(select(Score.value).where(Score.assessment_id == one)).all()
            assert rows == [kept]


def test_two_who_moderate_one_part_at_once_are_not_both_heard(furnished: Flask) -> None:
    made, (one, other) = given(furnished, 2)
    together(furnished, lambda: judge(one, 5), lambda: judge(other, 1))

    def settle(value: int) -> int:
        found = whole(made)
        criterion = found.round.criteria[0]
        moderating.moderate(found, Settled(criterion, criterion.parts[0], value, "Why"), by=SYSTEM)
        return value

    done = together(furnished, lambda: settle(3), lambda: settle(2))
    assert len([each for each in done if isinstance(each, Conflict | IntegrityError)]) == 1


def test_two_spreads_at_once_give_nothing_twice(furnished: Flask) -> None:
    with database(furnished).transaction():
        found = judged()
        for _ in range(3):
            rounds.on_panel(found)
        for _ in range(4):
            rounds.application(factories.business(), found, status=ApplicationStatus.SUBMITTED)
        round_id = found.id

    def spread() -> int:
        found = session().get_one(Round, round_id)
        return len(allocating.spread_out(rounds.rounds.round_(found.id) or found, by=SYSTEM).given)

    done = together(furnished, spread, spread)
    assert 8 in done
    assert all(each in (0, 8) or isinstance(each, IntegrityError | Invalid | Conflict) for each in done)
    with database(furnished).reading():
        assert session().scalar(select(func.count()).select_from(Assessment)) == 8
