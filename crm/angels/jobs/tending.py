"""The clocks of introductions: reminded, lapsed, and met once an investor may be shown the pitch again."""

from __future__ import annotations

from crm.angels.queries import introductions as queries
from crm.angels.service import introducing as service
from crm.kernel.clock import today


def tend_daily() -> None:
    """Remind and lapse what is due; a skipped day is caught up, and what lapses is not reminded."""
    for each in queries.to_lapse(today()):
        service.lapse(each)
    for each in queries.to_nudge(today()):
        service.nudge(each)


def release_hourly() -> None:
    """Introduce those whose meeting was held, where nothing holds it any more."""
    for each in queries.every_held():
        service.release(each)
