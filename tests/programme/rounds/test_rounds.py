"""Rounds: prepared in the product, published for good, begun again from an earlier one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm.audit.queries import entries_about
from crm.kernel.clock import now
from crm.kernel.errors import Conflict, Invalid, NotAllowed
from crm.programme.rounds import queries
from crm.programme.rounds.models import Round
from crm.programme.rounds.service import checking, composing, copying, preparing
from crm.programme.rounds.service.composing import CriterionDetails, QuestionDetails, SectionDetails
from crm.programme.rounds.workflow import QuestionKind, RoundStatus
from tests import rounds
from tests.cast import Cast
from tests.client import ConformingClient

WHOLE_FORM = {
    "name": "Spring",
    "about": "To grow",
    "strands": ["ip", "sales"],
    "grace_minutes": "10",
    "assessors": "2",
    "spread": "2",
    "threshold": "60",
    "tie_rule": "weightiest",
    "least_words": "20",
    "declaration": "It is true",
    "version": "",
}
DAYS = {"opens": "1 2 2027", "deadline": "1 3 2027", "assess_from": "2 3 2027", "assess_until": "30 3 2027"}


def form(**fields: Any) -> dict[str, Any]:
    """A whole form of a round, with other days or hours where they are given as ``deadline="29 3 2026 01:30"``."""
    sent: dict[str, Any] = dict(WHOLE_FORM)
    for name, text in DAYS.items():
        day, month, year, *hour = str(fields.pop(name, text)).split()
        sent |= {f"{name}-day": day, f"{name}-month": month, f"{name}-year": year}
        sent[f"{name}_hour"] = hour[0] if hour else "12:00"
    return sent | fields


def test_a_round_is_prepared_and_seen_by_nobody_outside(cast: Cast, client: ConformingClient) -> None:
    client.sign_in(cast.programme_manager)
    made = client.post("/programme/rounds/prepare", data=form())
    assert made.status_code == 303
    page = client.get(made.headers["Location"])
    assert "Add at least one section of questions" in page.text
    assert "1 March 2027 at midday" in page.text
    found = queries.round_named("Spring")
    assert found is not None
    assert client.sign_in(cast.founder).get(f"/programme/rounds/{found.id}").status_code == 404
    assert "Spring" not in client.get("/programme").text


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"name": ""}, "name", "Enter a name"),
        ({"deadline": "1 2 2027"}, "deadline-day", "The deadline must come after the opening"),
        (
            {"assess_from": "1 2 2027 13:00"},
            "assess_from-day",
            "The assessment must not begin before the deadline",
        ),
        ({"threshold": "100.01"}, "threshold", "more than 100%"),
        ({"threshold": "6e1"}, "threshold", "two places at most"),
        ({"assessors": "1"}, "assessors", "between 2 and 9"),
        (
            {"deadline": "28 3 2027 01:30", "assess_from": "29 3 2027"},
            "deadline_hour",
            "this time is skipped",
        ),
    ],
)
def test_p09_what_is_wrong_is_said_at_its_field(
    cast: Cast, client: ConformingClient, fields: dict[str, str], field: str, said: str
) -> None:
    client.sign_in(cast.programme_manager)
    refused = client.post("/programme/rounds/prepare", data=form(**fields))
    assert refused.status_code == 422
    assert said in refused.text
    assert f'href="#{field}"' in refused.text
    assert queries.rounds() == []


def test_p09_the_hour_that_comes_twice_is_shown_with_its_offset(cast: Cast, client: ConformingClient) -> None:
    client.sign_in(cast.programme_manager)
    twice = form(opens="1 2 2026", deadline="25 10 2026 01:30", assess_from="26 10 2026")
    made = client.post("/programme/rounds/prepare", data=twice)
    assert "25 October 2026 at 1:30am BST" in client.get(made.headers["Location"]).text


def draft(**fields: Any) -> Round:
    return rounds.round_(RoundStatus.DRAFT, **fields)


@pytest.mark.parametrize(("weight", "said"), [(9_999, "0.01% missing"), (10_000, None)])
def test_p15_a_round_is_published_only_with_whole_weights(cast: Cast, weight: int, said: str | None) -> None:
    found = draft()
    by = cast.programme_manager.actor
    only = queries.criterion(found.criteria[0].id)
    assert only is not None
    details = CriterionDetails(1, "All", weight, ("One", "Two"), 5)
    composing.change_criterion(only, details, version=None, by=by)
    if said:
        with pytest.raises(Conflict, match=said):
            preparing.publish(rounds.whole(found), by=by)
    else:
        preparing.publish(rounds.whole(found), by=by)
        assert rounds.whole(found).status is RoundStatus.PUBLISHED


def test_what_a_round_lacks_is_said(cast: Cast) -> None:
    empty = rounds.whole(rounds.bare_round(RoundStatus.DRAFT))
    assert [each.words for each in preparing.lacking(empty, at=now())] == [
        "Add at least one section of questions",
        "Say which question asks for the amount applied for",
        "Add at least one criterion",
    ]
    over = draft(opens_at=now() - timedelta(days=3), deadline_at=now() - timedelta(days=2))
    assert [each.words for each in preparing.lacking(over, at=now())] == [
        "The deadline has passed: set a later one"
    ]
    with pytest.raises(NotAllowed):
        preparing.publish(over, by=cast.approver.actor)


def test_what_is_published_stays_as_it_is(cast: Cast, client: ConformingClient) -> None:
    found = rounds.round_()
    by = cast.programme_manager.actor
    with pytest.raises(Conflict, match="is published"):
        composing.add_section(found, SectionDetails(9, "More"), by=by)
    with pytest.raises(Conflict, match="is published"):
        composing.remove_question(_first(found), by=by)
    with pytest.raises(Conflict):
        preparing.discard(rounds.whole(found), by=by)
    client.sign_in(cast.programme_manager)
    page = client.get(f"/programme/rounds/{found.id}/composition").text
    assert "Add a section" not in page
    for path in ("change", "set-terms", "sections/add", "criteria/add", "checks/add"):
        assert client.get(f"/programme/rounds/{found.id}/{path}").status_code == 409


def _first(found: Round) -> Any:
    whole = queries.question(found.sections[0].questions[0].id)
    assert whole is not None
    return whole


def test_a_question_on_which_another_hangs_stays_and_no_two_hang_on_each_other(cast: Cast) -> None:
    found = draft()
    by = cast.programme_manager.actor
    first = rounds.question(found.sections[0], QuestionKind.YES_NO, label="First")
    second = rounds.question(
        found.sections[0], QuestionKind.YES_NO, label="Second", asked_if_id=first.id, asked_if="yes"
    )
    rounds.whole(found)
    loaded = [queries.question(each.id) for each in (first, second)]
    assert all(loaded)
    with pytest.raises(Conflict, match="Another question depends on"):
        composing.remove_question(loaded[0], by=by)  # type: ignore[arg-type]
    circle = QuestionDetails(1, "First", QuestionKind.YES_NO, asked_if_id=second.id, asked_if="yes")
    with pytest.raises(Invalid, match="itself depends on the answer"):
        composing.change_question(queries.question(first.id), circle, version=None, by=by)  # type: ignore[arg-type]
    strange = QuestionDetails(1, "Second", QuestionKind.YES_NO, asked_if_id=first.id, asked_if="maybe")
    with pytest.raises(Invalid, match="one of its answers"):
        composing.change_question(queries.question(second.id), strange, version=None, by=by)  # type: ignore[arg-type]


def test_one_question_alone_asks_for_the_sum_and_what_a_check_compares_stays(cast: Cast) -> None:
    found = draft()
    by = cast.programme_manager.actor
    section = queries.section(found.sections[0].id)
    assert section is not None
    with pytest.raises(Invalid, match="already asks for the amount"):
        composing.add_question(
            section, QuestionDetails(9, "Another", QuestionKind.MONEY, is_sum_asked=True), by=by
        )
    sum_ = next(each for each in found.questions if each.is_sum_asked)
    with pytest.raises(Conflict, match="A check compares"):
        composing.remove_question(queries.question(sum_.id), by=by)  # type: ignore[arg-type]
    (check,) = found.checks
    checking.remove_check(queries.check(check.id), by=by)  # type: ignore[arg-type]
    composing.remove_question(queries.question(sum_.id), by=by)  # type: ignore[arg-type]
    assert [each.label for each in rounds.whole(found).questions if each.is_sum_asked] == []


def test_two_who_change_a_round_at_once_are_told(cast: Cast, client: ConformingClient) -> None:
    found = draft()
    section = found.sections[0]
    client.sign_in(cast.programme_manager)
    sent = {"title": "Other", "hint": "", "position": "1", "version": str(section.version)}
    assert client.post(f"/round-sections/{section.id}/change", data=sent).status_code == 303
    refused = client.post(f"/round-sections/{section.id}/change", data=sent | {"title": "Mine"})
    assert refused.status_code == 409
    assert 'value="Mine"' in refused.text


def test_the_effective_weights_are_shown_while_they_are_changed(cast: Cast, client: ConformingClient) -> None:
    found = draft()
    client.sign_in(cast.programme_manager)
    criterion = found.criteria[0]
    sent = {
        "title": "All",
        "weight": "40",
        "parts": "One\nTwo\n",
        "highest": "5",
        "position": "1",
        "anchors": "",
    }
    sent |= {"least": "2.5", "version": str(criterion.version)}
    assert client.post(f"/criteria/{criterion.id}/change", data=sent).status_code == 303
    page = client.get(f"/programme/rounds/{found.id}/composition").text
    for shown in ("20.00%", "4.00%", "Not 100%", "60% missing"):
        assert shown in page


def test_a_new_round_begins_from_an_earlier_one(cast: Cast, client: ConformingClient, db: Session) -> None:
    found = rounds.round_(min_trading_months=12)
    hung = rounds.question(found.sections[0], QuestionKind.YES_NO, label="Hangs", position=20)
    rounds.question(found.sections[0], label="Hanging", position=19, asked_if_id=hung.id, asked_if="no")
    found = rounds.whole(found)
    client.sign_in(cast.programme_manager)
    assert client.post(f"/programme/rounds/{found.id}/copy", data={"name": found.name}).status_code == 422
    assert client.post(f"/programme/rounds/{found.id}/copy", data={"name": "Next"}).status_code == 303
    next_ = queries.round_named("Next")
    assert next_ is not None
    again = rounds.whole(found)
    terms, before = again.terms, {each.id: each.label for each in again.questions}
    made = rounds.whole(next_)
    assert made.status is RoundStatus.DRAFT
    assert made.opens_at > now()
    assert made.terms == terms
    assert [each.label for each in made.questions] == list(before.values())
    assert {each.id for each in made.questions}.isdisjoint(before)
    by_label = {each.label: each for each in made.questions}
    assert by_label["Hanging"].asked_if_id == by_label["Hangs"].id
    assert {each.left_id for each in made.checks} <= {each.id for each in made.questions}
    assert [each.act for each in entries_about(made)] == ["copy_round"]
    preparing.publish(made, by=cast.programme_manager.actor)


def test_copying_is_for_managers(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        copying.copy(rounds.round_(), "Mine", by=cast.adviser.actor)


def test_all_questions_can_be_printed_beforehand(cast: Cast, client: ConformingClient) -> None:
    found = rounds.round_()
    page = client.sign_in(cast.visitor).get(f"/programme/rounds/{found.id}/questions").text
    assert all(each.label in page for each in found.questions)
    assert "at most 50% of" in page
