"""How a right is numbered on the register of the Intellectual Property Office, and where an entry of ours differs from it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.kernel.calendar import day_in_words
from crm.kernel.errors import BadInput
from crm.rights.rules.labels import KINDS, STATUSES

ON_REGISTER = ("trade_mark", "design", "patent")
MARK = re.compile(r"(?:UK)?0*([0-9]{1,11})([A-Z]?)")
DESIGN = re.compile(r"[0-9]{7}|9[0-9]{13}")
OURS = {
    "trade_mark": re.compile(r"(?i:UK|GB|[0-9]{1,7}[A-Z]?$)"),
    "design": re.compile(r"[0-9\s]+$"),
    "patent": re.compile(r"(?i:GB)"),
}
"""What of a number says that it is one of the United Kingdom: other offices number marks and patents too."""
PATENT = re.compile(r"(?:GB)?([0-9]{7}(?:\.[0-9])?)[A-C]?")
REGISTER = "The register of the Intellectual Property Office"
CLAIMED = frozenset({"registered", "applied_for"})
NOT_COMPARED = object()
"""Stands for what an entry says in a way that the register does not know."""
DAYS = ("filed_on", "registered_on", "renews_on")
COMPARED = {
    "owner": "Owner",
    "status": "Status",
    "classes": "Classes",
    "filed_on": "Filed",
    "registered_on": "Registered",
    "renews_on": "Renew by",
}
ASKED_FOR = {
    "trade_mark": "Enter a trade mark number, like UK00003123456",
    "design": "Enter a design number of 7 digits, like 6123456",
    "patent": "Enter a patent number, like GB2456789",
}


def read_number(kind: str, text: str) -> str:
    """A number as the register writes it, however it was typed. Raises `BadInput` where it cannot be one."""
    typed = re.sub(r"[\s,\-/]", "", text).upper()
    if kind == "trade_mark" and (found := MARK.fullmatch(typed)):
        return f"UK{found[1]:0>11}{found[2]}"
    if kind == "design" and DESIGN.fullmatch(typed):
        return typed
    if kind == "patent" and (found := PATENT.fullmatch(typed)):
        return f"GB{found[1]}"
    raise BadInput(ASKED_FOR.get(kind, "The Intellectual Property Office keeps no register of this"))


def known_number(kind: str, text: str) -> str | None:
    """The number of an entry as the register writes it; None where it is not on that register."""
    try:
        return read_number(kind, text)
    except BadInput:
        return None


def as_written(kind: str, text: str) -> str:
    """A number as we store it: a UK number as the register writes it, any other as it was typed, without spaces around it."""
    is_ours = OURS[kind].match(text.strip()) is not None if kind in OURS else False
    return (known_number(kind, text) if is_ours else None) or " ".join(text.split())


@dataclass(frozen=True)
class Difference:
    """One thing that the register and our entry say differently, each in words; "" is nothing."""

    field: str
    name: str
    register: str
    ours: str

    @property
    def label(self) -> str:
        """As a choice: what the register says, and what our entry says."""
        ours = f"your entry says {self.ours}" if self.ours else "not entered here"
        return f"{self.name}: {self.register} ({ours})"


def differences(ours: Mapping[str, Any], register: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Where the register says something else than our entry. What it does not say differs from nothing."""
    return tuple(
        Difference(field, name, _in_words(field, register[field]), _in_words(field, ours[field]))
        for field, name in COMPARED.items()
        if register.get(field)
        and ours[field] is not NOT_COMPARED
        and _folded(field, register[field]) != _folded(field, ours[field])
    )


def contradictions(ours: Mapping[str, Any], says: Mapping[str, Any] | None) -> tuple[str, ...]:
    """What the register says against an entry that calls itself registered, in sentences for its gaps."""
    if ours["status"] not in CLAIMED:
        return ()
    if says is None:
        return (f"{REGISTER} knows no {KINDS[ours['kind']].lower()} with the number {ours['number']}",)
    differing = [each.name.lower() for each in differences(ours, as_read(says))]
    return (f"{REGISTER} says something else: {', '.join(differing)}",) if differing else ()


def _folded(field: str, value: Any) -> Any:
    if field == "classes":
        return {int(each) for each in re.findall(r"[0-9]+", str(value or ""))}
    if field == "owner":
        words = re.sub(r"[^\w\s]", "", str(value or "")).casefold().split()
        return tuple({"limited": "ltd"}.get(each, each) for each in words)
    return str(value or "")


def _in_words(field: str, value: Any) -> str:
    if isinstance(value, date):
        return day_in_words(value)
    return STATUSES.get(str(value), str(value)) if field == "status" else str(value or "")


def as_read(says: Mapping[str, Any]) -> dict[str, Any]:
    """What the register said, as it was stored, with its days as days."""
    days = {name: date.fromisoformat(says[name]) if says.get(name) else None for name in DAYS}
    return {**says, **days}


KINDS_ON_REGISTER = {key: KINDS[key] for key in ON_REGISTER}
