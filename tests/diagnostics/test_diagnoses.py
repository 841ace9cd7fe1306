"""Question sets and diagnoses: read strictly, asked once, and never changed once they are finished."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.businesses.queries.seeing import business
from crm.businesses.workflow import BusinessStatus
from crm.diagnostics.models import Diagnosis, QuestionSet
from crm.diagnostics.queries import triage as queries
from crm.diagnostics.queries.triage import shipped_set
from crm.diagnostics.rules.triage import Kind, checked, given_in_words, needs_of, read_questions, warm_reasons
from crm.diagnostics.service import triage as service
from crm.diagnostics.workflow import AnsweredBy, Route
from crm.directory.rules.labels import NEEDS, NEEDS_OF_AREA, TRIAGE_AREAS
from crm.kernel.errors import BadInput, Conflict, Invalid, NotAllowed
from crm.kernel.permissions import SYSTEM
from tests import factories
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast
from tests.client import ConformingClient

QUESTIONS = read_questions(shipped_set("triage")["questions"])
AREAS = [each for each in QUESTIONS if each.kind is Kind.SEVERITY]
SEVERITIES = st.dictionaries(st.sampled_from(sorted(TRIAGE_AREAS)), st.sampled_from("0123"))


def test_the_areas_and_needs_are_the_directorys_own() -> None:
    assert {each.key: each.text for each in AREAS} == TRIAGE_AREAS
    assert {each.key: each.needs for each in AREAS} == NEEDS_OF_AREA
    offered = {name: words for each in QUESTIONS if each.narrows for name, words in each.choices.items()}
    assert offered == {name: NEEDS[name] for name in offered}


@given(SEVERITIES)
def test_each_need_is_as_severe_as_its_most_pressing_area(answers: dict[str, str]) -> None:
    found = needs_of(QUESTIONS, answers)
    for need in NEEDS:
        severity = max(
            (int(answers.get(area, 0)) for area, needs in NEEDS_OF_AREA.items() if need in needs), default=0
        )
        assert found.get(need, 0) == severity


@given(SEVERITIES, st.sampled_from(sorted(TRIAGE_AREAS)))
def test_answering_more_never_lowers_a_need(answers: dict[str, str], area: str) -> None:
    before, after = needs_of(QUESTIONS, answers), needs_of(QUESTIONS, answers | {area: "3"})
    assert all(after.get(need, 0) >= severity for need, severity in before.items())


def test_what_exactly_narrows_its_area_alone() -> None:
    found = needs_of(
        QUESTIONS,
        {"ip": "2", "ip_exactly": ["patents"], "export": "1", "skills": "0", "skills_exactly": ["talent"]},
    )
    assert found == {"patents": 2} | dict.fromkeys(NEEDS_OF_AREA["export"], 1)
    exactly = next(each for each in QUESTIONS if each.key == "ip_exactly")
    assert given_in_words(exactly, {"ip": "2"}) == "All of it"
    assert given_in_words(exactly, {"ip": "0"}) == "Not sure"


@pytest.mark.parametrize(
    ("answers", "is_warm"),
    [
        ({}, False),
        ({"ip": "3"}, True),
        ({"ip": "2", "sales": "2"}, False),
        ({"ip": "2", "sales": "2", "export": "2"}, True),
        ({"ambition": "scale"}, True),
        ({"ambition": "grow"}, False),
        ({"seeks_finance": "yes"}, True),
        ({"seeks_finance": "no"}, False),
    ],
)
def test_when_an_adviser_goes_along(answers: dict[str, str], is_warm: bool) -> None:
    assert bool(warm_reasons(QUESTIONS, answers)) is is_warm


@pytest.mark.parametrize(
    "bad", [{"evil": "1"}, {"ip": "4"}, {"ip_exactly": ["evil"]}, {"ambition": "x"}, {"note": "x" * 10_001}]
)
def test_answers_that_no_question_has_are_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        checked(QUESTIONS, bad)


def test_a_question_set_that_refers_to_nothing_is_refused() -> None:
    row = {"key": "a", "section": "s", "kind": "choice", "text": "?"}
    for rows in ([row, row], [{**row, "shown_if": "b"}], [{**row, "narrows": "b"}]):
        with pytest.raises(ValueError, match="question set"):
            read_questions(rows)


def begun(cast: Cast) -> Diagnosis:
    found = business(BUSINESS)
    assert found is not None
    return service.begin(found, AnsweredBy.TOGETHER, by=cast.adviser.actor)


def test_there_is_one_open_diagnosis_and_a_finished_one_never_changes(cast: Cast) -> None:
    made, by = begun(cast), cast.adviser.actor
    assert begun(cast) is made
    with pytest.raises(Invalid):
        service.finish(made, by=by)
    service.answer(made, {"ip": "3"}, version=None, by=by)
    service.answer(made, {"sales": "1", "ip": "2"}, version=None, by=by)
    service.finish(made, by=by)
    assert (made.route, made.needs["patents"], made.needs["sales"]) == (Route.LIGHT, 2, 1)
    for act in (
        lambda: service.answer(made, {"ip": "3"}, version=None, by=by),
        lambda: service.finish(made, by=by),
    ):
        with pytest.raises(Conflict):
            act()
    assert begun(cast).id != made.id


def test_two_who_answer_at_once_are_told(cast: Cast, db: Session) -> None:
    made, by = begun(cast), cast.adviser.actor
    seen = made.version
    service.answer(made, {"ip": "3"}, version=seen, by=by)
    db.flush()
    with pytest.raises(Conflict):
        service.answer(made, {"ip": "1"}, version=seen, by=by)


def test_a_newer_version_leaves_what_was_answered_as_it_was(cast: Cast, db: Session) -> None:
    made = begun(cast)
    factories.kept(
        QuestionSet(
            name="triage", version=2, title="Newer", questions=[], source="made", published_at=made.begun_at
        )
    )
    again = queries.diagnosis(made.id)
    assert again is not None
    assert again.question_set.version == 1
    newest = queries.newest_set("triage")
    assert newest is not None
    assert newest.version == 2


def test_a_published_version_that_changed_is_refused_loudly(reference: None, db: Session) -> None:
    assert service.load_shipped_sets() == {"question sets": 0}
    row = db.scalars(select(QuestionSet)).one()
    row.questions = []
    db.flush()
    with pytest.raises(RuntimeError, match="without a new version"):
        service.load_shipped_sets()


def test_strangers_neither_answer_nor_see(client: ConformingClient, cast: Cast) -> None:
    made = begun(cast)
    for member in (cast.other_adviser, cast.other_founder, cast.auditor):
        with pytest.raises(NotAllowed):
            service.answer(made, {"ip": "1"}, version=None, by=member.actor)
    assert client.sign_in(cast.other_founder).get(f"/diagnoses/{made.id}").status_code == 404


def test_a_founder_answers_for_their_own_business(client: ConformingClient, cast: Cast, db: Session) -> None:
    client.sign_in(cast.founder)
    answer = client.post(f"/businesses/{BUSINESS}/diagnosis/new")
    where = answer.headers["Location"]
    assert where.endswith("/areas")
    assert client.post(where, data={"ip": "2"}).headers["Location"].endswith("/exactly")
    page = client.get(where.replace("/areas", "/exactly")).text
    assert "Patents" in page
    assert "Trade fairs" not in page
    client.post(where.replace("/areas", "/exactly"), data={"ip_exactly": ["patents"]})
    both = client.post(where.replace("/areas", "/growth"), data={"barriers": ["money", "nothing"]})
    assert (both.status_code, "Choose “Nothing in particular” alone" in both.text) == (422, True)
    client.post(where.replace("/areas", "/growth"), data={"ambition": "scale"})
    whole = where.removesuffix("/areas")
    assert client.post(f"{whole}/finish").status_code == 303
    made = db.scalars(select(Diagnosis)).one()
    assert (made.answered_by, made.needs, made.route) == (AnsweredBy.BUSINESS, {"patents": 2}, Route.WARM)
    assert "Warm route" not in client.get(whole).text
    assert client.post(f"/businesses/{OTHER_BUSINESS}/diagnosis/new").status_code == 404


def test_finishing_with_nothing_said_is_refused_in_words(client: ConformingClient, cast: Cast) -> None:
    made = begun(cast)
    answer = client.sign_in(cast.adviser).post(f"/diagnoses/{made.id}/finish")
    assert answer.status_code == 422
    assert "Choose at least one area that matters" in answer.text


def test_an_archived_business_is_asked_nothing(cast: Cast) -> None:
    gone = factories.business(_status=BusinessStatus.ARCHIVED, archived_reason="closed")
    with pytest.raises(Conflict):
        service.begin(gone, AnsweredBy.ADVISER, by=SYSTEM)
