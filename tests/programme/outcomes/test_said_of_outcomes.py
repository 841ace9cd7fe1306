"""What the pages of outcomes say: of one time alone, of an award that ended, of how many, and of figures that can still change."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm.kernel.money import Money
from crm.programme.applications.models import Application
from crm.programme.cohort.queries.decisions import decision_about
from crm.programme.outcomes.models import OutcomeReport
from crm.programme.outcomes.rules.labels import NAMES
from crm.programme.outcomes.service import asking
from crm.programme.outcomes.service.giving import Given
from tests import cohorts, outcomes, rounds
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.programme.applicants import own
from tests.programme.pages import two_withdraw

pytestmark = pytest.mark.engine("sqlite")
UNKNOWN = tuple(each for each in NAMES if each not in {"turnover", "employees", "fte_hundredths"})


def text_of(client: ConformingClient, path: str) -> str:
    return " ".join(client.get(path).text.split())


def given(found: OutcomeReport, pounds: int, *, jobs: int) -> OutcomeReport:
    """Its figures, sent: the turnover, and the full-time equivalents in hundredths."""
    told: dict[str, Any] = {"turnover": Money.pounds(pounds), "employees": 3, "fte_hundredths": jobs}
    return outcomes.given(found, Given(told, UNKNOWN))


def ended(client: ConformingClient, cast: Cast, found: Application) -> None:
    """Its award was withdrawn."""
    one = decision_about(found.id)
    assert one is not None
    client.sign_in(cast.programme_manager)
    two_withdraw(client, cast, one.id, why="Made: sold")


def test_a_picture_of_one_time_names_it_once_and_an_axis_of_noughts_says_nought_once(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = outcomes.awarded(own())
    given(outcomes.planned(found)[0], 0, jobs=100)
    ended(client, cast, found)
    client.sign_in(cast.auditor)
    for path in (f"/outcomes/rounds/{found.round_id}", f"/businesses/{BUSINESS}/growth"):
        page = text_of(client, path)
        assert "<span>Baseline</span></p>" in page
        assert "<span>Baseline</span><span>Baseline</span>" not in page
        assert "<li></li><li>0</li>" in page, "turnover, all nought"
        assert "<li>£0.00</li><li>0</li>" not in page


def test_k11_an_award_that_ended_after_it_sent_figures_is_said_to_report_no_more_and_is_opened(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = outcomes.awarded(own())
    given(outcomes.planned(found)[0], 100_000, jobs=100)
    here = f"/outcomes/rounds/{found.round_id}"
    client.sign_in(cast.auditor)
    assert "that were still to come were cancelled" not in text_of(client, here)
    ended(client, cast, found)
    page = text_of(client.sign_in(cast.auditor), here)
    behind = f"{here}/reports?show=cut"
    cut = f'Reports of <a class="govuk-link" href="{behind}">1 award</a> that were still to come were cancelled, because it ended.'
    assert cut in page
    opened = text_of(client, behind)
    assert rounds.whole_application(found).business.name in opened
    assert "1 award" in opened


def test_k13_what_opens_a_number_of_awards_counts_awards_and_one_report_is_its_own(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = outcomes.awarded(own())
    given(outcomes.planned(found)[0], 100_000, jobs=100)
    late = cohorts.assessed(rounds.whole_application(found).round, [], 70)
    outcomes.planned(late)
    here = f"/outcomes/rounds/{found.round_id}"
    page = text_of(client.sign_in(cast.auditor), here)
    assert "</a>. Its figures are counted here." in page
    awards = text_of(client, f"{here}/reports?show=awards")
    assert ("2 awards" in awards, "2 reports" in awards) == (True, False)
    assert "1 report" in text_of(client, f"{here}/reports?show=unconfirmed")


def test_growth_says_that_one_of_two_is_enough_and_that_figures_behind_it_are_still_to_be_confirmed(
    client: ConformingClient, cast: Cast, db: Session, clock: Any
) -> None:
    found = outcomes.awarded(own())
    given(outcomes.planned(found)[0], 100_000, jobs=100)
    clock.move_to("2027-11-24T10:00:00+00:00")
    asking.ask_all()
    later = next(each for each in outcomes.reports(found.id) if each.months == 12)
    given(later, 120_000, jobs=225)
    page = text_of(client.sign_in(cast.auditor), f"/businesses/{BUSINESS}/growth")
    wants = "It takes one of two: turnover that grew by 20% a year or more, or 2 more full-time equivalents."
    assert wants in page
    assert "1.25 more full-time equivalents since the baseline." in page
    assert "the flag wants" not in page
    said = (
        "The figures for 24 November 2026 and 24 November 2027 are still to be confirmed, so this can still"
    )
    assert said in page
