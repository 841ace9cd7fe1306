"""A business with several awards is asked for the figures of a day once, and they count for all of them (decision 0090)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from justhtml import JustHTML
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.kernel.calendar import day_in_words
from crm.kernel.clock import start_of, today
from crm.notices.models import Letter
from crm.notices.service import as_sent
from crm.programme.outcomes.queries import reports as queries
from crm.programme.outcomes.service import asking
from crm.programme.outcomes.workflow import ReportStatus as S
from tests import outcomes
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.applicants import own
from tests.programme.outcomes.test_outcome_pages import FIGURES
from tests.programme.pages import sent

pytestmark = pytest.mark.engine("sqlite")


def kinds(db: Session) -> list[str]:
    return sorted(db.scalars(select(Letter.kind).where(Letter.kind.like("figures%"))))


def states(*applications: Any) -> list[S]:
    return [outcomes.reports(each.id)[0].status for each in applications]


def turnovers(*applications: Any) -> list[str]:
    found = [outcomes.reports(each.id)[0].figures for each in applications]
    return [str(each.turnover) if each else "" for each in found]


def test_k17_two_awards_accepted_on_one_day_are_asked_about_once_and_one_answer_counts_for_both(
    client: ConformingClient, cast: Cast, db: Session, clock: Any
) -> None:
    one, other = outcomes.awarded(own()), outcomes.awarded(own())
    first, second = outcomes.planned(one)[0], outcomes.planned(other)[0]
    assert kinds(db) == ["figures_asked"], "one letter for both"
    (asked,) = queries.asked_of([own().id])
    assert asked.id in (first.id, second.id), "one task on the desk"
    clock.move_to(start_of(first.due_on - timedelta(days=1)))
    asking.ask_all()
    asking.ask_all()
    assert kinds(db) == ["figures_asked", "figures_due"]
    told = db.scalar(select(Letter.context).where(Letter.kind == "figures_due"))
    assert told is not None
    assert told["references"] == " and ".join(sorted((one.reference, other.reference))), "K32: for which"

    page = client.sign_in(cast.founder).get(f"/outcomes/{first.id}/give").text
    assert f"They count for {one.reference} and {other.reference}" in page
    sent(
        client, f"/outcomes/{first.id}/give", {**FIGURES, "version": str(outcomes.reports(one.id)[0].version)}
    )
    assert (states(one, other), turnovers(one, other)) == ([S.GIVEN, S.GIVEN], ["£120,000", "£120,000"])
    assert queries.asked_of([own().id]) == []

    right = {**FIGURES, "turnover": "125,000", "reason": "A late invoice"}
    sent(
        client,
        f"/outcomes/{second.id}/correct",
        {**right, "version": str(outcomes.reports(other.id)[0].version)},
    )
    assert turnovers(one, other) == ["£125,000", "£125,000"]
    client.sign_in(cast.programme_manager)
    assert client.get("/desk").text.count("Confirm figures") == 1
    sent(client, f"/outcomes/{first.id}/confirm", {"version": str(outcomes.reports(one.id)[0].version)})
    assert states(one, other) == [S.CONFIRMED, S.CONFIRMED]


def test_k17_figures_that_were_sent_before_the_second_award_was_accepted_count_for_it_too(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    one, other = outcomes.awarded(own()), outcomes.awarded(own())
    outcomes.given(outcomes.planned(one)[0])
    outcomes.planned(other)
    assert (states(one, other), kinds(db)) == ([S.GIVEN, S.GIVEN], ["figures_asked"])
    later = outcomes.reports(other.id)[1]
    assert (later.status, later.as_at > today()) == (S.PLANNED, True), (
        "the later days are asked for on their day"
    )


def test_k17_figures_for_two_days_a_few_weeks_apart_are_typed_once_and_filled_in_for_the_other_with_one_click(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    one, other = outcomes.awarded(own()), outcomes.awarded(own())
    first = outcomes.planned(one, today() - timedelta(days=6))[0]
    second = outcomes.planned(other)[0]
    told = db.scalars(select(Letter.context).where(Letter.kind == "figures_asked")).all()
    promised = f"{day_in_words(first.as_at)} ({one.reference})"
    assert {each["near"] for each in told} == {"", promised}, "the later letter names the earlier day"
    letter = as_sent("figures_asked", {**next(each for each in told if each["near"]), "to_name": "Made"}).text
    assert f"We also ask for the figures for {promised}: what you send first can be filled in" in letter

    here = f"/outcomes/{second.id}/give"
    page = client.sign_in(cast.founder).get(here).text
    assert "What you send first can be filled in for the other with one click" in page
    assert "?like=" not in page, "nothing is sent yet"
    assert client.get(f"{here}?like={first.id}").status_code == 422, "only what is offered"
    sent(
        client, f"/outcomes/{first.id}/give", {**FIGURES, "version": str(outcomes.reports(one.id)[0].version)}
    )
    (way,) = re.findall(rf'href="({here}\?like=[^"]+)"', client.get(here).text)
    filled: Any = JustHTML(client.get(way).text, sanitize=False).root
    boxes = {
        each.attrs["name"]: each.attrs for each in filled.query("main form input") if "name" in each.attrs
    }
    asked = {name: box.get("value", "") for name, box in boxes.items() if box.get("type") != "checkbox"}
    asked |= {name: "y" for name, box in boxes.items() if "checked" in box}
    assert (asked["turnover"], asked["finance_raised_unknown"]) == ("120,000", "y")
    assert states(one, other) == [S.GIVEN, S.ASKED], "nothing is sent by looking"
    sent(client, here, asked)
    assert (states(one, other), turnovers(one, other)) == ([S.GIVEN, S.GIVEN], ["£120,000", "£120,000"])


def test_k17_figures_for_days_more_than_a_month_apart_are_asked_each_by_themselves(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    one, other = outcomes.awarded(own()), outcomes.awarded(own())
    outcomes.given(outcomes.planned(one, today() - timedelta(days=32))[0])
    second = outcomes.planned(other)[0]
    assert {
        each["near"] for each in db.scalars(select(Letter.context).where(Letter.kind == "figures_asked"))
    } == {""}
    assert "?like=" not in client.sign_in(cast.founder).get(f"/outcomes/{second.id}/give").text
