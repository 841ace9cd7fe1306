"""The seal of the audit log in a letter: where nobody with the database, the file or the key can change it."""

from __future__ import annotations

from datetime import timedelta

from crm.accounts.queries import people
from crm.accounts.workflow import AccountStatus
from crm.audit.service import last_anchor
from crm.kernel.clock import moment_in_words
from crm.kernel.roles import Role
from crm.notices.service import Extras, Reader, queue

WEEKLY = timedelta(days=7)


def tell_auditors() -> None:
    """Weekly: the newest seal of the audit log to each auditor, to keep."""
    last = last_anchor()
    if last is None:
        return
    said = {"seal": str(last), "when": moment_in_words(last.at), "entries": last.entries}
    for each in people(role=Role.AUDITOR).rows:
        if each.status is AccountStatus.ACTIVE:
            queue("audit_seal", Reader(each.email, each.name, each.id), having=Extras(said))
