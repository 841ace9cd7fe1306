"""The rules of cohorts, without a database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.funding.envelopes.rules import Line
from crm.funding.subsidy.rules import Room
from crm.kernel.money import Money
from crm.programme.cohort.rules.balancing import Aim, marks_of, shares_of, spread
from crm.programme.cohort.rules.cascading import Reserve, next_of, words_of
from crm.programme.cohort.rules.changes import changes_since
from crm.programme.cohort.rules.choosing import Candidate, needing_a_reason, passed_over
from crm.programme.cohort.rules.filling import filled_by_rank
from crm.programme.cohort.rules.groups import Dimension, Measure
from crm.programme.cohort.rules.labels import group_in_words, nearest_hundredth, together_in_words
from crm.programme.cohort.rules.limits import Option
from crm.programme.cohort.rules.money import Bar, barred, parts_of, said_parts, whole_of
from crm.programme.cohort.rules.sharing import left_beside


def reserve(place: int, pounds: int) -> Reserve:
    key = UUID(int=place)
    return Reserve(key, key, f"Business {place}", place, Money.pounds(pounds))


WAITING = (reserve(1, 45_000), reserve(2, 30_000), reserve(3, 28_000))
THIRTY = Money.pounds(30_000)
FREE = {Line.REVENUE: THIRTY}


def headroom(business_id: UUID) -> Money | None:
    return Money.pounds(12_000) if business_id == UUID(int=2) else None


def test_P34_thirty_thousand_passes_the_first_by_its_sum_and_the_second_by_its_headroom_and_reaches_the_third() -> (
    None
):
    step = next_of(WAITING, free=FREE, headroom=headroom)

    assert step.chosen == WAITING[2]
    assert step.amount == Money.pounds(28_000)
    assert words_of(step) == (
        "Business 1 was passed: asks for £45,000, and £30,000 is free. "
        "Business 2 was passed: asks for £30,000, and can be given £12,000 of subsidy."
    )


def test_k28_where_nobody_is_next_it_is_said_what_lacks_the_money_the_limit_of_subsidies_or_both() -> None:
    none, little = Money(0), Money.pounds(1)
    spent = next_of(WAITING, free={Line.CAPITAL: none, Line.REVENUE: none})
    money = next_of(WAITING, free={Line.CAPITAL: none, Line.REVENUE: little})
    limit = next_of(WAITING, free={Line.REVENUE: Money.pounds(100_000)}, headroom=lambda _: none)
    both = next_of(WAITING[:2], free=FREE, headroom=headroom)

    assert {each.chosen for each in (spent, money, limit, both)} == {None}
    assert [each.shortfall for each in (spent, money, limit, both)] == [
        "no money is free",
        "the free money leaves too little",
        "the limit of subsidies leaves too little",
        "the free money or the limit of subsidies leaves too little",
    ]
    assert limit.why_not(WAITING[0].id) == (
        "Nobody on the waiting list can be awarded anything now: the limit of subsidies leaves too little. "
        "Business 1 asks for £45,000, and can be given £0 of subsidy."
    )


def test_P34_where_the_cohort_allows_it_the_first_gets_a_part() -> None:
    step = next_of(WAITING, free=FREE, headroom=headroom, partial=True)

    assert (step.chosen, step.amount, step.is_partial) == (WAITING[0], THIRTY, True)
    assert next_of(WAITING, free={Line.REVENUE: Money(0)}, partial=True).chosen is None


def ranked(rows: Sequence[tuple[int, int]]) -> list[Candidate]:
    """Candidates of these ranks and sums, in order."""
    return [
        Candidate(UUID(int=at + 1), str(at), str(at), rank, None, Money(pence))
        for at, (rank, pence) in enumerate(sorted(rows))
    ]


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 99)), max_size=12), st.integers(0, 300))
def test_P32_filling_by_rank_never_passes_anybody_over_never_splits_a_tie_and_never_spends_too_much(
    rows: list[tuple[int, int]], free: int
) -> None:
    candidates = ranked(rows)
    filled = filled_by_rank(candidates, free={Line.REVENUE: Money(free)})
    chosen, left = {each.id for each in filled.chosen}, whole_of(filled.free).pence

    assert sum(each.sum.pence for each in filled.chosen) + left == free
    assert left >= 0
    assert all(not passed_over(each, candidates, chosen=chosen) for each in filled.chosen)
    some = {each.id for each in candidates[::3]}
    slowly = {each.id for each in candidates if passed_over(each, candidates, chosen=some)}
    assert needing_a_reason(candidates, chosen=some) == slowly


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 99)), max_size=12), st.integers(0, 99))
def test_P38_by_rank_no_enterprise_is_ever_chosen_for_more_than_it_can_be_given(
    rows: list[tuple[int, int]], room: int
) -> None:
    owners = [UUID(int=100 + at % 3) for at in range(len(rows))]
    candidates = [replace(each, business_id=owner) for each, owner in zip(ranked(rows), owners, strict=True)]
    known = {each: Room(frozenset((each,)), Money(room), Money(0)) for each in set(owners)}
    filled = filled_by_rank(
        candidates, free={Line.REVENUE: Money(9_999)}, left=left_beside(candidates, known, chosen={})
    )
    for owner in known:
        assert sum(each.sum.pence for each in filled.chosen if each.business_id == owner) <= room
    if filled.stopped:
        over = [each.sum.pence for each in (*filled.chosen, *filled.limited)]
        assert filled.limited
        assert sum(over) > room


@pytest.mark.parametrize(("draft", "free", "over"), [(0, 60, 0), (60, 0, 0), (61, 0, 1)])
def test_P27_a_penny_over_is_over_by_a_penny(draft: int, free: int, over: int) -> None:
    bar = Bar(Money(100), Money(30), Money(10), Money(draft))

    assert (bar.free.pence, bar.over.pence) == (free, over)
    assert sum(bar.widths) <= 1_000


CAPITAL, REVENUE = Line.CAPITAL, Line.REVENUE
asking = st.tuples(st.integers(1, 5), st.integers(0, 60), st.integers(0, 60)).filter(
    lambda row: row[1] + row[2]
)


@given(st.lists(asking, max_size=12), st.integers(0, 200), st.integers(0, 200))
def test_P27_by_rank_neither_capital_nor_revenue_is_ever_overspent_or_makes_up_for_the_other(
    rows: list[tuple[int, int, int]], capital: int, revenue: int
) -> None:
    candidates = [
        Candidate(UUID(int=at), str(at), str(at), rank, None, Money(some + other), asked_capital=Money(some))
        for at, (rank, some, other) in enumerate(sorted(rows), 1)
    ]
    filled = filled_by_rank(candidates, free={CAPITAL: Money(capital), REVENUE: Money(revenue)})
    spent = sum(each.capital.pence for each in filled.chosen)

    assert spent + filled.free[CAPITAL].pence == capital
    assert (
        sum((each.sum - each.capital).pence for each in filled.chosen) + filled.free[REVENUE].pence == revenue
    )
    assert min(filled.free.values()).pence >= 0
    chosen = {each.id for each in filled.chosen}
    assert all(not passed_over(each, candidates, chosen=chosen) for each in filled.chosen)


def test_P34_the_waiting_list_looks_at_capital_and_revenue_apart_and_a_part_takes_what_each_has() -> None:
    rows = (
        replace(WAITING[0], capital=Money.pounds(40_000)),
        replace(WAITING[1], capital=Money.pounds(10_000)),
    )
    free = {CAPITAL: Money.pounds(20_000), REVENUE: Money.pounds(20_000)}

    step = next_of(rows, free=free)
    assert (step.chosen, step.amount, step.capital) == (rows[1], THIRTY, Money.pounds(10_000))
    assert words_of(step) == "Business 1 was passed: asks for £40,000 of capital, and £20,000 is free."
    part = next_of(rows, free=free, partial=True)
    assert (part.chosen, part.amount, part.capital) == (rows[0], Money.pounds(25_000), Money.pounds(20_000))
    tight = next_of(rows, free=free, headroom=lambda _: Money.pounds(21_000), partial=True)
    assert (tight.amount, tight.capital) == (Money.pounds(21_000), Money.pounds(20_000))


def test_P27_a_penny_over_in_one_line_is_over_whatever_is_free_in_the_other() -> None:
    lines = parts_of(Money(101), Money(51), lines=(CAPITAL, REVENUE))
    bar = barred(
        {each: Bar(Money(50 if each is CAPITAL else 900), Money(0), Money(0), lines[each]) for each in lines}
    )

    assert (bar.draft.pence, bar.left.pence, bar.over.pence, bar.free.pence) == (101, 950, 1, 850)
    assert bar.over_in_words == "capital over by £0.01"
    assert bar.short_in_words == ("This draft needs £0.51 of capital. £0.50 is free, so it is over by £0.01.")
    assert said_parts(Money(101), Money(51), line=None) == "£1.01 (£0.51 capital, £0.50 revenue)"


def test_P31_the_picture_has_its_line_where_a_target_of_money_is_and_for_those_outside_where_the_group_may_end() -> (
    None
):
    outside = Aim(Dimension.AUTHORITY, "Birmingham", True, Measure.MONEY, 3_000)
    crafts = Aim(Dimension.SUB_SECTOR, "crafts", False, Measure.MONEY, 1_500)
    awards = Aim(Dimension.AUTHORITY, "Coventry", False, Measure.AWARDS, 2_000)

    aims = (outside, crafts, awards)
    assert marks_of(aims, Dimension.AUTHORITY) == {"Birmingham": (7_000, aims[0].words)}
    assert marks_of(aims, Dimension.SUB_SECTOR) == {"Crafts": (1_500, aims[1].words)}


def test_equal_money_has_equal_shares_rounded_half_up_and_an_application_counts_in_one_area() -> None:
    assert shares_of([52_385, 47_615], 100_000) == [5_239, 4_762]
    assert shares_of([260_000, 260_000, 645_000], 1_165_000) == [2_232, 2_232, 5_536]
    assert shares_of([20, 20], 21) == [9_524, 9_524]
    areas = [("BCLEP", "GBSLEP"), ("GBSLEP",), ()]
    known = ranked([(place, 100) for place in (1, 2, 3)])
    rows = [replace(each, groups={Dimension.AREA: area}) for each, area in zip(known, areas, strict=True)]
    parts = spread(Dimension.AREA, {each.id: THIRTY for each in rows}, candidates=rows)
    assert [(each.count, each.share) for each in parts] == [(1, 3_333)] * 3
    assert together_in_words([each.share for each in parts]) == (
        "Each share is rounded, so together they read 99.99%"
    )
    assert [together_in_words(each) for each in ([5_000, 5_000], [6_000, 6_000], [0], [])] == [""] * 4
    assert "Elsewhere, or not known" in [each.words for each in parts]
    assert shares_of([0], 0) == [0]


def test_the_share_of_a_target_and_that_of_the_other_side_add_up_and_one_just_missed_never_reads_as_reached() -> (
    None
):
    assert nearest_hundredth(Fraction(72, 102), least=3_000) + shares_of([30], 102)[0] == 10_000
    just_under, just_over = Fraction(2_999_999, 10_000_000), Fraction(7_000_001, 10_000_000)
    assert nearest_hundredth(just_under) == 3_000
    assert nearest_hundredth(just_under, least=3_000) == 2_999
    assert nearest_hundredth(just_over, most=7_000) == 7_001


def test_what_has_changed_of_a_proposal_is_said_from_what_to_what() -> None:
    then = Option("A1", Fraction(60), 100, facts={"stage": ("growth",)})
    now = Option("A1", Fraction(60), 100)
    said = changes_since([then], [now], names={"A1": "Made Ltd"})
    assert said == [f"Stage of Made Ltd is not known now, not “{group_in_words(Dimension.STAGE, 'growth')}”."]
    first, again = (Option("A1", Fraction(60), 100, facts={"first_time": (each,)}) for each in ("yes", "no"))
    said = changes_since([first], [again], names={"A1": "Made Ltd"})
    assert said == ["Made Ltd now counts as having applied before."]
