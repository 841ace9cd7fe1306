"""Incomes added, corrected and removed, and rights linked to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.service.keeping import require_in_use
from crm.db.changes import amend, created, fields_of
from crm.db.session import session
from crm.db.states import require_as_shown
from crm.ip.portfolio.models import IncomeLine, IncomeProtection
from crm.ip.portfolio.policy import POLICY
from crm.ip.portfolio.rules import WHOLE
from crm.ip.portfolio.workflow import Act
from crm.kernel.clock import now
from crm.kernel.errors import Invalid, refuse_all, require_all
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Actor
from crm.rights.policy import POLICY as RIGHTS
from crm.rights.queries import right
from crm.rights.rules.gaps import is_secret
from crm.rights.workflow import Act as RightsAct


@dataclass(frozen=True)
class IncomeDetails:
    """An income and what it turns over in a year."""

    name: str
    turnover: Money


@dataclass(frozen=True)
class ProtectionDetails:
    """Which right protects an income, how much of it in whole per cent, and which part in words."""

    right_id: UUID
    share: int
    part: str = ""


def add_income(business: Business, details: IncomeDetails, *, by: Actor) -> IncomeLine:
    """Add an income of a business."""
    POLICY.require(by, Act.ADD_INCOME, business)
    require_in_use(business)
    _require_sound(details)
    made = IncomeLine(business_id=business.id, **fields_of(details), added_at=now())
    session().add(made)
    session().flush()
    told = created(business_id=business.id, **fields_of(details))
    audit.record(Act.ADD_INCOME, made, told, by=by)
    return made


def _require_sound(details: IncomeDetails) -> None:
    refuse_all(_faults_in(details))


def _faults_in(details: IncomeDetails) -> Iterator[Invalid]:
    if not details.name.strip():
        yield Invalid("Enter the product or income", field="name")
    if details.turnover <= NO_MONEY:
        yield Invalid("Turnover in a year must be more than £0", field="turnover")


def correct_income(found: IncomeLine, details: IncomeDetails, *, version: int | None, by: Actor) -> None:
    """Correct an income, or enter a new year's turnover."""
    POLICY.require(by, Act.CORRECT_INCOME, found)
    require_in_use(found.business)
    require_as_shown(found, version)
    _require_sound(details)
    changes = amend(found, **fields_of(details))
    if changes:
        audit.record(Act.CORRECT_INCOME, found, changes, by=by)


def remove_income(found: IncomeLine, *, by: Actor) -> None:
    """Remove an income that the business no longer has."""
    POLICY.require(by, Act.REMOVE_INCOME, found)
    require_in_use(found.business)
    audit.record(Act.REMOVE_INCOME, found, amend(found, removed_at=now()), by=by)


def protect(found: IncomeLine, details: ProtectionDetails, *, by: Actor) -> IncomeProtection:
    """Link a right of the same business to an income. Whoever may not know a trade secret cannot link it."""
    POLICY.require(by, Act.PROTECT, found)
    require_in_use(found.business)
    _require_linkable(found, details, by=by)
    made = IncomeProtection(line_id=found.id, **fields_of(details), added_at=now())
    session().add(made)
    session().flush()
    told = created(share=details.share, part=details.part or None)
    audit.record(Act.PROTECT, found, told, by=by)
    session().expire(found, ["protections"])
    return made


def _require_linkable(found: IncomeLine, details: ProtectionDetails, *, by: Actor) -> None:
    share = Invalid("Enter a share from 1 to 100", field="share")
    require_all(
        lambda: _require_right(found, details, by=by),
        lambda: refuse_all([] if 1 <= details.share <= WHOLE else [share]),
    )


def _require_right(found: IncomeLine, details: ProtectionDetails, *, by: Actor) -> None:
    chosen = right(details.right_id)
    is_there = chosen is not None and chosen.business_id == found.business_id
    if chosen is None or not is_there:
        raise Invalid("Choose a right of this business", field="right")
    if is_secret(chosen.kind) and not RIGHTS.allows(by, RightsAct.VIEW_SECRETS, found.business):
        raise Invalid("Choose a right of this business", field="right")
    if any(each.right_id == chosen.id for each in found.protections):
        raise Invalid("This right is linked to this income already", field="right")


def remove_protection(found: IncomeProtection, *, by: Actor) -> None:
    """Remove the link of a right to an income; the right stays in the register."""
    POLICY.require(by, Act.REMOVE_PROTECTION, found)
    require_in_use(found.business)
    amend(found, removed_at=now())
    audit.record(Act.REMOVE_PROTECTION, found.line, {"share": (found.share, None)}, by=by)
