"""Applying for a place, accepting or declining it, and giving it up: the next in the waiting list is offered it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.queries.seeing import people_of
from crm.businesses.service.keeping import require_in_use
from crm.db.changes import amend, created, fields_of
from crm.db.session import session
from crm.db.states import advance, refuse_if, require_as_shown
from crm.exporting.delegations import queries
from crm.exporting.delegations.models import Delegation, DelegationPlace
from crm.exporting.delegations.policy import POLICY
from crm.exporting.delegations.rules import REMIND_BEFORE
from crm.exporting.delegations.service.choosing import fill
from crm.exporting.delegations.service.telling import tell
from crm.exporting.delegations.workflow import PLACES, Act, DelegationStatus, PlaceStatus, Sells, why_over
from crm.funding.subsidy.queries import subsidy
from crm.funding.subsidy.service import giving
from crm.funding.subsidy.service.recording import SubsidyDetails
from crm.funding.subsidy.workflow import MACHINE as SUBSIDIES
from crm.funding.subsidy.workflow import Act as SubsidyAct
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import is_past, now, today
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.permissions import SYSTEM, Actor

GIVER = "The Growth Hubs of the West Midlands"


@dataclass(frozen=True)
class ApplicationDetails:
    """Who would go, why, and what the business sells there."""

    person_id: UUID
    why: str
    sells: Sells


def why_not_apply(found: Delegation) -> str | None:
    """Why nobody can apply for a place now."""
    if found.status is not DelegationStatus.OPEN or is_past(found.closes_on, on=today()):
        return f"Applications for {found.title} have closed."
    return None


def apply(
    found: Delegation, details: ApplicationDetails, *, business: Business, by: Actor
) -> DelegationPlace:
    """Apply for a place. Each business applies once; one that gave its application up can ask its adviser."""
    POLICY.require(by, Act.APPLY, business)
    require_in_use(business)
    queries.hold(found)
    refuse_if(why_not_apply(found))
    _require_first(found, business)
    _require_person(business, details)
    fields = fields_of(details)
    made = DelegationPlace(delegation_id=found.id, business_id=business.id, **fields, applied_at=now())
    made.applied_by_id = by.account_id
    session().add(made)
    session().flush()
    told = created(business_id=business.id, why=details.why, sells=details.sells)
    audit.record(Act.APPLY, made, told, by=by)
    whole = queries.place(made.id)
    assert whole is not None
    tell(whole, "delegation_applied")
    return whole


def _require_first(found: Delegation, business: Business) -> None:
    if queries.place_of(found.id, business.id) is not None:
        raise Conflict(f"{business.name} has applied for this delegation already.")


def _require_person(business: Business, details: ApplicationDetails) -> None:
    who = next((each for each in people_of(business.id) if each.id == details.person_id), None)
    if who is None or who.left_on:
        raise Invalid("Choose a person at this business", field="person")
    if not who.email:
        raise Invalid(f"We have no email address for {who.name}. Add it first", field="person")


def _hold(place: DelegationPlace, version: int | None = None) -> None:
    """Hold the delegation, read the place as it is now, and refuse what is over."""
    queries.hold(place.delegation)
    session().refresh(place, ["_status", "seat", "queue", "answer_by", "version", "subsidy_id"])
    refuse_if(why_over(place))
    require_as_shown(place, version)


def accept(place: DelegationPlace, *, by: Actor) -> None:
    """Accept a place in time. Where we pay a part of it, the papers of the subsidy begin with it (section 37)."""
    POLICY.require(by, Act.ACCEPT, place)
    _hold(place)
    PLACES.target(Act.ACCEPT, place.status)
    if place.answer_by is not None and is_past(place.answer_by, on=today()):
        raise Conflict(f"This offer ended on {day_in_words(place.answer_by)}.")
    _begin_subsidy(place)
    changes = advance(PLACES, place, Act.ACCEPT)
    session().flush()
    audit.record(Act.ACCEPT, place, changes, by=by)
    tell(place, "delegation_accepted")


def _begin_subsidy(place: DelegationPlace) -> None:
    """Attending is a service: what is paid for does not depend on how much is exported (section 16; P42)."""
    found = place.delegation
    if found.subsidy.pence <= 0:
        return
    purpose = f"attending {found.title}"[:300]
    details = SubsidyDetails(GIVER, purpose, found.subsidy, max(found.departs_on, today()))
    about = ("delegation_place", place.id)
    made = giving.prepare(place.business, details, depends_on_exporting_goods=False, about=about, by=SYSTEM)
    place.subsidy_id = made.id


def end_subsidy(place: DelegationPlace, *, reason: str) -> None:
    """Cancel the papers of a place that nobody uses, unless it was given: what was given stays counted (P46)."""
    found = subsidy(place.subsidy_id) if place.subsidy_id else None
    if found is not None and SUBSIDIES.find(SubsidyAct.CANCEL, found.status):
        giving.cancel(found, reason=reason, by=SYSTEM)


def decline(place: DelegationPlace, *, by: Actor) -> None:
    """Decline a place; it is offered to the next on the waiting list."""
    POLICY.require(by, Act.DECLINE, place)
    _hold(place)
    _free(place, Act.DECLINE, by=by)


def lapse(place: DelegationPlace) -> None:
    """Let an offer lapse that nobody answered in time; the next on the waiting list is offered it."""
    _hold(place)
    if (
        place.status is not PlaceStatus.OFFERED
        or place.answer_by is None
        or not is_past(place.answer_by, on=today())
    ):
        return
    _free(place, Act.LAPSE, by=SYSTEM)
    tell(place, "delegation_lapsed")


def remind_of_offers() -> None:
    """Daily: remind once of an offer that is still to be answered in its last days, on days that were missed too."""
    for place in queries.offers_to_remind(today() + timedelta(days=REMIND_BEFORE)):
        if place.answer_by is None or is_past(place.answer_by, on=today()):
            continue
        found = place.delegation
        tell(place, "delegation_offer_reminder", share=found.share.in_full())
        audit.record(Act.REMIND, place, amend(place, reminded_for=place.answer_by), by=SYSTEM)


def give_up(place: DelegationPlace, *, by: Actor) -> None:
    """Withdraw an application or give up a place; a seat goes to the next on the waiting list."""
    POLICY.require(by, Act.GIVE_UP, place)
    _hold(place)
    had_accepted = place.status is PlaceStatus.ACCEPTED
    _free(place, Act.GIVE_UP, by=by)
    end_subsidy(place, reason="The business gave up its place")
    if had_accepted:
        tell(place, "delegation_given_up", was_seated=True)


def _free(place: DelegationPlace, act: Act, *, by: Actor) -> None:
    changes = advance(PLACES, place, act) | amend(place, seat=None)
    session().flush()
    audit.record(act, place, changes, by=by)
    if place.delegation.selected_at:
        fill(place.delegation)
