"""Counting tries: windows, refusal with the time to wait, and subjects that nobody can read in the table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.kernel.clock import now
from crm.kernel.errors import TooMany
from crm.throttles import service
from crm.throttles.models import ThrottleCount
from crm.throttles.rules import Limit

LIMIT = Limit("doors", tries=3, seconds=900)


def count(subject: str = "ann", *, limit: Limit = LIMIT, secret: str = "s") -> int:
    return service.count_try(limit, subject, secret=secret)


def require(subject: str = "ann", *, limit: Limit = LIMIT, secret: str = "s") -> None:
    service.require_within(limit, subject, secret=secret)


def test_tries_are_counted_one_by_one(db: Session) -> None:
    assert [count() for _ in range(4)] == [1, 2, 3, 4]


def test_nothing_was_tried_so_nothing_is_refused(db: Session) -> None:
    require()


def test_the_last_try_is_allowed_and_the_next_refused(db: Session) -> None:
    count()
    count()
    require()
    count()
    with pytest.raises(TooMany):
        require()


def test_asking_does_not_count(db: Session) -> None:
    for _ in range(5):
        require()
    assert count() == 1


def test_the_refusal_says_how_long_to_wait(db: Session, clock: Any) -> None:
    clock.move_to(datetime(2026, 11, 24, 10, 4, 59, tzinfo=UTC))
    for _ in range(3):
        count()
    with pytest.raises(TooMany) as refused:
        require()
    assert refused.value.retry_after == 10 * 60 + 1
    assert refused.value.status == 429


def test_the_wait_is_never_nothing(db: Session, clock: Any) -> None:
    clock.move_to(datetime(2026, 11, 24, 10, 14, 59, 900_000, tzinfo=UTC))
    for _ in range(3):
        count()
    with pytest.raises(TooMany) as refused:
        require()
    assert refused.value.retry_after == 1


def test_a_new_window_begins_from_nought(db: Session, clock: Any) -> None:
    for _ in range(3):
        count()
    clock.move_to(datetime(2026, 11, 24, 10, 15, tzinfo=UTC))
    require()
    assert count() == 1


def test_whoever_waits_as_long_as_told_is_let_in(db: Session, clock: Any) -> None:
    clock.move_to(datetime(2026, 11, 24, 10, 7, 33, 250_000, tzinfo=UTC))
    for _ in range(3):
        count()
    with pytest.raises(TooMany) as refused:
        require()
    clock.shift(timedelta(seconds=refused.value.retry_after + 1))
    require()


def test_each_subject_each_limit_and_each_secret_counts_alone(db: Session) -> None:
    count("ann")
    assert count("bob") == 1
    assert count("ann", limit=Limit("windows", tries=3, seconds=900)) == 1
    assert count("ann", secret="another") == 1


def test_capitals_are_no_way_round(db: Session) -> None:
    count("Ann@Example.COM")
    assert count("ann@example.com") == 2


def test_the_table_tells_nobodys_address(db: Session) -> None:
    count("ann@example.com")
    (row,) = db.scalars(select(ThrottleCount)).all()
    assert "ann" not in row.key
    assert LIMIT.key("ann@example.com", secret="s") == row.key != LIMIT.key("ann@example.com", secret="t")


def test_counts_are_forgotten_after_two_days_and_no_sooner(db: Session, clock: Any) -> None:
    count()
    clock.shift(timedelta(days=2))
    service.forget_old_counts()
    assert db.scalar(select(func.count()).select_from(ThrottleCount)) == 1
    clock.shift(timedelta(seconds=1))
    service.forget_old_counts()
    assert db.scalar(select(func.count()).select_from(ThrottleCount)) == 0


@given(
    moment=st.integers(0, 2**32).map(lambda stamp: datetime.fromtimestamp(stamp, UTC)),
    seconds=st.integers(1, 100_000),
)
def test_every_moment_lies_in_its_own_window(moment: datetime, seconds: int) -> None:
    start = Limit("any", tries=1, seconds=seconds).window(moment)
    assert start <= moment < start + timedelta(seconds=seconds)
    assert Limit("any", tries=1, seconds=seconds).window(start) == start


def test_the_clock_is_the_products_own(db: Session) -> None:
    count()
    assert db.scalar(select(ThrottleCount.window_start)) == LIMIT.window(now())
