"""The one pen: recording acts, sealing the trail and checking that it is whole, and erasing values with leave."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import joinedload

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
SALT_BYTES = 16


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


def faults() -> list[str]:
    """Every way in which the trail is not what was sealed or written; empty when it is whole."""
    return [*_broken_entries(), *_emptied_entries(), *_broken_seals()]


def _broken_entries() -> list[str]:
    rows = (
        session()
        .scalars(select(AuditEntry).options(joinedload(AuditEntry.values)).order_by(AuditEntry.id))
        .all()
    )
    return [
        f"entry {entry.id}: its values are not those that were written"
        for entry in rows
        if entry.values and digest_of(entry.values.salt, entry.values.changes) != entry.digest
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
