"""Changes to the register of rights."""

from __future__ import annotations

from dataclasses import dataclass

from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.service.keeping import require_in_use
from crm.db.changes import amend, created, fields_of
from crm.db.session import session
from crm.kernel.clock import now
from crm.kernel.errors import Invalid
from crm.kernel.permissions import Actor
from crm.rights.models import Right
from crm.rights.policy import POLICY
from crm.rights.rules import fault_in
from crm.rights.workflow import Act, RightKind, RightStatus


@dataclass(frozen=True)
class RightDetails:
    """An entry of the register. ``number`` is the register's own; ``owner`` holds the right now."""

    kind: RightKind
    title: str
    owner: str
    territory: str
    status: RightStatus
    number: str = ""


def add(business: Business, details: RightDetails, *, by: Actor) -> Right:
    """Enter a right that a business owns or uses."""
    POLICY.require(by, Act.ADD, business)
    require_in_use(business)
    _require_sound(details)
    fields = fields_of(details)
    made = Right(business_id=business.id, **fields, added_at=now(), added_by_id=by.account_id)
    session().add(made)
    session().flush()
    audit.record(Act.ADD, made, created(business_id=business.id, **fields), by=by)
    return made


def correct(found: Right, details: RightDetails, *, by: Actor) -> None:
    """Correct an entry."""
    POLICY.require(by, Act.CORRECT, found)
    _require_sound(details)
    changes = amend(found, **fields_of(details))
    if changes:
        audit.record(Act.CORRECT, found, changes, by=by)


def _require_sound(details: RightDetails) -> None:
    fault = fault_in(details.kind, details.status, number=details.number)
    if fault:
        raise Invalid(fault[1], field=fault[0])


def remove(found: Right, *, by: Actor) -> None:
    """Remove an entry from the register."""
    POLICY.require(by, Act.REMOVE, found)
    audit.record(Act.REMOVE, found, amend(found, removed_at=now()), by=by)
