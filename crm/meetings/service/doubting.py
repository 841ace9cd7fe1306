"""Asking whether an unusual time is meant: a holiday, the night, a very long meeting."""

from __future__ import annotations

from datetime import datetime, timedelta

from crm.figures.queries import bank_holidays
from crm.kernel.clock import now, to_local
from crm.kernel.errors import Invalid
from crm.meetings.models import Appointment, Workshop
from crm.meetings.rules import why_unusual


def require_usual(
    starts_at: datetime, ends_at: datetime, *, longest: int, kept: Appointment | Workshop | None
) -> None:
    """Refuse a time that is rarely meant, unless it is as it was ``kept``. ``longest`` is in minutes. Raises `Invalid`."""
    is_as_kept = kept is not None and (kept.starts_at, kept.ends_at) == (starts_at, ends_at)
    if is_as_kept or starts_at <= now():
        return
    minutes = (ends_at - starts_at) // timedelta(minutes=1)
    doubt = why_unusual(to_local(starts_at), minutes, longest=longest, bank_holidays=bank_holidays())
    if doubt:
        raise Invalid(f"{doubt}. Tick the box if that is right", field="is_meant")
