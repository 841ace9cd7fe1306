"""Posting to the ledger: the only way money is reserved, committed, claimed, paid, recovered, released or reversed.

These verbs are a ledger: the room above asks its own policy and writes the line of its own act. Each locks the
envelope for the rest of the transaction, refuses in words what there is not enough of, and adds entries; the database
adds them to the running totals and refuses whatever would pass the limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from crm.audit import service as audit
from crm.db.changes import created, fields_of
from crm.db.holding import why_held
from crm.db.session import session
from crm.db.states import refuse_if
from crm.funding.envelopes.models import TOTALS, Envelope, EnvelopeLine, LedgerEntry
from crm.funding.envelopes.policy import POLICY
from crm.funding.envelopes.queries import ledger as queries
from crm.funding.envelopes.rules import (
    MOVEMENTS,
    MOVES,
    Line,
    Movement,
    Subject,
    share_out,
    why_no_amount,
    why_not_enough,
)
from crm.funding.envelopes.rules import LedgerAccount as A
from crm.funding.envelopes.workflow import Act
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import is_past, now, today
from crm.kernel.errors import Conflict, Invalid, NotFound, require_reason
from crm.kernel.money import Money
from crm.kernel.permissions import Actor

Entries = tuple[LedgerEntry, ...]
SPREAD = (Line.REVENUE, Line.CAPITAL, Line.IN_KIND)
"""In which order a movement that names no line takes from the lines of its subject: capital, which is for things, stays longest."""


@dataclass(frozen=True)
class Posting:
    """One entry to write: what moves from where to where, what about, and why.

    ``at`` is when it was recorded, where it is taken over from older books; else it is now. ``happened_on`` is the day on
    which the money itself moved, where that is known.
    """

    movement: Movement
    envelope_id: UUID
    line: Line
    amount: Money
    source: A
    target: A
    about: Subject
    reason: str
    reverses_id: int | None = None
    at: datetime | None = None
    happened_on: date | None = None


def reserve(
    envelope_id: UUID, line: Line, *, amount: Money, about: Subject, reason: str, by: Actor
) -> Entries:
    """Set money aside for a subject, out of what is free in a line. Refused a penny over, and after the envelope's end."""
    _require_open(_held(envelope_id, amount))
    return (_move(Movement.RESERVE, envelope_id, line, amount, about=about, reason=reason, by=by),)


def commit(
    envelope_id: UUID, line: Line | None, *, amount: Money, about: Subject, reason: str, by: Actor
) -> Entries:
    """Promise money to a subject: first out of what was reserved for it, the rest out of what is free in the line.

    Without a line, out of what is reserved for it in each.
    """
    held = _held(envelope_id, amount)
    if line is None:
        return _committed(envelope_id, amount, about=about, reason=reason, by=by)
    mine = queries.balances_of(about, envelope_id=envelope_id, line=line)
    parts = share_out(amount, mine[A.RESERVED])
    if any(source is A.FREE for source, _ in parts):
        _require_open(held)
    return tuple(
        _move(Movement.COMMIT, envelope_id, line, part, about=about, reason=reason, source=source, by=by)
        for source, part in parts
    )


def _committed(envelope_id: UUID, amount: Money, *, about: Subject, reason: str, by: Actor) -> Entries:
    """Money that is reserved in several lines, committed in each."""
    told: dict[str, Any] = {"about": about, "reason": reason, "source": A.RESERVED, "by": by}
    return tuple(
        _move(Movement.COMMIT, envelope_id, each, part, **told)
        for each, part in _spread(envelope_id, A.RESERVED, amount, about=about)
    )


def claim(envelope_id: UUID, line: Line, *, amount: Money, about: Subject, reason: str, by: Actor) -> Entries:
    """Record a claim that was approved, out of what is committed to the subject and not yet claimed."""
    _held(envelope_id, amount)
    return (_move(Movement.CLAIM, envelope_id, line, amount, about=about, reason=reason, by=by),)


def pay(
    envelope_id: UUID,
    line: Line,
    *,
    amount: Money,
    about: Subject,
    reason: str,
    on: date | None = None,
    by: Actor,
) -> Entries:
    """Record money as paid on a day, out of what the subject claimed."""
    _held(envelope_id, amount)
    return (_move(Movement.PAY, envelope_id, line, amount, about=about, reason=reason, on=on, by=by),)


