"""What a fund would have done: exact to the penny, in the order of days, and never with money that it does not have."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.money import NO_MONEY, Money
from crm.reports.fundcase.rules.simulating import DEFAULT, Fate, Fund, simulate, sizes_of, told_apart
from crm.reports.fundcase.rules.sought import Sought, Standing
from tests.reports.fundcase.asked import ask, asks, funds

OPEN_TO_ALL = replace(
    DEFAULT,
    size=Money.pounds(1_000_000),
    smallest=Money(1),
    largest=Money.pounds(1_000_000),
    match=0,
    months=12,
)


def pounds(amount: int) -> Money:
    return Money.pounds(amount)


@given(asks(), funds())
def test_a_fund_never_pays_more_than_it_has_on_any_day(found: list[Sought], fund: Fund) -> None:
    done = simulate(found, fund)

    for day in {each.ask.asked_on for each in done.funded}:
        paid = sum((each.paid for each in done.funded if each.ask.asked_on <= day), start=NO_MONEY)
        assert paid <= fund.size + done.back_by(day)


@given(asks(), funds())
def test_every_ask_that_was_not_found_has_one_fate_and_the_money_adds_up_to_the_penny(
    found: list[Sought], fund: Fund
) -> None:
    done = simulate(found, fund)
    last = date(2100, 1, 1)

    assert {each.ask.id for each in done.rows} == {each.id for each in found if each.is_unmet}
    assert sum(len(done.of(fate)) for fate in Fate) == len(done.rows)
    assert done.met <= done.missing
    assert done.left_on(last) == fund.size - done.paid + done.back
    assert all(each.paid + each.matched == each.ask.missing for each in done.funded)


@given(asks(), funds(), st.randoms())
def test_the_order_in_which_asks_are_told_changes_nothing(
    found: list[Sought], fund: Fund, chance: object
) -> None:
    mixed = list(found)
    chance.shuffle(mixed)  # type: ignore[attr-defined]

    assert simulate(mixed, fund) == simulate(found, fund)


@given(asks(), funds())
def test_what_fits_the_rules_is_refused_only_where_the_money_was_not_there_on_that_day(
    found: list[Sought], fund: Fund
) -> None:
    for each in simulate(found, fund).of(Fate.NO_MONEY):
        assert fund.smallest <= each.ticket <= fund.largest
        assert each.ticket > each.free


@given(asks())
def test_a_fund_without_limits_meets_everything_that_has_an_amount(found: list[Sought]) -> None:
    fund = replace(
        DEFAULT,
        size=pounds(1_000_000_000),
        smallest=Money(1),
        largest=pounds(1_000_000_000),
        match=0,
        instruments=("grant", "loan", "equity", "other", "not_sure"),
        media=("screen", "mixed_media", "other"),
    )

    assert simulate(found, fund).met == sum((each.missing for each in found), start=NO_MONEY)


@pytest.mark.parametrize(
    ("told", "fate"),
    [
        ({"medium": "other"}, Fate.OTHER_MEDIUM),
        ({"instrument": "not_sure"}, Fate.OTHER_INSTRUMENT),
        ({"pounds": None}, Fate.NO_AMOUNT),
        ({"amount": Money(1_999_999)}, Fate.TOO_SMALL),
        ({"amount": Money(2_000_000)}, Fate.FUNDED),
        ({"amount": Money(100_000_000)}, Fate.FUNDED),
        ({"amount": Money(100_000_002)}, Fate.TOO_LARGE),
        ({"amount": Money(100_000_001)}, Fate.FUNDED),
        ({"standing": Standing.PART, "found_amount": pounds(95_000)}, Fate.TOO_SMALL),
        ({"standing": Standing.PART, "found_amount": pounds(200_000)}, Fate.TOO_SMALL),
    ],
)
def test_the_limits_of_a_ticket_are_included_and_half_a_penny_is_no_penny(
    told: dict[str, object], fate: Fate
) -> None:
    assert simulate([ask(1, **told)], DEFAULT).rows[0].fate is fate  # type: ignore[arg-type]


def test_what_comes_back_is_paid_out_again_from_its_day_on() -> None:
    first = ask(1, pounds=1_000_000, instrument="loan", asked_on=date(2024, 2, 29))
    too_soon = ask(2, pounds=500_000, asked_on=date(2025, 2, 27))
    on_the_day = ask(3, pounds=800_000, asked_on=date(2025, 2, 28))

    done = simulate([on_the_day, too_soon, first], OPEN_TO_ALL)

    assert [each.fate for each in done.rows] == [Fate.FUNDED, Fate.NO_MONEY, Fate.FUNDED]
    assert done.rows[0].back_on == date(2025, 2, 28)
    assert done.left_on(date(2025, 2, 27)) == NO_MONEY
    assert done.left_on(date(2025, 2, 28)) == NO_MONEY
    assert done.back == pounds(800_000)


def test_a_smaller_ask_is_met_where_a_larger_one_before_it_could_not_be() -> None:
    rows = [ask(1, pounds=900_000), ask(2, pounds=200_000), ask(3, pounds=100_000)]

    assert [each.fate for each in simulate(rows, OPEN_TO_ALL).rows] == [
        Fate.FUNDED,
        Fate.NO_MONEY,
        Fate.FUNDED,
    ]


def test_what_was_found_still_sought_or_given_up_is_never_offered_to_the_fund() -> None:
    settled = [
        ask(number, standing=each)
        for number, each in enumerate((Standing.MET, Standing.OPEN, Standing.DROPPED))
    ]

    assert simulate(settled, OPEN_TO_ALL).rows == ()


def _spread(count: int, *, sum_each: int = 400_000) -> list[Sought]:
    start = date(2025, 1, 1)
    return [ask(number, pounds=sum_each, asked_on=start + timedelta(days=number)) for number in range(count)]


def test_people_outside_read_two_sizes_only_where_five_businesses_lie_between_n50() -> None:
    fund = replace(OPEN_TO_ALL, largest=pounds(20_000_000))

    # £1m meets 2, £2m 5, £5m 12, £10m and £20m all 20 of twenty businesses that each sought £400,000.
    told = told_apart(sizes_of(_spread(20), fund))

    assert told == [False, True, True, True, True]


def test_people_outside_are_not_told_what_leaves_a_few_without_n50() -> None:
    fund = replace(OPEN_TO_ALL, largest=pounds(20_000_000))

    # £5m meets 12 of 15: three are left, whom the total would tell.
    assert told_apart(sizes_of(_spread(15), fund)) == [False, True, False, True, True]


@given(asks(), funds())
def test_no_two_results_that_people_outside_read_differ_by_a_few_n50(found: list[Sought], fund: Fund) -> None:
    results = sizes_of(found, fund)
    shown = [each.businesses for each, told in zip(results, told_apart(results), strict=True) if told]

    assert all(not (one ^ other) or len(one ^ other) >= 5 for one in shown for other in shown)
    assert all(not one or len(one) >= 5 for one in shown)
