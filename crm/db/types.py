"""How the field's values lie in columns: money in whole pence, moments in UTC, words from a fixed list as text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import JSON, BigInteger, ColumnElement, DateTime, Enum, Text, and_, or_, true, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator

from crm.kernel.folding import ODD, is_address, plain, search_terms
from crm.kernel.money import Money

LATIN, FURTHER_LATIN = range(0xC0, 0x250), range(0x1E00, 0x1F00)
MOST_WORDS = 12
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


class in_plain_letters(GenericFunction[str]):  # noqa: N801 a function of SQL, named as it is called
    """A text as `folding.plain` writes it: small letters without accents and apostrophes."""

    type = Text()
    name = "in_plain_letters"
    inherit_cache = True


@compiles(in_plain_letters, "postgresql")
def _on_postgresql(element: in_plain_letters, compiler: SQLCompiler, **options: Any) -> str:
    written = f"lower({compiler.process(element.clauses, **options)})"
    taken, given, longer = plain_letters()
    for sign, meant in longer.items():
        written = f"replace({written}, '{sign}', '{meant}')"
    return f"translate({written}, '{taken}', '{given}')"


@cache
def plain_letters() -> tuple[str, str, dict[str, str]]:
    """The small letters that fold to one plain letter, those letters, and those that fold to two; the rest vanish."""
    small = dict.fromkeys(chr(code).lower() for span in (LATIN, FURTHER_LATIN) for code in span)
    one = {
        sign: meant for sign in small if len(sign) == 1 and len(meant := plain(sign)) == 1 and meant != sign
    }
    two = {sign: plain(sign) for sign in "ßæœþ"}
    return "".join(one) + "’‘‛ʼʻ`´′''™®©\u00ad\u200b", "".join(one.values()), two


class only_figures(GenericFunction[str]):  # noqa: N801 a function of SQL, named as it is called
    """The figures of a text, like a telephone number without its blanks and brackets."""

    type = Text()
    name = "only_figures"
    inherit_cache = True


@compiles(only_figures, "postgresql")
def _figures_on_postgresql(element: only_figures, compiler: SQLCompiler, **options: Any) -> str:
    return f"regexp_replace({compiler.process(element.clauses, **options)}, '[^0-9]', '', 'g')"


class in_dashes(GenericFunction[str]):  # noqa: N801 a function of SQL, named as it is called
    """An id as text with its dashes, as the audit log has the ids of things."""

    type = Text()
    name = "in_dashes"
    inherit_cache = True


@compiles(in_dashes, "postgresql")
def _dashes_on_postgresql(element: in_dashes, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} AS TEXT)"


@compiles(in_dashes, "sqlite")
def _dashes_on_sqlite(element: in_dashes, compiler: SQLCompiler, **options: Any) -> str:
    written = compiler.process(element.clauses, **options)
    spans = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
    return " || '-' || ".join(f"substr({written}, {start}, {length})" for start, length in spans)


def has_words(text: str, *columns: ColumnElement[Any]) -> ColumnElement[bool]:
    """That each term of a search stands in one of the columns, however it is written; odd signs as they are typed.

    An email address, or the beginning of one, is where a column or a word in it begins: its parts alone find nobody.
    """
    return and_(true(), *(_has_term(term, columns) for term in search_terms(text)[:MOST_WORDS]))


def _has_term(term: str, columns: Iterable[ColumnElement[Any]]) -> ColumnElement[bool]:
    written = in_small_letters if ODD.search(term) else in_plain_letters
    if is_address(term):
        begun = (written(column).startswith(term, autoescape=True) for column in columns)
        inside = (written(column).contains(f" {term}", autoescape=True) for column in columns)
        return or_(*begun, *inside)
    return or_(*(written(column).contains(term, autoescape=True) for column in columns))


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
