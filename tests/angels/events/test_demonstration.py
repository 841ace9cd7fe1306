"""The demonstration's night of today, at whatever hour it is loaded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from crm.angels.events.queries import nights
from crm.angels.jobs.nights import open_today
from crm.db.session import session
from crm.kernel.clock import day_of, moment_with_weekday, now, today
from crm.notices.models import Letter
from tests import network
from tests.angels.people import own_business
from tests.cast import Cast


@pytest.mark.parametrize(("hour", "minute"), [(0, 1), (10, 0), (21, 45), (23, 29), (23, 31), (23, 59)])
def test_tonights_night_has_begun_and_is_not_over_at_any_hour(
    cast: Cast, clock: Any, hour: int, minute: int
) -> None:
    clock.move_to(datetime(2026, 11, 24, hour, minute, tzinfo=UTC))
    shown = network.pitch(network.legal(own_business()))
    made, _ = open_today("Tonight", [shown], cast.network_manager.actor)
    assert made.starts_at <= now() < made.ends_at - timedelta(minutes=30)
    assert day_of(made.starts_at) == today()
    assert made.id in {each.id for each in nights.nights(cast.network_manager.actor, "").rows}


@pytest.mark.parametrize(("hour", "minute"), [(0, 45), (10, 0), (23, 59)])
def test_its_letters_say_when_it_is(cast: Cast, clock: Any, hour: int, minute: int) -> None:
    clock.move_to(datetime(2026, 11, 24, hour, minute, tzinfo=UTC))
    shown = network.pitch(network.legal(own_business()))
    made, _ = open_today("Tonight", [shown], cast.network_manager.actor)
    told = [
        each.context for each in session().scalars(select(Letter)) if each.context.get("title") == "Tonight"
    ]
    assert {each["when"] for each in told} == {moment_with_weekday(made.starts_at)}
