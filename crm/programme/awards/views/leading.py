"""Where staff read more about an award: what it came from, its money, and what was recorded of it."""

from __future__ import annotations

from flask import url_for

from crm.audit.policy import POLICY as AUDIT
from crm.audit.policy import Act as AuditAct
from crm.funding.envelopes.policy import POLICY as ENVELOPES
from crm.funding.envelopes.workflow import Act as EnvelopeAct
from crm.funding.payments.policy import POLICY as PAYMENTS
from crm.funding.payments.workflow import Act as PaymentAct
from crm.funding.subsidy.policy import POLICY as SUBSIDIES
from crm.funding.subsidy.workflow import Act as SubsidyAct
from crm.kernel.permissions import Actor
from crm.programme.applications.policy import POLICY as APPLICATIONS
from crm.programme.applications.workflow import Act as ApplicationAct
from crm.programme.awards.models import Award
from crm.programme.cohort.policy import POLICY as COHORTS
from crm.programme.cohort.workflow import Act as CohortAct

Way = tuple[str, str]


def ways_on(found: Award, actor: Actor) -> list[Way]:
    """The pages about an award that this person can open, in words and addresses."""
    ways: list[Way] = []
    if APPLICATIONS.allows(actor, ApplicationAct.VIEW, found.application):
        ways.append(("Application", url_for("applications.application", application_id=found.application_id)))
    if COHORTS.allows(actor, CohortAct.VIEW, found.decision):
        ways.append(("Decision", url_for("decisions.decision", decision_id=found.decision_id)))
    ways += _money(found, actor)
    if AUDIT.allows(actor, AuditAct.VIEW_TRAIL):
        ways.append(("Audit log", url_for("audit.trail", thing=found.application.reference)))
    return ways


def _money(found: Award, actor: Actor) -> list[Way]:
    """Its subsidy, its entries in the ledger, and the payments and bank details of its business."""
    ways: list[Way] = []
    if found.subsidy is not None and SUBSIDIES.allows(actor, SubsidyAct.VIEW, found.subsidy):
        ways.append(("Subsidy", url_for("subsidy_papers.subsidy", subsidy_id=found.subsidy_id)))
    if found.envelope is not None and ENVELOPES.allows(actor, EnvelopeAct.VIEW, found.envelope):
        about = f"decision:{found.decision_id}"
        ledger = url_for("envelope_ledger.ledger", envelope_id=found.envelope_id, about=about)
        ways.append(("Ledger entries", ledger))
    if PAYMENTS.allows(actor, PaymentAct.VIEW_DETAILS, found.business):
        account = url_for("bank_details.bank_details", business_id=found.business_id)
        ways.append(("Payments and bank details", account))
    return ways
