"""Asking the register of companies about a business, and keeping what was not known."""

from __future__ import annotations

from collections.abc import Iterable

from crm.audit import service as audit
from crm.businesses.models import Business, BusinessName
from crm.businesses.policy import POLICY
from crm.businesses.rules.naming import match_name
from crm.businesses.rules.sectors import groups_of
from crm.businesses.service.indexing import index
from crm.businesses.service.keeping import require_in_use
from crm.businesses.workflow import Act, NameKind
from crm.db.changes import Changes, amend
from crm.db.session import session
from crm.gateways.companies_house import Profile, Register, RegisterUnavailable
from crm.kernel.clock import now
from crm.kernel.errors import BadInput, Invalid
from crm.kernel.permissions import Actor
from crm.kernel.postcodes import Postcode
from crm.throttles import service as throttles
from crm.throttles.rules import COMPANIES_HOUSE


def look_up(business: Business, register: Register, *, secret: str, by: Actor) -> Changes:
    """Ask the register: its status is kept, and what was empty here is filled. What people said stays.

    The register says nothing of where a business trades, nor of its turnover. Raises `Invalid` in words where it
    cannot be asked or knows no such company.
    """
    POLICY.require(by, Act.LOOK_UP, business)
    require_in_use(business)
    if business.company_number is None:
        raise Invalid("This business has no company number to look up.")
    throttles.require_within(COMPANIES_HOUSE, "all", secret=secret)
    throttles.count_try(COMPANIES_HOUSE, "all", secret=secret)
    try:
        found = register.profile(business.company_number)
    except RegisterUnavailable as error:
        raise Invalid(str(error)) from error
    if found is None:
        raise Invalid("Companies House knows no company with this number. Check the number.")
    _require_fitting(business, found)
    changes = _fill(business, found)
    audit.record(Act.LOOK_UP, business, changes, by=by)
    return changes


def _require_fitting(business: Business, found: Profile) -> None:
    """Refuse a company that has neither a name nor a postcode of this business: its number alone decides nothing."""
    ours = {match_name(name) for name in (business.name, *(each.name for each in business.names))}
    theirs = {match_name(name) for name in (found.name, *found.previous_names)}
    postcode = _postcode(found.postcode)
    if ours & theirs or (postcode and postcode in (business.trading_postcode, business.registered_postcode)):
        return
    raise Invalid(
        f"{found.number} is {found.name}{f' ({postcode})' if postcode else ''} at Companies House. Neither its name nor its "
        "postcode is one of this business, so nothing was filled. Check the number, or add that name to the names it "
        "trades under."
    )


def _fill(business: Business, found: Profile) -> Changes:
    sic_codes = business.sic_codes or found.sic_codes[:4]
    changes = amend(
        business,
        register_status=found.status or None,
        register_checked_at=now(),
        legal_form=business.legal_form or found.legal_form,
        sic_codes=tuple(sic_codes),
        dcms_groups=business.dcms_groups or groups_of(sic_codes),
        registered_address=business.registered_address or found.address,
        registered_postcode=business.registered_postcode or _postcode(found.postcode),
    )
    return changes | _keep_former(business, found.previous_names)


def _keep_former(business: Business, names: Iterable[str]) -> Changes:
    """Keep the names that a company had before, so that it is found by them too."""
    known = {each.name.casefold() for each in business.names}
    former = [name for name in names if name.casefold() not in known]
    session().add_all(
        BusinessName(business_id=business.id, name=name, kind=NameKind.PREVIOUS) for name in former
    )
    if former:
        index(business, [*(each.name for each in business.names), *former])
    return {"previous_names": ([], former)} if former else {}


def _postcode(text: str | None) -> str | None:
    try:
        return str(Postcode.parse(text)) if text else None
    except BadInput:
        return None
