"""The ledger as rows of a file."""

from __future__ import annotations

from typing import Any

from crm.funding.envelopes.models import LedgerEntry
from crm.funding.envelopes.rules import ACCOUNTS, LINES, MOVEMENTS

LEDGER_HEAD = (
    "Entry",
    "Recorded at",
    "The money moved on",
    "Movement",
    "From",
    "To",
    "Line",
    "Amount",
    "About",
    "Why",
    "Recorded by",
    "Reverses entry",
)


def ledger_cells(entry: LedgerEntry, about: str) -> tuple[Any, ...]:
    """One entry as the cells of a row."""
    return (
        entry.id,
        entry.at,
        entry.happened_on,
        MOVEMENTS[entry.movement],
        ACCOUNTS[entry.source],
        ACCOUNTS[entry.target],
        LINES[entry.line],
        entry.amount,
        about,
        entry.reason,
        entry.by.name if entry.by else "The system",
        entry.reverses_id,
    )
