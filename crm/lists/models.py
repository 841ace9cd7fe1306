"""A person's own views of the list of businesses; and what they did to several of them at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crm.db.base import Base, Identified
from crm.db.types import JsonType, UtcDateTime, enum_type
from crm.lists.workflow import Deed


class SavedView(Identified, Base):
    """What somebody asks the list for again and again. ``asked`` is the address's own: each filter with its values."""

    __tablename__ = "saved_view"
    __table_args__ = (Index("uq_saved_view_name", "account_id", "match_name", unique=True),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str] = mapped_column(String(60))
    match_name: Mapped[str] = mapped_column(String(120))
    asked: Mapped[dict[str, Any]] = mapped_column(JsonType, default=dict)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class BulkChange(Identified, Base):
    """What somebody did to the rows that they ticked. ``what`` is the lead adviser or the tag, by name.

    ``done`` has each business that was changed, by id and name; ``left_out`` each that was not, with the reason in words.
    """

    __tablename__ = "bulk_change"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    deed: Mapped[Deed] = mapped_column(enum_type(Deed, name="deed"))
    what: Mapped[str] = mapped_column(String(200))
    done: Mapped[list[dict[str, str]]] = mapped_column(JsonType, default=list)
    left_out: Mapped[list[dict[str, str]]] = mapped_column(JsonType, default=list)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
