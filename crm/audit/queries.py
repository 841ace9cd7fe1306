"""Reading the trail: of one thing, of everything, and whether it is whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from crm.audit.models import AuditEntry, AuditErasure, AuditSeal, AuditValue
from crm.audit.rules import digest_of, seal_of
from crm.db.paging import Order, Slice, slice_of
from crm.db.session import session

NEWEST_FIRST = Order((AuditEntry.__table__.c.id,), lambda entry: (entry.id,), is_descending=True)


def _with_values() -> Select[AuditEntry]:
    return select(AuditEntry).options(joinedload(AuditEntry.values))


def entries_about(thing: Any, *, act: str = "", limit: int = 50) -> Sequence[AuditEntry]:
    """The newest ``limit`` entries about one row, or of one act on it, newest first, with their values."""
    query = _with_values().where(
        AuditEntry.thing_kind == thing.__tablename__, AuditEntry.thing_id == str(thing.id)
    )
    if act:
        query = query.where(AuditEntry.act == act)
    return session().scalars(query.order_by(AuditEntry.id.desc()).limit(limit)).all()


def every_entry_about(thing: Any) -> Sequence[AuditEntry]:
    """Every entry about one row of which the values are still there, the oldest first: for erasing them."""
    query = select(AuditEntry).join(AuditValue, AuditValue.entry_id == AuditEntry.id)
    query = query.where(AuditEntry.thing_kind == thing.__tablename__, AuditEntry.thing_id == str(thing.id))
    return session().scalars(query.order_by(AuditEntry.id)).all()


def trail(
    cursor: str | None = None, *, by: UUID | None = None, about: tuple[str, str] | None = None
) -> Slice[AuditEntry]:
    """One page of the trail, newest first: of one actor's acts, or about one thing by its kind and id, or all."""
    query = _with_values()
    if by is not None:
        query = query.where(AuditEntry.actor_id == by)
    if about is not None:
        query = query.where(AuditEntry.thing_kind == about[0], AuditEntry.thing_id == about[1])
    return slice_of(query, NEWEST_FIRST, cursor=cursor)


def last_seal() -> AuditSeal | None:
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
    rows = session().scalars(_with_values().order_by(AuditEntry.id)).all()
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
