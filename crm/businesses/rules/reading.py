"""A file of businesses: in Companies House's bulk columns or in our own; every fault with its line and column."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto
from typing import Any, TypeAlias

from crm.businesses.rules.naming import match_name, website_domain
from crm.businesses.rules.sectors import read_codes
from crm.kernel.companies import CompanyNumber
from crm.kernel.days import EARLIEST, Bounds, read_day
from crm.kernel.eligibility import DCMS_GROUPS, LEGAL_FORMS, STAGES
from crm.kernel.emails import read_email
from crm.kernel.errors import BadInput
from crm.kernel.money import Money
from crm.kernel.postcodes import Postcode, parse_outcode
from crm.kernel.tables import Fault, Limits, Table, TableRefused, key_of, read_table
from crm.kernel.text import one_line, paragraphs, unwrapped

LIMITS = Limits(rows=100_000, megabytes=200)
EARLIEST_TRADING = date(1600, 1, 1)
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
class BusinessRow:
    """One business of a file: its line, its cells as they stood, and what they mean. Empty is unknown.

    ``left_out`` are the cells that cannot be read: what they say stays unknown.
    """

    line: int
    cells: Mapping[str, str]
    values: Mapping[str, Any] = field(default_factory=dict)
    left_out: tuple[Fault, ...] = ()

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)


def read_file(source: bytes, name: str, *, on: date) -> list[BusinessRow]:
    """Every business in a file. A cell that cannot be read is left out of its row, with a word; a name is needed.

    Raises `TableRefused` with every fault of the file itself, and then nothing of it is taken in.
    """
    rows, faults, seen = [], list[Fault](), dict[tuple[str, str], int]()
    table, readers = _table(source, name), _readers(on)
    columns = readers[Template.BULK if _is_bulk(table.columns) else Template.OWN]
    for line, cells in table.rows:
        row = _row(line, cells, columns)
        if not row["name"]:
            faults.append(_no_name(row))
            continue
        first = seen.setdefault(_key(row.values), line)
        if first != line:
            faults.append(Fault(line, "", f"this business is in line {first} already"))
        rows.append(row)
    if faults:
        raise TableRefused(*faults)
    return rows


def _no_name(row: BusinessRow) -> Fault:
    wrong = next((each for each in row.left_out if each.column in ("name", "CompanyName")), None)
    return wrong or Fault(row.line, "name", "a business needs a name")


def _key(values: Mapping[str, Any]) -> tuple[str, str]:
    """What tells a business from others in one file: its number, else its name and district."""
    number = values.get("company_number")
    return ("number", number) if number else (match_name(values["name"]), values.get("trading_outcode") or "")


def _table(source: bytes, name: str) -> Table:
    if not name.lower().endswith((".csv", ".txt", ".tsv")):
        raise TableRefused(Fault(0, "", "it must be a CSV file, whose name ends in .csv"))
    table = read_table(source, (*OWN_COLUMNS, WHY), tuple(_BULK), limits=LIMITS)
    is_bulk = _is_bulk(table.columns)
    needed = BULK_NEEDED if is_bulk else ("name",)
    faults = [
        Fault(table.line, each, "this column is missing") for each in needed if each not in table.columns
    ]
    if not is_bulk:
        strange = [column for column in table.columns if column not in (*OWN_COLUMNS, WHY)]
        faults += [Fault(table.line, column[:60], "there is no such column") for column in strange]
    if faults:
        raise TableRefused(*faults)
    return table


def _is_bulk(columns: Collection[str]) -> bool:
    """Whether these are the columns of Companies House's bulk file."""
    return "CompanyNumber" in columns


def _row(line: int, cells: Mapping[str, str], columns: Columns) -> BusinessRow:
    values: dict[str, Any] = {}
    left_out = []
    for column, (name, read) in columns.items():
        text = cells.get(column, "")
        if not text:
            continue
        try:
            values |= read(name, text)
        except BadInput as why:
            left_out.append(Fault(line, column, f"{why} (it says “{_shown(text)}”)"))
    codes = [code for number in range(1, 5) for code in values.pop(f"sic_{number}", ())]
    if codes:
        values["sic_codes"] = tuple(dict.fromkeys(codes))
    return BusinessRow(line, cells, values, tuple(left_out))


