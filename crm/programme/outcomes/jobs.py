"""The daily work of outcomes: asking, reminding and chasing."""

from __future__ import annotations

from crm.programme.outcomes.service.asking import ask_all


def ask_daily() -> None:
    """Write to the businesses whose figures are due, nearly late, or late."""
    ask_all()
