"""The directory's file read as a whole: every row into a service, or every fault with its line and column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, BinaryIO

from crm.directory.rules import cells
from crm.directory.rules.labels import NEEDS, STATUSES
from crm.directory.rules.rows import FILE_COLUMNS, RowError, ServiceRow, ServicesRefused
from crm.kernel.eligibility import DCMS_GROUPS, LEGAL_FORMS, LEPS, STAGES, Terms
from crm.kernel.errors import BadInput
from crm.kernel.tables import Limits, Table, TableRefused, read_table
from crm.places.queries import authorities

MOST_SERVICES = 5_000
LIMITS = Limits(rows=MOST_SERVICES, megabytes=32)
MOST_VALUE_SHOWN = 80

_LEP_ALIASES = {f"{lep} LEP".casefold(): lep for lep in LEPS}

_READERS: Mapping[str, Callable[[str], Any]] = {
    "service_id": cells.identifier,
    "name": cells.name,
    "provider": cells.name,
    "need_tags": cells.words_of(NEEDS),
    "description": cells.text,
    "eligibility_text": cells.text,
    "min_turnover_gbp": cells.optional(cells.amount),
    "max_turnover_gbp": cells.optional(cells.amount),
    "min_employees": cells.optional(cells.count),
    "max_employees": cells.optional(cells.count),
    "min_trading_months": cells.optional(cells.count),
    "max_trading_months": cells.optional(cells.count),
    "min_export_share_pct": cells.optional(cells.percent),
    "legal_forms": cells.words_of(LEGAL_FORMS),
    "stages": cells.words_of(STAGES),
    "dcms_groups": cells.words_of(DCMS_GROUPS),
    "leps": cells.words_of(LEPS, aliases=_LEP_ALIASES),
    "lad_names": cells.words_of([authority.name for authority in authorities()]),
    "outcodes": cells.outcodes,
    "wmca_only": cells.yes_or_no,
    "opens_on": cells.optional(cells.day),
    "closes_on": cells.optional(cells.day),
    "cost_type": cells.short_text,
    "cost_text": cells.text,
    "amount_min_gbp": cells.optional(cells.amount),
    "amount_max_gbp": cells.optional(cells.amount),
    "status": cells.text,
    "status_code": cells.one_word_of(STATUSES),
    "url": cells.web_address,
    "action6_ref": cells.plan_lines,
    "verified": cells.short_text,
    "as_of": cells.optional(cells.day),
    "as_of_note": cells.short_text,
    "source_or_basis": cells.text,
}

INFORMING: Mapping[str, tuple[str, Any]] = {
    "description": ("description", ""),
    "eligibility_text": ("eligibility_note", ""),
    "cost_type": ("cost_type", ""),
    "cost_text": ("cost_text", ""),
    "amount_min_gbp": ("amount_min", None),
    "amount_max_gbp": ("amount_max", None),
    "status": ("status_note", ""),
    "url": ("url", ""),
    "action6_ref": ("plan_lines", ()),
    "verified": ("verified", ""),
    "as_of": ("checked_on", None),
    "as_of_note": ("checked_note", ""),
    "source_or_basis": ("source", ""),
}
"""Columns that only inform, with their field and what it is while unknown: an odd cell of theirs is left out.

