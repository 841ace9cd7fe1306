"""Keeping the list of kinds of support: never deleted, but retired."""

from __future__ import annotations

from crm.audit import service as audit
from crm.casework import queries
from crm.casework.models import SupportKind
from crm.casework.policy import POLICY
from crm.casework.workflow import Act
from crm.db.changes import amend
from crm.db.session import session
from crm.kernel.clock import today
from crm.kernel.errors import Conflict
from crm.kernel.permissions import Actor


def retire(kind: SupportKind, *, by: Actor) -> None:
    """Offer it no more; records that have it keep it."""
    POLICY.require(by, Act.RETIRE_KIND, kind)
    if kind.retired_on is not None:
        raise Conflict("This is no longer offered.")
    audit.record(Act.RETIRE_KIND, kind, amend(kind, retired_on=today()), by=by)


def restore(kind: SupportKind, *, by: Actor) -> None:
    """Offer it again."""
    POLICY.require(by, Act.RESTORE_KIND, kind)
    if kind.retired_on is None:
        raise Conflict("This is offered already.")
    audit.record(Act.RESTORE_KIND, kind, amend(kind, retired_on=None), by=by)


def add_missing(listed: list[SupportKind]) -> int:
    """Add the kinds that the product comes with, where they are missing; return how many."""
    missing = [each for each in listed if queries.kind(each.code) is None]
    session().add_all(missing)
    session().flush()
    return len(missing)
