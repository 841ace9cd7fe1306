"""The SEIS or EIS papers of one issue of shares, as its business records them, and the certificate of one investment."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.angels.deals.models import Investment
from crm.angels.holdings.workflow import FiledRelief
from crm.angels.pitches.models import Pitch
from crm.db.base import Base, Identified, Versioned, one_where
from crm.db.types import UtcDateTime, enum_type

CERTIFICATE_TABLE = "relief_certificate"


class ReliefFiling(Identified, Versioned, Base):
    """Where the papers of one issue of shares stand: each day is that on which it happened.

    Shares of one class issued on one day are one issue, and HMRC is told of each by a statement of its own (VCM35040, VCM21050).
    ``share_class`` is the class as `class_of` folds it, "" where none was stated. ``uir`` is the unique investment reference of HMRC's answer (SEIS2 or EIS2). ``told_at`` is when the business was told that
    its statement can be sent, ``reminded_at`` when it was reminded of the last day.
    """

    __tablename__ = "relief_filing"
    __table_args__ = (
        CheckConstraint("spent_on IS NULL OR relief = 'seis'", name="spent_for_seis"),
        CheckConstraint("(authorised_on IS NULL) = (uir = '')", name="authorised_with_reference"),
        CheckConstraint(
            "authorised_on IS NULL OR (sent_on IS NOT NULL AND authorised_on >= sent_on)",
            name="authorised_after_sent",
        ),
        CheckConstraint("sent_on IS NULL OR sent_on >= issued_on", name="sent_after_issue"),
        Index("uq_relief_filing_once", "pitch_id", "relief", "issued_on", "share_class", unique=True),
    )

    pitch_id: Mapped[UUID] = mapped_column(ForeignKey("pitch.id"))
    relief: Mapped[FiledRelief] = mapped_column(enum_type(FiledRelief, name="relief"))
    issued_on: Mapped[date]
    share_class: Mapped[str] = mapped_column(String(200), default="")
    assured_on: Mapped[date | None]
    trading_from: Mapped[date | None]
    spent_on: Mapped[date | None]
    sent_on: Mapped[date | None]
    authorised_on: Mapped[date | None]
    uir: Mapped[str] = mapped_column(String(40), default="")
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    pitch: Mapped[Pitch] = relationship(lazy="raise", viewonly=True)


class ReliefCertificate(Identified, Versioned, Base):
    """The SEIS3 or EIS3 of one investment; its file is a document about it. One that was removed opens nothing."""

    __tablename__ = CERTIFICATE_TABLE
    __table_args__ = (
        CheckConstraint("uir <> ''", name="with_reference"),
        one_where("uq_relief_certificate_live", "investment_id", where="removed_at IS NULL"),
    )

    investment_id: Mapped[UUID] = mapped_column(ForeignKey("investment.id"))
    uir: Mapped[str] = mapped_column(String(40))
    given_on: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    investment: Mapped[Investment] = relationship(lazy="raise", viewonly=True)
