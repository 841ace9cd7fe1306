"""Every value of every list of words is said in words: in the manifest of its room, and on each page that shows its kind."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Connection, Enum, insert, select, update
from sqlalchemy.exc import IntegrityError

import crm
from crm.app import FEATURES
from crm.db.base import Base
from crm.db.session import session
from crm.programme.rounds.models import RoundSection
from tests.houses import database
from tests.rules.people import actor_of, client_of, raw_codes, said_by
from tests.rules.shown import NOWHERE, PAGES, SAID_AS, SAID_OTHERWISE, UNSAID, WITH

pytestmark = pytest.mark.engine("sqlite")
WORDS = {key: said for room in FEATURES for key, said in room.words.items()}
COLUMNS = {
    f"{table.name}.{column.name}": column
    for table in Base.metadata.sorted_tables
    for column in table.columns
    if isinstance(column.type, Enum)
}
STORED = {column.type.enum_class for column in COLUMNS.values()}
ACTS = {type(act) for room in FEATURES if room.policy for act in room.policy.acts}
MOST_ROWS = 12
# Who opens the pages, in this order: the first that a page is for.
READERS = (
    "admin",
    "network",
    "programme",
    "lead.assessor",
    "founder",
    "angel",
    "hub.manager",
    "adviser",
    "assessor",
)


def lists_of_words() -> set[type[StrEnum]]:
    """Every `StrEnum` of the product, wherever in its package it stands."""
    for each in pkgutil.walk_packages(crm.__path__, "crm."):
        importlib.import_module(each.name)
    return {each for each in StrEnum.__subclasses__() if each.__module__.startswith("crm.")}


def in_words(key: str, value: StrEnum) -> str:
    """How a manifest says a value of a column; empty where it does not."""
    said = WORDS.get(key)
    if isinstance(said, Mapping):
        return str(said.get(value, ""))
    return str(said(str(value))) if callable(said) else ""


@pytest.mark.parametrize("key", COLUMNS)
def test_k23_a_manifest_says_every_value_of_a_column_in_words(key: str) -> None:
    said = {value: in_words(key, value) for value in COLUMNS[key].type.enum_class}

    assert [str(value) for value, words in said.items() if not words.strip() or "_" in words] == []


def test_every_list_of_words_is_stored_or_said_by_a_table_that_covers_it() -> None:
    others = lists_of_words() - STORED - ACTS
    assert {f"{each.__module__}.{each.__name__}" for each in others} == set(SAID_OTHERWISE)

    for each in others:
        said = SAID_OTHERWISE[f"{each.__module__}.{each.__name__}"]
        if not isinstance(said, str):
            assert set(each) <= set(said), each


def test_every_column_is_on_a_page_or_says_why_not() -> None:
    assert set(PAGES) | set(NOWHERE) == set(COLUMNS)
    assert set(PAGES) & set(NOWHERE) == set()


@contextmanager
def undone(demo: Flask, connection: Connection) -> Iterator[None]:
    """A session of its own, of which nothing stays."""
    point, opened = connection.begin_nested(), database(demo)
    try:
        with opened.using(opened.open()):
            yield
    finally:
        point.rollback()


def rows_with(key: str, value: StrEnum) -> Iterator[Mapping[str, Any]]:
    """Rows that have this value already; else one that the table lets have it, changed or as another beside it."""
    column = COLUMNS[key]
    table = column.table
    found = session().execute(select(table).where(column == value).limit(MOST_ROWS)).mappings().all()
    yield from found
    others = (
        select(table).order_by(column.is_(None), table.c.id).limit(MOST_ROWS)
    )  # the first have some value
    for row in () if found else session().execute(others).mappings().all():
        given = {column.name: value, **WITH.get(f"{key} {value}", {})}
        if kept(update(table).where(table.c.id == row["id"]).values(given)) or kept(
            insert(table).values({**row, **given, "id": uuid4()})
        ):
            yield row


def kept(change: Any) -> bool:
    """Whether the database takes a change."""
    try:
        with session().begin_nested():
            session().execute(change)
    except IntegrityError:
        return False
    return True


def pages_of(demo: Flask, path: str) -> Iterator[str]:
    """What the page says to each of those whom it is for."""
    for name in READERS:
        answer = client_of(demo, actor_of(demo, f"{name}@demo.example")).get(path)
        if answer.status_code == 200:
            yield answer.text


def address_of(path: str, row: Mapping[str, Any]) -> str:
    """The page of a row; a question is shown by the round of its section."""
    if "{round_id}" in path and "section_id" in row:
        row = {**row, "round_id": session().get_one(RoundSection, row["section_id"]).round_id}
    return path.format(**row)


def is_said(demo: Flask, key: str, value: StrEnum, path: str) -> bool:
    """Whether a page with a thing of this value says so to somebody; none of them says a code."""
    words = SAID_AS.get(f"{key} {value} {path}", in_words(key, value)).casefold()
    for row in rows_with(key, value):
        for page in pages_of(demo, address_of(path, row)):
            assert raw_codes(page) == set()
            if words in said_by(page):
                return True
    return False


@pytest.mark.parametrize("key", PAGES)
def test_k2_a_page_shows_every_value_of_its_kind_in_words(
    demo: Flask, connection: Connection, subtests: pytest.Subtests, key: str
) -> None:
    for value in COLUMNS[key].type.enum_class:
        for path in PAGES[key]:
            if f"{key} {value} {path}" in UNSAID:
                continue
            with subtests.test(f"{value} on {path}"), undone(demo, connection):
                assert is_said(demo, key, value, path)
