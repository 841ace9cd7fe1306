"""Reads of envelopes and the ledger: totals as they are kept, and as the entries add up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, func, or_, select, type_coerce
from sqlalchemy.orm import aliased, joinedload, selectinload

from crm.db.paging import Order, Slice, slice_of
from crm.db.session import is_read_only, session
from crm.funding.envelopes.models import Envelope, EnvelopeLine, LedgerEntry
from crm.funding.envelopes.rules import (
    Balances,
    LedgerAccount,
    Line,
    Movement,
    Posted,
    Subject,
    balances,
)
from crm.kernel.clock import end_of
from crm.kernel.measures import counted
from crm.kernel.money import Money

MOST = 200
MOST_NAMED = 10_000
"""How many subjects a query names one by one. Of more, all of the ledger is added up: a database takes only so many values."""
TAKEN = (
    LedgerAccount.RESERVED,
    LedgerAccount.COMMITTED,
    LedgerAccount.CLAIMED,
    LedgerAccount.PAID,
    LedgerAccount.RECOVERED,
)
"""The accounts that make up what a subject has of an envelope."""
MONTHS = counted("month")
LINES_READ = "crm_envelope_lines"
"""Where a session holds the lines of envelopes that were read at once."""
NEWEST_FIRST = Order((LedgerEntry.__table__.c.id,), lambda entry: (entry.id,), is_descending=True)


def envelope(envelope_id: UUID) -> Envelope | None:
    """One envelope with its lines and owner."""
    return session().scalar(_whole().where(Envelope.id == envelope_id))


def envelopes() -> Sequence[Envelope]:
    """Every envelope with its lines and owner, the one that ends last first."""
    return session().scalars(_whole().order_by(Envelope.ends_on.desc(), Envelope.name).limit(MOST)).all()


def _whole() -> Select[Envelope]:
    return select(Envelope).options(selectinload(Envelope.lines), joinedload(Envelope.owner))


def envelope_named(name: str) -> Envelope | None:
    """The envelope of this name."""
    return session().scalar(_whole().where(Envelope.name == name))


def hold(envelope_id: UUID) -> Envelope | None:
    """Lock an envelope for the rest of this transaction and read it anew, its lines too: nothing else moves its money."""
    fresh = {"populate_existing": True}
    query = select(Envelope).where(Envelope.id == envelope_id).with_for_update()
    found = session().scalar(query, execution_options=fresh)
    session().scalars(
        select(EnvelopeLine).where(EnvelopeLine.envelope_id == envelope_id), execution_options=fresh
    ).all()
    return found


def read_lines(envelope_ids: Iterable[UUID | None]) -> None:
    """Read every line of some envelopes at once: a session that only reads asks for none of them again."""
    wanted = [each for each in set(envelope_ids) if each is not None]
    query = select(EnvelopeLine).where(EnvelopeLine.envelope_id.in_(wanted))
    known = session().info.setdefault(LINES_READ, {})
    known.update({(each.envelope_id, each.line): each for each in session().scalars(query)})


def line_of(envelope_id: UUID, line: Line) -> EnvelopeLine:
    """One line of an envelope, with its totals as they are now."""
    known = session().info.get(LINES_READ, {}).get((envelope_id, line))
    if known is not None and is_read_only(session()):
        return known  # type: ignore[no-any-return]
    query = select(EnvelopeLine).where(EnvelopeLine.envelope_id == envelope_id, EnvelopeLine.line == line)
    return session().scalars(query, execution_options={"populate_existing": True}).one()


def free(envelope_id: UUID, line: Line) -> Money:
    """What can still be reserved or committed in a line."""
    return line_of(envelope_id, line).free


def entry(entry_id: int) -> LedgerEntry | None:
    """One entry, with its envelope and the person who recorded it."""
    query = select(LedgerEntry).options(joinedload(LedgerEntry.envelope), joinedload(LedgerEntry.by))
    return session().scalar(query.where(LedgerEntry.id == entry_id))


def entry_of(envelope_id: UUID, entry_id: int) -> LedgerEntry | None:
    """One entry of just this envelope."""
    found = entry(entry_id)
    return found if found is not None and found.envelope_id == envelope_id else None


def reversal_of(entry_id: int) -> LedgerEntry | None:
    """The entry that reversed this one."""
    return session().scalar(select(LedgerEntry).where(LedgerEntry.reverses_id == entry_id))


def reversed_of(entry_ids: Iterable[int]) -> dict[int, int]:
    """Which of some entries were reversed, each with the entry that did it."""
    query = select(LedgerEntry.reverses_id, LedgerEntry.id).where(
        LedgerEntry.reverses_id.in_(list(entry_ids))
    )
    return {was: by for was, by in session().execute(query) if was is not None}


def newest_entry(
    movement: Movement, about: Subject, *, envelope_id: UUID, line: Line, amount: Money
) -> LedgerEntry | None:
    """The newest movement of this kind and sum about a subject that was not reversed."""
    back = select(LedgerEntry.reverses_id).where(LedgerEntry.reverses_id.is_not(None))
    query = select(LedgerEntry).where(
        LedgerEntry.subject_table == about.table,
        LedgerEntry.subject_id == about.id,
        LedgerEntry.envelope_id == envelope_id,
        LedgerEntry.line == line,
        LedgerEntry.movement == movement,
        LedgerEntry.amount == amount,
        LedgerEntry.id.not_in(back),
    )
    return session().scalar(query.order_by(LedgerEntry.id.desc()).limit(1))


def balances_of(about: Subject, *, envelope_id: UUID | None = None, line: Line | None = None) -> Balances:
    """What lies where for one subject: in all, in one envelope, or in one of its lines."""
    conditions = [LedgerEntry.subject_table == about.table, LedgerEntry.subject_id == about.id]
    if envelope_id is not None:
        conditions.append(LedgerEntry.envelope_id == envelope_id)
    if line is not None:
        conditions.append(LedgerEntry.line == line)
    return balances(_sums(conditions))


def taken_in_sql(table: str, subject_id: ColumnElement[Any]) -> ColumnElement[int]:
    """What the ledger has set aside or promised for a subject, in pence, for a query over the subjects themselves.

    Money that was paid, came back and was made free again (P46) was still awarded: it is not taken off.
    """
    entry, pence = LedgerEntry.__table__.c, type_coerce(LedgerEntry.__table__.c.amount, BigInteger())
    came = case((entry.target.in_(TAKEN), pence), else_=0) - case((entry.source.in_(TAKEN), pence), else_=0)
    ends = (LedgerAccount.RECOVERED, LedgerAccount.FREE)
    is_free_again = and_(entry.source.in_(ends), entry.target.in_(ends))
    query = select(func.coalesce(func.sum(came), 0)).where(entry.subject_table == table)
    return query.where(entry.subject_id == subject_id, ~is_free_again).scalar_subquery()


def held_of(subjects: Collection[Subject]) -> dict[tuple[UUID, Subject], Balances]:
    """What lies where for some subjects, by envelope: one query."""
    return {
        (envelope_id, Subject(*about)): held
        for (envelope_id, *about), held in _held(subjects, LedgerEntry.envelope_id).items()
    }


def lying_about(subjects: Collection[Subject]) -> dict[tuple[UUID, Line, Subject], Balances]:
    """What lies where for some subjects, by envelope and line: one query."""
    by = (LedgerEntry.envelope_id, LedgerEntry.line)
    return {
        (envelope_id, line, Subject(*about)): held
        for (envelope_id, line, *about), held in _held(subjects, *by).items()
    }


def _held(subjects: Collection[Subject], *by: Any) -> dict[tuple[Any, ...], Balances]:
    """What lies where for some subjects, by some columns and the subject's own table and id."""
    total = func.sum(LedgerEntry.amount, type_=LedgerEntry.amount.type)
    key = (*by, LedgerEntry.subject_table, LedgerEntry.subject_id)
    query = select(*key, LedgerEntry.source, LedgerEntry.target, total)
    query = query.where(LedgerEntry.subject_table.in_(sorted({each.table for each in subjects})))
    wanted = {each.id for each in subjects}
    if len(wanted) <= MOST_NAMED:
        query = query.where(LedgerEntry.subject_id.in_(wanted))
    found: dict[tuple[Any, ...], list[Posted]] = {}
    for *place, row_id, source, target, amount in session().execute(
        query.group_by(*key, LedgerEntry.source, LedgerEntry.target)
    ):
        if row_id in wanted:
            found.setdefault((*place, row_id), []).append(Posted(source, target, amount))
    return {each: balances(posted) for each, posted in found.items()}


