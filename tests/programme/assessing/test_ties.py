"""Why one application stands ahead of another whose total looks the same."""

from __future__ import annotations

import random
from fractions import Fraction
from uuid import uuid4

import pytest

from crm.programme.assessing.rules.ranking import Ranked, Standing, ranked
from crm.programme.assessing.rules.scoring import Total
from crm.programme.rounds.rules.weights import Weighed
from crm.programme.rounds.workflow import TieRule
from tests import rounds
from tests.cast import OTHER_BUSINESS, Cast
from tests.client import ConformingClient
from tests.programme.judging import handed_in, judged

CRITERIA = (Weighed("a", 6_000, ("a",), 5), Weighed("b", 4_000, ("b",), 5))


def placed(*totals: Fraction, rule: TieRule = TieRule.PANEL) -> list[Ranked]:
    standings = [
        Standing(uuid4(), Total(each, 2, 2, {"a": each * at / 3, "b": each * (3 - at) / 3}), 2, 2)
        for at, each in enumerate(totals, 1)
    ]
    return ranked(standings, CRITERIA, rule=rule, titles={"a": "Value", "b": "Idea"})


def test_equal_to_two_places_and_no_tie_is_explained_by_the_exact_fraction() -> None:
    first, second, third = placed(Fraction(1058, 15), Fraction(2821, 40), Fraction(60))
    assert (first.rank, second.rank, third.rank) == (1, 2, 3)
    assert "1058/15" in first.why
    assert "2821/40" in second.why
    assert third.why == ""


def test_equal_totals_that_a_criterion_decides_say_so() -> None:
    first, second = placed(Fraction(60), Fraction(60), rule=TieRule.WEIGHTIEST)
    assert first.rank != second.rank
    assert first.why == "The totals are equal. “Value” decides: 40.00% here, 20.00% in the next."
    assert second.why == "The totals are equal. “Value” decides: 20.00% here, 40.00% in the one before."


def test_a_tie_is_a_tie() -> None:
    first, second = placed(Fraction(60), Fraction(60))
    assert (first.rank, second.rank, first.is_tied, first.why) == (1, 1, True, "")


@pytest.mark.parametrize("seed", range(20))
def test_equal_totals_are_in_the_order_of_their_exact_shares_by_weight(seed: int) -> None:
    by_chance = random.Random(seed)
    shares = [Fraction(by_chance.randint(0, 6), by_chance.choice((1, 2, 3, 7))) for _ in range(30)]
    standings = [
        Standing(uuid4(), Total(Fraction(60), 2, 2, {"a": each, "b": 60 - each}), 2, 2) for each in shares
    ]
    rows = ranked(standings, CRITERIA, rule=TieRule.WEIGHTIEST, titles={"a": "Value", "b": "Idea"})
    assert [each.standing.total.by_criterion["a"] for each in rows] == sorted(shares, reverse=True)
    assert [each.rank for each in rows] == [
        1 + sum(one > each for one in shares) for each in sorted(shares)[::-1]
    ]
    assert [each.is_tied for each in rows] == [shares.count(each) > 1 for each in sorted(shares)[::-1]]


def test_the_ranking_page_says_on_demand_why_one_is_ahead(cast: Cast, client: ConformingClient) -> None:
    """Ten assessors and three of one round: 2/3 of a point differ in the third place only."""
    found = judged(assessors=2)
    only = found.criteria[0]
    only.highest, only.weight = 100, 9_999
    rounds.criterion(found, weight=1, parts=("Other",), highest=100)
    one, other = handed_in(rounds.whole(found)), handed_in(rounds.whole(found), OTHER_BUSINESS)
    first = rounds.scored(one, 50, 50)
    rounds.scored(rounds.whole_application(other), 50, 50)
    changed = rounds.whole_assessment(first[0])
    next(each for each in changed.scores if each.part == "Other").value = 60
    rounds.whole_assessment(changed)
    page = client.sign_in(cast.programme_manager).get(f"/programme/rounds/{found.id}/ranking").text
    assert "Why this rank" in page
    assert "The exact total is" in page