def _shown(text: str) -> str:
    """A cell as it is repeated in a message: short, and on one line."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text[:60])


Cell: TypeAlias = Callable[[str, str], dict[str, Any]]
Columns: TypeAlias = Mapping[str, tuple[str, Cell]]


class Template(Enum):
    """Whose columns a file has."""

    OWN = auto()
    BULK = auto()


def _plain(read: Callable[[str], Any]) -> Cell:
    return lambda name, text: {name: read(text)}


def _line(most: int) -> Cell:
    return _plain(lambda text: _bounded(one_line(text), most))


def _text(most: int) -> Cell:
    return _plain(lambda text: _bounded(paragraphs(text), most))


def _bounded(text: str, most: int) -> str:
    if len(text) > most:
        raise BadInput(f"This must be {most:,} characters or fewer")
    return text


def _one_of(words: Mapping[str, str]) -> Callable[[str], str]:
    """A word of a list, by its code or as it is shown, whatever its case."""
    by_key = {key_of(each): code for code, label in words.items() for each in (label, code)}

    def read(text: str) -> str:
        found = by_key.get(key_of(text))
        if found is None:
            raise BadInput(f"This must be one of: {', '.join(words)}")
        return found

    return read


def _word(words: Mapping[str, str]) -> Cell:
    return _plain(_one_of(words))


def _words(words: Mapping[str, str]) -> Cell:
    known = _one_of(words)
    return _plain(lambda text: tuple(dict.fromkeys(known(each) for each in text.split("|") if each.strip())))


def _names(name: str, text: str) -> dict[str, Any]:
    names = (_bounded(one_line(each), 200) for each in re.split(r"[|\r\n]", text) if each.strip())
    return {name: tuple(dict.fromkeys(names))}


def _place(_name: str, text: str) -> dict[str, Any]:
    try:
        return {"trading_postcode": None, "trading_outcode": parse_outcode(text)}
    except BadInput:
        found = Postcode.parse(text)
    return {"trading_postcode": str(found), "trading_outcode": found.outcode}


def _day(*, on: date, least: date = EARLIEST) -> Cell:
    """A day that has come already."""

    def read(text: str) -> date:
        try:
            return read_day(text, within=Bounds(on, least=least, most=on))
        except BadInput as why:
            raise BadInput(f"This {why}") from None

    return _plain(read)


def _count(text: str) -> int:
    digits = unwrapped(text).replace(",", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 6):
        raise BadInput("This must be a whole number")
    return int(digits)


def _website(text: str) -> str:
    text = unwrapped(text)
    if len(text) > 300 or website_domain(text) is None:
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
_OWN: Columns = {
    name: (name, read)
    for name, read in {
        "name": _line(200),
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
        "hub_code": _line(40),
        "adviser_email": _plain(read_email),
        "person_name": _line(200),
        "person_email": _plain(read_email),
        "turnover": _plain(Money.parse),
        "employees": _plain(_count),
    }.items()
}
_BULK: Columns = {
    "CompanyName": ("name", _line(200)),
    "CompanyNumber": ("company_number", _NUMBER),
    "CompanyCategory": ("legal_form", _bulk_form),
    "CompanyStatus": ("register_status", _line(60)),
    "RegAddress.AddressLine1": ("registered_address", _text(500)),
    "RegAddress.PostCode": ("registered_postcode", _POSTCODE),
    **{f"SICCode.SicText_{number}": (f"sic_{number}", _bulk_sic) for number in range(1, 5)},
}
"""Of the bulk file only what it knows for certain: a registered office is not where a business trades."""


def _readers(on: date) -> Mapping[Template, Columns]:
    """How each column is read on a day."""
    days: Columns = {
        "trading_since": ("trading_since", _day(on=on, least=EARLIEST_TRADING)),
        "year_end": ("year_end", _day(on=on)),
    }
    return {Template.OWN: {**_OWN, **days}, Template.BULK: _BULK}
