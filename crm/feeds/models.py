"""The import of one feed, and each service that it brought."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.db.base import Base, Identified, Versioned
from crm.db.states import Stateful
from crm.db.types import UtcDateTime, WordsType, enum_type
from crm.directory.models import Service
from crm.feeds.workflow import AT_WORK, IMPORTS, ImportStatus, Verdict


class FeedImport(Identified, Versioned, Stateful[ImportStatus], Base, start=IMPORTS.start):
    """One feed that somebody asked for. ``page`` is the next to be read, ``pages`` how many there are, once a page has said so.

    ``only_needed`` is what was chosen when it was taken in; ``fault`` is why reading stopped, in words for people.
    """

    __tablename__ = "feed_import"
    __table_args__ = (
        CheckConstraint("page >= 1", name="page_from_one"),
        CheckConstraint("(status = 'failed') = (fault <> '')", name="failed_with_words"),
        Index("ix_feed_import_asked", "asked_at", "id"),
    )

    publisher: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(500))
    asked_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    page: Mapped[int] = mapped_column(default=1)
    pages: Mapped[int | None]
    fault: Mapped[str] = mapped_column(String(300), default="")
    only_needed: Mapped[bool] = mapped_column(default=False)

    asked_by: Mapped[Account] = relationship(lazy="raise", viewonly=True)

    @property
    def is_at_work(self) -> bool:
        """Whether the worker has something to do."""
        return self.status in AT_WORK


class IncomingService(Identified, Base):
    """One service of a feed, where it stood in it, and what becomes of it.

    ``service_id`` is the service of the directory that it is, or became; ``became`` the version that it was made as.
    """

    __tablename__ = "incoming_service"
    __table_args__ = (
        CheckConstraint("(verdict = 'faulty') = (fault <> '')", name="faulty_with_words"),
        CheckConstraint("became IS NULL OR service_id IS NOT NULL", name="became_something"),
        Index("uq_incoming_service_place", "import_id", "page", "place", unique=True),
        Index("ix_incoming_service_key", "import_id", "match_key"),
        Index("ix_incoming_service_external", "import_id", "external_id"),
        Index("ix_incoming_service_verdict", "import_id", "verdict", "page", "place"),
    )

    import_id: Mapped[UUID] = mapped_column(ForeignKey("feed_import.id"))
    page: Mapped[int]
    place: Mapped[int]
    external_id: Mapped[str] = mapped_column(String(100), default="")
    match_key: Mapped[str] = mapped_column(String(64), default="")
    name: Mapped[str] = mapped_column(String(200), default="")
    provider: Mapped[str] = mapped_column(String(200), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    url: Mapped[str] = mapped_column(Text, default="")
    needs: Mapped[tuple[str, ...]] = mapped_column(WordsType, default=())
    verdict: Mapped[Verdict] = mapped_column(enum_type(Verdict, name="verdict"))
    fault: Mapped[str] = mapped_column(String(300), default="")
    service_id: Mapped[UUID | None] = mapped_column(ForeignKey("service.id"), index=True)
    became: Mapped[int | None]

    service: Mapped[Service | None] = relationship(lazy="raise", viewonly=True)
