"""Emails that were sent to several at once, with whom they went to and who was left out; and who has stopped them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.angels.year.rules.kinds import Kind
from crm.db.base import Base, Identified
from crm.db.types import JsonType, UtcDateTime, WordsType, enum_type


class Mailing(Identified, Base):
    """One thing that several people were asked at once. ``left_out`` are those who were ticked and got nothing, with why."""

    __tablename__ = "network_mailing"
    __table_args__ = (Index("ix_network_mailing_newest", "sent_at", "id"),)

    kind: Mapped[Kind] = mapped_column(enum_type(Kind, name="kind"))
    note: Mapped[str] = mapped_column(Text, default="")
    left_out: Mapped[list[dict[str, Any]]] = mapped_column(JsonType, default=list)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))

    sent_by: Mapped[Account] = relationship(lazy="raise", viewonly=True)


class Asked(Identified, Base):
    """One member or one raise that was asked, on a day: of a kind, each is asked once a day at most, whoever presses the button.

    ``reader_ids`` are the accounts that the email went to.
    """

    __tablename__ = "network_asked"
    __table_args__ = (
        CheckConstraint("(angel_id IS NULL) <> (pitch_id IS NULL)", name="member_or_raise"),
        CheckConstraint("(pitch_id IS NOT NULL) = (kind IN ('update', 'close'))", name="of_its_kind"),
        CheckConstraint("reader_ids <> ''", name="sent_to_somebody"),
        Index("uq_network_asked_member", "kind", "angel_id", "asked_on", unique=True),
        Index("uq_network_asked_raise", "kind", "pitch_id", "asked_on", unique=True),
        Index("ix_network_asked_mailing", "mailing_id"),
    )

    mailing_id: Mapped[UUID] = mapped_column(ForeignKey("network_mailing.id"))
    kind: Mapped[Kind] = mapped_column(enum_type(Kind, name="kind"))
    angel_id: Mapped[UUID | None] = mapped_column(ForeignKey("angel.id"))
    pitch_id: Mapped[UUID | None] = mapped_column(ForeignKey("pitch.id"))
    reader_ids: Mapped[tuple[str, ...]] = mapped_column(WordsType)
    asked_on: Mapped[date]


class EmailChoice(Identified, Base):
    """That a member stopped the emails that they can do without, or takes them again: the latest choice, one row each."""

    __tablename__ = "network_email_choice"
    __table_args__ = (Index("uq_network_email_choice_once", "account_id", unique=True),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    is_stopped: Mapped[bool]
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class YearlyLetter(Identified, Base):
    """The letter about one year that has ended, one for a year: its figures stay as they were when it was first sent.

    ``figures`` are what each is called and how much it was, small ones held back already.
    """

    __tablename__ = "network_yearly_letter"
    __table_args__ = (
        CheckConstraint("year BETWEEN 2000 AND 2200", name="of_a_year"),
        Index("uq_network_yearly_letter_year", "year", unique=True),
    )

    year: Mapped[int]
    opening: Mapped[str] = mapped_column(Text, default="")
    figures: Mapped[list[list[str]]] = mapped_column(JsonType)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))

    sent_by: Mapped[Account] = relationship(lazy="raise", viewonly=True)


class YearlyCopy(Identified, Base):
    """That one member was sent the letter of a year: once, whoever sends it again."""

    __tablename__ = "network_yearly_copy"
    __table_args__ = (Index("uq_network_yearly_copy_once", "letter_id", "account_id", unique=True),)

    letter_id: Mapped[UUID] = mapped_column(ForeignKey("network_yearly_letter.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)

    account: Mapped[Account] = relationship(lazy="raise", viewonly=True)
