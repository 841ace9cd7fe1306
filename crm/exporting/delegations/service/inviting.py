"""Inviting a further business to a delegation whose places were offered, while one is free."""

from __future__ import annotations

from dataclasses import dataclass

from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.service.keeping import require_in_use
from crm.db.changes import amend, created
from crm.db.session import session
from crm.db.states import refuse_if
from crm.exporting.delegations.models import Delegation, DelegationPlace
from crm.exporting.delegations.policy import POLICY
from crm.exporting.delegations.queries import fitting, seating, seeing
from crm.exporting.delegations.service.answering import ApplicationDetails, require_person, send, why_applied
from crm.exporting.delegations.service.choosing import needs_legal_note, seat, why_no_seat
from crm.exporting.delegations.workflow import Act, why_not_invite
from crm.kernel.clock import now
from crm.kernel.errors import Invalid, require_reason, says_something
from crm.kernel.permissions import Actor


@dataclass(frozen=True)
class Invitation:
    """Who would go, and why this business is offered the free place without the comparison of the others."""

    application: ApplicationDetails
    reason: str
    legal_note: str = ""


def why_not_invite_now(found: Delegation) -> str | None:
    """Why no further business can be invited: see `workflow.why_not_invite`, or no place is free."""
    return why_not_invite(found) or why_no_seat(found)


def why_unfit(found: Delegation, business: Business) -> str | None:
    """Why a business cannot be offered a place: its rights are not sure, or the limit leaves less than the subsidy."""
    gate = fitting.fit_of(found, business).gate
    if gate:
        return f"{business.name} is not ready for a market yet. {gate}"
    room = fitting.rooms_in(found, [business.id]).get(business.id, found.subsidy)
    if room < found.subsidy:
        return f"The limit leaves {business.name} less than the subsidy of a place."
    return None


def invite(found: Delegation, details: Invitation, *, business: Business, by: Actor) -> DelegationPlace:
    """Offer a free place to a business that did not apply in time. It answers as every other."""
    POLICY.require(by, Act.INVITE, found)
    require_in_use(business)
    seeing.hold(found)
    refuse_if(why_not_invite_now(found) or why_applied(found, business) or why_unfit(found, business))
    require_person(business, details.application)
    require_reason(details.reason)
    made = send(found, details.application, business=business, by=by)
    session().flush()
    made = seating.place_again(made)
    if needs_legal_note(made) and not says_something(details.legal_note):
        raise Invalid("Say what the check of the subsidy for goods found", field="legal_note")
    told = {"reason": details.reason.strip(), "legal_note": details.legal_note.strip()}
    amend(made, **told, is_suitable=True, assessed_at=now())
    audit.record(Act.INVITE, made, created(business_id=business.id, **told), by=by)
    seat(made, by=by)
    return made
