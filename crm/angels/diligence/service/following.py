"""What follows for due diligence from a pitch that ends, and from an investor who leaves."""

from __future__ import annotations

from collections.abc import Iterable

from crm.angels.diligence import queries
from crm.angels.diligence.models import DiligenceItem
from crm.angels.diligence.service.telling import tell_asker
from crm.angels.diligence.workflow import ITEMS, LIVE, Act
from crm.angels.investors.models import Angel
from crm.angels.pitches.models import Pitch
from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.session import session
from crm.db.states import advance
from crm.kernel.clock import now
from crm.kernel.permissions import SYSTEM, Actor


def close_of_pitch(found: Pitch, *, by: Actor) -> None:  # noqa: ARG001 the system closes them
    """Due diligence on a pitch that ended is closed: investors can no longer read the answers, and are told (N24)."""
    session().flush()
    closed = queries.items_about(found.id, *LIVE)
    _close(closed)
    for each in {item.introduction_id: item.introduction for item in closed}.values():
        tell_asker(each, "diligence_closed")


def close_of_investor(found: Angel, *, by: Actor) -> None:  # noqa: ARG001 the system closes them
    """The due diligence of an investor who leaves is closed: they can no longer read the answers."""
    _close(queries.live_items_of(found.account_id) if found.account_id else ())


def _close(some: Iterable[DiligenceItem]) -> None:
    for each in some:
        changes = advance(ITEMS, each, Act.END) | amend(each, ended_at=now())
        audit.record(Act.END, each, changes, by=SYSTEM)
