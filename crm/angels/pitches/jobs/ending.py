"""Pitches are not shown after their last day."""

from __future__ import annotations

from crm.angels.pitches.queries import pitches
from crm.angels.pitches.service import pitching
from crm.kernel.clock import today


def end_daily() -> None:
    """Show no pitch after its last day."""
    for each in pitches.past_their_day(today()):
        pitching.end_showing(each)
