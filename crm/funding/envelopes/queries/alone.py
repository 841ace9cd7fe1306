"""Why the ledger has money about things that no room knows of: the entries that moved it, each with who recorded it and on what."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.db.session import session
from crm.funding.envelopes.models import LedgerEntry
from crm.funding.envelopes.queries.ledger import moved_by_place
from crm.funding.envelopes.rules import LedgerAccount, Subject
from crm.kernel.money import Money

MOST = 1_000


Place = tuple[UUID, Subject]


def moved_beyond(table: str, way: tuple[LedgerAccount, LedgerAccount]) -> dict[Place, Money]:
    """What moved between two accounts about anything but the things of one table, by envelope and subject."""
    moved = moved_by_place(*way)
    return {place: sum_ for place, sum_ in moved.items() if sum_ and place[1].table != table}


def last_moved(
    places: Collection[Place], *, source: LedgerAccount, target: LedgerAccount
) -> dict[Place, LedgerEntry]:
    """The newest entry between two accounts about each of some subjects of an envelope: one query."""
    query = select(LedgerEntry).options(joinedload(LedgerEntry.by))
    query = query.where(LedgerEntry.subject_id.in_([about.id for _, about in places]))
    query = query.where(LedgerEntry.source == source, LedgerEntry.target == target)
    rows = session().scalars(query.order_by(LedgerEntry.id.desc()).limit(MOST)).all()
    return {(each.envelope_id, each.subject): each for each in reversed(rows)}