Any other column decides who a service is for and when: leaving out such a cell would offer it to everybody.
"""

_IN_ORDER = (
    ("min_turnover_gbp", "max_turnover_gbp"),
    ("min_employees", "max_employees"),
    ("min_trading_months", "max_trading_months"),
    ("amount_min_gbp", "amount_max_gbp"),
    ("opens_on", "closes_on"),
)


def read_services(source: bytes | BinaryIO, *, today: date | None = None) -> tuple[ServiceRow, ...]:
    """Read services in the columns of the directory's file.

    A cell that only informs is left out with a word where it cannot be read. Otherwise all or nothing: raises
    ServicesRefused with every fault. With ``today``, a check dated later is a fault.
    """
    table = _table(source if isinstance(source, bytes) else source.read(LIMITS.megabytes * 1_000_000 + 1))
    errors: list[RowError] = []
    services: list[ServiceRow] = []
    first_lines: dict[str, int] = {}
    for line, row in table.rows:
        values, found = _values(line, row, today=today)
        left_out = tuple(each for each in found if each.column not in values and each.column in INFORMING)
        wrong = [each for each in found if each not in left_out]
        key = row["service_id"].casefold()
        first = first_lines.setdefault(key, line)
        if key and first != line:
            wrong.append(RowError(line, "service_id", f"line {first} has this service_id already", key[:80]))
        if not wrong:
            unknown = {each.column: INFORMING[each.column][1] for each in left_out}
            services.append(replace(_service(line, values | unknown), left_out=left_out))
        errors.extend(wrong)
    if errors:
        raise ServicesRefused(errors)
    return tuple(services)


def _table(source: bytes) -> Table:
    """The file as a table, if its headings are the right ones and each is there once."""
    try:
        table = read_table(source, FILE_COLUMNS, limits=LIMITS)
    except TableRefused as refused:
        raise ServicesRefused(
            [RowError(fault.line or 1, fault.column, fault.message) for fault in refused.faults]
        ) from None
    missing = [(name, "this column is missing") for name in FILE_COLUMNS if name not in table.columns]
    strange = [name for name in table.columns if name not in FILE_COLUMNS]
    faults = [*missing, *((name, "this column is not one of the directory's") for name in strange)]
    if faults:
        raise ServicesRefused([RowError(table.line, name[:MOST_VALUE_SHOWN], why) for name, why in faults])
    return table


def _values(
    line: int, row: Mapping[str, str], *, today: date | None
) -> tuple[dict[str, Any], list[RowError]]:
    values: dict[str, Any] = {}
    wrong = []
    for column, read in _READERS.items():
        cell = row[column].strip()
        try:
            values[column] = read(cell)
        except BadInput as why:
            wrong.append(RowError(line, column, str(why), _shown(cell)))
    for column, message in _between_cells(values, today=today):
        wrong.append(RowError(line, column, message, _shown(row[column].strip())))
    return values, wrong


def _between_cells(values: Mapping[str, Any], *, today: date | None) -> Iterator[tuple[str, str]]:
    """What is wrong between cells that are each right."""
    for low, high in _IN_ORDER:
        least, most = values.get(low), values.get(high)
        if least is not None and most is not None and least > most:
            yield high, f"this comes before {low}" if low == "opens_on" else f"this is less than {low}"
    checked_on = values.get("as_of")
    if today is not None and checked_on is not None and checked_on > today:
        yield "as_of", "this date has not come yet"


def _shown(cell: str) -> str:
    """A cell as it is repeated in a message: short, and on one line."""
    said = "".join(
        sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in cell[:MOST_VALUE_SHOWN]
    )
    return said + ("…" if len(cell) > MOST_VALUE_SHOWN else "")


def _service(line: int, values: Mapping[str, Any]) -> ServiceRow:
    return ServiceRow(
        line=line,
        service_id=values["service_id"],
        name=values["name"],
        provider=values["provider"],
        needs=values["need_tags"],
        description=values["description"],
        eligibility_note=values["eligibility_text"],
        terms=_terms(values),
        opens_on=values["opens_on"],
        closes_on=values["closes_on"],
        cost_type=values["cost_type"],
        cost_text=values["cost_text"],
        amount_min=values["amount_min_gbp"],
        amount_max=values["amount_max_gbp"],
        status=values["status_code"],
        status_note=values["status"],
        url=values["url"],
        plan_lines=values["action6_ref"],
        verified=values["verified"],
        checked_on=values["as_of"],
        checked_note=values["as_of_note"],
        source=values["source_or_basis"],
    )


def _terms(values: Mapping[str, Any]) -> Terms:
    return Terms(
        min_turnover=values["min_turnover_gbp"],
        max_turnover=values["max_turnover_gbp"],
        min_employees=values["min_employees"],
        max_employees=values["max_employees"],
        min_trading_months=values["min_trading_months"],
        max_trading_months=values["max_trading_months"],
        min_export_share_pct=values["min_export_share_pct"],
        legal_forms=values["legal_forms"],
        stages=values["stages"],
        dcms_groups=values["dcms_groups"],
        leps=values["leps"],
        lad_names=values["lad_names"],
        outcodes=values["outcodes"],
        wmca_only=values["wmca_only"],
    )
