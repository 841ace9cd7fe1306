"""A table that only these tests have: a bead with a value of every kind that the product keeps."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from crm.db.base import NAMES, Identified
from crm.db.types import MoneyType, UtcDateTime, WordsType, enum_type
from crm.kernel.money import Money


class Colour(StrEnum):
    RED = "red"
    DARK_BLUE = "dark_blue"


class BeadBase(DeclarativeBase):
    """Apart from the product's tables, so that no migration knows of it."""

    metadata = MetaData(naming_convention=NAMES)


class Bead(Identified, BeadBase):
    __tablename__ = "bead"

    name: Mapped[str] = mapped_column(String(200), default="")
    place: Mapped[int] = mapped_column(default=0)
    day: Mapped[date | None]
    at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    price: Mapped[Money | None] = mapped_column(MoneyType)
    words: Mapped[tuple[str, ...]] = mapped_column(WordsType, default=())
    colour: Mapped[Colour | None] = mapped_column(enum_type(Colour, name="colour"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


def thread(db: Session) -> None:
    """Make the table, in the transaction of the test."""
    BeadBase.metadata.create_all(db.connection())


def kept(db: Session, bead: Bead) -> Bead:
    """The bead as the database gives it back."""
    db.add(bead)
    db.flush()
    found: UUID = bead.id
    db.expire_all()
    again = db.get(Bead, found)
    assert again is not None
    return again
