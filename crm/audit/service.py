"""The one pen: recording acts, sealing the trail and checking that it is whole, and erasing values with leave."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select

from crm.audit.models import BY_LINK, AuditEntry, AuditErasure, AuditSeal, AuditValue
from crm.audit.policy import Act
from crm.audit.queries import every_entry_about
from crm.audit.rules import digest_of, seal_of
from crm.db.changes import plain
from crm.db.session import RECORDED, session
from crm.kernel.clock import now
from crm.kernel.errors import Trace
from crm.kernel.permissions import SYSTEM, VISITOR, Actor

SEAL_AFTER = timedelta(minutes=10)  # by then every transaction that took an earlier id has ended
SALT_BYTES, AT_ONCE = 16, 1_000


def record(act: str, thing: Any, changes: Mapping[str, Any] | None = None, *, by: Actor) -> AuditEntry:
    """Write one line of the trail in the transaction of the act itself. ``thing`` is a row with an id.

    Who has no account but a name, as who answers by a link, is told with the values: these can be erased.
    """
    kept = {name: plain(value) for name, value in (changes or {}).items()}
    if by.account_id is None and by.name not in (SYSTEM.name, VISITOR.name):
        kept[BY_LINK] = by.name
    salt = secrets.token_hex(SALT_BYTES)
    entry = AuditEntry(
        at=now(),
        actor_id=by.account_id,
        act=str(act),
        thing_kind=thing.__tablename__,
        thing_id=str(thing.id),
        digest=digest_of(salt, kept),
    )
    session().add(entry)
    session().flush()
    session().add(AuditValue(entry_id=entry.id, salt=salt, changes=kept))
    session().info.setdefault(RECORDED, []).append((entry.thing_kind, entry.thing_id, entry.id))
    return entry


@dataclass(frozen=True)
class Reader:
    """The account of whoever reads, by the name of its table and without being read itself: accounts stand floors above."""

    id: UUID
    __tablename__ = "account"


def noting_export(filters: Mapping[str, Any], *, rows: int, by: Actor) -> Trace:
    """The trace of an export: who downloaded the log, by which filters, and how many entries."""

    def leave() -> None:
        if by.account_id is not None:
            record(Act.EXPORT_TRAIL, Reader(by.account_id), {"filters": filters, "rows": rows}, by=by)

    return leave


def seal() -> AuditSeal | None:
    """Seal every entry older than ten minutes that no seal covers yet; None where there is none."""
    previous = _last_seal()
    after_id, before = (previous.up_to_id, previous.digest) if previous else (0, "")
    newest = session().scalar(
        select(func.max(AuditEntry.id)).where(AuditEntry.id > after_id, AuditEntry.at < now() - SEAL_AFTER)
    )
    if newest is None:
        return None
    lines = sealed_lines(after_id, newest)
    sealed = AuditSeal(at=now(), up_to_id=newest, entries=len(lines), digest=seal_of(before, lines))
    session().add(sealed)
    return sealed


def erase_all_values(thing: Any, *, reason: str, by: Actor) -> None:
    """Delete the names and values behind every entry about one row."""
    for entry in every_entry_about(thing):
        erase_values(entry, reason=reason, by=by)


def erase_values(entry: AuditEntry, *, reason: str, by: Actor) -> None:
    """Delete the names and values behind one entry; the entry, its digest and the reason stay."""
    session().add(AuditErasure(entry_id=entry.id, at=now(), actor_id=by.account_id, reason=reason))
    session().flush()
    session().execute(delete(AuditValue).where(AuditValue.entry_id == entry.id))


def erase_values_about(kind: str, ids: Collection[UUID], *, reason: str, by: Actor) -> None:
    """Delete the names and values behind every entry about some rows of one kind, at once; the entries and the reason stay."""
    query = select(AuditEntry.id).join(AuditValue, AuditValue.entry_id == AuditEntry.id)
    query = query.where(AuditEntry.thing_kind == kind, AuditEntry.thing_id.in_([str(each) for each in ids]))
    entries = session().scalars(query.order_by(AuditEntry.id)).all()
    leave = [{"entry_id": each, "at": now(), "actor_id": by.account_id, "reason": reason} for each in entries]
    if leave:
        session().execute(insert(AuditErasure), leave)
        session().execute(delete(AuditValue).where(AuditValue.entry_id.in_(entries)))


def _last_seal() -> AuditSeal | None:
    """The newest seal, if the trail was ever sealed."""
    return session().scalar(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1))


def sealed_lines(after_id: int, up_to_id: int) -> list[str]:
    """What a seal is made over: one line for each entry with ``after_id < id <= up_to_id``."""
    entry = AuditEntry
    rows = session().execute(
        select(entry.id, entry.at, entry.actor_id, entry.act, entry.thing_kind, entry.thing_id, entry.digest)
        .where(entry.id > after_id, entry.id <= up_to_id)
        .order_by(entry.id)
    )
    return ["|".join(str(part) for part in row) for row in rows]


@dataclass(frozen=True)
class Anchor:
    """A seal as it is told outside of the database: which it is, how many entries there were by then, and its digest."""

    seal_id: int
    at: datetime
    entries: int
    digest: str

    def __str__(self) -> str:
        return f"{self.seal_id} {self.at:%Y-%m-%dT%H:%M:%SZ} {self.entries} {self.digest}"


def anchors_after(seal_id: int) -> list[Anchor]:
    """Each seal after one, the earliest first. Only seals of transactions that have ended are here."""
    before = select(func.coalesce(func.sum(AuditSeal.entries), 0)).where(AuditSeal.id <= seal_id)
    entries, found = session().scalar(before) or 0, []
    for each in session().scalars(select(AuditSeal).where(AuditSeal.id > seal_id).order_by(AuditSeal.id)):
        entries += each.entries
        found.append(Anchor(each.id, each.at, entries, each.digest))
    return found


def last_anchor() -> Anchor | None:
    """The newest seal, with how many entries were sealed in all."""
    newest = _last_seal()
    if newest is None:
        return None
    total = session().scalar(select(func.sum(AuditSeal.entries)).where(AuditSeal.id <= newest.id))
    return Anchor(newest.id, newest.at, total or 0, newest.digest)


def faults_beside(told: Iterable[str]) -> list[str]:
    """Every seal that was told outside of the database, as `Anchor` says it, and is not in it as it was told."""
    known = {each.seal_id: str(each) for each in anchors_after(0)}
    return [fault for each in told if (fault := _fault_beside(each, known))]


def _fault_beside(told: str, known: Mapping[int, str]) -> str | None:
    number, _, rest = told.partition(" ")
    if not number.isdecimal():
        return f"“{told[:80]}” names no seal"
    here = known.get(int(number))
    if here == told:
        return None
    when = rest.partition("T")[0]
    if here is None:
        return f"seal {number} of {when} is not in the database: it was removed, and entries with it"
    return (
        f"seal {number} of {when} is not what was told of it: entries by then were changed, added or removed"
    )


def faults() -> list[str]:
    """Every way in which the trail is not what was sealed or written; empty when it is whole."""
    return [*_broken_entries(), *_emptied_entries(), *_broken_seals()]


def _broken_entries() -> list[str]:
    """Read a few at a time, so that a trail of millions is checked in little memory."""
    query = select(AuditEntry.id, AuditEntry.digest, AuditValue.salt, AuditValue.changes).order_by(
        AuditEntry.id
    )
    rows = session().execute(query.join(AuditValue), execution_options={"yield_per": AT_ONCE})
    return [
        f"entry {entry_id}: its values are not those that were written"
        for entry_id, digest, salt, changes in rows
        if digest_of(salt, changes) != digest
    ]


def _emptied_entries() -> list[str]:
    rows = session().scalars(
        select(AuditEntry.id)
        .outerjoin(AuditValue, AuditValue.entry_id == AuditEntry.id)
        .outerjoin(AuditErasure, AuditErasure.entry_id == AuditEntry.id)
        .where(AuditValue.entry_id.is_(None), AuditErasure.entry_id.is_(None))
        .order_by(AuditEntry.id)
    )
    return [
        f"entry {entry_id}: its values are gone, and nobody gave leave to erase them" for entry_id in rows
    ]


def _broken_seals() -> list[str]:
    found, before, after_id = [], "", 0
    for seal in session().scalars(select(AuditSeal).order_by(AuditSeal.id)):
        lines = sealed_lines(after_id, seal.up_to_id)
        if len(lines) != seal.entries or seal_of(before, lines) != seal.digest:
            found.append(
                f"seal {seal.id}: entries {after_id + 1} to {seal.up_to_id} were changed, added or removed"
            )
        before, after_id = seal.digest, seal.up_to_id
    return found
