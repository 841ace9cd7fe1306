"""A person who stands in every table that can name one, and every place of the database where their strings are found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, Column, Enum, Table, cast, insert, or_, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.types import Text

from crm.app import FEATURES
from crm.db.base import Base
from crm.db.erasing import texts_of
from crm.db.personal import NotCopied
from crm.kernel.clock import now, today

NAME, EMAIL, PHONE = "Quilla Zanderby", "quilla@zanderby.example", "0121 496 0853"
SAID = f"Seen with {NAME}, call 0121-4960853 or write to {EMAIL}"
STRINGS = (NAME, EMAIL, PHONE, "4960853")
OWN = ("account", "person", "angel")
"""The tables in which the person has rows already."""
KEYS = {"account.id": "account", "person.id": "person", "angel.id": "angel"}
IDS = (
    "role_grant.scope_id",
    "letter.link_subject_id",
    "letter.kind",
    "letter.about_table",
    "person_erasure.subject_table",
)
"""Texts in which nobody writes: what the product itself looks things up by."""


def personal_keys() -> list[str]:
    """Every ``table.column`` by which a manifest says that a row is somebody's."""
    return sorted(
        key
        for room in FEATURES
        for key, held in room.personal.items()
        if not (isinstance(held, NotCopied) and key == "hub.email") and key.partition(".")[0] not in OWN
    )


def plant(db: Session, ids: dict[str, UUID]) -> list[str]:
    """Let one row of each table name the person, in its columns and in its texts; say which would not take it."""
    refused = []
    for key in personal_keys():
        table = Base.metadata.tables[key.partition(".")[0]]
        values = _named(table.c[key.partition(".")[2]], ids)
        if not _set(db, table, values) and not _add(db, table, values):
            refused.append(key)
    for table in Base.metadata.sorted_tables:
        for column in texts_of(table):
            if table.name not in OWN and not table.name.startswith("audit_") and str(column) not in IDS:
                _set(db, table, {column.name: {"told": SAID} if isinstance(column.type, JSON) else SAID})
    return refused


def _named(column: Column[Any], ids: dict[str, UUID]) -> dict[str, Any]:
    target = next(
        (KEYS[each.target_fullname] for each in column.foreign_keys if each.target_fullname in KEYS), None
    )
    table = column.table
    known = {"name": NAME, "person_name": NAME, "phone": PHONE, "email": EMAIL}
    values: dict[str, Any] = {name: value for name, value in known.items() if name in table.c}
    return values | {column.name: ids[target] if target else EMAIL}


def _set(db: Session, table: Table, values: dict[str, Any]) -> bool:
    """Change one row that is not the person's own; whether its table took it."""
    key = next(iter(table.primary_key))
    row = db.scalar(select(key).order_by(key.desc()).limit(1))
    point = db.begin_nested()
    try:
        done = db.execute(update(table).where(key == row).values(values)).rowcount  # type: ignore[attr-defined]
        point.commit()
    except DBAPIError:
        point.rollback()
        return False
    return bool(done)


def _add(db: Session, table: Table, values: dict[str, Any]) -> bool:
    """Put in a row where there is none to change, or where rows never change; whether its table took it."""
    given = {each.name: _made(db, each) for each in table.c if not each.nullable and each.name not in values}
    point = db.begin_nested()
    try:
        db.execute(
            insert(table).values(
                {**{name: each for name, each in given.items() if each is not None}, **values}
            )
        )
        point.commit()
    except DBAPIError:
        point.rollback()
        return False
    return True


def _made(db: Session, column: Column[Any]) -> Any:
    """Something that a column takes."""
    for key in column.foreign_keys:
        return db.scalar(select(key.column).limit(1))
    if isinstance(column.type, Enum):
        return column.type.enums[0] if column.type.enum_class is None else next(iter(column.type.enum_class))
    if isinstance(column.type, JSON):
        return []
    if column.primary_key and column.table.name == "audit_entry":
        return None
    made: dict[Any, Any] = {
        str: uuid4().hex[:8],
        int: 1,
        bool: False,
        UUID: uuid4(),
        datetime: now(),
        date: today(),
    }
    return made.get(column.type.python_type, ())


def found(db: Session) -> Iterator[tuple[str, str]]:
    """Every table and text in which one of the strings stands, whatever a manifest says."""
    for table in Base.metadata.sorted_tables:
        for column in table.c:
            if column.type.python_type not in (str, dict, list) and not isinstance(column.type, JSON):
                continue
            said = cast(column, Text)
            spelled = {each for one in STRINGS for each in (one, json.dumps(one)[1:-1])}
            query = select(said).where(or_(*(said.ilike(f"%{each}%") for each in spelled)))
            yield from ((f"{table.name}.{column.name}", value) for value in db.scalars(query))
