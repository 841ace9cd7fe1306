"""The clocks of introductions: reminded, lapsed, and met once an investor may be shown the pitch again."""

from __future__ import annotations

from crm.angels.queries import angels, pitches
from crm.angels.queries import introductions as queries
from crm.angels.service import certifying, pitching
from crm.angels.service import introducing as service
from crm.figures.queries import figure_on
from crm.kernel.clock import today

A_YEAR = 366
"""Days: no statement holds for longer."""


def tend_daily() -> None:
    """Remind, lapse and end what is due; a skipped day is caught up, and what lapses is not reminded."""
    for held in queries.to_expire(today()):
        if not service.release(held):
            service.expire(held)
    for each in queries.to_lapse(today()):
        service.lapse(each)
    for each in queries.to_nudge(today()):
        service.nudge(each)


def end_daily() -> None:
    """Show no pitch after its last day, and remind investors before a statement ends."""
    for each in pitches.past_their_day(today()):
        pitching.end_showing(each)
    if angels.statements_ending(today(), within=A_YEAR):
        days = int(figure_on("angel.remind_days", on=today()))
        for statement in angels.statements_ending(today(), within=days):
            certifying.remind(statement)


def release_hourly() -> None:
    """Introduce those whose meeting was held, where nothing holds it any more."""
    for each in queries.every_held():
        service.release(each)
