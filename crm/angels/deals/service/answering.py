"""Reports of investments that nobody answers: the other side is reminded once."""

from __future__ import annotations

from crm.angels.deals.models import Investment
from crm.angels.deals.service.reporting import reported_by
from crm.angels.deals.service.telling import tell_both
from crm.angels.deals.workflow import Act
from crm.audit import service as audit
from crm.db.changes import amend
from crm.kernel.clock import now
from crm.kernel.permissions import SYSTEM


def remind(found: Investment) -> None:
    """Remind the side that has not answered, once."""
    if found.reminded_at is None:
        audit.record(Act.REMIND, found, amend(found, reminded_at=now()), by=SYSTEM)
        tell_both(found, "investment_reminder", but=found.first_side, **reported_by(found))
