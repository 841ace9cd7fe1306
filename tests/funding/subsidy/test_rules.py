"""The window of minimal financial assistance: what counts on a day, what fits, and who is one enterprise."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.funding.subsidy.rules import (
    Gift,
    Room,
    counted,
    enterprises,
    headroom,
    largest,
    publish_by,
    why_too_much,
    window,
    years,
)
from crm.kernel.money import Money

LIMIT = Money.pounds(315_000)


def limit(_day: date) -> Money:
    return LIMIT


def gift(day: date, pounds: int) -> Gift:
    return Gift(day, Money.pounds(pounds))


@pytest.mark.parametrize(
    ("on", "first"),
    [
        (date(2027, 3, 31), date(2024, 4, 1)),
        (date(2027, 4, 1), date(2025, 4, 1)),
        (date(2024, 2, 29), date(2021, 4, 1)),
        (date(2028, 2, 29), date(2025, 4, 1)),
        (date(2025, 5, 1), date(2023, 4, 1)),
    ],
)
def test_p38_the_window_is_this_financial_year_so_far_and_two_before(on: date, first: date) -> None:
    assert window(on) == (first, on)


def left(amount: Money) -> Room:
    return Room(frozenset(), amount, Money(0))


def test_p38_40000_is_blocked_on_31_march_and_passes_on_1_april() -> None:
    declared = [gift(date(2024, 5, 10), 290_000)]
    march, april = (headroom(declared, limit, on=day) for day in (date(2027, 3, 31), date(2027, 4, 1)))

    assert march == Money.pounds(25_000)
    assert april == LIMIT
    assert why_too_much(Money.pounds(25_000), left(march), limit=LIMIT) is None
    assert why_too_much(Money(25_000_01), left(march), limit=LIMIT) == (
        "£25,000.01 is £0.01 more than fits under the limit of £315,000.00: "
        "£25,000.00 is the most that can be given on that day."
    )


def test_a50_250000_and_65000_are_the_limit_and_a_day_decides() -> None:
    on = date(2025, 5, 1)
    before = [gift(date(2023, 4, 1), 250_000), gift(date(2023, 3, 31), 60_000)]

    assert headroom(before, limit, on=on) == Money.pounds(65_000)
    assert why_too_much(Money(65_000_01), left(Money.pounds(65_000)), limit=LIMIT)


def test_p38_what_is_given_later_leaves_less_room_today() -> None:
    """Else a gift that is entered late would make one that was lawful unlawful."""
    later = [gift(date(2026, 9, 1), 300_000)]

    assert headroom(later, limit, on=date(2026, 5, 1)) == Money.pounds(15_000)
    assert headroom(later, limit, on=date(2024, 3, 31)) == LIMIT


def test_p40_the_last_day_to_publish_is_three_months_on() -> None:
    assert publish_by(date(2026, 11, 30)) == date(2027, 2, 28)
    assert publish_by(date(2027, 11, 30)) == date(2028, 2, 29)


def test_the_three_years_say_when_each_falls_out() -> None:
    gifts = [
        gift(date(2024, 4, 1), 1),
        gift(date(2025, 3, 31), 2),
        gift(date(2026, 6, 1), 4),
        gift(date(2024, 3, 31), 8),
    ]
    found = years(gifts, on=date(2026, 11, 24))

    assert [(str(each.year), each.amount, each.falls_out_on) for each in found] == [
        ("2024/25", Money.pounds(3), date(2027, 4, 1)),
        ("2025/26", Money(0), date(2028, 4, 1)),
        ("2026/27", Money.pounds(4), date(2029, 4, 1)),
    ]


DAYS = st.one_of(
    st.dates(date(2022, 1, 1), date(2030, 12, 31)),
    st.builds(
        lambda year, step: date(year, 4, 1) + timedelta(days=step),
        st.integers(2022, 2030),
        st.integers(-2, 1),
    ),
    st.sampled_from([date(2024, 2, 29), date(2028, 2, 29)]),
)
GIFTS = st.lists(st.builds(Gift, DAYS, st.integers(1, 200_000_00).map(Money)), max_size=8)


@given(gifts=GIFTS, on=DAYS)
def test_p38_the_largest_sum_that_fits_breaks_the_limit_on_no_day_and_a_penny_more_does(
    gifts: list[Gift], on: date
) -> None:
    sound: list[Gift] = []
    for each in gifts:
        fits = largest(sound, limit, on=each.given_on)
        if fits:
            sound.append(Gift(each.given_on, min(each.amount, fits)))
    days = {each.given_on for each in sound} | {on}
    most = largest(sound, limit, on=on)
    with_it, with_more = ([*sound, Gift(on, most + Money(penny))] for penny in (0, 1))

    assert all(counted(with_it, on=day) <= LIMIT for day in days)
    assert any(counted(with_more, on=day) > LIMIT for day in days)


@given(gifts=GIFTS, on=DAYS)
def test_p38_the_three_years_add_up_to_what_counts(gifts: list[Gift], on: date) -> None:
    assert sum((each.amount for each in years(gifts, on=on)), start=Money(0)) == counted(gifts, on=on)
    assert all(each.falls_out_on > on for each in years(gifts, on=on))


@given(st.lists(st.lists(st.sampled_from("ABCDEFG"), max_size=3), max_size=8))
def test_p41_businesses_that_share_a_number_are_one_enterprise_however_far(held: list[list[str]]) -> None:
    numbers = {UUID(int=place): own for place, own in enumerate(held)}
    found = enterprises(numbers)
    for one, own in numbers.items():
        assert one in found[one]
        for other, others in numbers.items():
            assert (other in found[one]) == (found[one] == found[other])
            if set(own) & set(others):
                assert other in found[one]
    # No group holds two halves that share nothing.
    for group in found.values():
        reached, waiting = set(), [min(group)]
        while waiting:
            here = waiting.pop()
            reached.add(here)
            waiting += [each for each in group - reached if set(numbers[each]) & set(numbers[here])]
        assert reached == group
