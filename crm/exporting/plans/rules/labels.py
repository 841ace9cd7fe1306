"""How the values of the calendar and of export plans are said."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

LONGEST_WORDS = 2_000
EDITION_STATUSES = {"planned": "Planned", "cancelled": "Cancelled"}
EDITION_COLOURS = {"planned": "blue", "cancelled": "red"}
MOVED = "Moved"
VISIT_STATUSES = {"going": "Going", "went": "Went", "missed": "No visit"}
VISIT_COLOURS = {"going": "blue", "went": "green", "missed": "grey", "off": "red"}
VISIT_STATES = VISIT_STATUSES | {"off": "Market cancelled"}
"""What lists count visits by: one that was meant to a market that was cancelled is apart from those to come."""
COUNTRY_STATUSES = {"active": "Working on it", "won": "Selling there", "dropped": "Not now"}
COUNTRY_COLOURS = {"active": "blue", "won": "green", "dropped": "grey"}
SURENESS = {
    "confirmed": "Confirmed by the organiser",
    "reported": "Reported, not confirmed by the organiser",
    "usual": "Usual month only: check with the organiser",
}
ROUTES = {
    "direct": "Selling directly to customers",
    "platform": "Online platform or marketplace",
    "agent": "Agent",
    "distributor": "Distributor",
    "licensing": "Licensing",
    "co_production": "Co-production",
    "joint_venture": "Joint venture",
    "subsidiary": "Subsidiary or office there",
}
BARRIERS = {
    "finance": "Finance",
    "knowledge": "Knowledge",
    "capacity": "Capacity",
    "access": "Access to markets",
    "other": "Something else",
}
BARRIER_STATES = {"open": "In the way now", "removed": "Removed"}
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def months_in_words(months: Iterable[str]) -> str:
    """Usual months as they are said: "January and September"; that they are not known where there are none."""
    names = [MONTHS[int(each) - 1] for each in sorted(months, key=int)]
    if not names:
        return "No usual month"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def standing_of(edition: Any) -> str:
    """Where an edition stands, as lists and files say it: planned, moved to other days, or cancelled."""
    is_moved = edition.status == "planned" and edition.moved_from
    return MOVED if is_moved else EDITION_STATUSES[edition.status]
