"""Dated figures through their pages: each of them shown once on every page that shows one."""

from __future__ import annotations

import re
from typing import Any

import pytest
from justhtml import JustHTML
from markupsafe import escape
from sqlalchemy.orm import Session

from crm.figures import service
from crm.figures.queries import figure_on, history_of
from crm.figures.rules import CATALOGUE, Unit
from crm.kernel.calendar import add_months, day_in_words
from crm.kernel.clock import today
from tests.cast import Cast
from tests.client import ConformingClient

TYPED = {Unit.MONEY: "£1,234", Unit.PERCENT: "12"}


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_every_figure_can_be_proposed_and_is_shown_in_its_unit(
    name: str, client: ConformingClient, cast: Cast, db: Session
) -> None:
    known = CATALOGUE[name]
    client.sign_in(cast.administrator)
    assert str(escape(f"Propose a value: {known.label}")) in client.get(f"/figures/{name}/new").text

    told = {
        "value": TYPED.get(known.unit, "12"),
        "source": "A decision of the board",
        "confidence": "decision",
    }
    day = {"valid_from-day": "1", "valid_from-month": "4", "valid_from-year": "2031"}
    answer = client.post(f"/figures/{name}/new", data=told | day)

    assert answer.status_code == 303
    made = next(each for each in history_of(name) if each.proposed_at is not None and each.proposed_by_id)
    for page in (answer.headers["Location"], f"/figures/{name}"):
        assert made.shown in client.get(page).text


def test_a_figure_is_approved_refused_and_withdrawn_through_its_page(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    told = {"value": "12", "source": "The board", "confidence": "decision"}
    told |= {"valid_from-day": "1", "valid_from-month": "4", "valid_from-year": "2031"}
    for step, by, words in (
        ("approve", cast.second_administrator, "is approved"),
        ("refuse", cast.second_administrator, "is refused"),
        ("withdraw", cast.administrator, "is withdrawn"),
    ):
        client.sign_in(cast.administrator)
        where = client.post("/figures/enquiry.draft_days/new", data=told).headers["Location"]
        client.sign_in(by)
        answer = client.post(f"{where}/{step}", data={"reason": "Not read closely enough"})
        assert answer.status_code == 303
        assert words in client.get(answer.headers["Location"]).text


def test_k10_who_approves_a_figure_reads_what_it_would_replace(client: ConformingClient, cast: Cast) -> None:
    client.sign_in(cast.administrator)
    now = figure_on("enquiry.draft_days", on=today())
    where = client.post("/figures/enquiry.draft_days/new", data=TOLD).headers["Location"]
    client.sign_in(cast.second_administrator)
    page = " ".join(client.get(where).text.split())
    assert re.search(rf"Instead of</dt>\s*<dd[^>]*>\s*{now} days?, from ", page)
    client.post(f"{where}/approve")
    assert "Instead of" not in client.get(where).text
    client.sign_in(cast.administrator)
    later = TOLD | {"value": "20", "valid_from-year": "2032"}
    again = client.post("/figures/enquiry.draft_days/new", data=later).headers["Location"]
    assert re.search(
        r"Instead of</dt>\s*<dd[^>]*>\s*12 days, from 1 April 2031", " ".join(client.get(again).text.split())
    )


FIRST = {"valid_from-day": "1", "valid_from-month": "4", "valid_from-year": "2031"}
TOLD = {"value": "12", "source": "The board", "confidence": "decision"} | FIRST


def fault_at(field: str, text: str) -> str:
    root: Any = JustHTML(text, sanitize=False).root
    found = root.query_one(f'.govuk-error-summary a[href^="#{field}"]')
    return str(found.to_text()) if found else ""


@pytest.mark.engine("sqlite")
@pytest.mark.parametrize("name", sorted(set(CATALOGUE) - {"membership.grace_days"}))
def test_k20_a_figure_of_nought_turns_no_safeguard_off(
    name: str, client: ConformingClient, cast: Cast, db: Session
) -> None:
    client.sign_in(cast.administrator)
    answer = client.post(f"/figures/{name}/new", data=TOLD | {"value": "0"})

    assert answer.status_code == 422
    least = "£1" if CATALOGUE[name].unit is Unit.MONEY else "1"
    assert fault_at("value", answer.text) == f"The value must be {least} or more"


def test_k20_a_membership_may_have_no_grace(client: ConformingClient, cast: Cast) -> None:
    client.sign_in(cast.administrator)
    assert client.post("/figures/membership.grace_days/new", data=TOLD | {"value": "0"}).status_code == 303


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("pitch.reviews", "21", "The value must be 20 or fewer"),
        ("enquiry.reply_days", "251", "The value must be 250 or fewer"),
        ("programme.keep_days", "3651", "The value must be 3,650 or fewer"),
    ],
)
def test_k20_a_figure_has_a_most(
    name: str, value: str, said: str, client: ConformingClient, cast: Cast
) -> None:
    client.sign_in(cast.administrator)
    answer = client.post(f"/figures/{name}/new", data=TOLD | {"value": value})

    assert fault_at("value", answer.text) == said


