"""A file of businesses: in Companies House's bulk columns or in our own; every fault with its line and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from crm.businesses.rules.naming import match_name, website_domain
from crm.businesses.rules.sectors import read_codes
from crm.kernel.companies import CompanyNumber
from crm.kernel.eligibility import DCMS_GROUPS, LEGAL_FORMS, STAGES
from crm.kernel.errors import BadInput
from crm.kernel.money import Money
from crm.kernel.postcodes import Postcode, parse_outcode

MOST_ROWS = 100_000
MOST_BYTES = 200_000_000
WHY = "why"
"""A column that an unmatched row carries, and that is passed over when the file is fed again."""
OWN_COLUMNS = (
    *("name", "company_number", "trading_names", "legal_form", "stage", "dcms_groups", "sic_codes"),
    *("trading_postcode", "trading_address", "registered_postcode", "registered_address", "website"),
    *("description", "trading_since", "hub_code", "adviser_email", "person_name", "person_email"),
    *("year_end", "turnover", "employees"),
)
BULK_NEEDED = ("CompanyName", "CompanyNumber")
BULK_FORMS = {
    "private limited company": "company",
    "pri/ltd by guar/nsc (private, limited by guarantee, no share capital)": "company",
    "public limited company": "plc",
    "limited liability partnership": "llp",
    "limited partnership": "partnership",
    "community interest company": "cic",
    "charitable incorporated organisation": "cio",
    "registered society": "society",
}


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell, or in a whole file (line 0)."""

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        where = f"line {self.line}" + (f", {self.column}" if self.column else "") if self.line else "the file"
        return f"{where}: {self.message}"


