"""Looking a figure up for a day, and the history of each."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, true

from crm.db.remembering import remembered
from crm.db.session import is_read_only, session
from crm.figures.models import BankHoliday, DatedFigure
from crm.figures.rules import CATALOGUE, Definition, read_value, value_of
from crm.figures.workflow import FigureStatus as S
from crm.kernel.calendar import add_working_days
from crm.kernel.clock import has_come, is_past

COLUMNS = DatedFigure.__table__.c
READ = "crm_figures"
"""Where a session that only reads holds the approved figures, once they were asked for."""
Approved = tuple[str, date, date | None]
"""An approved row of a figure: its value as stored, and its first and last day."""


class NoFigure(LookupError):
    """No approved figure of this name holds on this day: the installation lacks its reference data."""


@dataclass(frozen=True)
class ShippedFigure:
    """A figure as it comes with the product."""

    name: str
    value: str
    valid_from: date
    valid_to: date | None
    source: str
    confidence: str


def figure(figure_id: UUID) -> DatedFigure | None:
    """One dated figure."""
    return session().get(DatedFigure, figure_id)


def figure_on(name: str, *, on: date) -> Any:
    """The value of a figure on a day: of the approved rows that hold, the one that began (then was decided) last.

    While a session only reads, the figures stay as they are: all are read at once, however many a page needs.
    """
    for value, valid_from, valid_to in _approved(name):
        if has_come(valid_from, on=on) and (valid_to is None or not is_past(valid_to, on=on)):
            return value_of(CATALOGUE[name].unit, value)
    raise NoFigure(f"{name} on {on}")


def first_days_of(*names: str, by: date) -> list[date]:
    """The days, none after ``by``, on which an approved row of some figures begins, the earliest first."""
    found = {valid_from for name in names for _, valid_from, _ in _approved(name)}
    return sorted(each for each in found if has_come(each, on=by))


def _approved(name: str) -> Sequence[Approved]:
    """The approved rows of one figure, the one to be taken first of those that hold on a day first."""
    here = session()
    if not is_read_only(here):
        return _read_approved(COLUMNS.name == name).get(name, [])
    if READ not in here.info:
        here.info[READ] = _read_approved(true())
    return here.info[READ].get(name, [])  # type: ignore[no-any-return]


def _read_approved(which: ColumnElement[bool]) -> dict[str, list[Approved]]:
    query = select(COLUMNS.name, COLUMNS.value, COLUMNS.valid_from, COLUMNS.valid_to)
    query = query.where(COLUMNS.status == S.APPROVED, which)
    found: dict[str, list[Approved]] = {}
    for row in session().execute(query.order_by(COLUMNS.valid_from.desc(), COLUMNS.decided_at.desc())):
        found.setdefault(row.name, []).append((row.value, row.valid_from, row.valid_to))
    return found


@remembered
def bank_holidays() -> frozenset[date]:
    """Every bank holiday that is known: one query."""
    return frozenset(session().scalars(select(BankHoliday.day).order_by(BankHoliday.day)))


def bank_holiday(holiday_id: UUID) -> BankHoliday | None:
    """One bank holiday."""
    return session().get(BankHoliday, holiday_id)


def all_bank_holidays() -> Sequence[BankHoliday]:
    """Every bank holiday, the latest first."""
    return session().scalars(select(BankHoliday).order_by(BankHoliday.day.desc()).limit(500)).all()


def due_after(day: date, days: int) -> date:
    """The working day so many working days after a day, round England's bank holidays."""
    return add_working_days(day, days, bank_holidays=bank_holidays())


def history_of(name: str) -> Sequence[DatedFigure]:
    """Every row of one figure, the latest beginning first."""
    return (
        session()
        .scalars(
            select(DatedFigure)
            .where(COLUMNS.name == name)
            .order_by(COLUMNS.valid_from.desc(), COLUMNS.proposed_at.desc())
            .limit(200)
        )
        .all()
    )


def replaced_by(found: DatedFigure) -> DatedFigure | None:
    """The approved value that counts on the first day of a proposed one, and that it would replace."""
    approved, on = (each for each in history_of(found.name) if each.status is S.APPROVED), found.valid_from
    begun = (each for each in approved if has_come(each.valid_from, on=on))
    return next((each for each in begun if not (each.valid_to and is_past(each.valid_to, on=on))), None)


def current_figures(on: date) -> list[tuple[Definition, DatedFigure | None, int]]:
    """Every figure the product knows with its row for a day and how many proposals wait; two queries' worth in one."""
    rows = (
        session()
        .scalars(
            select(DatedFigure)
            .where(COLUMNS.status.in_([S.APPROVED, S.PROPOSED]))
            .order_by(COLUMNS.valid_from, COLUMNS.decided_at)
            .limit(5000)
        )
        .all()
    )
    current: dict[str, DatedFigure] = {}
    waiting: dict[str, int] = {}
    for row in rows:
        if row.status is S.PROPOSED:
            waiting[row.name] = waiting.get(row.name, 0) + 1
        elif has_come(row.valid_from, on=on) and (row.valid_to is None or not is_past(row.valid_to, on=on)):
            current[row.name] = row
    return [(each, current.get(each.name), waiting.get(each.name, 0)) for each in CATALOGUE.values()]


@cache
def shipped_bank_holidays() -> tuple[tuple[date, str, str], ...]:
    """The bank holidays that come with the product: day, name and source."""
    text = files("crm.figures").joinpath("reference/bank_holidays.csv").read_text(encoding="utf-8")
    return tuple(
        (date.fromisoformat(row["day"]), row["name"], row["source"])
        for row in csv.DictReader(text.splitlines())
    )


@cache
def shipped_figures() -> tuple[ShippedFigure, ...]:
    """The figures that come with the product, with their sources."""
    text = files("crm.figures").joinpath("reference/figures.csv").read_text(encoding="utf-8")
    return tuple(
        ShippedFigure(
            name=row["name"],
            value=read_value(CATALOGUE[row["name"]].unit, row["value"]),
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            source=row["source"],
            confidence=row["confidence"],
        )
        for row in csv.DictReader(text.splitlines())
    )


def figures_lacking() -> set[str]:
    """The names of the figures that come with this version and that this installation has no row of."""
    known = session().scalars(select(COLUMNS.name).distinct())
    return {each.name for each in shipped_figures()} - set(known)


def shipped_figure_on(name: str, *, on: date) -> Any:
    """The same as `figure_on`, from the shipped figures: for commands that use no database."""
    holding = [
        each
        for each in shipped_figures()
        if each.name == name
        and has_come(each.valid_from, on=on)
        and (each.valid_to is None or not is_past(each.valid_to, on=on))
    ]
    if not holding:
        raise NoFigure(f"{name} on {on}")
    return value_of(CATALOGUE[name].unit, max(holding, key=lambda each: each.valid_from).value)


def proposed_figures() -> Sequence[DatedFigure]:
    """Every figure that waits for a decision, the oldest proposal first."""
    return (
        session()
        .scalars(
            select(DatedFigure).where(COLUMNS.status == S.PROPOSED).order_by(COLUMNS.proposed_at).limit(200)
        )
        .all()
    )


def is_proposed(name: str, value: str, *, valid_from: date) -> bool:
    """Whether the same value of a figure from the same day waits for a decision already."""
    same = (COLUMNS.name == name, COLUMNS.value == value, COLUMNS.valid_from == valid_from)
    found = session().scalar(select(COLUMNS.id).where(*same, COLUMNS.status == S.PROPOSED).limit(1))
    return found is not None
