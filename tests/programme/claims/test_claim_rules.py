"""The rules of claims, without a database: caps to the penny, match funding in whole pence, and years of a forecast."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.money import NO_MONEY, Money
from crm.programme.awards.rules.offering import least_own, own_share
from crm.programme.awards.rules.terms import TERMS_VERSION, terms_of
from crm.programme.claims.queries.standing import standing_of
from crm.programme.claims.rules.claiming import (
    Cost,
    Terms,
    share_in_words,
    why_not_claimed,
)
from crm.programme.claims.rules.forecasting import Due, forecast, year_of
from crm.programme.claims.workflow import ClaimStatus

DAY, START, END = date(2026, 11, 24), date(2026, 6, 1), date(2027, 5, 31)
pence = st.integers(0, 10**13)
shares = st.integers(1, 9_999)


def terms(left: int = 5_000_00, instalment: int = 5_000_00, share: int = 4_000) -> Terms:
    return Terms(START, END, Money(left), Money(instalment), share)


def cost(claimed: int, own: int = 10**9, paid_on: date = DAY, proofs: int = 1) -> Cost:
    return Cost(paid_on, Money(claimed), Money(own), proofs)


@given(pence, shares)
def test_p43_the_least_match_keeps_the_promised_ratio_and_a_penny_less_does_not(
    claimed: int, share: int
) -> None:
    least = least_own(Money(claimed), share).pence

    assert least * 10_000 >= share * (least + claimed)
    assert least == 0 or (least - 1) * 10_000 < share * (least - 1 + claimed)


@given(
    st.lists(st.integers(1, 10**9), min_size=1, max_size=8), st.integers(0, 10**10), st.integers(0, 10**10)
)
def test_p43_a_claim_passes_exactly_up_to_what_remains(claims: list[int], left: int, instalment: int) -> None:
    wanted = why_not_claimed(
        [cost(each, own=10**12) for each in claims], terms(left, instalment), is_met=True, on=DAY
    )

    assert (wanted is None) == (sum(claims) <= min(left, instalment))


@pytest.mark.parametrize(
    ("costs", "is_met", "says"),
    [
        ([], True, "Add at least one cost"),
        ([cost(0)], True, "Add at least one cost"),
        ([cost(100), cost(0)], True, "more than £0"),
        ([cost(100)], False, "Hand in evidence"),
        ([cost(100, proofs=0)], True, "Attach an invoice"),
        ([cost(100, paid_on=date(2026, 5, 31))], True, "1 June 2026 or later"),
        ([cost(100, paid_on=date(2027, 6, 1))], True, "31 May 2027 or earlier"),
        ([cost(100, paid_on=date(2026, 11, 25))], True, "today or earlier"),
        ([cost(5_000_01)], True, r"£5,000\.00 at most"),
        ([cost(60_00, own=39_99)], True, r"promised 40%, which is £40\.00"),
    ],
    ids=[
        "none",
        "zero",
        "one-zero",
        "unmet",
        "no-proof",
        "before",
        "after",
        "tomorrow",
        "penny-over",
        "match",
    ],
)
def test_p43_what_is_refused_is_refused_in_words(costs: list[Cost], is_met: bool, says: str) -> None:
    reason = why_not_claimed(costs, terms(), is_met=is_met, on=DAY)

    assert reason is not None
    with pytest.raises(AssertionError, match=says):
        raise AssertionError(reason)


def test_p43_a_claim_of_everything_at_exactly_the_promised_ratio_passes() -> None:
    assert why_not_claimed([cost(5_000_00, own=3_333_34)], terms(), is_met=True, on=DAY) is None
    assert share_in_words(3_333) == "33.33%"


@given(
    st.lists(
        st.tuples(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(0, 10**9), st.integers(0, 10**9)),
        max_size=10,
    ),
    st.dates(date(2020, 1, 1), date(2035, 1, 1)),
)
def test_a_forecast_adds_up_to_the_award(rows: list[tuple[date, int, int]], on: date) -> None:
    dues = [Due(day, Money(max(sum_, part)), ((day, Money(part)),)) for day, sum_, part in rows]

    assert sum(forecast(dues, on=on).values(), start=NO_MONEY) == sum(
        (d.amount for d in dues), start=NO_MONEY
    )


def test_a_financial_year_turns_on_1_april_and_what_is_overdue_counts_now() -> None:
    assert [year_of(date(2027, 3, 31)), year_of(date(2027, 4, 1))] == [2026, 2027]
    dues = [Due(date(2026, 2, 1), Money(500)), Due(date(2027, 4, 1), Money(700), ((DAY, Money(200)),))]

    assert forecast(dues, on=DAY) == {2026: Money(700), 2027: Money(500)}


WAITING = (
    ClaimStatus.DRAFT,
    ClaimStatus.SUBMITTED,
    ClaimStatus.RETURNED,
    ClaimStatus.REJECTED,
    ClaimStatus.DISCARDED,
)
claims_made = st.lists(
    st.tuples(st.sampled_from([*WAITING, ClaimStatus.APPROVED, ClaimStatus.PAID]), pence, pence)
)


@given(claims_made, pence, st.booleans())
def test_p44_the_sums_of_a_grant_that_are_in_sight_add_up_to_it_to_the_penny(
    rows: list[tuple[ClaimStatus, int, int]], left: int, runs: bool
) -> None:
    made, taken = [], left
    for status, asked, approved in rows:
        decided = status in (ClaimStatus.APPROVED, ClaimStatus.PAID)
        taken += approved if decided else asked if status is ClaimStatus.SUBMITTED else 0
        about = {"status": status, "amount": Money(asked), "approved": Money(approved) if decided else None}
        made.append(SimpleNamespace(**about, paid_at=DAY if status is ClaimStatus.PAID else None))
    parts = standing_of(SimpleNamespace(amount=Money(taken)), made).parts(runs)  # type: ignore[arg-type]

    assert sum((each for _, each, _ in parts), start=NO_MONEY) == Money(taken)
    assert parts[-1] == ("Still to claim" if runs else "Not claimed", Money(left), "")


@pytest.mark.parametrize(
    ("amount", "share", "words"),
    [
        (30_000, 5_000, "50%, which is £30,000.00 of a project of £60,000.00"),
        (30_000, 2_500, "25%, which is £10,000.00 of a project of £40,000.00"),
        (100, 3_333, "33.33%, which is £50.00 of a project of £150.00"),
        (130_000, 0, "None: the grant can pay all of it"),
    ],
)
def test_p43_an_offer_says_the_own_share_in_pounds_and_a_share_of_nothing_as_none(
    amount: int, share: int, words: str
) -> None:
    award = SimpleNamespace(amount=Money.pounds(amount), match_share=share)
    assert own_share(award) == words
    asked = [each for each in terms_of(TERMS_VERSION) if "share" in each]
    assert asked == ["Where this letter names a share of your own, pay it from other money."]
    assert "Pay your own share of the project from other money, as this letter says." in terms_of("1")
