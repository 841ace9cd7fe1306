"""What the register says of a right, in words, and what makes an entry sound."""

from __future__ import annotations

import re
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
ARISES = "Arises automatically"
"""What is said instead where there is no register to be in."""
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
MOST_CLASSES = 45
DOMAIN = re.compile(r"(?i:(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,})")


def said_status(kind: str, status: str) -> str:
    """Where a right stands, in words: what has no register is not called unregistered."""
    return ARISES if status == "unregistered" and kind in WITHOUT_REGISTER else STATUSES[status]


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
        return "number", "Enter the domain name" if kind == "domain" else "Enter its registration number"
    if kind == "domain" and number.strip() and not DOMAIN.fullmatch(number.strip()):
        return "number", "Enter the domain name alone, like lanternotter.co.uk"
    return None


def fault_in_classes(kind: str, classes: str) -> tuple[str, str] | None:
    """What is wrong with the classes of a trade mark: there are 45. Other rights have classes of their own."""
    if kind != "trade_mark" or not classes.strip():
        return None
    numbers = [each for each in re.split(r"[\s,;]+|\band\b", classes) if each]
    if all(re.fullmatch(r"0?[0-9]{1,2}", each) and 1 <= int(each) <= MOST_CLASSES for each in numbers):
        return None
    return "classes", f"Enter trade mark classes from 1 to {MOST_CLASSES}, like 9, 16 and 41"


def fault_in_days(days: Days, *, status: str, on: date) -> tuple[str, str] | None:
    """What is wrong with the days: filing and registration have happened, and renewal, of what is registered, comes after both."""
    filed, registered, renews = days.filed_on, days.registered_on, days.renews_on
    if filed and filed > on:
        return "filed_on", "The day it was filed must be today or earlier"
    if registered and registered > on:
        return "registered_on", "The day it was registered must be today or earlier"
    if filed and registered and registered < filed:
        return "registered_on", "The day it was registered cannot be before the day it was filed"
    if filed and renews and renews <= filed:
        return "renews_on", "The renewal date must be after the day it was filed"
    if registered and renews and renews <= registered:
        return "renews_on", "The renewal date must be after the day it was registered"
    if registered and status == "unregistered":
        return (
            "registered_on",
            "What is not registered has no such day. Leave this empty, or change its status",
        )
    if renews and status == "unregistered":
        return "renews_on", "What is not registered is not renewed. Leave this empty, or change its status"
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


def said_reminded(days: int) -> str:
    """When before its renewal a right was reminded of, as the audit log says it; below 0 the day had passed."""
    return "after the day had passed" if days < 0 else f"{days} {'day' if days == 1 else 'days'} before"
