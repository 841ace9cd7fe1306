"""The asks behind a figure, as rows of a file."""

from __future__ import annotations

from typing import Any

from crm.reports.fundcase.rules.labels import LINES, STANDINGS
from crm.reports.fundcase.rules.sought import Sought

ASKS_HEAD = (
    *(
        "Business",
        "Asked for on",
        "Kind of finance",
        "Kind of work",
        "Stage",
        "Sub-sector",
        "Local authority",
    ),
    *("What became of it", "Sought", "Found", "Not found", "Why not"),
)


def ask_cells(ask: Sought) -> tuple[Any, ...]:
    """An ask, as a row. An amount that is not known stays empty."""
    headings = ask.parts
    about = (LINES[name][headings[name]] for name in ("instrument", "medium", "stage", "sector", "place"))
    reason = LINES["reason"].get(ask.reason, "")
    money = (ask.amount, ask.found, ask.missing) if ask.amount is not None else (None, None, None)
    return (ask.business, ask.asked_on, *about, STANDINGS[ask.standing], *money, reason)
