"""Days that are promised: "by" and "until" a day count the whole of it, "before" a day counts none of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crm.kernel.clock import (
    LONDON,
    day_of,
    end_of,
    has_come,
    is_past,
    last_day_before,
    moment_on,
    start_of,
    told_apart,
)

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
AROUND = [
    change + timedelta(days=days) for change in (SPRING, AUTUMN, date(2027, 1, 14)) for days in (-1, 0, 1)
]
DAYS = st.dates(date(1990, 1, 2), date(2090, 1, 1))
MOMENTS = st.datetimes(datetime(1990, 1, 2), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 zoned by timezones
ONE = timedelta(days=1)


@pytest.mark.parametrize("day", AROUND, ids=str)
def test_by_and_until_a_day_count_its_last_second_and_not_the_first_of_the_next(day: date) -> None:
    last, first_after = moment_on(day, time(23, 59, 59)), moment_on(day + ONE, time(0, 0))
    assert not is_past(day, on=day_of(last))
    assert is_past(day, on=day_of(first_after))
    assert is_past(day, on=day_of(moment_on(day + ONE, time(0, 1))))
    assert not is_past(day, on=day_of(moment_on(day, time(0, 1))))
    assert last < end_of(day) == first_after


@pytest.mark.parametrize("day", AROUND, ids=str)
def test_before_a_day_counts_the_last_second_of_the_day_before_and_not_the_first_of_its_own(
    day: date,
) -> None:
    last, first = moment_on(day - ONE, time(23, 59, 59)), moment_on(day, time(0, 0))
    assert not has_come(day, on=day_of(last))
    assert has_come(day, on=day_of(first))
    assert has_come(day, on=day_of(moment_on(day, time(0, 1))))
    assert last < start_of(day) == first


def test_the_days_of_the_clock_changes_have_23_and_25_hours() -> None:
    assert end_of(SPRING) - start_of(SPRING) == timedelta(hours=23)
    assert end_of(AUTUMN) - start_of(AUTUMN) == timedelta(hours=25)


@given(DAYS, MOMENTS)
@example(AUTUMN, datetime(2026, 10, 24, 23, 0, tzinfo=UTC))
@example(AUTUMN, datetime(2026, 10, 26, 0, 0, tzinfo=UTC))
@example(SPRING, datetime(2026, 3, 29, 0, 0, tzinfo=UTC))
@example(SPRING, datetime(2026, 3, 29, 23, 0, tzinfo=UTC))
def test_days_and_moments_say_the_same(day: date, moment: datetime) -> None:
    assert is_past(day, on=day_of(moment)) == (moment >= end_of(day))
    assert has_come(day, on=day_of(moment)) == (moment >= start_of(day))
    assert is_past(day, on=day_of(moment)) == has_come(day + ONE, on=day_of(moment))


@given(MOMENTS)
def test_the_day_named_for_an_end_is_the_last_one_on_which_it_holds(moment: datetime) -> None:
    named = last_day_before(moment)
    assert start_of(named) < moment <= end_of(named)
    assert last_day_before(end_of(named)) == named


def test_a_day_is_a_day_in_london_and_not_in_utc() -> None:
    assert day_of(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == date(2026, 7, 2)
    assert last_day_before(datetime(2026, 7, 2, 0, 0, tzinfo=LONDON)) == date(2026, 7, 1)


PROMISED = {
    *(
        "answer_by",
        "closed_on",
        "closes_on",
        "counts_until",
        "departs_on",
        "due",
        "due_on",
        "ends_on",
        "first_day",
    ),
    *(
        "lapse_on",
        "last_day",
        "nudge_on",
        "objects_until",
        "offer_expires_on",
        "pay_on",
        "publish_by",
        "renews_on",
    ),
    *("returns_on", "signed_until", "starts_on", "task_on", "until", "valid_from", "valid_to", "valid_until"),
}
"""Every day that is named in advance, on a page or in a letter."""
ON = {"on", "day", "today", "soon"}


def _comparisons(source: str) -> Iterator[tuple[str, str, int]]:
    """Names on both sides of each "earlier" or "later" in a module, with the line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare):
            sides = [_name(each) for each in (node.left, *node.comparators)]
            for operator, one, other in zip(node.ops, sides, sides[1:], strict=False):
                if isinstance(operator, ast.Lt | ast.LtE | ast.Gt | ast.GtE):
                    yield one, other, node.lineno


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        return _name(node.func)
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def test_no_clock_of_the_product_compares_a_promised_day_by_hand() -> None:
    root = Path(__file__).parents[2] / "crm"
    by_hand = []
    for path in sorted(root.rglob("*.py")):
        where = path.relative_to(root)
        if where.name == "clock.py":
            continue
        for one, other, line in _comparisons(path.read_text()):
            if (one in PROMISED and other in ON) or (other in PROMISED and one in ON):
                by_hand.append(f"crm/{where}:{line}")
    assert by_hand == []
    assert list(_comparisons("each.due_on < today()")) == [("due_on", "today", 1)]


def test_two_moments_of_one_day_in_london_are_told_apart_by_their_time() -> None:
    late, early = datetime(2026, 6, 1, 22, 30, tzinfo=UTC), datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
    assert told_apart(early, late) == "1 June 2026 at 9am"
    assert told_apart(early, datetime(2026, 6, 1, 23, 30, tzinfo=UTC)) == "1 June 2026", "June 2 there"
    assert told_apart(early, None) == "1 June 2026"
