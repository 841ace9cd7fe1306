"""The OECD's test on the page of a business: the verdict, and every figure that it rests on with its day and source."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm.businesses.models import Business, YearlyFigures
from crm.businesses.workflow import HeadcountMeasure
from crm.kernel.money import Money
from crm.programme.outcomes.queries.growing import figures_of
from crm.programme.outcomes.rules.growth import Verdict, growing
from crm.programme.outcomes.workflow import ReportStatus
from tests import factories
from tests.cast import Cast
from tests.client import ConformingClient

START, END = date(2023, 3, 31), date(2026, 3, 31)


def year(owner: Business, year_end: date, turnover: Money, employees: int, **fields: Any) -> None:
    given: dict[str, Any] = {
        "turnover": turnover,
        "employees": employees,
        "measure": HeadcountMeasure.HEADCOUNT,
        "source": "Made",
    } | fields
    factories.kept(YearlyFigures(business_id=owner.id, year_end=year_end, **{"months": 12, **given}))


def growth_of(client: ConformingClient, cast: Cast, owner: Business) -> str:
    client.sign_in(cast.programme_manager)
    return " ".join(client.get(f"/businesses/{owner.id}/growth").text.split())


@pytest.mark.parametrize(
    ("grown", "verdict", "said"),
    [
        (17_280_001, "Yes", "Turnover grew by 20.0% a year on average, more than 20%."),
        (17_280_000, "No", "Turnover grew by 20.0% a year on average, not more than 20%."),
    ],
    ids=["a-penny-more-is-high", "exactly-20-is-not"],
)
def test_the_test_of_high_growth_shows_its_verdict_and_every_figure_that_it_rests_on(
    client: ConformingClient, cast: Cast, db: Session, grown: int, verdict: str, said: str
) -> None:
    owner = factories.business()
    year(owner, START, Money.pounds(100_000), 10)
    year(owner, END, Money(grown), 11)
    page = growth_of(client, cast, owner)

    tested = page.split("High growth by the OECD’s test")[1].split("Growing micro business")[0]
    assert f">{verdict}<" in tested.replace("> ", ">").replace(" <", "<")
    assert said in tested
    inputs = f"from £100,000.00 (accounts to 31 March 2023) to {Money(grown).in_full()} (accounts to 31 March 2026)"
    assert f"Turnover: {inputs}. That is 20.0% a year." in tested
    assert "from 10 people (accounts to 31 March 2023) to 11 people (accounts to 31 March 2026)" in tested
    assert "At the start: 10 people (accounts to 31 March 2023)." in tested


def test_accounts_of_a_short_year_are_said_to_be_taken_to_twelve_months(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = factories.business()
    year(owner, START, Money.pounds(50_000), 10, months=6)
    year(owner, END, Money.pounds(90_000), 10)
    page = growth_of(client, cast, owner)
    assert "£100,000.00 (accounts to 31 March 2023, of 6 months, taken to twelve)" in page


def reported(as_at: date, place: int, *, pounds: int, people: int) -> Any:
    """One report of an award: its first, the baseline, has place nought."""
    told = SimpleNamespace(turnover=Money.pounds(pounds), employees=people, fte_hundredths=people * 100)
    return SimpleNamespace(as_at=as_at, place=place, figures=told, status=ReportStatus.CONFIRMED)


def test_the_flag_of_a_micro_business_reads_the_reports_of_all_its_awards_from_the_first_baseline_on() -> (
    None
):
    first = reported(date(2025, 11, 24), 0, pounds=50_000, people=3)
    second = reported(date(2026, 11, 30), 0, pounds=60_001, people=3)
    before = reported(date(2025, 5, 24), 1, pounds=1, people=1)

    assert growing(figures_of([first])).verdict is Verdict.CANNOT
    assert growing(figures_of([second, before, first])).verdict is Verdict.YES
    assert figures_of([before]) == []
