"""Linking businesses to a parent company, so that one enterprise has one limit."""

from __future__ import annotations

from crm.audit import service as audit
from crm.businesses.models import Business
from crm.db.changes import amend, created
from crm.db.session import session
from crm.funding.subsidy import queries
from crm.funding.subsidy.models import EnterpriseLink
from crm.funding.subsidy.policy import POLICY
from crm.funding.subsidy.workflow import Act
from crm.kernel.clock import now
from crm.kernel.companies import CompanyNumber
from crm.kernel.errors import Invalid
from crm.kernel.permissions import Actor


def link(business: Business, parent: CompanyNumber, *, source: str, by: Actor) -> EnterpriseLink:
    """Record that a business belongs to a parent company, and who said so. Their subsidies count together from now on."""
    POLICY.require(by, Act.LINK, business)
    if not source.strip():
        raise Invalid("Say how you know", field="source")
    if business.company_number == parent.value:
        raise Invalid("This is the business’s own number. Enter its parent’s", field="parent")
    if any(each.parent_number == parent.value for each in queries.links_of([business.id])):
        raise Invalid("This parent is recorded already", field="parent")
    fields = {"business_id": business.id, "parent_number": parent.value, "source": source.strip()}
    made = EnterpriseLink(**fields, recorded_at=now(), recorded_by_id=by.account_id)
    session().add(made)
    session().flush()
    audit.record(Act.LINK, made, created(**fields), by=by)
    return made


def unlink(found: EnterpriseLink, *, by: Actor) -> None:
    """End a link to a parent: from now on they are counted apart."""
    POLICY.require(by, Act.LINK, found)
    audit.record(Act.LINK, found, amend(found, ended_at=now()), by=by)
