"""Attaching an enquiry to a business: to one that is known, or to a new one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from crm.audit import service as audit
from crm.businesses.models import Business, Person
from crm.businesses.policy import POLICY as BUSINESSES
from crm.businesses.queries.matching import Signs
from crm.businesses.queries.recognising import Recognised, Sender, likely
from crm.businesses.queries.seeing import business as load_business
from crm.businesses.queries.seeing import claim_from, consents_of, people_of, person_with_email
from crm.businesses.service import claiming, keeping, people
from crm.businesses.workflow import Act as BusinessAct
from crm.businesses.workflow import ConsentPurpose
from crm.db.changes import amend
from crm.db.session import session
from crm.db.states import refuse_if
from crm.diagnostics.policy import POLICY as DIAGNOSTICS
from crm.diagnostics.queries.opened import opened_by
from crm.diagnostics.service.bringing import bring, why_not_bring
from crm.diagnostics.workflow import Act as DiagnosticsAct
from crm.evidence.service.asking import AskDetails
from crm.evidence.service.asking import record as record_ask
from crm.evidence.workflow import Instrument, Medium
from crm.kernel.calendar import ONE_DAY, add_months
from crm.kernel.clock import today
from crm.kernel.errors import Invalid
from crm.kernel.folding import folded
from crm.kernel.money import Money
from crm.kernel.permissions import Actor
from crm.signposting.models import Enquiry
from crm.signposting.policy import POLICY
from crm.signposting.service.excluding import note_enquiry
from crm.signposting.workflow import Act


@dataclass(frozen=True)
class Chosen:
    """The business that an enquiry is about, or None for a new one, and how it is known that it is new.

    ``asks_access`` is whether its sender asked to see the record: only then does an access request wait for a decision.
    """

    business_id: UUID | None
    why_new: str = ""
    asks_access: bool = False


def candidates(enquiry: Enquiry) -> list[Recognised]:
    """The businesses that an enquiry may be about, the likeliest first: its sender's address is known there, and so on."""
    signs = Signs(enquiry.business_name, enquiry.company_number, enquiry.outcode)
    return likely(Sender(signs, enquiry.email, enquiry.phone, enquiry.postcode))


def why_not_attached(enquiry: Enquiry) -> str | None:
    """Why no business can be chosen for an enquiry; None where one can."""
    return "This enquiry already has its business." if enquiry.business_id is not None else None


def attach_chosen(enquiry: Enquiry, chosen: Chosen, *, by: Actor) -> Person | None:
    """Attach an enquiry to the business that was chosen, or to a new one; return who its sender was known as there."""
    if chosen.business_id is None:
        attach_to_new(enquiry, not_a_duplicate=chosen.why_new, asks_access=chosen.asks_access, by=by)
        return None
    known = load_business(chosen.business_id)
    if known is None:
        raise Invalid("Choose which business it is", field="business_id")
    return attach(enquiry, known, asks_access=chosen.asks_access, by=by)


def attach(enquiry: Enquiry, business: Business, *, asks_access: bool = False, by: Actor) -> Person | None:
    """Attach an enquiry to a business that is known, and return who its sender was known as there, if anybody.

    That its sender speaks for the business is claimed where they asked for access, and not yet believed.
    """
    POLICY.require(by, Act.ATTACH, enquiry)
    BUSINESSES.require(by, BusinessAct.VIEW, business)
    keeping.require_in_use(business)
    return _attach(enquiry, business, asks_access=asks_access, by=by)


def attach_to_new(
    enquiry: Enquiry, *, not_a_duplicate: str, asks_access: bool = False, by: Actor
) -> Business:
    """Begin a record with what the enquiry told, and attach it."""
    POLICY.require(by, Act.ATTACH, enquiry)
    business = keeping.add(_details(enquiry, not_a_duplicate), by=by)
    if enquiry.answers.get("turnover") or enquiry.answers.get("people"):
        people.record_figures(business, _year(enquiry), by=by)
    _attach(enquiry, business, asks_access=asks_access, by=by)
    return business


def _attach(enquiry: Enquiry, business: Business, *, asks_access: bool, by: Actor) -> Person | None:
    refuse_if(why_not_attached(enquiry))
    changes = amend(enquiry, business_id=business.id)
    session().flush()
    session().refresh(enquiry, ["business"])
    known = _know_sender(enquiry, business, asks_access=asks_access, by=by)
    _bring_consents(enquiry, business, by=by)
    if enquiry.ask:
        record_ask(business, _ask(enquiry), by=by)
    _bring_readiness(enquiry, business, by=by)
    note_enquiry(enquiry, business, by=by)
    audit.record(Act.ATTACH, enquiry, changes, by=by)
    return known


