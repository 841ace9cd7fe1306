"""What scores come to."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.programme.assessing.rules.scoring import Key, Tally, to_moderate, total_of
from crm.programme.rounds.rules.weights import WHOLE, Weighed, percent_in_words, shown, weight_fault

SEVEN = tuple(f"a{number}" for number in range(7))
P15 = (
    Weighed("A", 4000, SEVEN, 5),
    Weighed("B", 3500, ("b",), 5),
    Weighed("C", 1500, ("c",), 5),
    Weighed("D", 1000, ("d",), 5),
)


def tallied(**given: list[int]) -> dict[Key, Tally]:
    """Scores of criteria of one part, called like it."""
    return {(part, part): Tally.of(scores) for part, scores in given.items()}


def scored(**given: int) -> dict[Key, Tally]:
    return {
        (each.code, part): Tally.of([given.get(part, given.get("rest", 0))])
        for each in P15
        for part in each.parts
    }


def test_p15_all_at_their_highest_make_exactly_a_hundred_and_d_alone_ten() -> None:
    assert total_of(P15, scored(rest=5)).percent == 100
    assert total_of(P15, scored(d=5)).percent == 10
    assert total_of(P15, scored(d=5)).in_words == "10.00%"


@pytest.mark.parametrize(
    ("weights", "fault"),
    [
        ([4000, 3500, 1500, 1000], None),
        ([4000, 3500, 1500, 999], "The weights add up to 99.99%: 0.01% missing"),
        ([4000, 3500, 1500, 1001], "The weights add up to 100.01%: 0.01% over"),
        ([], "Add at least one criterion"),
    ],
)
def test_p15_weights_are_published_only_as_a_whole(weights: list[int], fault: str | None) -> None:
    assert weight_fault(weights) == fault


def test_p16_missing_is_not_zero() -> None:
    three = (Weighed("x", 5000, ("x",), 5), Weighed("y", 3000, ("y",), 5), Weighed("z", 2000, ("z",), 5))
    total = total_of(three, tallied(x=[5], y=[0]))
    assert total.percent is None
    assert total.in_words == "incomplete (2 of 3)"
    assert total.by_criterion == {"x": Fraction(50), "y": Fraction(0), "z": None}


def test_p21_the_mean_is_over_those_who_handed_in() -> None:
    one = (Weighed("x", WHOLE, ("x",), 5),)
    assert total_of(one, tallied(x=[4])).percent == 80
    assert total_of(one, tallied(x=[4, 1])).percent == 50


def test_p24_scores_far_apart_are_moderated_and_the_moderated_stands_for_their_mean() -> None:
    scores = tallied(x=[5, 2], y=[4, 2])
    assert to_moderate(scores, threshold=2, settled=()) == [("x", "x")]
    assert to_moderate(scores, threshold=2, settled=[("x", "x")]) == []
    one = (Weighed("x", WHOLE, ("x",), 5),)
    assert total_of(one, tallied(x=[5, 2]), moderated={("x", "x"): 4}).percent == 80


@st.composite
def _criteria(draw: st.DrawFn) -> tuple[Weighed, ...]:
    cuts = sorted(draw(st.sets(st.integers(1, WHOLE - 1), max_size=7)))
    weights = [after - before for before, after in zip([0, *cuts], [*cuts, WHOLE], strict=True)]
    return tuple(
        Weighed(
            str(number),
            weight,
            tuple(f"{number}.{part}" for part in range(draw(st.integers(1, 5)))),
            draw(st.integers(1, 10)),
        )
        for number, weight in enumerate(weights)
    )


@given(_criteria(), st.data())
def test_the_total_of_any_round_lies_between_nought_and_a_hundred_and_reaches_both(
    criteria: tuple[Weighed, ...], data: st.DataObject
) -> None:
    def all_at(share: str) -> dict[Key, Tally]:
        return {
            (each.code, part): Tally.of(
                [
                    {"least": 0, "most": each.highest}.get(share, data.draw(st.integers(0, each.highest)))
                    for _ in range(3)
                ]
            )
            for each in criteria
            for part in each.parts
        }

    assert total_of(criteria, all_at("least")).percent == 0
    assert total_of(criteria, all_at("most")).percent == 100
    between = total_of(criteria, all_at("any")).percent
    assert between is not None
    assert 0 <= between <= 100
    assert sum((each.worth_of_point * each.highest * len(each.parts) for each in criteria), Fraction()) == 100


@given(_criteria(), st.data())
def test_one_more_point_is_worth_what_the_page_says(
    criteria: tuple[Weighed, ...], data: st.DataObject
) -> None:
    scores = {(each.code, part): Tally.of([0]) for each in criteria for part in each.parts}
    chosen = data.draw(st.sampled_from(criteria))
    after = total_of(criteria, scores | {(chosen.code, chosen.parts[0]): Tally.of([1])}).percent
    assert after == chosen.worth_of_point


def test_a_total_is_rounded_once_and_half_up() -> None:
    assert shown(Fraction(100, 3)) == Decimal("33.33")
    assert shown(Fraction(12345, 1000)) == Decimal("12.35")
    assert percent_in_words(3350) == "33.5"
    assert percent_in_words(4000) == "40"
