"""The daily work about milestones."""

from __future__ import annotations

from crm.programme.claims.service.reminding import remind_all


def remind_daily() -> None:
    """Remind businesses of milestones that are due soon or overdue."""
    remind_all()