class FileRefused(ValueError):
    """A file with faults: all of them at once."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@dataclass(frozen=True)
class BusinessRow:
    """One business of a file: its line, its cells as they stood, and what they mean. Empty is unknown."""

    line: int
    cells: Mapping[str, str]
    values: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)


def read_file(source: bytes, name: str) -> list[BusinessRow]:
    """Every business in a file. Raises `FileRefused` with every fault, and then nothing of it is taken in."""
    rows, faults, seen = [], list[Fault](), dict[tuple[str, str], int]()
    for line, cells, is_bulk in _lines(source, name):
        values, wrong = _read(cells, _BULK if is_bulk else _OWN, line=line)
        faults += wrong
        if wrong:
            continue
        key = _key(values)
        if key in seen:
            faults.append(Fault(line, "", f"this business stands in line {seen[key]} already"))
        seen.setdefault(key, line)
        rows.append(BusinessRow(line, cells, values))
    if faults:
        raise FileRefused(faults)
    return rows


def _key(values: Mapping[str, Any]) -> tuple[str, str]:
    """What tells a business from others in one file: its number, else its name and district."""
    number = values.get("company_number")
    return ("number", number) if number else (match_name(values["name"]), values.get("trading_outcode") or "")


def _lines(source: bytes, name: str) -> Iterator[tuple[int, dict[str, str], bool]]:
    if not name.lower().endswith(".csv"):
        raise FileRefused([Fault(0, "", "it must be a CSV file, whose name ends in .csv")])
    if len(source) > MOST_BYTES:
        raise FileRefused([Fault(0, "", "it is too large: the most is 200 MB")])
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused([Fault(0, "", "it is not UTF-8 text: save it as “CSV UTF-8”")]) from None
    reader = csv.reader(io.StringIO(text, newline=""))
    head = [each.strip() for each in next(reader, [])]
    is_bulk = "CompanyNumber" in head
    _check_head(head, is_bulk=is_bulk)
    for number, row in enumerate(reader, start=1):
        if number > MOST_ROWS:
            raise FileRefused([Fault(reader.line_num, "", f"there are more than {MOST_ROWS:,} rows")])
        if any(cell.strip() for cell in row):
            if len(row) != len(head):
                raise FileRefused([Fault(reader.line_num, "", f"it has {len(row)} cells, not {len(head)}")])
            yield reader.line_num, dict(zip(head, (cell.strip() for cell in row), strict=True)), is_bulk


def _check_head(head: list[str], *, is_bulk: bool) -> None:
    needed = BULK_NEEDED if is_bulk else ("name",)
    faults = [Fault(1, column, "this column is missing") for column in needed if column not in head]
    if not is_bulk:
        strange = [column for column in head if column not in (*OWN_COLUMNS, WHY)]
        faults += [Fault(1, column[:60], "there is no such column") for column in strange]
    if len(set(head)) != len(head):
        faults.append(Fault(1, "", "a column stands there twice"))
    if faults:
        raise FileRefused(faults)


def _read(
    cells: Mapping[str, str], readers: Mapping[str, Any], *, line: int
) -> tuple[dict[str, Any], list[Fault]]:
    values: dict[str, Any] = {}
    faults = []
    for column, (name, read) in readers.items():
        text = cells.get(column, "")
        if not text:
            continue
        try:
            values |= read(name, text)
        except BadInput as why:
            faults.append(Fault(line, column, f"{why} (it says “{text[:60]}”)"))
    codes = [code for number in range(1, 5) for code in values.pop(f"sic_{number}", ())]
    if codes:
        values["sic_codes"] = tuple(dict.fromkeys(codes))
    if not values.get("name") and not faults:
        faults.append(Fault(line, "name", "a business needs a name"))
    return values, faults


Cell = Callable[[str, str], dict[str, Any]]


def _plain(read: Callable[[str], Any]) -> Cell:
    return lambda name, text: {name: read(text)}


def _text(most: int) -> Cell:
    def read(text: str) -> str:
        if len(text) > most:
            raise BadInput(f"This must be {most:,} characters or fewer")
        return text

    return _plain(read)


def _word(words: Mapping[str, str]) -> Cell:
    def read(text: str) -> str:
        if text not in words:
            raise BadInput(f"This must be one of: {', '.join(words)}")
        return text

    return _plain(read)


def _words(words: Mapping[str, str]) -> Cell:
    def read(text: str) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(each.strip() for each in text.split("|") if each.strip()))
        if not set(found) <= set(words):
            raise BadInput(f"These must be some of: {', '.join(words)}")
        return found

    return _plain(read)


def _names(name: str, text: str) -> dict[str, Any]:
    return {name: tuple(dict.fromkeys(each.strip()[:200] for each in text.split("|") if each.strip()))}


def _place(_name: str, text: str) -> dict[str, Any]:
    try:
        return {"trading_postcode": None, "trading_outcode": parse_outcode(text)}
    except BadInput:
        found = Postcode.parse(text)
    return {"trading_postcode": str(found), "trading_outcode": found.outcode}


def _day(text: str) -> date:
    try:
        if text.count("/") == 2:
            day, month, year = (int(part) for part in text.split("/"))
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("This must be a day, like 2026-03-31 or 31/03/2026") from None


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise BadInput("This must be a whole number")
    return int(text)


def _website(text: str) -> str:
    if website_domain(text) is None:
        raise BadInput("This is not a web address")
    return text if text.startswith(("http://", "https://")) else f"https://{text}"


def _bulk_form(name: str, text: str) -> dict[str, Any]:
    found = BULK_FORMS.get(text.casefold())
    return {name: found} if found else {}


def _bulk_sic(name: str, text: str) -> dict[str, Any]:
    """Four figures are the classification of 2003: kept, and mapped to nothing."""
    return {} if text == "None Supplied" else {name: read_codes(text.split(" - ", 1)[0])}


_NUMBER = _plain(lambda text: str(CompanyNumber.parse(text)))
_POSTCODE = _plain(lambda text: str(Postcode.parse(text)))
_OWN: Mapping[str, tuple[str, Cell]] = {
    name: (name, read)
    for name, read in {
        "name": _text(200),
        "company_number": _NUMBER,
        "trading_names": _names,
        "legal_form": _word(LEGAL_FORMS),
        "stage": _word(STAGES),
        "dcms_groups": _words(DCMS_GROUPS),
        "sic_codes": _plain(read_codes),
        "trading_postcode": _place,
        "trading_address": _text(500),
        "registered_postcode": _POSTCODE,
        "registered_address": _text(500),
        "website": _plain(_website),
        "description": _text(10_000),
        "trading_since": _plain(_day),
        "hub_code": _text(40),
        "adviser_email": _plain(str.lower),
        "person_name": _text(200),
        "person_email": _plain(str.lower),
        "year_end": _plain(_day),
        "turnover": _plain(Money.parse),
        "employees": _plain(_count),
    }.items()
}
_BULK: Mapping[str, tuple[str, Cell]] = {
    "CompanyName": ("name", _text(200)),
    "CompanyNumber": ("company_number", _NUMBER),
    "CompanyCategory": ("legal_form", _bulk_form),
    "CompanyStatus": ("register_status", _text(60)),
    "RegAddress.AddressLine1": ("registered_address", _text(500)),
    "RegAddress.PostCode": ("registered_postcode", _POSTCODE),
    **{f"SICCode.SicText_{number}": (f"sic_{number}", _bulk_sic) for number in range(1, 5)},
}
"""Of the bulk file only what it knows for certain: a registered office is not where a business trades."""
