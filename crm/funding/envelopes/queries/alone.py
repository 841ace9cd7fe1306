"""Why the ledger has money about things that no room knows of: the entries that paid it, each with who recorded it and on what."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.db.session import session
from crm.funding.envelopes.models import LedgerEntry
from crm.funding.envelopes.rules import LedgerAccount, Subject

MOST = 1_000


def last_paid(places: Collection[tuple[UUID, Subject]]) -> dict[tuple[UUID, Subject], LedgerEntry]:
    """The newest entry that paid about each of some subjects of an envelope: one query."""
    query = select(LedgerEntry).options(joinedload(LedgerEntry.by))
    query = query.where(LedgerEntry.subject_id.in_([about.id for _, about in places]))
    query = query.where(LedgerEntry.source == LedgerAccount.CLAIMED, LedgerEntry.target == LedgerAccount.PAID)
    rows = session().scalars(query.order_by(LedgerEntry.id.desc()).limit(MOST)).all()
    return {(each.envelope_id, each.subject): each for each in reversed(rows)}
