"""The rules of cohorts, without a database."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.money import Money
from crm.programme.cohort.rules.balancing import shares_of
from crm.programme.cohort.rules.cascading import Reserve, next_of, words_of
from crm.programme.cohort.rules.choosing import Candidate, filled_by_rank, needing_a_reason, passed_over
from crm.programme.cohort.rules.money import Bar


def reserve(place: int, pounds: int) -> Reserve:
    key = UUID(int=place)
    return Reserve(key, key, f"Business {place}", place, Money.pounds(pounds))


WAITING = (reserve(1, 45_000), reserve(2, 30_000), reserve(3, 28_000))
FREE = Money.pounds(30_000)


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


def test_P34_where_the_cohort_allows_it_the_first_gets_a_part() -> None:
    step = next_of(WAITING, free=FREE, headroom=headroom, partial=True)

    assert (step.chosen, step.amount, step.is_partial) == (WAITING[0], FREE, True)
    assert next_of(WAITING, free=Money(0), partial=True).chosen is None


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
    filled = filled_by_rank(candidates, free=Money(free))
    chosen = {each.id for each in filled.chosen}

    assert sum(each.sum.pence for each in filled.chosen) + filled.free.pence == free
    assert filled.free.pence >= 0
    assert all(not passed_over(each, candidates, chosen=chosen) for each in filled.chosen)
    some = {each.id for each in candidates[::3]}
    slowly = {each.id for each in candidates if passed_over(each, candidates, chosen=some)}
    assert needing_a_reason(candidates, chosen=some) == slowly


@pytest.mark.parametrize(("draft", "free", "over"), [(0, 60, 0), (60, 0, 0), (61, 0, 1)])
def test_P27_a_penny_over_is_over_by_a_penny(draft: int, free: int, over: int) -> None:
    bar = Bar(Money(100), Money(30), Money(10), Money(draft))

    assert (bar.free.pence, bar.over.pence) == (free, over)
    assert sum(bar.widths) <= 1_000


def test_shares_of_a_whole_make_100_per_cent_and_others_are_rounded_half_up() -> None:
    assert shares_of([52_385, 47_615], 100_000) == [5_239, 4_761]
    assert sum(shares_of([1, 1, 1], 3)) == 10_000
    assert shares_of([20, 20], 21) == [9_524, 9_524]
    assert shares_of([0], 0) == [0]
