"""The lists of the network's year as files."""

from __future__ import annotations

from datetime import date
from typing import Any

from crm.angels.investors.rules.labels import CHECKS
from crm.angels.year.rules.labels import GATES
from crm.angels.year.rules.members import Member

MEMBERS_HEAD = (
    "Investor",
    "Email",
    "Pitches",
    "Membership paid until",
    "Renews by card",
    "Statement until",
    "Identity check",
    "Checked",
    "Member since",
    "Last active",
)
FIGURES_HEAD = (
    *("Period", "For", "Breakdown", "Figure", "Value", "Unit"),
    *("Of how many", "Note", "Definition"),
)
"""``Breakdown`` tells a figure in all from its parts, so that a sheet adds up one of them."""


def member_cells(found: Member, *, on: date) -> list[Any]:
    """One member as a row of the file."""
    return [
        found.name,
        found.email,
        GATES[found.closed(on) or "open"],
        found.paid_until,
        found.renews,
        found.certified_until(on),
        CHECKS[found.check],
        found.checked_on,
        found.joined_on,
        found.seen_on,
    ]
