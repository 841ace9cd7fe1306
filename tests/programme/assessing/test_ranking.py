"""Who is given what to assess, and in which order applications stand."""

from __future__ import annotations

from fractions import Fraction
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from crm.programme.assessing.rules.ranking import Ranked, Standing, fails, ranked
from crm.programme.assessing.rules.scoring import Tally, total_of
from crm.programme.assessing.rules.spreading import Free, Spread, Wanting, spread
from crm.programme.rounds.rules.weights import WHOLE, Weighed
from crm.programme.rounds.workflow import TieRule

A, B = Weighed("a", 6000, ("a",), 5), Weighed("b", 4000, ("b",), 5)


def uid(number: int) -> UUID:
    return UUID(int=number)


def standing(number: int, a: int | None, b: int | None, *, handed_in: int = 2) -> Standing:
    scores = {(name, name): Tally.of([value]) for name, value in (("a", a), ("b", b)) if value is not None}
    return Standing(uid(number), total_of((A, B), scores), handed_in, 2)


def order(rows: list[Ranked]) -> list[tuple[int, int | None]]:
    return [(each.standing.id.int, each.rank) for each in rows]


def test_p16_what_is_incomplete_stands_in_its_own_group_without_a_per_cent() -> None:
    rows = ranked(
        [standing(1, 5, None), standing(2, 1, 1), standing(3, 5, 5, handed_in=1), standing(4, 4, 4)],
        (A, B),
        rule=TieRule.WEIGHTIEST,
    )
    assert order(rows) == [(4, 1), (2, 2), (1, None), (3, None)]
    assert [each.standing.in_words for each in rows] == [
        "80.00%",
        "20.00%",
        "incomplete (1 of 2)",
        "incomplete (1 of 2 in)",
    ]


def test_p32_ties_go_by_the_weightiest_criterion_and_what_still_ties_shares_a_rank() -> None:
    tied = [standing(3, 2, 3), standing(1, 4, 0), standing(2, 4, 0)]
    assert {each.total.percent for each in tied} == {Fraction(48)}
    rows = ranked(tied, (A, B), rule=TieRule.WEIGHTIEST)
    assert order(rows) == [(1, 1), (2, 1), (3, 3)]
    assert [each.is_tied for each in rows] == [True, True, False]
    assert {each.rank for each in ranked(tied, (A, B), rule=TieRule.PANEL)} == {1}


def test_p33_what_is_below_the_least_total_or_a_must_is_said() -> None:
    total = total_of((A, B), {("a", "a"): Tally.of([5]), ("b", "b"): Tally.of([1])})
    assert total.percent == 68
    told = fails(total, (A, B), threshold=6_000, least={"b": 200}, titles={"a": "One", "b": "Other"})
    assert told == ("Below 2 of 5 on Other",)
    assert fails(total, (A, B), threshold=6_801, least={"b": 100}, titles={}) == (
        "Below the lowest total of 68.01%",
    )
    missing = total_of((A, B), {("a", "a"): Tally.of([5])})
    assert fails(missing, (A, B), threshold=WHOLE, least={}, titles={}) == ()


def everybody(people: int, *, most: int = 1_000) -> list[Free]:
    return [Free(uid(100 + each), most=most) for each in range(people)]


def test_whoever_knows_the_field_goes_first_where_loads_are_equal() -> None:
    people = [Free(uid(1)), Free(uid(2), frozenset({"crafts"})), Free(uid(3))]
    told = spread([Wanting(uid(9), uid(8), 1, frozenset({"crafts"}))], people, conflicts=())
    assert told.given == ((uid(9), uid(2)),)


def test_p22_nobody_is_given_what_they_have_an_interest_in() -> None:
    people = everybody(2)
    told = spread([Wanting(uid(9), uid(8), 2)], people, conflicts={(people[0].id, uid(8))})
    assert told == Spread(((uid(9), people[1].id),), {uid(9): 1})


@given(
    st.integers(1, 30),
    st.integers(1, 8),
    st.integers(1, 3),
    st.integers(1, 12),
    st.sets(st.tuples(st.integers(0, 7), st.integers(0, 29)), max_size=40),
)
def test_a_spread_keeps_every_rule_and_is_even(
    count: int, people: int, wants: int, most: int, forbidden: set[tuple[int, int]]
) -> None:
    free = everybody(people, most=most)
    wanting = [Wanting(uid(1_000 + each), uid(2_000 + each), wants) for each in range(count)]
    conflicts = {(uid(100 + who), uid(2_000 + what)) for who, what in forbidden}
    told = spread(wanting, free, conflicts=conflicts)
    business = {each.id: each.business_id for each in wanting}
    assert len(set(told.given)) == len(told.given)
    assert not {(who, business[what]) for what, who in told.given} & conflicts
    loads = [sum(1 for _, who in told.given if who == each.id) for each in free]
    assert max(loads) <= most
    had = {each.id: sum(1 for what, _ in told.given if what == each.id) for each in wanting}
    assert all(had[each.id] + told.missing.get(each.id, 0) == wants for each in wanting)
    assert told == spread(list(reversed(wanting)), list(reversed(free)), conflicts=conflicts)
    if not forbidden and wants <= people:
        assert max(loads) - min(loads) <= 1
