"""The clock of syndicates: what waits is reminded of, once."""

from __future__ import annotations

from crm.angels.syndicates.service.reminding import remind_all


def tend_daily() -> None:
    """Remind businesses and members of what has waited for some days; a skipped day is caught up."""
    remind_all()
