"""What the fund case counts: every sum adds up, and people outside learn of no few businesses."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given

from crm.kernel.money import NO_MONEY, Money
from crm.programme.outcomes.rules.places import GRID, HEIGHT, WIDTH
from crm.reports.fundcase.rules.counting import TABLES, also_held_back, case_of, kinds_of, sums_of
from crm.reports.fundcase.rules.places import tiles
from crm.reports.fundcase.rules.sought import Scope, Sought, Standing, within
from tests.reports.fundcase.asked import ask, asks


@given(asks())
def test_what_is_missing_is_what_was_sought_less_what_was_found_sought_still_or_given_up_n51(
    found: list[Sought],
) -> None:
    sums = sums_of(found)

    assert sums.sought == sums.found + sums.missing + sums.still_sought + sums.given_up
    assert all(each.missing >= NO_MONEY and each.found >= NO_MONEY for each in found)
    assert all(each.given_up >= NO_MONEY for each in found)


@given(asks())
def test_the_lines_of_each_table_add_up_to_the_total(found: list[Sought]) -> None:
    case = case_of(found, is_outside=False)

    for name in TABLES:
        lines = [each.whole for each in case.tables[name] if each.whole]
        assert sum(each.asks for each in lines) == case.sums.asks
        assert sum((each.missing for each in lines), start=NO_MONEY) == case.sums.missing
    assert sum(each.gap.asks for each in case.reasons if each.gap) == case.sums.unmet


@given(asks())
def test_no_line_held_back_can_be_worked_out_from_the_total_n50(found: list[Sought]) -> None:
    """Of each kind of asks, what the lines shown leave of the total could be spread over its lines in more than one way."""
    case = case_of(found, is_outside=True)

    for name in TABLES:
        rows: dict[str, list[Sought]] = {}
        for each in found:
            rows.setdefault(each.parts[name], []).append(each)
        told = {"unmet": {line.key for line in case.tables[name] if line.gap is not None}}
        told["others"] = {line.key for line in case.tables[name] if line.whole is not None}
        for kind, shown in told.items():
            bases = {
                key: len({one.business_id for one in kinds_of(part)[kind]}) for key, part in rows.items()
            }
            hidden = [base for key, base in bases.items() if key not in shown and base]
            assert all(bases[key] == 0 or bases[key] >= 5 for key in shown)
            if shown:
                assert not hidden or (len(hidden) > 1 and sum(hidden) - (len(hidden) - 1) >= 5)
        assert told["others"] <= told["unmet"], "who knows all asks and the others knows those not found"


def test_a_line_that_only_the_total_would_tell_is_held_back_with_the_next_smallest_n50() -> None:
    others = {"grant": 7, "loan": 5, "equity": 8}

    assert also_held_back(others, {"equity"}) == {"equity", "loan"}
    assert also_held_back({**others, "equity": 0}, {"equity"}) == {"equity"}
    assert also_held_back({"grant": 3, "loan": 9}, ()) == {"grant", "loan"}


@pytest.mark.parametrize(
    ("found", "is_told"),
    [
        ([ask(number) for number in range(5)], True),
        ([ask(number) for number in range(4)], False),
        ([ask(number, business_id=UUID(int=1)) for number in range(9)], False),
        ([*(ask(number) for number in range(5)), ask(9, standing=Standing.OPEN)], False),
    ],
)
def test_people_outside_are_told_of_five_businesses_and_more_n50(found: list[Sought], is_told: bool) -> None:
    assert case_of(found, is_outside=True).can_be_told is is_told


def test_the_four_barriers_are_not_told_where_they_would_tell_a_reason_held_back_n50() -> None:
    found = [
        *(ask(number, reason="collateral") for number in range(7)),
        *(ask(number, reason="key_person") for number in range(10, 12)),
        *(ask(number, reason="too_early") for number in range(20, 26)),
    ]
    case = case_of(found, is_outside=True)

    assert [each.key for each in case.reasons if each.gap is None] == ["key_person", "too_early"]
    assert case.can_tell_barriers is False


def test_what_was_met_with_less_was_given_up_for_the_rest_and_never_found_twice() -> None:
    met = ask(1, pounds=100, standing=Standing.MET, found_amount=Money.pounds(60))
    over = ask(2, pounds=100, standing=Standing.MET, found_amount=Money.pounds(160))
    untold = ask(3, pounds=100, standing=Standing.MET)

    assert [each.found.pence for each in (met, over, untold)] == [6_000, 10_000, 10_000]
    assert [each.given_up.pence for each in (met, over, untold)] == [4_000, 0, 0]


def test_a_case_takes_the_first_and_the_last_day_and_one_kind_of_work() -> None:
    found = [ask(1), ask(2, medium="other")]
    day = found[0].asked_on

    assert len(within(found, Scope(day, day))) == 2
    assert [each.number for each in within(found, Scope(day, day, "screen"))] == [1]
    assert within(found, Scope(first=day.replace(day=2))) == []
    assert within(found, Scope(last=day.replace(year=2025))) == []


def test_the_map_has_a_square_of_its_own_for_each_of_the_nineteen_authorities() -> None:
    drawn = tiles([("Dudley", "3", 100), ("Walsall", "Not shown", None), ("Coventry", "1", 1)])

    assert len({(each.x, each.y) for each in drawn}) == len(drawn) == 19 == len(GRID)
    assert all(0 <= each.x < WIDTH and 0 <= each.y < HEIGHT for each in drawn)
    shades = {each.key: each.shade for each in drawn}
    assert (shades["Dudley"], shades["Coventry"], shades["Walsall"]) == (4, 1, 0)
