"""The one pen: recording acts, sealing the trail, and erasing values with leave."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select

from crm.audit.models import BY_LINK, AuditEntry, AuditErasure, AuditSeal, AuditValue
from crm.audit.policy import Act
from crm.audit.queries import every_entry_about, last_seal, sealed_lines
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
class _Reader:
    """The account of whoever reads the log, by the name of its table: accounts stand floors above."""

    id: UUID
    __tablename__ = "account"


def noting_export(filters: Mapping[str, Any], *, rows: int, by: Actor) -> Trace:
    """The trace of an export: who downloaded the log, by which filters, and how many entries."""

    def leave() -> None:
        if by.account_id is not None:
            record(Act.EXPORT_TRAIL, _Reader(by.account_id), {"filters": filters, "rows": rows}, by=by)

    return leave


def seal() -> AuditSeal | None:
    """Seal every entry older than ten minutes that no seal covers yet; None where there is none."""
    previous = last_seal()
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
