"""How the field's values lie in columns: money in whole pence, moments in UTC, words from a fixed list as text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ColumnElement, DateTime, Enum, Text, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator

from crm.kernel.money import Money

JsonType = JSON().with_variant(JSONB(), "postgresql")


class MoneyType(TypeDecorator[Money]):
    """`Money` as a whole number of pence; a sum in SQL comes back as `Money` too."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Money | None, dialect: Dialect) -> int | None:
        """Money to pence."""
        return None if value is None else value.pence

    def process_result_value(self, value: Any, dialect: Dialect) -> Money | None:
        """Pence to money."""
        return None if value is None else Money(int(value))


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment. SQLite keeps no zone, so it is kept in UTC there and made aware again on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """So that a page's cursor is read back as a moment."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone: it could be any."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment, aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class WordsType(TypeDecorator[tuple[str, ...]]):
    """A few words from a fixed list, kept as ``|one|two|`` so that both engines can look for one of them."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> str:
        """Words to text; none is empty."""
        words = tuple(value or ())
        return f"|{'|'.join(words)}|" if words else ""

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        """Text to words, in the order they were kept in."""
        return tuple(value.strip("|").split("|")) if value else ()


class in_small_letters(GenericFunction[str]):  # noqa: N801 a function of SQL, named as it is called
    """A text in small letters, accented ones too, which SQLite's own ``lower`` leaves as they are."""

    type = Text()
    name = "lower"
    identifier = "in_small_letters"
    inherit_cache = True


@compiles(in_small_letters, "sqlite")
def _on_sqlite(element: in_small_letters, compiler: SQLCompiler, **options: Any) -> str:
    return f"in_small_letters({compiler.process(element.clauses, **options)})"


def has_word(column: ColumnElement[Any], word: str) -> ColumnElement[bool]:
    """That a column of `WordsType` holds this word."""
    return type_coerce(column, Text()).contains(f"|{word}|", autoescape=True)


def enum_type(kind: type[StrEnum], *, name: str, length: int = 40) -> Enum:
    """A `StrEnum` as text with a CHECK of its values. ``name`` is the constraint's."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=length,
        values_callable=lambda members: [member.value for member in members],
    )
