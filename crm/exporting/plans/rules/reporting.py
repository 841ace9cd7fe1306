"""Barriers and visits to markets in sums, for the reports that open them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from crm.exporting.plans.rules.labels import BARRIERS


def visit_state(found: Any) -> str:
    """Where a visit stands in lists: one that was meant to a market that was cancelled is "off" (`labels.VISIT_STATES`)."""
    is_off = found.edition.status == "cancelled" and found.status == "going"
    return "off" if is_off else str(found.status)


def next_task(countries: Iterable[Any]) -> tuple[Any, Any] | None:
    """What is to be done first in a plan, with its country: the open task with the earliest day, of those not set aside."""
    worked_on = [each for each in countries if each.status != "dropped"]
    left = [(each, task) for each in worked_on for task in each.tasks if not task.done_at]
    return min(left, key=lambda pair: (pair[1].due_on, str(pair[1].id)), default=None)


def barriers_by_kind(rows: Iterable[Any]) -> list[tuple[str, int, int]]:
    """For each kind of barrier, how many are in the way now and how many were removed."""
    known = list(rows)
    return [
        (
            kind,
            sum(each.removed_on is None for each in of_kind),
            sum(bool(each.removed_on) for each in of_kind),
        )
        for kind in BARRIERS
        for of_kind in [[each for each in known if each.kind == kind]]
    ]


def visits_by_market(rows: Iterable[Any]) -> list[tuple[UUID, str, dict[str, int]]]:
    """For each market that somebody goes to or went to, how many visits are in each state, by the market's name."""
    found: dict[UUID, tuple[str, dict[str, int]]] = {}
    for each in rows:
        market = each.edition.market
        _, counts = found.setdefault(market.id, (market.name, {}))
        state = visit_state(each)
        counts[state] = counts.get(state, 0) + 1
    by_name = sorted(found.items(), key=lambda pair: (pair[1][0].casefold(), str(pair[0])))
    return [(market_id, name, counts) for market_id, (name, counts) in by_name]
