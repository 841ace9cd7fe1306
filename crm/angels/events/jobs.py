"""The clocks of pitch nights: the reminder the day before, feedback the day after, what came of it after 90 days."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from crm.angels.events.queries import nights as queries
from crm.angels.events.queries.places import members, why_not_at
from crm.angels.events.rules.running import ONE_DAY, feedback_until, outcomes_until
from crm.angels.events.service import planning, reminding
from crm.angels.events.service.calendars import end_if_closed
from crm.angels.events.workflow import NightStatus
from crm.angels.pitches.service.showing import note_blocked
from crm.kernel.clock import day_of, now, today
from crm.notices.models import Letter


def remind_daily() -> None:
    """Remind everyone who comes, or may, of tomorrow's nights: once; and businesses of their turns."""
    for night in queries.with_status(NightStatus.INVITED):
        is_tomorrow = day_of(night.starts_at) - ONE_DAY == today()
        if is_tomorrow and night.reminded_at is None:
            reminding.remind(night)


def release_hourly() -> None:
    """Release feedback from midday on the day after a night."""
    for night in queries.to_release(now() - timedelta(hours=1)):
        if feedback_until(night.starts_at) <= now():
            planning.release(night)


def ask_daily() -> None:
    """Ask what came of nights that were held 90 days ago."""
    for night in queries.with_status(NightStatus.HELD):
        is_due = outcomes_until(night.starts_at) <= today()
        if is_due and night.asked_at is None and night.reviewed_at is None:
            reminding.ask_for_review(night)


def end_calendars_daily() -> None:
    """End the calendar addresses of investors to whom the gate is closed."""
    for each in members():
        if each.account_id is not None:
            end_if_closed(each.account_id)


def reason_not_to_invite(letter: Letter) -> str | None:
    """Asked as an invitation goes: an investor who may not be shown the pitches now gets none, and this is recorded."""
    night_id = letter.context.get("night_id")
    night = queries.night(UUID(night_id)) if night_id else None
    if letter.account_id is None or night is None:
        return "the letter names no account or no night"
    if night.status is not NightStatus.INVITED:
        return "the night was cancelled"
    closed = why_not_at(night, letter.account_id)
    if closed is None:
        return None
    note_blocked(letter.account_id, letter.kind, reason=closed)
    return f"blocked: {closed.value.replace('_', ' ')}"
