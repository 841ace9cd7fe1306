"""The daily work that reminds whoever has begun an application."""

from __future__ import annotations

from crm.programme.applications.service.reminding import remind_all


def remind_daily() -> None:
    """Write to those whose deadline comes near."""
    remind_all()