def _bring_consents(enquiry: Enquiry, business: Business, *, by: Actor) -> None:
    """What its sender agreed to holds from the moment of the enquiry, unless the business withdrew it since."""
    given, way = enquiry.received_at, f"with enquiry {enquiry.reference}"
    withdrawn = {each.purpose for each in consents_of(business.id) if (each.withdrawn_at or given) > given}
    for purpose, version in enquiry.consents.items():
        agreement = people.Agreement(enquiry.person_name, way, given, version)
        if ConsentPurpose(purpose) not in withdrawn:
            people.give_consent(business, ConsentPurpose(purpose), agreement=agreement, by=by)


def _bring_readiness(enquiry: Enquiry, business: Business, *, by: Actor) -> None:
    """Save the readiness answers that came with it, where the record can take them; the enquiry shows them either way."""
    if not DIAGNOSTICS.allows(by, DiagnosticsAct.BRING_READINESS, business):
        return
    for token in enquiry.answers.get("readiness", ()):
        found = opened_by(token)
        if found is not None and why_not_bring(business, found) is None:
            bring(business, found, answered_name=enquiry.person_name, by=by)


def _know_sender(enquiry: Enquiry, business: Business, *, asks_access: bool, by: Actor) -> Person | None:
    """Add the sender to the people of the business, unless they are known there; ask for access where they did."""
    known = _known_as(enquiry, business)
    if known is None:
        details = people.PersonDetails(enquiry.person_name, enquiry.person_role, enquiry.email, enquiry.phone)
        people.add_person(business, details, by=by)
    if asks_access and enquiry.email and claim_from(business.id, enquiry.email) is None:
        evidence = f"Asked for it with enquiry {enquiry.reference}."
        claimant = claiming.Claimant(enquiry.person_name, enquiry.email, enquiry.person_role, evidence)
        claiming.claim(business, claimant, by=by)
    return known


def _known_as(enquiry: Enquiry, business: Business) -> Person | None:
    """Who at the business has the sender's address already, or their name where neither has an address."""
    if enquiry.email:
        return person_with_email(business.id, enquiry.email)
    name = folded(enquiry.person_name)
    nameless = (each for each in people_of(business.id) if not each.email and not each.left_on)
    return next((each for each in nameless if folded(each.name) == name), None)


def attached_in_words(enquiry: Enquiry, known: Person | None) -> str:
    """What became of an enquiry that was attached, and of its sender, who may be known there by another name."""
    assert enquiry.business is not None
    who, there = enquiry.person_name, f"Attached to {enquiry.business.name}."
    if known is None:
        return f"{there} {who} is now one of its people."
    if folded(known.name) == folded(who):
        return f"{there} {who} was one of its people already."
    return f"{there} {who} was not added to its people: {enquiry.email} is the address of {known.name} there."


def _details(enquiry: Enquiry, not_a_duplicate: str) -> keeping.BusinessDetails:
    told = enquiry.answers
    months = int(told["months"]) if told.get("months") else None
    return keeping.BusinessDetails(
        name=enquiry.business_name,
        company_number=enquiry.company_number,
        legal_form=told.get("form") or None,
        stage=told.get("stage") or None,
        dcms_groups=tuple(told.get("groups") or ()),
        trading_since=add_months(today(), -months) if months else None,
        trading_postcode=enquiry.postcode,
        trading_outcode=enquiry.outcode,
        hub_id=enquiry.hub_id,
        source=f"enquiry {enquiry.reference}",
        not_a_duplicate=not_a_duplicate,
    )


def _year(enquiry: Enquiry) -> people.YearDetails:
    """Last year's figures as they were told: a year that ended with the month before."""
    told = enquiry.answers
    turnover = Money.parse(told["turnover"]) if told.get("turnover") else None
    return people.YearDetails(
        year_end=today().replace(day=1) - ONE_DAY,
        turnover=turnover,
        employees=int(told["people"]) if told.get("people") else None,
        export_turnover=_exported(told, turnover),
        source=f"told as “last year” in enquiry {enquiry.reference}: ask when that year ended",
    )


def _exported(told: Any, turnover: Money | None) -> Money | None:
    share = told.get("exports")
    if turnover is None or share in (None, ""):
        return None
    return Money(int(Decimal(turnover.pence) * Decimal(share) / 100))


def _ask(enquiry: Enquiry) -> AskDetails:
    told = enquiry.ask
    return AskDetails(
        instrument=Instrument(told["instrument"]),
        purpose=told.get("purpose") or "Not said",
        medium=Medium(told["medium"]),
        amount=Money.parse(told["amount"]) if told.get("amount") else None,
        stage=enquiry.answers.get("stage") or None,
        source=f"enquiry {enquiry.reference}",
    )
