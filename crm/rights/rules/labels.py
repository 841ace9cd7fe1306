"""What the register says of a right, in words, and what makes an entry sound."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

KINDS = {
    "patent": "Patent",
    "trade_mark": "Trade mark",
    "design": "Design",
    "copyright": "Copyright",
    "database": "Database right",
    "know_how": "Know-how",
    "trade_secret": "Trade secret",
    "domain": "Domain name",
}
STATUSES = {
    "unregistered": "Not registered",
    "applied_for": "Applied for",
    "registered": "Registered",
    "lapsed": "Lapsed",
}
COLOURS = {
    "unregistered": "grey",
    "applied_for": "yellow",
    "registered": "green",
    "lapsed": "red",
}
MAKERS = {
    "employee": "Employee",
    "freelancer": "Freelancer or supplier",
    "partner": "Founder or co-author",
}
WAYS = {"out": "Licence to another business", "in": "Licence to this business"}
WITHOUT_REGISTER = frozenset({"copyright", "database", "know_how", "trade_secret"})
"""What comes to be without a register in the United Kingdom: it can be registered nowhere here."""
SECRET = "trade_secret"  # noqa: S105 a kind of right, no password
LONGEST_SECRET = 60


@dataclass(frozen=True)
class Days:
    """The days of a right: when it was filed and registered, and when it must be renewed."""

    filed_on: date | None = None
    registered_on: date | None = None
    renews_on: date | None = None


def fault_in(kind: str, status: str, *, number: str) -> tuple[str, str] | None:
    """What is wrong with an entry, as the field and the words; None where nothing is."""
    if kind in WITHOUT_REGISTER and status in {"registered", "applied_for"}:
        return (
            "status",
            f"{KINDS[kind]} arises automatically: there is no register for it in the United Kingdom",
        )
    if status == "registered" and not number.strip():
        return "number", "Enter its registration number"
    return None


def fault_in_days(days: Days) -> tuple[str, str] | None:
    """What is wrong with the order of the days: renewal and registration come after filing."""
    filed, registered, renews = days.filed_on, days.registered_on, days.renews_on
    if filed and registered and registered < filed:
        return "registered_on", "The day it was registered cannot be before the day it was filed"
    if filed and renews and renews <= filed:
        return "renews_on", "The renewal date must be after the day it was filed"
    if registered and renews and renews <= registered:
        return "renews_on", "The renewal date must be after the day it was registered"
    return None


def fault_in_secret(kind: str, *, title: str, further: str) -> tuple[str, str] | None:
    """A trade secret has a short name, and no words that could describe it."""
    if kind != SECRET:
        return None
    if len(title) > LONGEST_SECRET:
        words = f"Give the trade secret a name of {LONGEST_SECRET} characters or fewer, without describing it"
        return "title", words
    if further.strip():
        return "classes", "Leave the number and classes empty: a register must not describe a trade secret"
    return None
