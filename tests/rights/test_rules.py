"""The rules of the register: shares, gaps in title, days and reminders. No database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.errors import BadInput
from crm.rights.rules.gaps import Holding, Licensed, Made, gaps_in
from crm.rights.rules.labels import Days, fault_in_days, fault_in_secret
from crm.rights.rules.registering import UK_OFFICE, where_to_renew
from crm.rights.rules.reminding import PASSED, is_to_be_told, stage_on
from crm.rights.rules.shares import in_lines, read_shares

STAGES = (90, 30, 7)
NO_RIGHT = Holding("copyright", "unregistered", (), None)
JAN = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Asha 60\nBen 60", "These shares add up to 120%"),
        ("Asha 120%", "These shares add up to 120%"),
        ("Asha 50\nasha 50", "only once"),
        ("Asha 0%", "more than 0%"),
        ("Asha 33.333%", "two decimal places"),
        ("Asha", "We cannot read: Asha"),
        ("Asha -5%", "We cannot read: Asha -5%"),
        ("Asha 999999", "999999%"),
    ],
)
def test_a_right_owned_120_per_cent_and_other_bad_shares_are_refused_in_words(typed: str, said: str) -> None:
    if typed == "Asha -5%":
        assert read_shares("Asha-Mae 5%") == (("Asha-Mae", 500),)
        assert read_shares("Asha 33,3%\nStudio 54 66.7%") == (("Asha", 3_330), ("Studio 54", 6_670))
    with pytest.raises(BadInput, match=said):
        read_shares(typed)


@given(st.lists(st.integers(1, 1_250), min_size=1, max_size=8))
def test_shares_are_read_as_they_are_written(shares: list[int]) -> None:
    given_shares = tuple((f"Owner {chr(65 + at)}", share) for at, share in enumerate(shares))

    assert read_shares(in_lines(given_shares)) == given_shares


def _episodes(missing: int, *, craft: str = "composer", of: int = 5) -> list[Made]:
    return [
        Made(f"Episode {n}", craft, "Cem", is_employee=False, has_paper=n > missing) for n in range(1, of + 1)
    ]


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (_episodes(2), ["2 of 5 episodes have no assignment from the composer: Episode 1 and Episode 2"]),
        (_episodes(1), ["1 of 5 episodes has no assignment from the composer: Episode 1"]),
        (_episodes(0), []),
        (
            [*_episodes(2), *_episodes(3, craft="Writer")],
            [
                "2 of 5 episodes have no assignment from the composer: Episode 1 and Episode 2",
                "3 of 5 episodes have no assignment from the writer: Episode 1, Episode 2 and Episode 3",
            ],
        ),
        (
            [Made("Score", "composer", "Cem", False, False)],
            ["Score has no assignment from the composer, Cem"],
        ),
        ([Made("Scripts", "writer", "Ada", True, False)], []),
        (
            [Made("Score", "composer", "Cem", False, False), Made("Song 2", "composer", "Ay", False, False)],
            ["2 of 2 parts have no assignment from the composer"],
        ),
    ],
)
def test_gaps_in_the_chain_of_title_are_said_plainly(parts: list[Made], said: list[str]) -> None:
    assert list(gaps_in(NO_RIGHT, parts=parts, licences=())) == said


def test_what_else_is_missing_is_said() -> None:
    found = Holding("trade_mark", "registered", (("Asha", 6_000),), None)
    said = gaps_in(found, parts=(), licences=())

    assert said == (
        "The owner of the other 40% is not recorded",
        "It is registered, but no renewal date is recorded",
    )


@pytest.mark.parametrize(
    ("other", "collides"),
    [
        (Licensed("B", "united kingdom", True, False, JAN, None), True),
        (Licensed("B", "Worldwide", True, False, JAN, None), True),
        (Licensed("B", "France", True, False, JAN, None), False),
        (Licensed("B", "United Kingdom", False, False, JAN, None), False),
        (Licensed("B", "United Kingdom", True, True, date(2027, 1, 2), None), False),
        (Licensed("B", "United Kingdom", True, True, date(2027, 1, 1), None), True),
    ],
)
def test_two_licences_collide_where_one_is_exclusive_for_the_same_place_and_time(
    other: Licensed, collides: bool
) -> None:
    first = Licensed("A", "United Kingdom", True, True, JAN, date(2027, 1, 1))

    assert bool(gaps_in(NO_RIGHT, parts=(), licences=(first, other))) is collides


ONE, OTHER = "United Kingdom, 1 January 2026 to 1 January 2027", "Worldwide, from 1 March 2026"
DISPUTE = f"Lantern Toys ({ONE}, exclusive) and Northwind ({OTHER}, "
TWICE = f"Two licences to Lantern Toys overlap: {ONE}, exclusive; and {OTHER}, not exclusive. "


@pytest.mark.parametrize(
    ("party", "is_exclusive", "said"),
    [
        ("Northwind", False, f"Two licences overlap, and one is exclusive: {DISPUTE}not exclusive)"),
        ("Northwind", True, f"Two licences overlap, and both are exclusive: {DISPUTE}exclusive)"),
        ("LANTERN TOYS Ltd", False, f"{TWICE}Remove one if they are the same licence, or correct their days"),
    ],
)
def test_which_two_licences_overlap_is_said_and_two_to_one_party_are_told_as_that_k32(
    party: str, is_exclusive: bool, said: str
) -> None:
    first = Licensed("Lantern Toys", "United Kingdom", True, True, date(2026, 1, 1), date(2027, 1, 1))
    other = Licensed(party, "Worldwide", True, is_exclusive, date(2026, 3, 1), None)

    assert gaps_in(NO_RIGHT, parts=(), licences=(first, other)) == (said,)


def test_renewal_and_registration_come_after_filing() -> None:
    assert fault_in_days(Days(JAN, JAN, date(2036, 1, 1)), status="registered", on=JAN) is None
    assert fault_in_days(Days(JAN, None, JAN), status="registered", on=JAN) == (
        "renews_on",
        "The renewal date must be after the day it was filed",
    )
    assert (fault_in_days(Days(JAN, JAN - timedelta(days=1), None), status="registered", on=JAN) or ("",))[
        0
    ] == "registered_on"
    assert (fault_in_days(Days(None, JAN, JAN), status="registered", on=JAN) or ("",))[0] == "renews_on"
    assert (fault_in_days(Days(JAN, None, None), status="applied_for", on=JAN - timedelta(days=1)) or ("",))[
        0
    ] == "filed_on"


def test_k24_a_trade_secret_is_named_and_never_described() -> None:
    assert fault_in_secret("trade_secret", title="Process A", further="") is None
    assert fault_in_secret("trade_secret", title="x" * 61, further="") is not None
    assert fault_in_secret("trade_secret", title="Process A", further="heat to 90 degrees") is not None
    assert fault_in_secret("know_how", title="x" * 200, further="9") is None


@given(
    st.sets(st.integers(0, 120)), st.sampled_from([date(2028, 2, 29), date(2027, 3, 28), date(2026, 12, 31)])
)
def test_each_reminder_is_sent_once_and_missed_days_are_caught_up(
    days_before: set[int], renews_on: date
) -> None:
    """The job runs on some days only: each stage is told at most once, and the newest that was reached always is."""
    told: tuple[date | None, int | None] = (None, None)
    sent: list[int] = []
    for left in sorted(days_before, reverse=True):
        stage = stage_on(renews_on, on=renews_on - timedelta(days=left), stages=STAGES)
        for _ in range(2):
            if is_to_be_told(stage, told=told, renews_on=renews_on):
                assert stage is not None
                told = (renews_on, stage)
                sent.append(stage)
        reached = [each for each in STAGES if left <= each]
        assert (sent[-1:] == [min(reached)]) if reached else not sent

    assert len(sent) == len(set(sent))
    after = stage_on(renews_on, on=renews_on + timedelta(days=40), stages=STAGES)
    assert after == PASSED
    assert is_to_be_told(after, told=told, renews_on=renews_on)
    assert not is_to_be_told(after, told=(renews_on, PASSED), renews_on=renews_on)
    assert is_to_be_told(90, told=(renews_on, PASSED), renews_on=renews_on + timedelta(days=365))


@pytest.mark.parametrize(
    ("kind", "number", "territory", "where"),
    [
        ("trade_mark", "UK00003123456", "United Kingdom", UK_OFFICE),
        ("trade_mark", "UK00003123456", "UK and Japan", UK_OFFICE),
        ("trade_mark", "3123456", "Japan", "the office that registered it"),
        ("trade_mark", "018123456 (EU)", "European Union", "the office that registered it"),
        ("design", "6123456", "Japan", "the office that registered it"),
        ("patent", "GB2500000", "Great Britain", UK_OFFICE),
        ("patent", "EP1234567", "United Kingdom", "the office that registered it"),
        ("domain", "lanternotter.co.uk", "Worldwide", "the company that you registered it with"),
    ],
)
def test_a_renewal_names_with_whom_it_is_renewed_k31(
    kind: str, number: str, territory: str, where: str
) -> None:
    assert where_to_renew(kind, number, territory=territory) == where
