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
from crm.rights.rules.shares import folded_owner
from crm.rights.rules.territories import Reach, folded_territory, reach

ON_REGISTER = ("trade_mark", "design", "patent")
MARK = re.compile(r"(?:UK)?0*([0-9]{1,11})([A-Z]?)")
SHORT_OF_ZEROS = re.compile(r"(?!(?:UK)?[0-9]{11}[A-Z]?$)(?:UK)?0[0-9]*[A-Z]?")
"""A mark's number that begins with zeros and is not whole: which digits are missing cannot be told."""
DESIGN = re.compile(r"[0-9]{7}|9[0-9]{13}")
OURS = {
    "trade_mark": re.compile(r"(?i:UK|GB|[0-9]{1,7}[A-Z]?$)"),
    "design": re.compile(r"[0-9\s]+$"),
    "patent": re.compile(r"(?i:GB)"),
}
"""What of a number says that it is one of the United Kingdom: other offices number marks and patents too."""
SAYS_SO = re.compile(r"(?i:UK|GB)\s*[0-9]")
"""A number that says itself that it is one of the United Kingdom."""
ONLY_OURS = {"trade_mark": re.compile(r"UK[0-9]{11}[A-Z]?"), "patent": re.compile(r"GB[0-9]{7}(?:\.[0-9])?")}
"""Whole numbers that only the register of the United Kingdom gives."""
OTHERS = re.compile(r"(?!UK|GB)[A-Z]{1,3}[0-9]")
"""How a number of another office begins that may hold in the United Kingdom too, like EP1234567 or WO0000001234567."""
PATENT = re.compile(r"(?:GB)?([0-9]{7}(?:\.[0-9])?)[A-C]?")
UK_OFFICE = "the UK Intellectual Property Office"
REGISTER = "The register of the Intellectual Property Office"
CLAIMED = frozenset({"registered", "applied_for"})
DAYS = ("filed_on", "registered_on", "renews_on")
COMPARED = {
    "title": "Name",
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
    if kind == "trade_mark" and SHORT_OF_ZEROS.fullmatch(typed):
        raise BadInput(f"{typed} is not a whole number. Enter all 11 digits, like UK00003123456")
    if kind == "trade_mark" and (found := MARK.fullmatch(typed)):
        return f"UK{found[1]:0>11}{found[2]}"
    if kind == "design" and DESIGN.fullmatch(typed):
        return typed
    if kind == "patent" and (found := PATENT.fullmatch(typed)):
        return f"GB{found[1]}"
    raise BadInput(ASKED_FOR.get(kind, "The Intellectual Property Office keeps no register of this"))


def known_number(kind: str, text: str) -> str | None:
    """A number of the United Kingdom as the register writes it; None where it cannot be one."""
    try:
        return read_number(kind, text)
    except BadInput:
        return None


def number_on_register(kind: str, text: str, *, territory: str) -> str | None:
    """The number of an entry as the register writes it; None where it is not on that register.

    Other offices number rights alike: a number is one of the United Kingdom where the right applies there alone, or
    applies there too and the number says so itself.
    """
    where = reach(territory)
    says_so = where is Reach.AMONG and SAYS_SO.match(text.strip()) is not None
    return known_number(kind, text) if where is Reach.KINGDOM or says_so else None


def as_written(kind: str, text: str, *, territory: str) -> str:
    """A number as we store it: a UK number as the register writes it, any other as it was typed, without spaces around it."""
    found = number_on_register(kind, text, territory=territory) if _is_like_ours(kind, text) else None
    return found or " ".join(text.split())


def same_number(kind: str, text: str, *, territory: str) -> tuple[str, ...]:
    """What two entries have in common where their number is one: that of a register, of a place, or a domain name."""
    if kind == "domain":
        return (text.strip().casefold(),)
    found = number_on_register(kind, text, territory=territory)
    return ("", found) if found else (" ".join(text.split()), *folded_territory(territory))


def _is_like_ours(kind: str, text: str) -> bool:
    return kind in OURS and OURS[kind].match(text.strip()) is not None


def fault_in_number(kind: str, text: str, *, territory: str) -> tuple[str, str] | None:
    """What is wrong with the number of a right in the United Kingdom: its register has none like that, nor does another office."""
    where = reach(territory)
    is_ours = where is Reach.KINGDOM or (where is Reach.AMONG and SAYS_SO.match(text.strip()))
    if kind not in ON_REGISTER or not is_ours or not text.strip():
        return None
    try:
        read_number(kind, text)
    except BadInput as error:
        is_foreign = OTHERS.match(re.sub(r"[\s,\-/]", "", text).upper())
        return None if is_foreign else ("number", str(error))
    return None


def out_of_place(kind: str, text: str, *, territory: str) -> tuple[str, ...]:
    """That a number is one of the UK register while the right applies elsewhere, in sentences for its gaps."""
    is_ours = kind in ONLY_OURS and ONLY_OURS[kind].fullmatch(text.strip()) is not None
    if not is_ours or reach(territory) is not Reach.ELSEWHERE:
        return ()
    where = f"“{territory}” is entered as where it applies"
    return (f"The number {text} is one of the UK register, but {where}: correct the number or the place",)


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
        if register.get(field) and _differs(field, register[field], ours)
    )


def contradictions(ours: Mapping[str, Any], says: Mapping[str, Any] | None) -> tuple[str, ...]:
    """What the register says against an entry that calls itself registered, in sentences for its gaps."""
    if ours["status"] not in CLAIMED:
        return ()
    if says is None:
        return (f"{REGISTER} knows no {KINDS[ours['kind']].lower()} with the number {ours['number']}",)
    differing = [each.name.lower() for each in differences(ours, as_read(says))]
    return (f"{REGISTER} says something else: {', '.join(differing)}",) if differing else ()


def _differs(field: str, said: Any, ours: Mapping[str, Any]) -> bool:
    """Whether the register says something else. It lists owners without shares: it must name each of several."""
    owners = ours.get("owners", ())
    if field == "owner" and len(owners) > 1:
        return any(not set(folded_owner(each)) <= set(folded_owner(said)) for each in owners)
    return bool(
        _folded(field, said) != _folded(field, owners[0] if field == "owner" and owners else ours[field])
    )


def _folded(field: str, value: Any) -> Any:
    if field == "classes":
        return {int(each) for each in re.findall(r"[0-9]+", str(value or ""))}
    if field in ("owner", "title"):
        return folded_owner(str(value or ""))
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


def where_to_renew(kind: str, number: str, *, territory: str) -> str:
    """With whom a right is renewed: a number of the United Kingdom with its office, another with the one that gave it."""
    if kind == "domain":
        return "the company that you registered it with"
    is_ours = _is_like_ours(kind, number) and number_on_register(kind, number, territory=territory)
    return UK_OFFICE if is_ours else "the office that registered it"
