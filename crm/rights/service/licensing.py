"""Licences of a right: who may use it, where, from when to when, and for how much."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from crm.audit import service as audit
from crm.businesses.service.keeping import require_in_use
from crm.db.changes import amend, created, fields_of
from crm.db.session import session
from crm.db.states import require_as_shown
from crm.kernel.clock import now
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.money import Money
from crm.kernel.permissions import Actor
from crm.rights.models import Right, RightLicence
from crm.rights.policy import POLICY
from crm.rights.rules.gaps import is_secret
from crm.rights.workflow import Act, LicenceWay

ENDS_FIRST = "The licence must end on or after the day it starts"
NO_LICENCES = "The register does not list licences of a trade secret, because they could describe it."


@dataclass(frozen=True)
class LicenceDetails:
    """A licence to another business, or from one. ``income`` is paid a year; without ``ends_on`` it has no end."""

    way: LicenceWay
    party: str
    territory: str
    is_exclusive: bool
    starts_on: date
    ends_on: date | None = None
    income: Money | None = None


def add_licence(right: Right, details: LicenceDetails, *, by: Actor) -> RightLicence:
    """Record a licence. Two that collide are both saved, and the page says that they overlap."""
    POLICY.require(by, Act.ADD_LICENCE, right)
    require_in_use(right.business)
    if is_secret(right.kind):
        raise Conflict(NO_LICENCES)
    require_days(details.starts_on, details.ends_on)
    fields = fields_of(details)
    made = RightLicence(right_id=right.id, **fields, added_at=now(), added_by_id=by.account_id)
    session().add(made)
    session().flush()
    audit.record(Act.ADD_LICENCE, made, created(right_id=right.id, **fields), by=by)
    return made


def correct_licence(
    licence: RightLicence, details: LicenceDetails, *, version: int | None, by: Actor
) -> None:
    """Correct a licence, or enter the day on which it ended."""
    POLICY.require(by, Act.CORRECT_LICENCE, licence)
    require_in_use(licence.business)
    require_as_shown(licence, version)
    require_days(details.starts_on, details.ends_on)
    changes = amend(licence, **fields_of(details))
    if changes:
        audit.record(Act.CORRECT_LICENCE, licence, changes, by=by)


def require_days(starts_on: date | None, ends_on: date | None) -> None:
    """Refuse a licence that ends before it starts."""
    if starts_on and ends_on and ends_on < starts_on:
        raise Invalid(ENDS_FIRST, field="ends_on")


def remove_licence(licence: RightLicence, *, by: Actor) -> None:
    """Remove a licence from the register."""
    POLICY.require(by, Act.REMOVE_LICENCE, licence)
    require_in_use(licence.business)
    audit.record(Act.REMOVE_LICENCE, licence, amend(licence, removed_at=now()), by=by)
