"""Noting that a copy of what is held about a person was made."""

from __future__ import annotations

from crm.accounts.models import Account
from crm.accounts.policy import POLICY
from crm.accounts.workflow import Act
from crm.audit import service as audit
from crm.kernel.permissions import Actor


def note_copied(account: Account, *, by: Actor) -> None:
    """Leave a line in the account's history: its person's data were copied out of the service."""
    POLICY.require(by, Act.COPY_DATA, account)
    audit.record(Act.COPY_DATA, account, by=by)
