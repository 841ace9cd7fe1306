"""What delegations do by the day: close, let offers lapse, ask what came of places."""

from __future__ import annotations

from crm.exporting.delegations.queries import seating, seeing
from crm.exporting.delegations.service import answering, leading
from crm.exporting.delegations.service.returning import ask_and_remind
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM


def close_and_lapse() -> None:
    """Close delegations whose last day to apply is over, let offers lapse that were not answered in time, and remind of others."""
    for each in seeing.past_closing(today()):
        leading.close(each, by=SYSTEM)
    for place in seating.unanswered(today()):
        answering.lapse(place)
    answering.remind_of_offers()


def ask_daily() -> None:
    """Ask those who went what came of it."""
    ask_and_remind()
