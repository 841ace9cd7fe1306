"""What the bank answers: a line of a CSV file or a status report, and what it comes to beside what we sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar

from crm.funding.payments.rules.reasons import has_it_already, in_words
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
    DAY = "day"
    OPPOSED = "opposed"


VERDICTS = {
    Verdict.PAID: "Paid",
    Verdict.REJECTED: "Rejected",
    Verdict.UNKNOWN: "Not one of our payments",
    Verdict.PARTIAL: "Not the amount that we sent",
    Verdict.REPEATED: "Repeated: counted once",
    Verdict.LATE: "Comes after the payment was settled",
    Verdict.DAY: "Paid on a day that cannot be right",
    Verdict.OPPOSED: "Contradicts another line about this payment, or says that the bank has it already",
}
TO_RESOLVE = (Verdict.UNKNOWN, Verdict.PARTIAL, Verdict.LATE, Verdict.DAY, Verdict.OPPOSED)
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
    """What we know of a try: its amount, whether it is still open, and what was counted for it, if anything.

    ``days`` are the first and last on which the bank can have paid it; ``paid_on`` is the day that was counted.
    ``is_returned`` says that the bank sent back what it had paid.
    """

    amount: Money
    is_open: bool
    counted: bool | None = None
    days: tuple[date, date] = (date.min, date.max)
    paid_on: date | None = None
    is_returned: bool = False


def verdicts(
    said: Iterable[Said],
    known: Mapping[str, Known],
    *,
    sent: Collection[str],
    before: Collection[Said] = (),
) -> list[Verdict]:
    """What each line comes to, in order. ``sent`` are the tries that were released to the bank.

    Lines of one file that contradict each other settle nothing, whichever comes first. ``before`` is what earlier files said
    that a person looks into, or has: a line that says the same again is no second thing to look into.
    """
    lines, found = list(said), list[Verdict]()
    opposed, counted = _opposed(lines), set[str]()
    for line in lines:
        key, ours = line.end_to_end_id, known.get(line.end_to_end_id)
        if ours is None or key not in sent:
            found.append(Verdict.UNKNOWN)
        else:
            found.append(_verdict(line, ours, is_opposed=key in opposed, is_repeated=key in counted))
        if found[-1] in TO_RESOLVE and line in before and not _may_be_another_part(line, found[-1]):
            found[-1] = Verdict.REPEATED
        if found[-1] in (Verdict.PAID, Verdict.REJECTED):
            counted.add(key)
    return found


def _may_be_another_part(line: Said, verdict: Verdict) -> bool:
    """Whether a line can tell of a second part of a payment: another sum than we sent, and no day that says when it was paid."""
    return verdict is Verdict.PARTIAL and line.is_paid and line.paid_on is None


def _opposed(lines: Iterable[Said]) -> set[str]:
    """The tries of which a file says two things: paid and rejected, two amounts, or paid on two days."""
    told: dict[str, set[tuple[bool, Money, date | None]]] = {}
    for each in lines:
        day = each.paid_on if each.is_paid else None
        told.setdefault(each.end_to_end_id, set()).add((each.is_paid, each.amount, day))
    return {key for key, said in told.items() if len(said) > 1}


def _verdict(line: Said, ours: Known, *, is_opposed: bool, is_repeated: bool) -> Verdict:
    if line.amount != ours.amount:
        return Verdict.PARTIAL
    if ours.counted is not None:
        return _again(line, ours)
    if not ours.is_open:
        return Verdict.LATE
    if is_opposed or (not line.is_paid and has_it_already(line.reason)):
        return Verdict.OPPOSED
    if line.is_paid and line.paid_on is not None and not ours.days[0] <= line.paid_on <= ours.days[1]:
        return Verdict.DAY
    if is_repeated:
        return Verdict.REPEATED
    return Verdict.PAID if line.is_paid else Verdict.REJECTED


def _again(line: Said, ours: Known) -> Verdict:
    """What a line about a try comes to that an earlier file settled: the same again, another day, or the opposite.

    A payment that came back was settled anew by people, so "paid" about it is news that a person looks into.
    """
    if ours.counted is not line.is_paid or ours.is_returned:
        return Verdict.LATE
    is_other_day = line.paid_on is not None and ours.paid_on is not None and line.paid_on != ours.paid_on
    return Verdict.OPPOSED if line.is_paid and is_other_day else Verdict.REPEATED


COLUMNS = ("end_to_end_id", "amount", "status", "reason")
"""The columns of the bank's answer as CSV: PAID or REJECTED is the status, and a rejection says why."""
DAY_COLUMN = "paid_on"
"""A column that the file may have: the day on which the bank made the payment. Without it, that is the day of the run."""
MOST_FAULTS = 10
DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})|([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", re.ASCII)
Row = TypeVar("Row")
MOST_LINES, MOST_MEGABYTES = 5_000, 5
MOST_IN_KEY = 35
"""Characters of a reference that banks carry from end to end (ISO 20022, Max35Text)."""
STATUSES = {"PAID": True, "REJECTED": False}


def read_answer(data: bytes) -> list[Said]:
    """Every line of a file of the bank as CSV. Raises `BadInput` that names the line."""
    try:
        table = read_table(data, (*COLUMNS, DAY_COLUMN), limits=Limits(MOST_LINES, MOST_MEGABYTES))
    except TableRefused as refused:
        raise BadInput(listed(_faults_of(refused))) from None
    missing = [each.replace("_", " ") for each in COLUMNS if each not in table.columns]
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
        raise BadInput(listed(faults))
    return found


def listed(faults: Sequence[str]) -> str:
    """What is wrong in a file, as one message: the first faults, and how many more there are."""
    more = f"; and {len(faults) - MOST_FAULTS} more" if len(faults) > MOST_FAULTS else ""
    return "; ".join(each[:1].upper() + each[1:] for each in faults[:MOST_FAULTS]) + more


def _faults_of(refused: TableRefused) -> list[str]:
    """Every line that is no row of the table, and what is wrong in the others, in the order of the file."""
    found = [(each.line, str(each)) for each in refused.faults]
    for at, row in refused.rows:
        try:
            _said(row, at)
        except BadInput as error:
            found.append((at, str(error)))
    return [said for _, said in sorted(found)]


def _said(row: Mapping[str, str], at: int) -> Said:
    """One line as it was read. Raises `BadInput` that names everything that is wrong in it."""
    if any(len(each.splitlines()) > 1 for each in row.values()):
        raise BadInput(f"Line {at}: a quote opens in this line and closes in a later one")
    found, faults = dict[str, Any](), list[str]()
    for name, read in READERS.items():
        try:
            found[name] = read((row.get(name) or "").strip())
        except BadInput as error:
            faults.append(f"Line {at}, {name.replace('_', ' ')}: {error}")
    if faults:
        raise BadInput("; ".join(faults))
    return Said(found["end_to_end_id"], found["amount"], found["status"], found["reason"], found[DAY_COLUMN])


def _key(typed: str) -> str:
    if not typed or len(typed) > MOST_IN_KEY:
        raise BadInput(f"enter 1 to {MOST_IN_KEY} characters")
    return typed


def _amount(typed: str) -> Money:
    """A sum as banks write it. What people say of a sum, like "about 60k", is none."""
    if not re.fullmatch(r"[-−]?(?:£|GBP)? ?[0-9][0-9,. ]*", typed):
        raise BadInput("enter an amount in pounds, like 1234.50")
    return Money.parse(typed)


def _is_paid(typed: str) -> bool:
    if typed.upper() not in STATUSES:
        raise BadInput("enter PAID or REJECTED")
    return STATUSES[typed.upper()]


def _day(typed: str) -> date | None:
    """The day on which the bank says that it paid; None where the file does not say."""
    found = DAY.fullmatch(typed)
    if not typed:
        return None
    try:
        if found is None:
            raise ValueError(typed)
        year, month, day = found[1] or found[6], found[2] or found[5], found[3] or found[4]
        return date(int(year), int(month), int(day))
    except ValueError:
        raise BadInput("enter a day, like 30/11/2026 or 2026-11-30") from None


READERS: Mapping[str, Callable[[str], Any]] = {
    "end_to_end_id": _key,
    "amount": _amount,
    "status": _is_paid,
    "reason": in_words,
    DAY_COLUMN: _day,
}
"""How each cell of a line is read."""
