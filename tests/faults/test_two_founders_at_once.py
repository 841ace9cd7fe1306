"""Two founders of one business who apply at the same moment: one application, no words lost, nothing handed in unseen."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from crm.audit.models import AuditEntry
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.kernel.eligibility import Facts
from crm.kernel.errors import Conflict
from crm.kernel.permissions import SYSTEM
from crm.programme.applications.models import Application, SectionAnswers
from crm.programme.applications.queries import applications as queries
from crm.programme.applications.service import filling, starting, submitting
from crm.programme.applications.service.filling import Saved
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.rounds.queries import round_
from tests import factories, rounds
from tests.faults.together import overlapping, together
from tests.houses import database

TIMES = 5


def opened(app: Flask) -> tuple[UUID, UUID]:
    with database(app).transaction():
        return rounds.round_().id, factories.business().id


def start(round_id: UUID, business_id: UUID) -> UUID:
    owner = business(business_id)
    found = round_(round_id)
    assert owner is not None
    assert found is not None
    return starting.start(found, owner, facts=Facts(), by=SYSTEM).id


def begun(app: Flask) -> UUID:
    round_id, business_id = opened(app)
    with database(app).transaction():
        return start(round_id, business_id)


def save(application_id: UUID, title: str, label: str, value: object) -> int:
    found = queries.application(application_id)
    assert found is not None
    section = next(each for each in found.round.sections if each.title == title)
    question = next(each for each in section.questions if each.label == label)
    saved = Saved(section, {str(question.id): value}, 0, is_finished=True)
    return filling.save(found, saved, by=SYSTEM).version


def submit(application_id: UUID) -> None:
    found = queries.application(application_id)
    assert found is not None
    submitting.submit(found, declared_by="Ann", by=SYSTEM)


def count(app: Flask, kind: type) -> int:
    with database(app).reading():
        return session().scalar(select(func.count()).select_from(kind)) or 0


@pytest.mark.parametrize("at_once", [together, overlapping])
def test_p04_two_starts_at_once_make_one_application_and_both_lead_to_it(
    furnished: Flask, at_once: Callable[..., list[object]]
) -> None:
    for made in range(1, TIMES + 1):
        round_id, business_id = opened(furnished)
        ids = at_once(furnished, *[lambda r=round_id, b=business_id: start(r, b)] * 2)
        assert len(set(ids)) == 1
        assert isinstance(ids[0], UUID)
        assert count(furnished, Application) == made
    with database(furnished).reading():
        starts = select(func.count()).where(AuditEntry.act == "start_application")
        assert session().scalar(starts) == TIMES


def test_p05_of_two_who_save_one_section_at_once_one_is_told(furnished: Flask) -> None:
    for _ in range(TIMES):
        made = begun(furnished)
        acts = [
            lambda made=made, word=word: save(made, "You", "What will you do?", word)
            for word in ("One", "Other")
        ]
        done = together(furnished, *acts)
        refused = [each for each in done if isinstance(each, Conflict | IntegrityError)]
        assert [each for each in done if each == 1] == [1]
        assert len(refused) == 1


def test_p05_two_who_save_different_sections_at_once_never_meet(furnished: Flask) -> None:
    made = begun(furnished)
    done = together(
        furnished,
        lambda: save(made, "You", "What will you do?", "One"),
        lambda: save(made, "Money", "Cost", 100),
    )
    assert done == [1, 1]
    assert count(furnished, SectionAnswers) == 2


def test_nothing_is_saved_in_an_application_that_is_being_handed_in(furnished: Flask) -> None:
    made = begun(furnished)
    with database(furnished).transaction():
        found = queries.application(made)
        assert found is not None
        rounds.filled_in(found)

    def change() -> int:
        found = queries.application(made)
        assert found is not None
        section = found.round.sections[0]
        return filling.save(found, Saved(section, {}, 1), by=SYSTEM).version

    done = overlapping(furnished, lambda: submit(made), change)
    assert isinstance(done[1], Conflict)
    with database(furnished).reading():
        again = queries.application(made)
        assert again is not None
        assert again.status is ApplicationStatus.SUBMITTED
    assert count(furnished, SectionAnswers) == 2
