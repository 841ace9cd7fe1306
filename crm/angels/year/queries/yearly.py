"""Reads of the yearly letters."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from crm.accounts.models import Account
from crm.angels.year.models import YearlyCopy, YearlyLetter
from crm.db.session import session

MOST = 100


def letter(letter_id: UUID) -> YearlyLetter | None:
    """One letter, with who sent it first."""
    query = select(YearlyLetter).where(YearlyLetter.id == letter_id)
    return session().scalar(query.options(joinedload(YearlyLetter.sent_by)))


def letter_of(year: int) -> YearlyLetter | None:
    """The letter about a year, once it was sent to anybody."""
    return session().scalar(select(YearlyLetter).where(YearlyLetter.year == year))


def letters() -> Sequence[tuple[YearlyLetter, int]]:
    """Every letter with how many copies were sent, the latest year first."""
    copies = select(YearlyCopy.letter_id, func.count().label("copies")).group_by(YearlyCopy.letter_id)
    counted = copies.subquery()
    query = select(YearlyLetter, counted.c.copies).join(counted, counted.c.letter_id == YearlyLetter.id)
    rows = session().execute(query.order_by(YearlyLetter.year.desc()).limit(MOST))
    return [(found, count) for found, count in rows]


def readers(letter_id: UUID) -> Sequence[tuple[str, YearlyCopy]]:
    """Who was sent a letter, by name, and when."""
    query = select(Account.name, YearlyCopy).join(Account, Account.id == YearlyCopy.account_id)
    rows = session().execute(
        query.where(YearlyCopy.letter_id == letter_id).order_by(Account.name, YearlyCopy.id)
    )
    return [(name, copy) for name, copy in rows]


def had(letter_id: UUID) -> set[UUID]:
    """The accounts that were sent a letter."""
    return set(session().scalars(select(YearlyCopy.account_id).where(YearlyCopy.letter_id == letter_id)))
