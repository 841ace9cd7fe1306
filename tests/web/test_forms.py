"""A form that is refused comes back with what was typed, its fault at the field, and nothing kept."""

from __future__ import annotations

from typing import Any

import pytest
from justhtml import JustHTML
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.figures.models import DatedFigure
from tests import factories
from tests.cast import Cast
from tests.client import ConformingClient
from tests.conforming import words

PROPOSAL = {
    "value": "12",
    "valid_from-day": "1",
    "valid_from-month": "4",
    "valid_from-year": "2027",
    "source": "A board paper",
    "confidence": "read",
}


@pytest.fixture
def administrator(client: ConformingClient, cast: Cast) -> ConformingClient:
    return client.sign_in(cast.administrator)


def figures(db: Session) -> int:
    return db.scalar(select(func.count()).select_from(DatedFigure)) or 0


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("value", "-5"),
        ("value", "1e6"),
        ("value", "9" * 20),
        ("value", "<b>12</b>"),
        ("value", "'; DROP TABLE account; --"),
        ("valid_from-day", "31"),
        ("valid_from-year", "0027"),
        ("source", ""),
        ("source", "a" * 501),
    ],
)
def test_what_was_typed_is_kept_and_nothing_is_stored(
    administrator: ConformingClient, db: Session, field: str, typed: str
) -> None:
    before = figures(db)
    answer = administrator.post("/figures/enquiry.reply_days/new", data=PROPOSAL | {field: typed})

    assert answer.status_code == 422
    page: Any = JustHTML(answer.text, sanitize=False).root
    shown = {each.attrs["name"]: each.attrs.get("value", "") for each in page.query("input[name]")}
    assert shown[field] == typed
    assert all(shown[name] == value for name, value in PROPOSAL.items() if name not in {field, "confidence"})
    assert figures(db) == before


def test_a_field_that_comes_twice_blank_first_is_asked_for(administrator: ConformingClient) -> None:
    answer = administrator.post("/figures/enquiry.reply_days/new", data=PROPOSAL | {"value": [" ", "12"]})

    assert answer.status_code == 422
    assert "Enter the new value" in answer.text


def test_the_summary_names_each_fault_and_leads_to_its_field(administrator: ConformingClient) -> None:
    answer = administrator.post("/figures/enquiry.reply_days/new", data={})

    page: Any = JustHTML(answer.text, sanitize=False).root
    summary = page.query_one(".govuk-error-summary")
    links = {each.attrs["href"]: words(each) for each in summary.query("a")}
    assert links == {
        "#value": "Enter the new value",
        "#valid_from-day": "Enter the first day it holds",
        "#source": "Say where the figure comes from",
        "#confidence": "Choose how sure the figure is",
    }
    focusable = {
        each.attrs.get("id") for kind in ("input", "select", "textarea") for each in page.query(kind)
    }
    assert {href[1:] for href in links} <= focusable


def test_what_is_typed_is_shown_as_text_wherever_it_comes_back(
    administrator: ConformingClient, cast: Cast
) -> None:
    typed = "<img src=x onerror=alert(1)>"
    factories.account(name=typed)

    assert "<img src=x" not in administrator.get("/people?q=img").text
    assert "&lt;img src=x" in administrator.get("/people?q=img").text
    answer = administrator.post("/people/new", data={"name": typed, "email": typed, "kind": "staff"})
    assert "<img src=x" not in answer.text


def test_what_the_database_refuses_is_said_as_a_conflict(
    administrator: ConformingClient, cast: Cast, db: Session
) -> None:
    given = {"name": "Ann", "email": cast.founder.email, "kind": "outside"}
    answer = administrator.post("/people/new", data=given)

    assert answer.status_code == 422
    assert "There is an account with this email address already" in answer.text


def test_a_form_is_sent_once_and_answered_with_another_address(
    administrator: ConformingClient, db: Session
) -> None:
    answer = administrator.post("/figures/enquiry.reply_days/new", data=PROPOSAL)

    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/figures/rows/")
    assert administrator.get(answer.headers["Location"]).status_code == 200


def test_values_that_no_form_offered_are_refused(administrator: ConformingClient, cast: Cast) -> None:
    for role, scope in (("anyone", "everywhere"), ("auditor", "hub:nowhere"), ("auditor", "planet")):
        given = {"role": role, "scope": scope}
        given |= {"valid_from-day": "1", "valid_from-month": "1", "valid_from-year": "2027"}
        answer = administrator.post(f"/people/{cast.founder.id}/roles/new", data=given)
        assert answer.status_code == 422
