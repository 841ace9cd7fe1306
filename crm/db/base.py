"""The base of all tables and the names of their constraints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Index, MetaData, event, text
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapped, mapped_column

from crm.db.lines import keep_to_one_line

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table stands on this, so that all constraints are named alike on both engines."""

    metadata = MetaData(naming_convention=NAMES)


@event.listens_for(Base, "attribute_instrument", propagate=True)
def _instrumented(_kind: type, key: str, attribute: InstrumentedAttribute[Any]) -> None:
    keep_to_one_line(attribute, key=key)


class Identified:
    """A row known by a random id that tells nothing about how many there are."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4, sort_order=-1)


class Versioned:
    """A row that counts its changes: of two people who save at once, the second is told (409) and overwrites nothing."""

    version: Mapped[int] = mapped_column(default=1, sort_order=99)

    __mapper_args__ = {"version_id_col": version}


def held_by_author(author: str) -> Callable[[Any], Any]:
    """The first holder of a row: who made it, as its column ``author`` says. A handover changes the holder alone."""
    return lambda context: context.get_current_parameters().get(author)


def one_where(name: str, *columns: str, where: str) -> Index:
    """A wall: of the rows that ``where`` speaks of there is one at most for these columns, on both engines."""
    return Index(name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where))
