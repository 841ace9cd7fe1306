"""The papers of a place: cancelled by our funding team, prepared again; and money that was given for a place that was given up."""

from __future__ import annotations

from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.session import session
from crm.db.states import refuse_if
from crm.exporting.delegations.models import DelegationPlace
from crm.exporting.delegations.policy import POLICY
from crm.exporting.delegations.queries import papers, seeing
from crm.exporting.delegations.service.answering import begin_subsidy
from crm.exporting.delegations.service.telling import tell
from crm.exporting.delegations.workflow import Act, PlaceStatus, why_left, why_on_hold, why_over
from crm.funding.subsidy.models import Subsidy
from crm.funding.subsidy.queries import subsidy
from crm.funding.subsidy.workflow import GIVEN, SubsidyStatus
from crm.kernel.errors import Invalid, says_something
from crm.kernel.permissions import Actor
from crm.notices.service import Extras, Reader, queue


def why_not_prepare(place: DelegationPlace) -> str | None:
    """Why the papers of a place cannot be prepared again: its place is not accepted, or they were not cancelled."""
    found = subsidy(place.subsidy_id) if place.subsidy_id else None
    if place.status is not PlaceStatus.ACCEPTED or found is None:
        return "Only an accepted place has papers."
    if found.status is not SubsidyStatus.CANCELLED:
        return "The papers of this place stand: they were not cancelled."
    return why_over(place) or why_left(place.delegation) or why_on_hold(place.delegation)


def prepare_again(place: DelegationPlace, *, by: Actor) -> None:
    """Begin the papers of an accepted place anew, after they were cancelled; the business is asked to confirm them."""
    POLICY.require(by, Act.PREPARE_AGAIN, place)
    seeing.hold(place.delegation)
    session().refresh(place, ["_status", "subsidy_id"])
    refuse_if(why_not_prepare(place))
    before = place.subsidy_id
    begin_subsidy(place)
    audit.record(Act.PREPARE_AGAIN, place, {"subsidy_id": (before, place.subsidy_id)}, by=by)


def tell_lead(found: Subsidy, *, by: Actor) -> None:
    """Tell the lead of a delegation that the papers of an accepted place were cancelled, and that its business still counts on them.

    Of a delegation that is over or was cancelled nobody counts on anything.
    """
    place = papers.place_of_paper(found.id)
    if place is None or place.status is not PlaceStatus.ACCEPTED or why_over(place):
        return
    lead = place.delegation.lead
    if lead is None or lead.id == by.account_id:
        return
    context = {
        "business": place.business.name,
        "title": place.delegation.title,
        "amount": found.amount.in_full(),
        "reason": found.cancel_reason or "",
        "by_name": by.name,
        "path": f"/delegation-places/{place.id}",
    }
    queue("delegation_papers_cancelled", Reader(lead.email, lead.name, lead.id), having=Extras(context))


def why_not_settle(place: DelegationPlace) -> str | None:
    """Why nothing is to be decided about the money of a place: it was not given up after its money was given."""
    found = subsidy(place.subsidy_id) if place.subsidy_id else None
    if place.status is PlaceStatus.GIVEN_UP and found is not None and found.status in GIVEN:
        return None
    return "No money was given for a place that was given up."


def settle(place: DelegationPlace, *, words: str, by: Actor) -> None:
    """Record what a person decided about money that was given for a place which the business gave up. The business is told."""
    POLICY.require(by, Act.SETTLE, place)
    refuse_if(why_not_settle(place))
    if not says_something(words):
        raise Invalid("Say what was decided, and with whom in our funding team", field="reason")
    changes = amend(place, settled=words.strip())
    if changes:
        audit.record(Act.SETTLE, place, changes, by=by)
        found = subsidy(place.subsidy_id) if place.subsidy_id else None
        amount = found.amount.in_full() if found else ""
        tell(place, "delegation_money_settled", by=by, words=words.strip(), amount=amount)
