"""What a statement needs: figures and details, no contradiction, the form of the day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.angels.investors.rules.certifying import (
    CONTRADICTION,
    NONE_APPLIES,
    NOTHING_SAID,
    Certificate,
    Experience,
    NetWorth,
    Thresholds,
    fault_in_certificate,
    fault_in_experience,
    fault_in_net_worth,
    until,
)
from crm.angels.pitches.rules.pitching import Limits, headroom
from crm.kernel.money import Money

P = Money.pounds
LAW = Thresholds(P(100_000), P(10_000), P(250_000), P(100_000), P(1_000_000), 2, 6)
ON = date(2026, 11, 24)


def said(fault: object) -> str:
    return "" if fault is None else str(getattr(fault, "words", ""))


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        (NetWorth(has_income=True, income=P(100_000), none_applies=True), CONTRADICTION),
        (NetWorth(none_applies=True), NONE_APPLIES),
        (NetWorth(), NOTHING_SAID),
        (NetWorth(has_income=True), "State the amount"),
        (NetWorth(has_income=True, income=P(105_000)), "nearest £10,000"),
        (NetWorth(has_income=True, income=P(90_000)), "£100,000 or more"),
        (NetWorth(has_assets=True, assets=P(275_000)), "nearest £100,000"),
        (NetWorth(has_assets=True, assets=P(250_000)), "nearest £100,000"),
        (NetWorth(has_assets=True, assets=P(200_000)), "£250,000 or more"),
        (NetWorth(has_assets=True, assets=P(300_000)), ""),
        (NetWorth(has_income=True, income=P(100_000)), ""),
        (
            NetWorth(has_income=True, income=P(110_000), has_assets=True, assets=P(275_000)),
            "nearest £100,000",
        ),
    ],
)
def test_n07_n11_net_worth_is_stated_without_contradiction_and_rounded(stated: NetWorth, words: str) -> None:
    found = said(fault_in_net_worth(stated, LAW))
    assert (words in found) if words else found == ""


@given(pounds=st.integers(0, 3_000_000))
def test_n11_assets_are_accepted_in_steps_from_the_first_above_the_threshold(pounds: int) -> None:
    fault = fault_in_net_worth(NetWorth(has_assets=True, assets=P(pounds)), LAW)
    assert (fault is None) == (pounds % 100_000 == 0 and pounds >= 300_000)


@pytest.mark.parametrize(
    ("stated", "field"),
    [
        (Experience(has_worked=True), "organisation"),
        (Experience(has_directed=True), "company"),
        (Experience(has_directed=True, company="Made Ltd"), "company_number"),
        (Experience(has_invested=True), "investments"),
        (Experience(has_invested=True, investments=1), "investments"),
        (Experience(is_in_network=True), "network"),
        (Experience(has_worked=True, organisation="Made Capital", none_applies=True), "none_applies"),
        (Experience(none_applies=True), "none_applies"),
        (Experience(), "has_worked"),
        (Experience(has_invested=True, investments=2), None),
        (Experience(is_in_network=True, network="Another network"), None),
    ],
)
def test_n08_each_ground_names_what_the_law_wants_named(stated: Experience, field: str | None) -> None:
    fault = fault_in_experience(stated, LAW, member_since=None, on=ON)
    assert (fault.field if fault else None) == field


@pytest.mark.parametrize(
    ("since", "is_accepted"),
    [
        (None, False),
        (date(2026, 6, 24), False),
        (date(2026, 5, 24), False),
        (date(2026, 5, 23), True),
    ],
)
def test_n10_this_network_is_a_ground_after_more_than_six_months(
    since: date | None, is_accepted: bool
) -> None:
    stated = Experience(is_in_network=True, is_this_network=True)
    assert (fault_in_experience(stated, LAW, member_since=since, on=ON) is None) == is_accepted
    assert stated.rests_on_this_network


def test_n10_with_another_ground_it_does_not_rest_on_membership() -> None:
    stated = Experience(is_in_network=True, is_this_network=True, has_invested=True, investments=2)
    assert not stated.rests_on_this_network


@pytest.mark.parametrize(
    ("stated", "field"),
    [
        (Certificate("Made Firm", "", date(2026, 1, 1), frozenset({"equity"})), "frn"),
        (Certificate("Made Firm", "12345a", date(2026, 1, 1), frozenset({"equity"})), "frn"),
        (Certificate("Made Firm", "123456", date(2023, 11, 24), frozenset({"equity"})), "issued_on"),
        (Certificate("Made Firm", "123456", date(2026, 11, 25), frozenset({"equity"})), "issued_on"),
        (Certificate("Made Firm", "123456", date(2026, 1, 1), frozenset()), "kinds"),
        (Certificate("Made Firm", "123456", date(2023, 11, 25), frozenset({"equity"})), None),
    ],
)
def test_n14_a_certificate_names_its_signer_is_recent_and_says_for_what(
    stated: Certificate, field: str | None
) -> None:
    fault = fault_in_certificate(stated, on=ON)
    assert (fault.field if fault else None) == field


def test_n14_it_ends_with_the_certificate_if_that_comes_first() -> None:
    assert until(ON, issued_on=date(2024, 3, 1)) == date(2027, 3, 1)
    assert until(ON, issued_on=date(2026, 3, 1)) == date(2027, 11, 24)


def test_n09_what_was_signed_on_the_dead_form_ended_on_the_30th_of_january_2025() -> None:
    assert until(date(2024, 3, 20), counts_until=date(2025, 1, 30)) == date(2025, 1, 31)


LIMITS = Limits(
    seis_company=P(250_000), eis_year=P(10_000_000), eis_lifetime=P(24_000_000), eis_assets=P(30_000_000)
)


def test_n32_only_what_is_left_could_fall_under_seis() -> None:
    room = headroom(P(100_000), LIMITS, seis_raised=P(180_000), eis_raised=P(0), eis_year=P(0))
    assert room.seis == P(70_000)
    assert room.eis == P(30_000)


SUMS = st.integers(0, 30_000_000).map(P)


@given(amount=SUMS, seis=SUMS, eis=SUMS, year=SUMS)
def test_headroom_is_never_below_nothing_nor_more_than_is_raised(
    amount: Money, seis: Money, eis: Money, year: Money
) -> None:
    room = headroom(amount, LIMITS, seis_raised=seis, eis_raised=eis, eis_year=year)
    assert Money(0) <= room.seis
    assert Money(0) <= room.eis
    assert room.seis + room.eis <= amount
