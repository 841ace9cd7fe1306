"""What the wing that assesses says of an application: that its assessment is closed, or open again."""

from __future__ import annotations

from uuid import UUID

from crm.db.changes import Changes, amend
from crm.db.states import advance
from crm.kernel.clock import now
from crm.programme.applications.models import Application
from crm.programme.applications.workflow import APPLICATIONS, Act


def conclude(found: Application, account_id: UUID | None) -> Changes:
    """Note that its assessment is closed, and by whom; return the change of its status for the line of the trail."""
    amend(found, assessed_at=now(), assessed_by_id=account_id)
    return advance(APPLICATIONS, found, Act.CONCLUDE)


def resume(found: Application) -> Changes:
    """Note that its assessment is open again; return the change of its status for the line of the trail."""
    amend(found, assessed_at=None, assessed_by_id=None)
    return advance(APPLICATIONS, found, Act.RESUME)
