"""Recording which rule shut a business out of what it asked for: the evidence for changing the rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.service.keeping import require_in_use
from crm.db.changes import created, fields_of
from crm.db.session import session
from crm.evidence.models import ShutOut
from crm.evidence.policy import POLICY
from crm.evidence.workflow import Act
from crm.kernel.clock import now, today
from crm.kernel.money import Money
from crm.kernel.permissions import Actor


@dataclass(frozen=True)
class Excluded:
    """One rule that excludes a business from one offer: what it asks today, what the business has, what was wanted.

    What is not known excludes nobody: such a rule is never one of these.
    """

    offer: str
    offer_name: str
    rule: str
    needed: str
    actual: str
    wanted: str
    threshold: Money | None = None
    figure: Money | None = None


def record_shut_outs(business: Business, found: Iterable[Excluded], *, by: Actor) -> list[ShutOut]:
    """Add a row for each rule that excluded a business when it asked. A later change of the business changes no row."""
    POLICY.require(by, Act.RECORD_SHUT_OUT, business)
    require_in_use(business)
    rows = [_added(business, each, by=by) for each in found]
    session().flush()
    for row in rows:
        told = ("offer", "rule", "needed", "actual", "wanted")
        fields = {"business_id": business.id, **{name: getattr(row, name) for name in told}}
        audit.record(Act.RECORD_SHUT_OUT, row, created(**fields), by=by)
    return rows


def _added(business: Business, each: Excluded, *, by: Actor) -> ShutOut:
    sector = min(business.dcms_groups, default=None)
    told = {"business_id": business.id, "sector": sector, "happened_on": today(), "at": now()}
    row = ShutOut(**fields_of(each), **told, by_id=by.account_id)
    session().add(row)
    return row