def _sums(conditions: Collection[Any]) -> list[Posted]:
    """The entries that meet some conditions, added up by where they went."""
    total = func.sum(LedgerEntry.amount, type_=LedgerEntry.amount.type)
    query = select(LedgerEntry.source, LedgerEntry.target, total).where(*conditions)
    rows = session().execute(query.group_by(LedgerEntry.source, LedgerEntry.target))
    return [Posted(source, target, amount) for source, target, amount in rows]


def free_at(envelope_id: UUID, lines: Collection[Line], *, at: datetime) -> Money:
    """What was free in some lines of an envelope together, once everything was recorded that was by a moment."""
    conditions = (LedgerEntry.envelope_id == envelope_id, LedgerEntry.line.in_(lines), LedgerEntry.at <= at)
    return balances(_sums(conditions))[LedgerAccount.FREE]


def sums_by_line() -> dict[tuple[UUID, Line], Balances]:
    """What the entries of every line of every envelope add up to: one query over the whole ledger."""
    total = func.sum(LedgerEntry.amount, type_=LedgerEntry.amount.type)
    key = (LedgerEntry.envelope_id, LedgerEntry.line)
    query = select(*key, LedgerEntry.source, LedgerEntry.target, total)
    rows = session().execute(query.group_by(*key, LedgerEntry.source, LedgerEntry.target))
    found: dict[tuple[UUID, Line], list[Posted]] = {}
    for envelope_id, line, source, target, amount in rows:
        found.setdefault((envelope_id, line), []).append(Posted(source, target, amount))
    return {each: balances(posted) for each, posted in found.items()}


