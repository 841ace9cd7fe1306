"""When businesses are asked, what counts as growth, and what is drawn: exact, and what is missing stays missing."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.calendar import add_months
from crm.programme.outcomes.rules.growth import (
    Figures,
    Reading,
    Step,
    Verdict,
    growing,
    high_growth,
    rate_in_words,
)
from crm.programme.outcomes.rules.labels import BY_NAME
from crm.programme.outcomes.rules.timing import is_late, points_of
from crm.programme.outcomes.rules.trends import drawn, median, summed

START = date(2023, 3, 31)
END = date(2026, 3, 31)


def readings(*values: tuple[date, int]) -> list[Reading]:
    return [Reading(on, Fraction(value), "made") for on, value in values]


TEN = readings((START, 10))


def test_the_days_of_asking_never_drift_from_the_day_of_acceptance() -> None:
    def days(accepted: date) -> list[date]:
        return [each.as_at for each in points_of(accepted, (6, 12, 24), answer_days=28)]

    assert days(date(2027, 8, 31)) == [
        date(2027, 8, 31),
        date(2028, 2, 29),
        date(2028, 8, 31),
        date(2029, 8, 31),
    ]
    assert days(date(2028, 2, 29)) == [
        date(2028, 2, 29),
        date(2028, 8, 29),
        date(2029, 2, 28),
        date(2030, 2, 28),
    ]
    assert points_of(date(2026, 1, 1), (), answer_days=28)[0].due_on == date(2026, 1, 29)


def test_the_last_day_to_send_figures_counts() -> None:
    due = date(2026, 3, 29)  # the clocks go forward that night
    assert [is_late(due, on=date(2026, 3, day)) for day in (29, 30)] == [False, True]


@pytest.mark.parametrize(
    ("end", "said"),
    [(1_728, Verdict.NO), (1_729, Verdict.YES), (1_000, Verdict.NO), (0, Verdict.NO)],
    ids=["exactly-20", "a-little-more", "no-growth", "nothing-left"],
)
def test_more_than_twenty_per_cent_a_year_over_three_years_is_exact(end: int, said: Verdict) -> None:
    found = high_growth(readings((START, 1_000), (END, end)), [*TEN, *readings((END, 11))])
    assert found.verdict is said
    assert "grew by" in found.said[0]


def test_the_test_cannot_be_said_or_does_not_apply_and_says_why() -> None:
    turnover = readings((START, 1_000), (END, 9_000))
    assert high_growth(turnover, []).verdict is Verdict.CANNOT
    assert "31 March 2023 is not known" in high_growth(turnover, []).said[0]
    nine = readings((START, 9), (END, 90))
    few = high_growth(turnover, nine)
    assert few.verdict is Verdict.NO
    assert "9 people worked there on 31 March 2023: the test begins with 10." in few.said
    short = high_growth(readings((END, 5)), TEN)
    assert short.verdict is Verdict.CANNOT
    assert "It takes two that are 3 years apart." in short.said[0]
    by_people = high_growth([], readings((START, 10), (END, 18)))
    assert by_people.verdict is Verdict.YES
    assert [str(each) for each, _ in by_people.steps] == ["employees"]


@given(st.integers(1, 10**12), st.integers(-50, 200), st.integers(1, 60))
def test_a_rate_is_rounded_down_and_agrees_with_the_comparison(value: int, percent: int, months: int) -> None:
    start, end = Reading(START, Fraction(value), ""), add_months(START, 12 * max(1, months // 12))
    years = max(1, months // 12)
    step = Step(start, Reading(end, Fraction(value) * Fraction(100 + percent, 100) ** years, ""))
    assert step.tenths == percent * 10
    assert step.is_at_least(percent)
    assert not step.is_above(percent)


def test_a_micro_business_grows_by_turnover_or_two_jobs_a_year_later_and_not_before() -> None:
    first = Figures(date(2026, 1, 31), Fraction(100), 4, 350)

    def later(month: date, turnover: int | None, jobs: int | None) -> Verdict:
        value = None if turnover is None else Fraction(turnover)
        return growing([first, Figures(month, value, 5, jobs)]).verdict

    year = date(2027, 1, 31)
    assert later(year, 120, 350) is Verdict.YES
    assert later(year, 119, 549) is Verdict.NO
    assert later(year, None, 550) is Verdict.YES
    assert later(year, 119, None) is Verdict.CANNOT
    assert later(date(2027, 1, 30), 900, 900) is Verdict.CANNOT
    assert growing([Figures(year, None, 10, None)]).verdict is Verdict.NO
    assert growing([]).verdict is Verdict.CANNOT


def test_what_is_missing_is_a_gap_and_never_nought_and_few_are_hidden() -> None:
    found = drawn([10, None, 20, 20])
    assert found.dots == ((0, 50), (200, 0), (300, 0))
    assert found.lines == ("200,0 300,0",)
    assert found.gaps == (100,)
    assert drawn([None, None]).dots == ()
    assert drawn([7, 4, 4], joined=[False, True]).lines == ("150,43 300,43",), "other businesses are no trend"
    assert drawn([0, 0]).dots == ((0, 100), (300, 100))
    assert (median([3, 1, 2]), median([1, 2]), median([])) == (2, Fraction(3, 2), None)
    assert summed([5, None, 0]).total == 5
    said = [BY_NAME[name].say(summed([3, 12]).median) for name in ("employees", "fte_hundredths", "turnover")]
    assert said == ["7.5", "0.075", "£0.08"]
    hidden = summed([5, 1, None], least=3)
    assert (hidden.known, hidden.asked, hidden.total, hidden.is_hidden) == (2, 3, None, True)
    assert (
        rate_in_words(Step(Reading(START, Fraction(0), ""), Reading(END, Fraction(5), ""))) == "from nothing"
    )
