"""Reads of requests to reverse ledger entries: one, that of an entry, and those that wait."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from crm.db.session import session
from crm.funding.envelopes.models import EntryReversal, LedgerEntry
from crm.funding.envelopes.workflow import ReversalStatus

MOST = 200
STATUS = EntryReversal.__table__.c.status


def _whole() -> Select[EntryReversal]:
    entry = joinedload(EntryReversal.entry)
    return select(EntryReversal).options(
        entry.joinedload(LedgerEntry.envelope),
        entry.joinedload(LedgerEntry.by),
        joinedload(EntryReversal.asked_by),
        joinedload(EntryReversal.decided_by),
    )


def reversal(reversal_id: UUID) -> EntryReversal | None:
    """One request with its entry and envelope."""
    return session().scalar(_whole().where(EntryReversal.id == reversal_id))


def asked_for(entry_ids: Iterable[int]) -> dict[int, UUID]:
    """Which of some entries are asked to be reversed, each with the request that waits."""
    query = select(EntryReversal.entry_id, EntryReversal.id).where(STATUS == ReversalStatus.ASKED)
    rows = session().execute(query.where(EntryReversal.entry_id.in_(list(entry_ids))))
    return {each.entry_id: each.id for each in rows}


def reversals_that_wait() -> Sequence[EntryReversal]:
    """Every request that is not decided, the oldest first."""
    query = _whole().where(STATUS == ReversalStatus.ASKED)
    return session().scalars(query.order_by(EntryReversal.asked_at, EntryReversal.id).limit(MOST)).all()