@dataclass(frozen=True)
class Reconciled:
    """One envelope, or a line of it: each total as it is kept and shown, and as its entries add up."""

    envelope: Envelope
    label: str
    line: Line | None
    totals: tuple[tuple[str, Money, Money], ...]

    @property
    def differences(self) -> tuple[tuple[str, Money], ...]:
        """What is kept less what the entries add up to, where these differ."""
        return tuple((name, kept - sum_) for name, kept, sum_ in self.totals if kept != sum_)


def reconciled() -> list[Reconciled]:
    """Every total of every envelope and line beside the sum of its entries: three queries."""
    sums, found = sums_by_line(), []
    for each in envelopes():
        lines = [(row, sums.get((each.id, row.line), balances(()))) for row in each.lines]
        whole = balances(
            Posted(LedgerAccount.FUND, account, held[account])
            for _, held in lines
            for account in LedgerAccount
            if account is not LedgerAccount.FUND
        )
        found.append(Reconciled(each, "The envelope", None, _totals(each, whole)))
        found += [Reconciled(each, row.label, row.line, _totals(row, held)) for row, held in lines]
    return found


def _totals(row: Envelope | EnvelopeLine, held: Balances) -> tuple[tuple[str, Money, Money], ...]:
    return (
        ("Limit", row.limited_to, held.limit),
        ("Free", row.free, held[LedgerAccount.FREE]),
        ("Reserved", row.reserved, held[LedgerAccount.RESERVED]),
        ("Committed in all", row.committed, held.committed),
        ("Committed, not yet claimed", row.unclaimed, held[LedgerAccount.COMMITTED]),
        ("Claimed, not yet paid", row.claimed, held[LedgerAccount.CLAIMED]),
        ("Paid", row.paid, held[LedgerAccount.PAID]),
        ("Recovered", row.recovered, held[LedgerAccount.RECOVERED]),
    )


