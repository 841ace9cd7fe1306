"""Coverage counted without a database: shares, sizes, what unknown facts do, and which places are emptiest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.coverage.rules import drawing
from crm.coverage.rules.bands import MODELS, Band
from crm.coverage.rules.counting import WHOLE, Level, Part, counted, levels, parts_of
from crm.coverage.rules.explaining import explain
from crm.coverage.rules.gaps import MOST_OF_A_DISTRICT, Gap, emptiest, gaps_of, totals_of
from crm.directory.rules.labels import NEEDS
from crm.directory.workflow import ServiceStatus
from crm.kernel.eligibility import Terms, rules_out
from crm.kernel.money import Money
from crm.places.queries import districts

ON, NO_TERMS = date(2026, 11, 24), Terms()
PARTS = parts_of(districts())
OF = {
    outcode: [each for each in PARTS if each.outcode == outcode]
    for outcode in {each.outcode for each in PARTS}
}
STRADDLES = next(outcode for outcode, parts in sorted(OF.items()) if len(parts) == 2)


@dataclass(frozen=True)
class Made:
    """A service for tests."""

    terms: Terms = NO_TERMS
    needs: tuple[str, ...] = ("grant",)
    status: Any = ServiceStatus.OPEN
    opens_on: date | None = None
    closes_on: date | None = None

    def is_available(self, *, on: date) -> bool:
        return self.status is ServiceStatus.OPEN


def level(outcode: str, band: Band, *offers: Made, need: str = "grant") -> Level:
    counts = counted(offers, PARTS, on=ON)
    at = list(Band).index(band)
    here = {(each.outcode, each.authority): counts[each.outcode, each.authority, need][at] for each in PARTS}
    return levels(PARTS, here)[outcode]


def test_the_shares_of_every_district_are_a_whole_and_what_lies_outside_is_left_out() -> None:
    assert len(OF) == 158
    assert {sum(each.share for each in parts) for parts in OF.values()} == {WHOLE}
    assert all(each.share >= 0 and each.place.leps for each in PARTS)


def test_a57_five_million_counts_for_the_size_that_has_it_and_for_no_smaller_one() -> None:
    adviser = Made(Terms(min_turnover=Money.pounds(5_000_000)))

    found = {band: level("B1", band, adviser).services for band in Band}

    assert found == {Band.ALONE: 0, Band.MICRO: 0, Band.SMALL: 0, Band.MEDIUM: 100}


def test_a57_exactly_at_the_limit_is_within_it_and_unknown_rules_nothing_out() -> None:
    turnover = MODELS[Band.MEDIUM].turnover
    assert turnover is not None
    at, over = Terms(min_turnover=turnover), Terms(min_turnover=Money(turnover.pence + 1))

    assert (rules_out(at, MODELS[Band.MEDIUM]), rules_out(over, MODELS[Band.MEDIUM])) == (False, True)
    unknown = Terms(stages=("idea",), dcms_groups=("crafts",), min_trading_months=600, legal_forms=("cic",))
    assert level("B1", Band.MICRO, Made(unknown)).services == 100


def test_a_straddling_district_counts_a_service_by_the_share_that_it_reaches() -> None:
    first, second = OF[STRADDLES]
    found = level(STRADDLES, Band.MICRO, Made(Terms(lad_names=(first.authority,))))

    assert found.services == (first.share + 50) // 100
    assert found.unreached == second.share
    assert found.is_empty is (second.share > WHOLE // 2)


def test_two_services_for_the_same_part_leave_the_other_part_without() -> None:
    first, second = OF[STRADDLES]
    one = Made(Terms(lad_names=(first.authority,)))

    assert level(STRADDLES, Band.MICRO, one, one).unreached == second.share
    assert level(STRADDLES, Band.MICRO, one, Made(Terms(lad_names=(second.authority,)))).unreached == 0


@pytest.mark.parametrize(
    "offer",
    [
        Made(status=ServiceStatus.CHECK),
        Made(status=ServiceStatus.CLOSED),
        Made(opens_on=date(2026, 11, 25)),
        Made(closes_on=date(2026, 11, 23)),
    ],
)
def test_what_is_not_available_on_the_day_is_not_counted(offer: Made) -> None:
    assert level("B1", Band.MICRO, offer).services == 0


@pytest.mark.parametrize("offer", [Made(opens_on=ON), Made(closes_on=ON)])
def test_k9_the_first_and_the_last_day_belong_to_a_service(offer: Made) -> None:
    assert level("B1", Band.MICRO, offer).services == 100


def test_every_part_and_need_is_there_with_nought() -> None:
    found = counted([], PARTS, on=ON)

    assert len(found) == len(PARTS) * len(NEEDS)
    assert set(found.values()) == {(0, 0, 0, 0)}


def test_the_page_that_explains_a_district_counts_as_the_map_does() -> None:
    first, _ = OF[STRADDLES]
    offers = [
        Made(Terms(lad_names=(first.authority,))),
        Made(),
        Made(Terms(min_turnover=Money.pounds(5_000_000))),
        Made(status=ServiceStatus.CHECK),
        Made(status=ServiceStatus.CLOSED),
    ]

    for outcode, parts in OF.items():
        for band in Band:
            found = explain(offers, parts, band=band, on=ON)
            assert found.services == level(outcode, band, *offers).services
            assert len(found.unconfirmed) == 1
    closed = explain(offers, OF[STRADDLES], band=Band.MICRO, on=ON).closed
    assert [each.because for each in closed] == [("turnover £300k, needs £5m or more",)]


def gap(
    outcode: str, need: str = "grant", *, unreached: int = WHOLE, businesses: int = 1, asked: int = 0
) -> Gap:
    return Gap(outcode, need, Band.MICRO, unreached, businesses, asked)


def test_the_emptiest_come_by_businesses_and_by_asks_in_vain() -> None:
    few, many, asked, half = (
        gap("B2", businesses=3),
        gap("B3", businesses=7),
        gap("B4", businesses=4, asked=1),
        gap("B5", unreached=5_000, businesses=8),
    )

    assert emptiest([few, many, asked, half], Band.MICRO) == [asked, many, half, few]
    assert emptiest([few], Band.SMALL) == []


def test_one_district_takes_three_places_at_most_so_that_others_are_named() -> None:
    rows = [gap("B1", need, businesses=100) for need in NEEDS] + [gap("B2")]

    assert [each.outcode for each in emptiest(rows, Band.MICRO)] == ["B1"] * MOST_OF_A_DISTRICT + ["B2"]


def test_where_no_business_is_known_asks_and_then_shares_decide() -> None:
    rows = [
        gap("B2", businesses=0, unreached=400),
        gap("B3", businesses=0),
        gap("B4", businesses=0, asked=2, unreached=1),
    ]

    assert [each.outcode for each in emptiest(rows, Band.MICRO)] == ["B4", "B3", "B2"]


def test_totals_add_up_the_districts_without() -> None:
    counts = counted([Made(Terms(leps=("GBSLEP",)))], PARTS, on=ON)
    gaps = gaps_of(counts, PARTS, businesses={"CV1": 4, "B1": 9}, asked={("CV1", "grant"): 2})
    found = {(each.need, each.band): each for each in totals_of(gaps, NEEDS)}

    without = sum(each.share for each in PARTS if "GBSLEP" not in each.place.leps)
    assert found["grant", Band.MICRO].uncovered == without * 100 // WHOLE
    assert found["grant", Band.MICRO].unserved == 4
    assert found["loan", Band.MICRO].uncovered == 158 * 100
    assert next(each for each in gaps if each.outcode == "CV1" and each.need == "grant").asked == 2


def test_every_district_has_a_square_of_its_own() -> None:
    squares = drawing.grid()

    assert set(squares) == set(OF)
    assert len(set(squares.values())) == len(squares)


@given(services=st.integers(0, 100_000), unreached=st.integers(0, WHOLE))
def test_a_tile_says_nothing_only_where_most_has_nothing(services: int, unreached: int) -> None:
    found = Level("B1", services, unreached)

    assert (drawing.shade_of(found) == 0) is (unreached * 2 > WHOLE)
    assert (found.reached_pct == 100) is (unreached == 0)
    assert drawing.shade_of_needs(services, of=5_000) in range(5)


@given(
    sizes=st.lists(st.tuples(st.integers(0, 20_000_000), st.integers(0, 20_000_000)), max_size=4),
    leps=st.sampled_from([(), ("GBSLEP",), ("CWLEP", "BCLEP")]),
)
def test_a_further_service_never_lowers_what_a_district_has(
    sizes: list[tuple[int, int]], leps: tuple[str, ...]
) -> None:
    offers = [
        Made(Terms(min_turnover=Money.pounds(min(pair)), max_turnover=Money.pounds(max(pair)), leps=leps))
        for pair in sizes
    ]
    parts: list[Part] = OF[STRADDLES]
    before, after = counted(offers[:-1], parts, on=ON), counted(offers, parts, on=ON)

    assert all(a <= b for key in before for a, b in zip(before[key], after[key], strict=True))
