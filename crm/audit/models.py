"""The trail: entries that can only be added, the values behind them, and the seals that make loss visible."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ForeignKey,
    FromClause,
    Index,
    Integer,
    Select,
    String,
    Uuid,
    column,
    select,
    table,
)
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from crm.db.base import Base
from crm.db.types import JsonType, UtcDateTime, in_dashes

BY_LINK = "by_link"
"""Under what name the values of an entry say who did it, where they have no account."""
BigKey = BigInteger().with_variant(Integer(), "sqlite")  # SQLite counts up only a column called INTEGER


# Accounts stand floors above: the trail knows their table by its name, as its foreign keys do, and nothing else of them.
_ACCOUNT = table("account", column("id", Uuid()), column("name", String()))


def _of(entry: Any, act: str, kind: str, row_id: ColumnElement[Any]) -> tuple[ColumnElement[bool], ...]:
    """That an entry tells this act, done to this row."""
    return entry.thing_kind == kind, entry.thing_id == in_dashes(row_id), entry.act == act


def _beside(query: Select[Any], *trail: FromClause) -> ColumnElement[Any]:
    """The first of these entries as SQL beside a row. However deep it stands, its row stays the one of the whole query."""
    return query.limit(1).correlate_except(*trail).scalar_subquery()


class AuditEntry(Base):
    """One act. It names the thing by kind and id, and carries a salted digest of the values it changed."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_thing", "thing_kind", "thing_id", "id"),)

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    act: Mapped[str] = mapped_column(String(80))
    thing_kind: Mapped[str] = mapped_column(String(60))
    thing_id: Mapped[str] = mapped_column(String(60))
    digest: Mapped[str] = mapped_column(String(64))

    actor_name: Mapped[str | None] = column_property(
        select(_ACCOUNT.c.name).where(_ACCOUNT.c.id == actor_id).scalar_subquery()
    )
    values: Mapped[AuditValue | None] = relationship(lazy="raise", viewonly=True)

    @classmethod
    def first_doer(cls, act: str, kind: str, row_id: ColumnElement[Any]) -> ColumnElement[Any]:
        """The account that first did an act to a row, as SQL beside the row: a handover since does not change it."""
        trail = cls.__table__.alias()
        query = select(trail.c.actor_id).where(*_of(trail.c, act, kind, row_id))
        return _beside(query.order_by(trail.c.id), trail)

    @classmethod
    def last_doer(cls, act: str, kind: str, row_id: ColumnElement[Any]) -> ColumnElement[Any]:
        """The account that last did it: what was corrected is said by who corrected it."""
        trail = cls.__table__.alias()
        query = select(trail.c.actor_id).where(*_of(trail.c, act, kind, row_id))
        return _beside(query.order_by(trail.c.id.desc()), trail)

    @classmethod
    def last_value(cls, name: str, act: str, kind: str, row_id: ColumnElement[Any]) -> ColumnElement[Any]:
        """What the last of these acts to a row says under a name, as SQL beside the row; none where it says nothing."""
        trail, value = cls.__table__.alias(), AuditValue.__table__.alias()
        query = select(value.c.changes[(name, 1)].as_string()).where(*_of(trail.c, act, kind, row_id))
        query = query.where(value.c.entry_id == trail.c.id)
        return _beside(query.order_by(trail.c.id.desc()), trail, value)

    @property
    def who(self) -> str:
        """Who did it: by their account, or as who answered by a link. Empty for the system; its values must be loaded."""
        return self.actor_name or str(self.values.changes.get(BY_LINK, "") if self.values else "")

    def says(self, name: str) -> bool:
        """Whether its values, which must be loaded, say something under a name."""
        return bool(self.values and self.values.changes.get(name))


class AuditValue(Base):
    """The names and values of one entry, apart from it: erasing a person deletes these and the chain still holds."""

    __tablename__ = "audit_value"

    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entry.id"), primary_key=True)
    salt: Mapped[str] = mapped_column(String(32))
    changes: Mapped[dict[str, Any]] = mapped_column(JsonType)


class AuditErasure(Base):
    """Leave to delete the values of one entry, given by the erasure verb with its reason; kept for ever."""

    __tablename__ = "audit_erasure"

    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entry.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(String(500))


class AuditSeal(Base):
    """A digest over every entry up to one, and over the seal before: what was sealed cannot go missing unseen."""

    __tablename__ = "audit_seal"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    up_to_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    entries: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
