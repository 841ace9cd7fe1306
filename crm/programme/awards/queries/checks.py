"""The checks of a company before its offer: every one, by whom and when, as the audit log has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crm.audit.models import AuditEntry
from crm.audit.queries import entries_about
from crm.programme.awards.models import Award
from crm.programme.awards.workflow import Act

MOST = 10


@dataclass(frozen=True)
class Check:
    """One check: the status that was found, when, by whom, and how a person knew it where it was recorded by hand."""

    status: str
    at: datetime
    by: str
    reason: str


def checks_of(found: Award) -> Sequence[Check]:
    """The newest checks of the company, newest first."""
    if found.register_checked_at is None:
        return ()
    return [_check(each) for each in entries_about(found, act=Act.CHECK_COMPANY, limit=MOST)]


def _check(found: AuditEntry) -> Check:
    told = found.values.changes if found.values else {}
    status, reason = (
        str((told.get(name) or ("", ""))[1] or "") for name in ("register_status", "register_reason")
    )
    return Check(status, found.at, found.actor_name or "", reason)
