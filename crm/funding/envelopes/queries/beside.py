"""What rooms say of money beside what the ledger says of it. The database adds it up, so that few rows are read however long the ledger is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    SelectBase,
    Subquery,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import joinedload

from crm.db.session import session
from crm.db.types import MoneyType
from crm.funding.envelopes.models import LedgerEntry
from crm.funding.envelopes.queries.ledger import TAKEN
from crm.funding.envelopes.rules import LedgerAccount, Subject
from crm.kernel.money import NO_MONEY, Money

Way = tuple[LedgerAccount, LedgerAccount]
Place = tuple[UUID, Subject]
ENTRY = LedgerEntry.__table__.c
NONE = literal(NO_MONEY, MoneyType)


@dataclass(frozen=True)
class Sums:
    """How many things have money, what that is in a room and in the ledger, and of how many of them the two differ."""

    count: int
    ours: Money
    ledger: Money
    differing: int


@dataclass(frozen=True)
class Beyond:
    """About how many things of an envelope the ledger has money that a room knows nothing of, and how much in all."""

    count: int
    total: Money


def moved(way: Way, *conditions: ColumnElement[bool]) -> Select[Any]:
    """What moved from one account to another about each subject, less what was reversed, of the entries that meet some conditions."""
    return _by_subject(_moved(way), _on(way), *conditions)


def taken(*conditions: ColumnElement[bool]) -> Select[Any]:
    """What the ledger has set aside or promised for each subject, of the entries that meet some conditions.

    Money that was paid, came back and was made free again (P46) was still awarded: it is not taken off.
    """
    came = case((ENTRY.target.in_(TAKEN), ENTRY.amount), else_=NONE)
    went = case((ENTRY.source.in_(TAKEN), ENTRY.amount), else_=NONE)
    free_again = _on((LedgerAccount.RECOVERED, LedgerAccount.FREE))
    return _by_subject(came - went, ~free_again, *conditions)


def moved_in_all(way: Way, *conditions: ColumnElement[bool]) -> Money:
    """What moved from one account to another in all, less what was reversed, of the entries that meet some conditions: one query."""
    query = select(func.sum(_moved(way), type_=MoneyType())).where(_on(way), *conditions)
    return session().scalar(query) or NO_MONEY


def _moved(way: Way) -> ColumnElement[Any]:
    there = and_(ENTRY.source == way[0], ENTRY.target == way[1])
    return case((there, ENTRY.amount), else_=-ENTRY.amount)


def _on(way: Way) -> ColumnElement[bool]:
    """That an entry is from one account to another, or back."""
    source, target = way
    there = and_(ENTRY.source == source, ENTRY.target == target)
    return or_(there, and_(ENTRY.source == target, ENTRY.target == source))


def _by_subject(amount: ColumnElement[Any], *conditions: ColumnElement[bool]) -> Select[Any]:
    key = (ENTRY.subject_table, ENTRY.subject_id)
    return select(*key, func.sum(amount, type_=MoneyType())).where(*conditions).group_by(*key)


def beside(ours: SelectBase, ledger: SelectBase) -> Subquery:
    """Both sums of each subject that either of them has money for.

    Each gives the table, the id and an amount of a subject. What it gives of one subject in several rows is added up.
    """
    rows = [
        _as_told(each, is_ours=place == 0) for place, each in enumerate((ours.subquery(), ledger.subquery()))
    ]
    told = union_all(*rows).subquery()
    sums = [func.sum(told.c[name], type_=MoneyType()) for name in ("ours", "ledger")]
    query = select(told.c.about_table, told.c.about_id, sums[0].label("ours"), sums[1].label("ledger"))
    query = query.group_by(told.c.about_table, told.c.about_id)
    return query.having(or_(sums[0] != NO_MONEY, sums[1] != NO_MONEY)).subquery()


def _as_told(rows: Subquery, *, is_ours: bool) -> Select[Any]:
    table, row_id, amount = rows.c
    sums = (amount, NONE) if is_ours else (NONE, amount)
    return select(
        table.label("about_table"), row_id.label("about_id"), sums[0].label("ours"), sums[1].label("ledger")
    )


def sums_of(found: Subquery) -> Sums:
    """What both sums of everything add up to, and how many differ: one query."""
    pair = [func.sum(each, type_=MoneyType()) for each in (found.c.ours, found.c.ledger)]
    differ = func.sum(case((found.c.ours != found.c.ledger, 1), else_=0))
    count, ours, ledger, differing = (
        session().execute(select(func.count(), *pair, differ).select_from(found)).one()
    )
    return Sums(count, ours or NO_MONEY, ledger or NO_MONEY, int(differing or 0))


def compared_in(
    found: Subquery, *, most: int, after: int = 0, differing: bool = False
) -> dict[Subject, tuple[Money, Money]]:
    """Both sums of so many things: those that differ first and the furthest before the others, then the largest; or only those that differ."""
    ours, ledger = (type_coerce(each, BigInteger()) for each in (found.c.ours, found.c.ledger))
    query = select(found.c.about_table, found.c.about_id, found.c.ours, found.c.ledger)
    query = query.order_by(func.abs(ours - ledger).desc(), func.abs(ledger).desc(), *found.c[:2])
    query = query.where(ours != ledger) if differing else query
    rows = session().execute(query.limit(most).offset(after))
    return {Subject(table, row_id): (one, other) for table, row_id, one, other in rows}


def moved_beyond(way: Way, *conditions: ColumnElement[bool]) -> Subquery:
    """What moved between two accounts about each subject of each envelope, of the entries that meet some conditions."""
    key = (ENTRY.envelope_id, ENTRY.subject_table, ENTRY.subject_id)
    total = func.sum(_moved(way), type_=MoneyType())
    query = select(*key, total.label("total")).where(_on(way), *conditions).group_by(*key)
    return query.having(total != NO_MONEY).subquery()


def beyond(found: Subquery) -> Beyond:
    """How many of them there are, and what they add up to: one query."""
    total = func.sum(found.c.total, type_=MoneyType())
    count, sum_ = session().execute(select(func.count(), total).select_from(found)).one()
    return Beyond(count, sum_ or NO_MONEY)


def largest(found: Subquery, *, most: int, after: int = 0) -> dict[Place, Money]:
    """So many of them, the largest before the others."""
    query = select(found).order_by(found.c.total.desc(), *found.c[:3])
    rows = session().execute(query.limit(most).offset(after))
    return {(envelope_id, Subject(table, row_id)): sum_ for envelope_id, table, row_id, sum_ in rows}


def last_moved(places: Collection[Place], way: Way) -> dict[Place, LedgerEntry]:
    """The newest entry between two accounts about each of some subjects of an envelope, with who recorded it: one query."""
    newest = select(func.max(ENTRY.id)).where(ENTRY.subject_id.in_([about.id for _, about in places]))
    newest = newest.where(ENTRY.source == way[0], ENTRY.target == way[1])
    newest = newest.group_by(ENTRY.envelope_id, ENTRY.subject_table, ENTRY.subject_id)
    query = select(LedgerEntry).options(joinedload(LedgerEntry.by)).where(LedgerEntry.id.in_(newest))
    return {(each.envelope_id, each.subject): each for each in session().scalars(query)}
