"""The limits of the tax reliefs are those of the day on which shares would be issued."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crm.angels.pitches.queries.pitches import limits_now
from crm.kernel.money import Money
from tests.cast import Cast
from tests.programme.applicants import Clock


@pytest.mark.parametrize(
    ("moment", "year", "lifetime"),
    [
        (datetime(2026, 4, 5, 22, 59, tzinfo=UTC), 5_000_000, 12_000_000),
        (datetime(2026, 4, 5, 23, 1, tzinfo=UTC), 10_000_000, 24_000_000),
    ],
)
def test_n31_the_limits_of_eis_change_at_midnight_in_london(
    cast: Cast, clock: Clock, moment: datetime, year: int, lifetime: int
) -> None:
    clock.move_to(moment)
    limits = limits_now()
    assert (limits.eis_year, limits.eis_lifetime) == (Money.pounds(year), Money.pounds(lifetime))
