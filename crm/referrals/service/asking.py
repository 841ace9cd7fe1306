"""A business asks to be referred: the adviser who looks after it gets a next step, and the consent comes with the request."""

from __future__ import annotations

from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.policy import POLICY as BUSINESSES
from crm.businesses.queries.seeing import holding_consent
from crm.businesses.service.keeping import require_in_use
from crm.businesses.service.people import Agreement, give_consent
from crm.businesses.workflow import Act as BusinessAct
from crm.casework.queries import in_charge_of, steps_of
from crm.casework.service import stepping
from crm.casework.service.stepping import StepDetails
from crm.db.changes import created
from crm.db.states import refuse_if
from crm.directory.models import Service
from crm.figures.queries import due_after
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM, Actor
from crm.referrals.policy import POLICY
from crm.referrals.service.preparing import LONGEST_SUBJECT
from crm.referrals.service.sending import SHARING
from crm.referrals.workflow import Act

DAYS = 3
"""Working days in which the adviser is asked to refer."""
NO_HUB = "No Growth Hub looks after your business yet. Start an enquiry, and an adviser will contact you."
ASKED = "You have asked for this already. Your adviser will contact you."


def title_of(service: Service) -> str:
    """What the adviser is asked to do."""
    return f"Refer to {service.name}, as the business asked"[:LONGEST_SUBJECT]


def why_not_ask(business: Business, service: Service) -> str | None:
    """Why a business cannot ask to be referred: it has asked, or nobody looks after it."""
    title = title_of(service)
    if any(each.title == title and each.done_at is None for each in steps_of(business.id)):
        return ASKED
    return None if in_charge_of(business) else NO_HUB


def ask(business: Business, service: Service, *, by: Actor) -> None:
    """Ask to be referred to a service. Where the founder may agree for the business, this agrees to the sharing too.

    Nothing leaves: the adviser drafts the referral, and the business sees it before it is sent.
    """
    POLICY.require(by, Act.ASK, business)
    require_in_use(business)
    refuse_if(why_not_ask(business, service))
    if holding_consent(business.id, SHARING) is None and BUSINESSES.allows(by, BusinessAct.CONSENT, business):
        give_consent(business, SHARING, agreement=Agreement(by.name, "web"), by=by)
    details = StepDetails(title_of(service), tuple(in_charge_of(business)), due_after(today(), DAYS))
    stepping.add(business, details, by=SYSTEM)
    audit.record(Act.ASK, business, created(service=service.name), by=by)
