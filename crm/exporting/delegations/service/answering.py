"""Applying for a place, accepting or declining it, and giving it up: the next in the waiting list is offered it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from crm.accounts.queries import people_of_business
from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.queries.seeing import people_of
from crm.businesses.service.keeping import require_in_use
from crm.db.changes import amend, created, fields_of
from crm.db.session import session
from crm.db.states import advance, refuse_if, require_as_previewed, require_as_shown
from crm.exporting.delegations.models import Delegation, DelegationPlace
from crm.exporting.delegations.policy import POLICY
from crm.exporting.delegations.queries import seating, seeing
from crm.exporting.delegations.rules import REMIND_BEFORE, SELLS
from crm.exporting.delegations.service.choosing import fill
from crm.exporting.delegations.service.telling import tell, tell_lead_of_end
from crm.exporting.delegations.workflow import (
    PLACES,
    Act,
    DelegationStatus,
    PlaceStatus,
    Sells,
    why_not_answer,
    why_on_hold,
    why_over,
)
from crm.funding.subsidy.queries import subsidy
from crm.funding.subsidy.service import giving
from crm.funding.subsidy.service.recording import SubsidyDetails
from crm.funding.subsidy.workflow import GIVEN
from crm.funding.subsidy.workflow import MACHINE as SUBSIDIES
from crm.funding.subsidy.workflow import Act as SubsidyAct
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import is_past, now, today
from crm.kernel.errors import Done, Invalid
from crm.kernel.permissions import SYSTEM, Actor

FREED = {
    Act.DECLINE: "declined its place",
    Act.LAPSE: "did not answer in time",
    Act.GIVE_UP: "gave up its place",
    Act.WITHDRAW: "withdrew its application",
}
"""What the waiting list moves up after, in words."""
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
    return why_on_hold(found)


def apply(
    found: Delegation, details: ApplicationDetails, *, business: Business, by: Actor
) -> DelegationPlace:
    """Apply for a place. Each business has one application; one that it withdrew is sent again until the last day."""
    POLICY.require(by, Act.APPLY, business)
    require_in_use(business)
    seeing.hold(found)
    refuse_if(why_not_apply(found))
    refuse_if(why_applied(found, business))
    require_person(business, details)
    made = send(found, details, business=business, by=by)
    session().flush()
    told = created(business_id=business.id, why=details.why, sells=details.sells)
    audit.record(Act.APPLY, made, told, by=by)
    return _told_of(made, by=by)


def _told_of(made: DelegationPlace, *, by: Actor) -> DelegationPlace:
    """An application as it is read again, once who would go has a copy of it."""
    whole = seating.place_again(made)
    share = whole.delegation.share.in_full()
    tell(whole, "delegation_applied", why=whole.why, sells=SELLS[whole.sells], share=share, by=by)
    return whole


def why_applied(found: Delegation, business: Business) -> str | None:
    """Why a business cannot apply for a delegation: it has."""
    own = seating.beside(found, business.id)
    if all(each.delegation_id != found.id or each.status is PlaceStatus.WITHDRAWN for each in own):
        return None
    return Done(f"{business.name} has applied for this delegation already.")


def send(found: Delegation, details: ApplicationDetails, *, business: Business, by: Actor) -> DelegationPlace:
    """A new application, or the one that was withdrawn, as it is sent now: it is assessed anew."""
    fields: dict[str, Any] = fields_of(details) | {"applied_at": now(), "applied_by_id": by.account_id}
    known = seating.place_of(found.id, business.id)
    if known is None:
        made = DelegationPlace(delegation_id=found.id, business_id=business.id, **fields)
        session().add(made)
        return made
    advance(PLACES, known, Act.APPLY)
    fresh: dict[str, Any] = {
        "marks": [],
        "is_suitable": None,
        "reason": "",
        "legal_note": "",
        "assessed_at": None,
    }
    amend(known, **fields, **fresh, queue=None, answer_by=None)
    return known


def require_person(business: Business, details: ApplicationDetails) -> None:
    who = next((each for each in people_of(business.id) if each.id == details.person_id), None)
    if who is None or who.left_on:
        raise Invalid("Choose a person at this business", field="person")
    if not who.email:
        raise Invalid(f"We have no email address for {who.name}. Add it first", field="person")


def _hold(place: DelegationPlace, version: int | None = None) -> None:
    """Hold the delegation, read the place as it is now, and refuse what is over."""
    seeing.hold(place.delegation)
    session().refresh(place, ["_status", "seat", "queue", "answer_by", "version", "subsidy_id"])
    refuse_if(why_over(place))
    require_as_shown(place, version)


def accept(place: DelegationPlace, *, told: str = "", seen: str | None = None, by: Actor) -> None:
    """Accept a place in time, on the terms that the page showed (``seen``): they are kept with the place. ``told`` is who at the business said so, where it is recorded for it. Where we pay a part of it, the papers of the subsidy begin with it (section 37)."""
    POLICY.require(by, Act.ACCEPT, place)
    _hold(place)
    PLACES.target(Act.ACCEPT, place.status)
    refuse_if(why_not_answer(place))
    found = place.delegation.terms
    require_as_previewed(seen, place.delegation.mark)
    agreed = amend(place, agreed_cost=found.cost, agreed_share=found.share, agreed_covers=found.covers)
    begin_subsidy(place)
    changes = advance(PLACES, place, Act.ACCEPT) | agreed
    session().flush()
    audit.record(Act.ACCEPT, place, changes | _said(told), by=by)
    said = place.terms.said() | {"is_notified": bool(people_of_business(place.business_id))}
    tell(place, "delegation_accepted", by=by, told=told.strip(), **said)


def begin_subsidy(place: DelegationPlace) -> None:
    """Attending is a service: what is paid for does not depend on how much is exported (section 16; P42).

    The business is notified at once and asked to confirm (section 37). Where nobody there has an account, our funding team
    has it on its desk to write on paper.
    """
    found, paid = place.delegation, place.terms.subsidy
    if paid.pence <= 0:
        return
    purpose = f"attending {found.title}"[:300]
    details = SubsidyDetails(GIVER, purpose, paid, max(found.departs_on, today()))
    about = ("delegation_place", place.id)
    made = giving.prepare(place.business, details, depends_on_exporting_goods=False, about=about, by=SYSTEM)
    place.subsidy_id = made.id
    if people_of_business(place.business_id):
        giving.notify_by_email(made, name=place.business.name, by=SYSTEM)


def move_subsidy(place: DelegationPlace) -> None:
    """Move the day of the papers of a place with its delegation, unless it was given: that day is what counts (P46)."""
    found = subsidy(place.subsidy_id) if place.subsidy_id else None
    if found is not None and not giving.why_not_move(found):
        day = max(place.delegation.departs_on, today())
        giving.move(found, day, name=place.business.name, by=SYSTEM)


def end_subsidy(place: DelegationPlace, *, reason: str) -> None:
    """Cancel the papers of a place that nobody uses, unless it was given: what was given stays counted (P46)."""
    found = subsidy(place.subsidy_id) if place.subsidy_id else None
    if found is not None and SUBSIDIES.find(SubsidyAct.CANCEL, found.status):
        giving.cancel_by_email(found, reason=reason, name=place.business.name, by=SYSTEM)


def money_of(place: DelegationPlace) -> dict[str, Any]:
    """What a letter about the end of an accepted place says of its money: what the business agreed to pay, what we were to, and whether we did."""
    agreed, paper = place.agreed, subsidy(place.subsidy_id) if place.subsidy_id else None
    if agreed is None:
        return {"share": "", "subsidy": "", "is_given": False}
    share = agreed.share.in_full() if agreed.share.pence else ""
    is_given = paper is not None and paper.status in GIVEN
    return agreed.said() | {"share": share, "is_given": is_given}


def _said(told: str) -> dict[str, Any]:
    return created(told=told.strip()) if told.strip() else {}


def decline(place: DelegationPlace, *, told: str = "", by: Actor) -> list[str]:
    """Decline a place; return which business of the waiting list is offered it. Whoever was offered it is told, also where one of our staff records it."""
    POLICY.require(by, Act.DECLINE, place)
    _hold(place)
    offered = _free(place, Act.DECLINE, told=told, by=by)
    tell(place, "delegation_declined", by=by, told=told.strip())
    return offered


def lapse(place: DelegationPlace) -> None:
    """Let an offer lapse that nobody answered in time; the next on the waiting list is offered it."""
    _hold(place)
    if (
        place.status is not PlaceStatus.OFFERED
        or place.answer_by is None
        or not is_past(place.answer_by, on=today())
        or why_on_hold(place.delegation)
    ):
        return
    _free(place, Act.LAPSE, by=SYSTEM)
    tell(place, "delegation_lapsed")


def remind_of_offers() -> None:
    """Daily: remind once of an offer that is still to be answered in its last days, on days that were missed too."""
    for place in seating.offers_to_remind(today() + timedelta(days=REMIND_BEFORE)):
        if place.answer_by is None or is_past(place.answer_by, on=today()) or why_on_hold(place.delegation):
            continue
        found = place.delegation
        tell(place, "delegation_offer_reminder", share=found.share.in_full())
        audit.record(Act.REMIND, place, amend(place, reminded_for=place.answer_by), by=SYSTEM)


def give_up(place: DelegationPlace, *, told: str = "", by: Actor) -> list[str]:
    """Give up a place that was accepted; return which business of the waiting list is offered it. Its lead is told, who answers for the money."""
    POLICY.require(by, Act.GIVE_UP, place)
    _hold(place)
    offered, money = _free(place, Act.GIVE_UP, told=told, by=by), money_of(place)
    tell(place, "delegation_given_up", was_seated=True, by=by, told=told.strip(), **money)
    tell_lead_of_end(place, offered=offered, told=told.strip(), by=by, **money)
    end_subsidy(place, reason="The business gave up its place")
    return offered


def withdraw(place: DelegationPlace, *, told: str = "", by: Actor) -> None:
    """Withdraw an application. The business can apply again until the last day to apply."""
    POLICY.require(by, Act.WITHDRAW, place)
    _hold(place)
    _free(place, Act.WITHDRAW, told=told, by=by)
    again = "" if why_not_apply(place.delegation) else day_in_words(place.delegation.closes_on)
    tell(place, "delegation_withdrawn", by=by, told=told.strip(), again_until=again)


def _free(place: DelegationPlace, act: Act, *, told: str = "", by: Actor) -> list[str]:
    changes = advance(PLACES, place, act) | amend(place, seat=None)
    session().flush()
    audit.record(act, place, changes | _said(told), by=by)
    if not place.delegation.selected_at:
        return []
    return fill(place.delegation, after=f"{place.business.name} {FREED[act]}")
