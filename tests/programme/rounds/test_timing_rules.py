"""When a round is open, and in which order its moments come."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from crm.kernel.clock import moment_on, to_local
from crm.kernel.errors import BadInput
from crm.programme.rounds.rules.timing import Standing, Window, minutes_late, order_fault

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
WINDOW = Window(NOON - timedelta(days=30), NOON, timedelta(minutes=10))


def test_p06_the_deadline_itself_is_in_time_and_the_next_instant_is_not() -> None:
    plain = Window(NOON - timedelta(days=30), NOON)
    assert plain.standing(NOON) is Standing.OPEN
    assert plain.standing(NOON + timedelta(seconds=1), begun_at=NOON - timedelta(minutes=2)) is Standing.OVER
    assert plain.standing(NOON - timedelta(days=31)) is Standing.COMING


def test_p07_grace_is_for_what_was_begun_in_time() -> None:
    late = NOON + timedelta(minutes=6)
    assert WINDOW.standing(late, begun_at=NOON - timedelta(minutes=20)) is Standing.IN_GRACE
    assert minutes_late(WINDOW, late) == 6
    assert WINDOW.standing(NOON + timedelta(minutes=1)) is Standing.OVER
    assert WINDOW.standing(late, begun_at=NOON + timedelta(minutes=1)) is Standing.OVER
    assert WINDOW.standing(NOON + timedelta(minutes=10, seconds=1), begun_at=NOON) is Standing.OVER


def test_p08_more_time_for_one_is_more_time_for_one() -> None:
    until = NOON + timedelta(hours=29)
    assert WINDOW.standing(until - timedelta(minutes=1), begun_at=NOON, until=until) is Standing.OPEN
    assert WINDOW.standing(until - timedelta(minutes=1), begun_at=NOON) is Standing.OVER
    assert WINDOW.standing(until + timedelta(seconds=1), begun_at=NOON, until=until) is Standing.OVER


def test_p09_a_time_that_comes_twice_is_one_instant_and_one_that_never_comes_is_refused() -> None:
    twice = moment_on(date(2026, 10, 25), time(1, 30))
    assert twice == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert to_local(twice).utcoffset() == timedelta(hours=1)
    with pytest.raises(BadInput):
        moment_on(date(2026, 3, 29), time(1, 30))


def test_the_moments_of_a_round_come_in_order() -> None:
    moments = {"opens": NOON, "deadline": NOON + timedelta(1), "assess_from": NOON + timedelta(1)}
    assert order_fault(moments | {"assess_until": NOON + timedelta(2)}) is None
    assert order_fault(moments | {"assess_until": NOON + timedelta(1)}) == (
        "assess_until",
        "The end of assessment must come after the beginning of assessment",
    )
    early = moments | {"assess_from": NOON, "assess_until": NOON + timedelta(2)}
    assert order_fault(early) == ("assess_from", "The assessment must not begin before the deadline")
