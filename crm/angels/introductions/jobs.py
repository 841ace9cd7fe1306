"""The clocks of introductions: reminded, lapsed, and met once an investor may be shown the pitch again."""

from __future__ import annotations

from crm.angels.introductions import queries
from crm.angels.introductions.service import introducing as service
from crm.kernel.clock import today


def tend_daily() -> None:
    """Remind, lapse and end what is due; a skipped day is caught up, and what lapses is not reminded."""
    for held in queries.to_expire(today()):
        if not service.release(held):
            service.expire(held)
    for each in queries.to_lapse(today()):
        service.lapse(each)
    for each in queries.to_nudge(today()):
        service.nudge(each)


def release_hourly() -> None:
    """Introduce those whose meeting was held, where nothing holds it any more."""
    for each in queries.every_held():
        service.release(each)