def recover(
    envelope_id: UUID,
    line: Line | None,
    *,
    amount: Money,
    about: Subject,
    reason: str,
    on: date | None = None,
    by: Actor,
) -> Entries:
    """Record money that came back from the subject on a day. It is not free before it is released, too (P46).

    Without a line, out of what it was paid in each.
    """
    _held(envelope_id, amount)
    return tuple(
        _move(Movement.RECOVER, envelope_id, each, part, about=about, reason=reason, on=on, by=by)
        for each, part in _parts(envelope_id, line, A.PAID, amount, about=about)
    )


def release(
    envelope_id: UUID,
    line: Line | None,
    *,
    amount: Money,
    about: Subject,
    reason: str,
    out_of: A = A.RESERVED,
    by: Actor,
) -> Entries:
    """Make money of a subject free again: what is reserved for it or, as ``out_of`` says, unclaimed or recovered.

    Without a line, out of what it has so in each.
    """
    _held(envelope_id, amount)
    return tuple(
        _move(Movement.RELEASE, envelope_id, each, part, about=about, reason=reason, source=out_of, by=by)
        for each, part in _parts(envelope_id, line, out_of, amount, about=about)
    )


def _parts(
    envelope_id: UUID, line: Line | None, source: A, amount: Money, *, about: Subject
) -> list[tuple[Line, Money]]:
    """From which lines an amount is taken: the one that is named, or those in which the subject has it."""
    return [(line, amount)] if line else _spread(envelope_id, source, amount, about=about)


def _spread(envelope_id: UUID, source: A, amount: Money, *, about: Subject) -> list[tuple[Line, Money]]:
    """An amount taken from what a subject has in each line, in order. Raises `Invalid` where it has less altogether."""
    found: list[tuple[Line, Money]] = []
    left = amount
    for line in SPREAD:
        part = min(left, queries.balances_of(about, envelope_id=envelope_id, line=line)[source])
        if part:
            found.append((line, part))
            left = left - part
    if left:
        raise Invalid(f"There is {left.in_full()} less than that to take from", field="amount")
    return found


def unclaim(
    envelope_id: UUID, line: Line, *, amount: Money, about: Subject, reason: str, by: Actor
) -> LedgerEntry:
    """Reverse a claim that was approved and is not to be paid: its money is committed and not claimed again."""
    return _undone(Movement.CLAIM, envelope_id, line, amount, about=about, reason=reason, by=by)


def unpay(
    envelope_id: UUID,
    line: Line,
    *,
    amount: Money,
    about: Subject,
    reason: str,
    on: date | None = None,
    by: Actor,
) -> LedgerEntry:
    """Reverse a payment that the bank returned on a day, or that was recorded by mistake: its money is claimed and not paid."""
    return _undone(Movement.PAY, envelope_id, line, amount, about=about, reason=reason, on=on, by=by)


def _undone(
    movement: Movement,
    envelope_id: UUID,
    line: Line,
    amount: Money,
    *,
    about: Subject,
    reason: str,
    on: date | None = None,
    by: Actor,
) -> LedgerEntry:
    _held(envelope_id, amount)
    entry = queries.newest_entry(movement, about, envelope_id=envelope_id, line=line, amount=amount)
    if entry is None:
        raise Conflict(
            f"The ledger has no entry “{MOVEMENTS[movement]}” of {amount.in_full()} that could be reversed."
        )
    return _post(_back(entry, reason, on=on), by=by)


def _back(entry: LedgerEntry, reason: str, *, on: date | None = None) -> Posting:
    """The opposite of an entry, linked with it: of the day on which the money came back, or else of the entry's own day."""
    return Posting(
        Movement.REVERSE,
        entry.envelope_id,
        entry.line,
        entry.amount,
        source=entry.target,
        target=entry.source,
        about=entry.subject,
        reason=reason,
        reverses_id=entry.id,
        happened_on=on or entry.happened_on,
    )


