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

from sqlalchemy import or_, select

from crm.db.session import session
from crm.figures.models import BankHoliday, DatedFigure
from crm.figures.rules import CATALOGUE, Definition, read_value, value_of
from crm.figures.workflow import FigureStatus as S
from crm.kernel.calendar import add_working_days
from crm.kernel.clock import has_come, is_past

COLUMNS = DatedFigure.__table__.c


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
    """The value of a figure on a day: of the approved rows that hold, the one that began (then was decided) last."""
    found = session().scalar(
        select(DatedFigure)
        .where(
            COLUMNS.name == name,
            COLUMNS.status == S.APPROVED,
            has_come(COLUMNS.valid_from, on=on),
            or_(COLUMNS.valid_to.is_(None), ~is_past(COLUMNS.valid_to, on=on)),
        )
        .order_by(COLUMNS.valid_from.desc(), COLUMNS.decided_at.desc())
        .limit(1)
    )
    if found is None:
        raise NoFigure(f"{name} on {on}")
    return value_of(found.definition.unit, found.value)


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
