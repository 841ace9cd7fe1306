"""A form that was sent and acted on, and typing that waits for its author to sign in again."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from crm.db.base import Base, Identified
from crm.db.types import JsonType, UtcDateTime


class Submission(Base):
    """A form by its one-time id, kept in the transaction of its act.

    ``key`` is a digest of the id, its sender and the route; ``content`` a digest of what was typed, with sender and route;
    ``route`` a digest of these two; ``about`` the kind and id of each thing that the act was recorded about, up to the entry
    ``up_to_id`` of the audit log; ``said`` a mark of each field, and whether it says what we had filled in; ``cookie`` is what the answer told the browser beside the address.
    """

    __tablename__ = "submission"
    __table_args__ = (Index("ix_submission_route", "route", "at"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[str] = mapped_column(String(64))
    route: Mapped[str] = mapped_column(String(64), default="")
    led_to: Mapped[str] = mapped_column(Text, default="")
    cookie: Mapped[dict[str, Any]] = mapped_column(JsonType, default=dict)
    said: Mapped[dict[str, Any]] = mapped_column(JsonType, default=dict)
    about: Mapped[list[list[str]]] = mapped_column(JsonType, default=list)
    up_to_id: Mapped[int] = mapped_column(BigInteger, default=0)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class UnsentTyping(Identified, Base):
    """The fields of a form that its author sent after their session had ended: shown to them alone, for a day."""

    __tablename__ = "unsent_typing"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    path: Mapped[str] = mapped_column(Text)
    fields: Mapped[list[list[str]]] = mapped_column(JsonType)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
