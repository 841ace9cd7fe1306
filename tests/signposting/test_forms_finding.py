"""The finder's forms: what is typed is taken as it is meant, and what cannot be read is said at its field."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from crm.signposting.forms.finding import FORMS, told
from crm.signposting.rules.finding import Answers


def sent(question: str, **typed: str | list[str]) -> Any:
    """A form as it was posted, and validated."""
    form = FORMS[question](MultiDict(typed))
    form.validate()
    return form


@pytest.mark.parametrize(
    ("question", "typed", "answer"),
    [
        ("postcode", "b11aa", "B1 1AA"),
        ("turnover", "£1.2m", "1200000"),
        ("turnover", "85,000", "85000"),
        ("turnover", "0", "0"),
        ("people", "1,200", "1200"),
        ("exports", "20 %", "20"),
    ],
)
def test_an_answer_is_taken_as_it_is_meant(question: str, typed: str, answer: str) -> None:
    form = sent(question, **{question: typed})

    assert form.errors == {}
    assert form.value() == answer


@pytest.mark.parametrize(
    ("question", "typed"),
    [
        *(("postcode", text) for text in ("B1 1A", "QQ1 1AA", "B１ 1AA", "B74", "", "B" * 10_000, "'\"<b>")),
        *(("turnover", text) for text in ("1,23", "-5", "1e6", "NaN", "1" * 20, "")),
        *(("people", text) for text in ("-1", "2.5", "many", "")),
        ("exports", "101"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field_and_kept(question: str, typed: str) -> None:
    form = sent(question, **{question: typed})

    assert list(form.errors) == [question]
    assert form[question]._value() == typed


@pytest.mark.parametrize(
    ("years", "months", "answer"), [("2", "", "24"), ("", "3", "3"), ("2", "3", "27"), ("0", "", "0")]
)
def test_either_box_says_how_long(years: str, months: str, answer: str) -> None:
    form = sent("months", years=years, months=months)

    assert form.errors == {}
    assert form.value() == answer


def test_two_empty_boxes_are_not_nought() -> None:
    form = sent("months", years="", months=" ")

    assert form.errors == {"years": ["Enter how long you have been trading. Put 0 if you have not started"]}


def test_nothing_chosen_is_an_error_and_not_an_answer() -> None:
    for question in ("groups", "form", "needs", "stage"):
        assert list(sent(question).errors) == [question]


def test_a_form_shows_what_was_answered_before() -> None:
    answers = Answers(turnover="1200000", months="27", needs=("export",))

    assert told(answers, "turnover") == {"turnover": "1,200,000"}
    assert told(answers, "months") == {"years": 2, "months": 3}
    assert told(answers, "needs") == {"needs": ["export"]}
    assert told(answers, "people") == {}