def balances_by(envelope_id: UUID, days: Sequence[date]) -> list[Balances]:
    """What the entries of an envelope add up to by the end of each of some days, which are in order: one query.

    An entry counts from the day on which its money moved, where that is known and was recorded later. A reversal that names
    no day counts from the day of what it reversed, so that nothing is paid twice until the mistake was seen.
    """
    if not days:
        return []
    total = func.sum(LedgerEntry.amount, type_=LedgerEntry.amount.type)
    reversed_ = aliased(LedgerEntry)
    span = case(
        *((_counts_by(day, reversed_.happened_on), place) for place, day in enumerate(days)),
        else_=len(days),
    )
    query = select(span, LedgerEntry.source, LedgerEntry.target, total)
    query = query.outerjoin(reversed_, reversed_.id == LedgerEntry.reverses_id)
    query = query.where(LedgerEntry.envelope_id == envelope_id)
    rows = session().execute(query.group_by(span, LedgerEntry.source, LedgerEntry.target)).all()
    return [
        balances(Posted(source, target, amount) for place, source, target, amount in rows if place <= until)
        for until in range(len(days))
    ]


def _counts_by(day: date, of_reversed: Any) -> ColumnElement[bool]:
    """Whether an entry counts by the end of a day; ``of_reversed`` is the day on which the money of what it reverses moved."""
    moved_on = func.coalesce(LedgerEntry.happened_on, of_reversed)
    return or_(LedgerEntry.at < end_of(day), moved_on <= day)


@dataclass(frozen=True)
class LedgerSearch:
    """Which entries of an envelope are looked for; empty parts ask nothing."""

    line: Line | None = None
    account: LedgerAccount | None = None
    about: Subject | None = None
    is_of_both: bool = False
    """Whether capital and revenue are looked for together, as a cohort that has both is funded from them."""
    together: tuple[LedgerAccount, ...] = ()
    """Accounts taken together: the entries looked for are those that bring money into them or out of them, not between them."""
    by: date | None = None
    """The day by whose end an entry must count, as it does in the picture over time."""


EVERYTHING = LedgerSearch()


def ledger(
    envelope_id: UUID, cursor: str | None = None, *, search: LedgerSearch = EVERYTHING
) -> Slice[LedgerEntry]:
    """One page of an envelope's entries, newest first."""
    return slice_of(_found(envelope_id, search), NEWEST_FIRST, cursor=cursor)


def every_entry(envelope_id: UUID, search: LedgerSearch = EVERYTHING) -> Iterator[LedgerEntry]:
    """Every entry that a search finds, oldest first: for a file."""
    query = _found(envelope_id, search).order_by(LedgerEntry.id)
    yield from session().scalars(query.execution_options(yield_per=500))


def found_sums(envelope_id: UUID, search: LedgerSearch = EVERYTHING) -> tuple[int, Balances]:
    """How many entries a search finds, and what they add up to."""
    conditions = _conditions(envelope_id, search)
    count = session().scalar(select(func.count()).select_from(LedgerEntry).where(*conditions)) or 0
    return count, balances(_sums(conditions))


def _found(envelope_id: UUID, search: LedgerSearch) -> Select[LedgerEntry]:
    query = select(LedgerEntry).options(joinedload(LedgerEntry.by))
    return query.where(*_conditions(envelope_id, search))


def _conditions(envelope_id: UUID, search: LedgerSearch) -> list[Any]:
    found: list[Any] = [LedgerEntry.envelope_id == envelope_id]
    if search.line is not None:
        found.append(LedgerEntry.line == search.line)
    if search.is_of_both:
        found.append(LedgerEntry.line.in_((Line.CAPITAL, Line.REVENUE)))
    if search.account is not None:
        found.append(or_(LedgerEntry.source == search.account, LedgerEntry.target == search.account))
    if search.together:
        found.append(LedgerEntry.source.in_(search.together) != LedgerEntry.target.in_(search.together))
    if search.by is not None:
        was = aliased(LedgerEntry)
        of_reversed = select(was.happened_on).where(was.id == LedgerEntry.reverses_id).scalar_subquery()
        found.append(_counts_by(search.by, of_reversed))
    if search.about is not None:
        found += [
            LedgerEntry.subject_table == search.about.table,
            LedgerEntry.subject_id == search.about.id,
        ]
    return found
