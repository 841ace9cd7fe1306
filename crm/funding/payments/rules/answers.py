"""What the bank answers: a line of a CSV file or a status report, and what it comes to beside what we sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from typing import TypeVar

from crm.kernel.errors import BadInput
from crm.kernel.money import Money
from crm.kernel.tables import Limits, TableRefused, read_table


class Verdict(StrEnum):
    """What a line of the bank's answer came to. Only the first two move a payment."""

    PAID = "paid"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    PARTIAL = "partial"
    REPEATED = "repeated"
    LATE = "late"


VERDICTS = {
    Verdict.PAID: "Paid",
    Verdict.REJECTED: "Rejected",
    Verdict.UNKNOWN: "Not one of our payments",
    Verdict.PARTIAL: "Not the amount that we sent",
    Verdict.REPEATED: "Repeated: counted once",
    Verdict.LATE: "Comes after the payment was settled",
}
TO_RESOLVE = (Verdict.UNKNOWN, Verdict.PARTIAL, Verdict.LATE)
"""What a person has to look into."""


@dataclass(frozen=True)
class Said:
    """One line of the bank's answer, as it was read."""

    end_to_end_id: str
    amount: Money
    is_paid: bool
    reason: str = ""
    paid_on: date | None = None


@dataclass(frozen=True)
class Known:
    """What we know of a try: its amount, whether it is still open, and what was counted for it, if anything."""

    amount: Money
    is_open: bool
    counted: bool | None = None


def verdicts(said: Iterable[Said], known: Mapping[str, Known], *, sent: Collection[str]) -> list[Verdict]:
    """What each line comes to, in order. ``sent`` are the tries that were released to the bank."""
    found: list[Verdict] = []
    counted = {key: each.counted for key, each in known.items() if each.counted is not None}
    for line in said:
        found.append(_verdict(line, known, sent, counted))
        if found[-1] in (Verdict.PAID, Verdict.REJECTED):
            counted[line.end_to_end_id] = line.is_paid
    return found


def _verdict(
    line: Said, known: Mapping[str, Known], sent: Collection[str], counted: Mapping[str, bool]
) -> Verdict:
    ours = known.get(line.end_to_end_id)
    if ours is None or line.end_to_end_id not in sent:
        return Verdict.UNKNOWN
    if line.amount != ours.amount:
        return Verdict.PARTIAL
    if line.end_to_end_id in counted:
        return Verdict.REPEATED if counted[line.end_to_end_id] is line.is_paid else Verdict.LATE
    if not ours.is_open:
        return Verdict.LATE
    return Verdict.PAID if line.is_paid else Verdict.REJECTED


COLUMNS = ("end_to_end_id", "amount", "status", "reason")
"""The columns of the bank's answer as CSV: PAID or REJECTED is the status, and a rejection says why."""
DAY_COLUMN = "paid_on"
"""A column that the file may have: the day on which the bank made the payment. Without it, that is the day of the run."""
MOST_FAULTS = 10
DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})|([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", re.ASCII)
Row = TypeVar("Row")
MOST_LINES, MOST_MEGABYTES = 5_000, 5
STATUSES = {"PAID": True, "REJECTED": False}


def read_answer(data: bytes) -> list[Said]:
    """Every line of a file of the bank as CSV. Raises `BadInput` that names the line."""
    try:
        table = read_table(data, (*COLUMNS, DAY_COLUMN), limits=Limits(MOST_LINES, MOST_MEGABYTES))
    except TableRefused as refused:
        said = "; ".join(map(str, refused.faults))
        raise BadInput(said[:1].upper() + said[1:]) from None
    missing = [each for each in COLUMNS if each not in table.columns]
    if missing:
        raise BadInput(f"The first row must name the columns. Missing: {', '.join(missing)}")
    found = all_read(partial(_said, row, at) for at, row in table.rows)
    if not found:
        raise BadInput("The file must have one or more lines under its first row")
    return found


def all_read(reading: Iterable[Callable[[], Row]]) -> list[Row]:
    """What every line reads as. Raises `BadInput` that names what is wrong in each line, not in the first alone."""
    found, faults = [], []
    for read in reading:
        try:
            found.append(read())
        except BadInput as error:
            faults.append(str(error))
    if faults:
        more = f"; and {len(faults) - MOST_FAULTS} more" if len(faults) > MOST_FAULTS else ""
        raise BadInput("; ".join(faults[:MOST_FAULTS]) + more)
    return found


def _said(row: Mapping[str, str], at: int) -> Said:
    key, status = ((row.get(each) or "").strip() for each in ("end_to_end_id", "status"))
    if any(len(each.splitlines()) > 1 for each in row.values()):
        raise BadInput(f"Line {at}: a quote opens in this line and closes in a later one")
    reason = " ".join((row.get("reason") or "").split())[:300]
    try:
        amount = Money.parse(row.get("amount") or "")
    except BadInput as error:
        raise BadInput(f"Line {at}, amount: {error}") from error
    if not key or len(key) > 35:
        raise BadInput(f"Line {at}, end to end id: enter 1 to 35 characters")
    if status.upper() not in STATUSES:
        raise BadInput(f"Line {at}: the status must be PAID or REJECTED")
    return Said(key, amount, STATUSES[status.upper()], reason, _day(row, at))


def _day(row: Mapping[str, str], at: int) -> date | None:
    """The day on which the bank says that it paid; None where the file does not say."""
    typed = (row.get(DAY_COLUMN) or "").strip()
    found = DAY.fullmatch(typed)
    if not typed:
        return None
    try:
        if found is None:
            raise ValueError(typed)
        year, month, day = found[1] or found[6], found[2] or found[5], found[3] or found[4]
        return date(int(year), int(month), int(day))
    except ValueError:
        raise BadInput(f"Line {at}, paid on: enter a day, like 30/11/2026 or 2026-11-30") from None