@pytest.mark.parametrize("year", ["1970", "2020"])
def test_k20_a_figure_is_not_proposed_for_long_ago(year: str, client: ConformingClient, cast: Cast) -> None:
    client.sign_in(cast.administrator)
    answer = client.post("/figures/enquiry.reply_days/new", data=TOLD | {"valid_from-year": year})

    assert answer.status_code == 422
    earliest = day_in_words(add_months(today(), -12))
    assert fault_at("valid_from", answer.text) == f"The first day must be {earliest} or later"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("enquiry.reply_days", "Enter a whole number of working days, like 12"),
        ("enquiry.draft_days", "Enter a whole number of days, like 12"),
        ("directory.fresh_months", "Enter a whole number of months, like 12"),
        ("support.high_hours", "Enter a whole number of hours, like 12"),
        ("subsidy.warn", "Enter the value as a whole number of per cent, like 80"),
        ("pitch.reviews", "Enter the value as a whole number, like 12"),
        ("subsidy.limit", "Enter an amount in pounds, in figures, like 1,200 or £1.3m"),
    ],
)
def test_k23_k25_what_cannot_be_read_is_asked_for_in_the_words_of_its_unit(
    name: str, said: str, client: ConformingClient, cast: Cast
) -> None:
    client.sign_in(cast.administrator)
    answer = client.post(f"/figures/{name}/new", data=TOLD | {"value": "twelve"})

    assert fault_at("value", answer.text) == said


def test_k14_the_figures_that_wait_are_exactly_those_that_the_desk_counts(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    for year in ("2031", "2032"):
        client.sign_in(cast.second_administrator)
        client.post("/figures/pitch.reviews/new", data=TOLD | {"valid_from-year": year})
    client.sign_in(cast.administrator).post("/figures/enquiry.reply_days/new", data=TOLD)

    desk: Any = JustHTML(client.get("/desk").text, sanitize=False).root
    todo = next(each for each in desk.query(".app-todo") if each.query('a[href="/figures?show=waiting"]'))
    page: Any = JustHTML(client.get("/figures?show=waiting").text, sanitize=False).root

    rows = page.query('main a[href^="/figures/rows/"]')
    assert todo.query_one(".app-todo__count").to_text() == str(len(rows))
    texts = [" ".join(row.to_text().split()) for row in rows]
    assert texts.count("How many people screen a pitch: 12") == 2
    assert not [each for each in texts if each.startswith("First reply to an enquiry: 12")]


def test_k3_the_same_proposal_from_a_second_tab_is_refused(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    client.sign_in(cast.administrator)
    where = client.post("/figures/enquiry.reply_days/new", data=TOLD).headers["Location"]
    again = client.post("/figures/enquiry.reply_days/new", data=TOLD | {"source": "The board again"})

    assert again.status_code == 422
    said = "12 working days from 1 April 2031 has already been proposed and is waiting for approval"
    assert fault_at("value", again.text) == said
    client.post(f"{where}/withdraw")
    assert client.post("/figures/enquiry.reply_days/new", data=TOLD).status_code == 303


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("subsidy.warn", "A whole number from 1 to 100"),
        ("referral.silent_days", "A whole number of days, weekends included, from 1 to 3,650"),
        ("membership.grace_days", "A whole number of days, weekends included, from 0 to 3,650"),
        ("subsidy.limit", "In pounds, £1 or more, like £315,000 or £1.3m"),
    ],
)
def test_the_hint_of_a_figure_names_its_own_bounds(
    name: str, hint: str, client: ConformingClient, cast: Cast
) -> None:
    assert hint in client.sign_in(cast.administrator).get(f"/figures/{name}/new").text


def test_of_two_identical_proposals_at_one_moment_one_stands(
    client: ConformingClient, cast: Cast, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "is_proposed", lambda *_, **__: False)
    where = "/figures/enquiry.reply_days/new"
    assert client.sign_in(cast.administrator).post(where, data=TOLD | {"value": "4"}).status_code == 303
    client.sign_in(cast.second_administrator)
    refused = client.post(where, data=TOLD | {"value": "4", "source": "The same, said by another"})
    assert (refused.status_code, fault_at("value", refused.text)) == (
        422,
        "This value has already been proposed from this day and is waiting for approval",
    )
