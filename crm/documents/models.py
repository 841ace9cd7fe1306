"""A file that somebody handed in: what it is, and about what. Its bytes lie in the store, under its id."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from crm.db.base import Base, Identified
from crm.db.types import UtcDateTime
from crm.documents.rules import KINDS, key_of


class Document(Identified, Base):
    """One file about one thing. ``size`` is in bytes; ``sha256`` is the digest of its bytes, in hex.

    One that was removed is kept as a row, so that the history can name it; its bytes are gone.
    """

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint("size > 0", name="has_bytes"),
        Index("ix_document_about", "about_kind", "about_id", "kept_at"),
    )

    about_kind: Mapped[str] = mapped_column(String(40))
    about_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(10))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kept_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    shelf: Mapped[str] = mapped_column(String(40), default="")

    @property
    def media_type(self) -> str:
        """As what it is handed out."""
        return KINDS[self.kind].media_type

    @property
    def key(self) -> str:
        """Where its bytes lie in the store."""
        return key_of(self.id, self.shelf)


class FileShelf(Base):
    """The part of the store that is this database's own: one row, named at random when the tables were made.

    ``place`` is a digest of where the database lies. ``mark`` or ``next_mark`` is what stands in the store's marker: it
    changes with each sweep, so that a copy or an old dump of the database is known by a mark that is out of date.
    ``fault`` is why nothing was swept the last time.
    """

    __tablename__ = "file_shelf"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    place: Mapped[str] = mapped_column(String(64), default="")
    mark: Mapped[str] = mapped_column(String(32), default="")
    next_mark: Mapped[str] = mapped_column(String(32), default="")
    swept_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fault: Mapped[str] = mapped_column(Text, default="")
