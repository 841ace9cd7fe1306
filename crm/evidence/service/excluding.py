"""Recording which rule shut a business out of what it asked for: the evidence for changing the rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.service.keeping import require_in_use
from crm.db.changes import created, fields_of
from crm.db.session import session
from crm.evidence.models import ShutOut
from crm.evidence.policy import POLICY
from crm.evidence.queries import shut_outs_on
from crm.evidence.rules import Excluded
from crm.evidence.workflow import Act, Occasion
from crm.kernel.clock import now, today
from crm.kernel.permissions import SYSTEM, Actor


@dataclass(frozen=True)
class Asked:
    """What the business was doing when it was shut out, and the check, enquiry, plan, referral or round that it was about."""

    occasion: Occasion
    subject_id: UUID


def record_shut_outs(
    business: Business, found: Iterable[Excluded], *, asked: Asked, by: Actor
) -> list[ShutOut]:
    """Add a row for each rule that excluded a business when it asked. A later change of the business changes no row."""
    POLICY.require(by, Act.RECORD_SHUT_OUT, business)
    require_in_use(business)
    rows = [_added(business, each, asked=asked, by=by) for each in found]
    session().flush()
    for row in rows:
        told = ("offer_name", "rule", "needed", "actual", "wanted", "occasion")
        fields = {"business_id": business.id, **{name: getattr(row, name) for name in told}}
        audit.record(Act.RECORD_SHUT_OUT, row, created(**fields), by=by)
    return rows


def note_shut_outs(business: Business, found: Iterable[Excluded], *, asked: Asked, by: Actor) -> None:
    """The same beside another act of a person who may not record it themselves; what was noted today already is noted once."""
    told = shut_outs_on(business.id, today())
    new = [each for each in found if (asked.occasion, asked.subject_id, each.offer, each.rule) not in told]
    writer = by if POLICY.allows(by, Act.RECORD_SHUT_OUT, business) else SYSTEM
    if new and not business.is_archived:
        record_shut_outs(business, new, asked=asked, by=writer)


def _added(business: Business, each: Excluded, *, asked: Asked, by: Actor) -> ShutOut:
    sector = min(business.dcms_groups, default=None)
    told = {"business_id": business.id, "sector": sector, "happened_on": today(), "at": now()}
    row = ShutOut(**fields_of(each), **fields_of(asked), **told, by_id=by.account_id)
    session().add(row)
    return row
