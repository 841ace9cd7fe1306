"""Who may be at a pitch night: an investor to whom every pitch of its running order may be shown on that day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from crm.angels.investors.rules.gate import Admission, Closed, open_until, statement_for, why_closed


def why_not_there(admission: Admission, instruments: Iterable[str], *, on: date) -> Closed | None:
    """What keeps an investor from a night on a London day: as at the gate, or a pitch that their statement does not cover.

    A pitch is heard by everyone in the room, so one that may not be shown to them keeps them out.
    """
    closed = why_closed(admission, on=on)
    if closed is not None:
        return closed
    is_covered = all(statement_for(admission, each, on=on) is not None for each in instruments)
    return None if is_covered else Closed.KIND


def ends_before(admission: Admission, day: date, *, on: date) -> date | None:
    """The last day on which the gate is open to them as things are now, where it comes before ``day``; else None."""
    until = open_until(admission, on=on)
    return until[0] if until is not None and until[0] < day else None
