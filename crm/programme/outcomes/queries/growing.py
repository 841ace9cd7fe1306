"""What growth is reckoned from: the yearly figures of a business and its outcome reports, together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from crm.businesses.models import Business
from crm.businesses.workflow import HeadcountMeasure
from crm.figures.queries import figure_on
from crm.kernel.calendar import day_in_words
from crm.programme.outcomes.models import OutcomeReport
from crm.programme.outcomes.rules.growth import Figures, Limits, Reading, Tested, growing, high_growth
from crm.programme.outcomes.workflow import ReportStatus

FIGURE_NAMES = {"percent": "percent", "years": "years", "least": "least_employees"}
MICRO = {"micro_percent": "micro_percent", "micro_jobs": "micro_jobs", "micro_months": "micro_months"}


WHOLE = 12
"""The months of a whole year."""


def limits_on(day: date) -> Limits:
    """The dated figures of the tests of growth on a day."""
    found = {mine: int(figure_on(f"growth.{name}", on=day)) for mine, name in (FIGURE_NAMES | MICRO).items()}
    return Limits(**found)


def tests_of(found: Business, reports: Sequence[OutcomeReport], *, on: date) -> tuple[Tested, Tested]:
    """The OECD's test and the programme's own flag for one business. Its yearly figures must be loaded."""
    limits = limits_on(on)
    turnover, employees = readings_of(found, reports)
    return high_growth(turnover, employees, limits=limits), growing(figures_of(reports), limits)


def readings_of(found: Business, reports: Sequence[OutcomeReport]) -> tuple[list[Reading], list[Reading]]:
    """Turnover and employees of a business over time. Accounts of other than 12 months are annualised."""
    turnover, employees = [], []
    for year in found.figures:
        words = f"accounts to {day_in_words(year.year_end)}"
        taken = f"{words}, of {year.months} months, taken to twelve" if year.months != WHOLE else words
        if year.turnover is not None:
            turnover.append(Reading(year.year_end, Fraction(year.turnover.pence * WHOLE, year.months), taken))
        if year.employees is not None and year.measure is HeadcountMeasure.HEADCOUNT:
            employees.append(Reading(year.year_end, Fraction(year.employees), words))
    for each in reports:
        if each.figures is None:
            continue
        waits = ", still to be confirmed" if each.status is ReportStatus.GIVEN else ""
        words = f"figures at {day_in_words(each.as_at)}{waits}"
        if each.figures.turnover is not None:
            turnover.append(Reading(each.as_at, Fraction(each.figures.turnover.pence), words))
        if each.figures.employees is not None:
            employees.append(Reading(each.as_at, Fraction(each.figures.employees), words))
    return turnover, employees


def figures_of(reports: Sequence[OutcomeReport]) -> list[Figures]:
    """What was reported from the first baseline on, under whichever award, in order of time, as the programme's own flag takes it."""
    given = sorted((each for each in reports if each.figures is not None), key=lambda each: each.as_at)
    baseline = next((at for at, each in enumerate(given) if not each.place), len(given))
    return [
        Figures(
            each.as_at,
            None if each.figures.turnover is None else Fraction(each.figures.turnover.pence),
            each.figures.employees,
            each.figures.fte_hundredths,
            each.status is not ReportStatus.GIVEN,
        )
        for each in given[baseline:]
        if each.figures is not None
    ]