def reverse(entry: LedgerEntry, *, reason: str, by: Actor) -> LedgerEntry:
    """Undo a mistake by an equal and opposite entry, once: for `reversing`, where another person asked for it.

    Limits, and awards say, are changed on pages of their own.
    """
    POLICY.require(by, Act.REVERSE, entry)
    _held(entry.envelope_id, entry.amount)
    refuse_if(why_not_reversed(entry))
    made = _post(_back(entry, reason), by=by)
    audit.record(Act.REVERSE, entry, created(amount=entry.amount, reason=reason, reversed_by=made.id), by=by)
    return made


def why_not_reversed(entry: LedgerEntry) -> str | None:
    """Why an entry cannot be reversed: what it is, what depends on it, or that its money has moved on."""
    if A.FUND in {entry.source, entry.target}:
        return "A limit is not reversed. Propose a change to the limit instead."
    if entry.reverses_id is not None:
        return "This entry is itself a reversal, so it stays as it is."
    if queries.reversal_of(entry.id) is not None:
        return "This entry was reversed already."
    held = why_held(entry.subject_table, entry.subject_id) or why_held("ledger_entry", entry.id)
    return held or _why_moved_on(entry)


def _why_moved_on(entry: LedgerEntry) -> str | None:
    """Why the opposite of an entry cannot be posted now: there is less than its amount where it went."""
    if entry.target is A.FREE:
        have = queries.free(entry.envelope_id, entry.line)
    else:
        have = queries.balances_of(entry.subject, envelope_id=entry.envelope_id, line=entry.line)[
            entry.target
        ]
    short = why_not_enough(entry.amount, have, account=entry.target, line=entry.line)
    return f"This money has moved on, so the entry cannot be reversed. {short}" if short else None


def _held(envelope_id: UUID, amount: Money) -> Envelope:
    """The envelope, locked until the transaction ends. Raises `Invalid` for what is no amount at all."""
    reason = why_no_amount(amount)
    if reason:
        raise Invalid(reason, field="amount")
    found = queries.hold(envelope_id)
    if found is None:
        raise NotFound("There is no such envelope.")
    return found


def _require_open(found: Envelope) -> None:
    if is_past(found.ends_on, on=today()):
        raise Conflict(
            f"{found.name} ended on {day_in_words(found.ends_on)}, so nothing more can be promised."
        )


def _move(
    movement: Movement,
    envelope_id: UUID,
    line: Line,
    amount: Money,
    *,
    about: Subject,
    reason: str,
    source: A | None = None,
    on: date | None = None,
    by: Actor,
) -> LedgerEntry:
    """Post one movement the way its table says. Where it may come from two accounts, ``source`` names one."""
    ways = dict(MOVES[movement])
    taken_from = source or next(iter(ways))
    if taken_from not in ways:
        raise Invalid("Money cannot be released from there.")
    way = (taken_from, ways[taken_from])
    return _post(Posting(movement, envelope_id, line, amount, *way, about, reason, happened_on=on), by=by)


def _post(wanted: Posting, *, by: Actor) -> LedgerEntry:
    """Add one entry, if the account it comes from holds as much: of the line, or of the subject."""
    require_reason(wanted.reason)
    if wanted.source is A.FREE:
        have = queries.free(wanted.envelope_id, wanted.line)
    else:
        mine = queries.balances_of(wanted.about, envelope_id=wanted.envelope_id, line=wanted.line)
        have = mine[wanted.source]
    short = why_not_enough(wanted.amount, have, account=wanted.source, line=wanted.line)
    if short:
        raise Invalid(short, field="amount")
    return write(wanted, by=by)


def write(wanted: Posting, *, by: Actor) -> LedgerEntry:
    """Write an entry, and forget the totals that the database changes by it."""
    fields = fields_of(wanted)
    about = fields.pop("about")
    fields |= {"subject_table": about.table, "subject_id": about.id, "reason": wanted.reason.strip()}
    fields["at"] = wanted.at or now()
    made = LedgerEntry(**fields, by_id=by.account_id)
    session().add(made)
    session().flush()
    for row in list(session().identity_map.values()):
        if isinstance(row, Envelope | EnvelopeLine):
            session().expire(row, TOTALS)
    return made
