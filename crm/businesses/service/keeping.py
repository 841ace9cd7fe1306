"""Adding a business, changing what is known of it, sharing it, and putting its record away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from crm.accounts.queries import hubs_serving
from crm.audit import service as audit
from crm.businesses.models import Business, BusinessName, BusinessShare
from crm.businesses.policy import POLICY, business_of
from crm.businesses.queries.facts import confidence_pct
from crm.businesses.queries.matching import Signs, candidates_for
from crm.businesses.queries.seeing import business_with_number, share_of
from crm.businesses.rules.naming import match_name, sort_name, website_domain
from crm.businesses.rules.sectors import groups_of
from crm.businesses.service.indexing import index
from crm.businesses.workflow import MACHINE, Act, Ambition, NameKind
from crm.db.changes import Changes, amend, created, fields_of
from crm.db.session import session
from crm.db.states import advance, require_as_shown
from crm.kernel.clock import is_past, now, today
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.permissions import Actor
from crm.kernel.text import one_line, paragraphs
from crm.places.queries import authorities, locate, locate_outcode

PUT_AWAY = "This business is archived. Restore it first, then it can be changed."
REGISTERED_FORMS = frozenset({"company", "cic", "plc", "llp"})


@dataclass(frozen=True)
class BusinessDetails:
    """What people say about a business. What is unknown is None or empty.

    ``version`` is that of the record on the screen; ``not_a_duplicate`` is why it is none of those that look the same.
    """

    name: str
    company_number: str | None = None
    legal_form: str | None = None
    trading_names: tuple[str, ...] = ()
    description: str = ""
    website: str | None = None
    stage: str | None = None
    ambition: Ambition | None = None
    trading_since: date | None = None
    dcms_groups: tuple[str, ...] = ()
    sic_codes: tuple[str, ...] = ()
    registered_address: str = ""
    registered_postcode: str | None = None
    trading_address: str = ""
    trading_postcode: str | None = None
    trading_outcode: str | None = None
    hides_address: bool = False
    hub_id: UUID | None = None
    source: str = "an adviser"
    version: int | None = None
    not_a_duplicate: str = field(default="", compare=False)

    def fields(self) -> dict[str, Any]:
        """What the row itself holds, with what follows from it."""
        left_out = {"trading_names", "version", "not_a_duplicate"}
        told = {name: value for name, value in fields_of(self).items() if name not in left_out}
        told["sort_name"], told["match_name"] = sort_name(self.name), match_name(self.name)
        told["website_domain"] = website_domain(self.website)
        told["dcms_groups"] = self.dcms_groups or groups_of(self.sic_codes)
        if self.trading_postcode:
            told["trading_outcode"] = self.trading_postcode.split(" ")[0]
        return told


class LooksLikeAnother(Invalid):
    """There are businesses that may be this one: they are shown, and the actor says why it is none of them."""


def add(details: BusinessDetails, *, by: Actor) -> Business:
    """Add a business, to the hub that serves where it trades. Of a company number there is one business only."""
    POLICY.require(by, Act.ADD)
    details = _tidy(details)
    _require_place(details)
    _require_new(details)
    return _add(details, by=by)


def take_in(details: BusinessDetails, *, by: Actor) -> Business:
    """Add a business from a file, which was matched already and may not know where it trades."""
    POLICY.require(by, Act.IMPORT)
    details = _tidy(details)
    _require_number(details, but=None)
    return _add(details, by=by)


def _tidy(details: BusinessDetails) -> BusinessDetails:
    """The details with every name on one line. Raises `BadInput` for what cannot be shown, and `Invalid` for no name."""
    name = one_line(details.name)
    if not name:
        raise Invalid("Enter the name of the business", field="name")
    return replace(
        details,
        name=name,
        trading_names=tuple(each for each in map(one_line, details.trading_names) if each),
        description=paragraphs(details.description),
    )


def _add(details: BusinessDetails, *, by: Actor) -> Business:
    fields = details.fields() | _place_fields(details)
    fields["hub_id"] = details.hub_id or _hub_of(fields["authority"])
    business = Business(**fields, created_at=now(), created_by_id=by.account_id, _status=MACHINE.start)
    session().add(business)
    session().flush()
    _rename(business, details.trading_names)
    index(business, details.trading_names)
    kept = created(**{name: value for name, value in fields.items() if value not in ("", ())})
    if details.not_a_duplicate:
        kept["not_a_duplicate"] = (None, details.not_a_duplicate)
    audit.record(Act.ADD, business, kept, by=by)
    session().refresh(business, ["shared", "names", "figures"])
    return business


def edit(business: Business, details: BusinessDetails, *, by: Actor) -> Changes:
    """Change what is known of a business. Nothing is lost where two do so at once: the second is told."""
    POLICY.require(by, Act.EDIT, business)
    require_in_use(business)
    require_as_shown(business, details.version)
    details = _tidy(details)
    _require_place(details)
    _require_number(details, but=business.id)
    fields = replace(details, hub_id=details.hub_id or business.hub_id, source=business.source).fields()
    if business.place_method != "adviser":
        fields |= _place_fields(details)
    changes = amend(business, **fields)
    changes |= _rename(business, details.trading_names)
    if changes:
        index(business, [each.name for each in business.names])
        audit.record(Act.EDIT, business, _told(changes), by=by)
    return changes


def _told(changes: Changes) -> Changes:
    """What changed, without what follows from a name."""
    return {
        name: each
        for name, each in changes.items()
        if name not in ("sort_name", "match_name", "website_domain")
    }


def why_archived(thing: Any) -> str | None:
    """Why nothing can be changed of a business or of what belongs to it: its record is archived; else None."""
    business = business_of(thing)
    return PUT_AWAY if business is not None and business.is_archived else None


def require_in_use(business: Business) -> None:
    """Refuse what cannot be done with an archived record."""
    if business.is_archived:
        raise Conflict(PUT_AWAY)


def _require_place(details: BusinessDetails) -> None:
    if (
        details.legal_form in REGISTERED_FORMS
        and not details.trading_postcode
        and not details.trading_outcode
    ):
        raise Invalid(
            "Enter where the business trades: a postcode, or its first half", field="trading_postcode"
        )


def _require_number(details: BusinessDetails, *, but: UUID | None) -> None:
    same = business_with_number(details.company_number) if details.company_number else None
    if same is not None and same.id != but:
        raise Invalid("There is a business with this company number already", field="company_number")


def _require_new(details: BusinessDetails) -> None:
    _require_number(details, but=None)
    signs = Signs(details.name, website=details.website, outcode=details.fields()["trading_outcode"])
    if not details.not_a_duplicate and candidates_for(signs):
        raise LooksLikeAnother(
            "There may be a record of this business already: look at those named below. If it is not one of these, say why",
            field="not_a_duplicate",
        )


def _place_fields(details: BusinessDetails) -> dict[str, Any]:
    """Where the trading postcode or district lies."""
    if not details.trading_postcode and not details.trading_outcode:
        return {"authority": None, "leps": (), "place_method": "none", "place_confidence": 0}
    found = (
        locate(details.trading_postcode)
        if details.trading_postcode
        else locate_outcode(details.trading_outcode or "")
    )
    return {
        "authority": found.authority,
        "leps": found.leps,
        "place_method": str(found.method),
        "place_confidence": confidence_pct(found),
    }


def _hub_of(authority: str | None) -> UUID | None:
    """The hub that serves an authority today; of two, the first by name: the record can be shared with the other."""
    code = next((each.code for each in authorities() if each.name == authority), None)
    hubs = hubs_serving(code, on=today()) if code else ()
    return hubs[0].id if hubs else None


def _rename(business: Business, wanted: Iterable[str]) -> Changes:
    """Bring the trading names to those wanted."""
    known = session().scalars(
        select(BusinessName).where(
            BusinessName.business_id == business.id, BusinessName.kind == NameKind.TRADING
        )
    )
    before = {each.name: each for each in known}
    after = dict.fromkeys(wanted)
    for name, row in before.items():
        if name not in after:
            session().delete(row)
    session().add_all(
        BusinessName(business_id=business.id, name=name, kind=NameKind.TRADING)
        for name in after
        if name not in before
    )
    session().flush()
    session().refresh(business, ["names"])
    return {"trading_names": (sorted(before), sorted(after))} if set(before) != set(after) else {}


def override_place(business: Business, authority_name: str, *, reason: str, by: Actor) -> Changes:
    """Set the council area a business trades in, with the reason, whatever its postcode may mean."""
    POLICY.require(by, Act.OVERRIDE_PLACE, business)
    require_in_use(business)
    said = next((each for each in authorities() if each.name == authority_name), None)
    if said is None:
        raise Invalid("Choose an authority", field="authority")
    changes = amend(
        business,
        authority=said.name,
        leps=said.leps,
        place_method="adviser",
        place_confidence=100,
        place_reason=reason,
    )
    audit.record(Act.OVERRIDE_PLACE, business, changes, by=by)
    return changes


def share(business: Business, hub_id: UUID, *, reason: str, by: Actor) -> BusinessShare:
    """Share a business with another hub, from today."""
    POLICY.require(by, Act.SHARE, business)
    require_in_use(business)
    if str(hub_id) in business.hub_ids(on=today()):
        raise Invalid("This hub can see the business already", field="hub_id")
    made = BusinessShare(business_id=business.id, hub_id=hub_id, valid_from=today(), reason=reason)
    session().add(made)
    session().flush()
    session().refresh(business, ["shared"])
    audit.record(Act.SHARE, business, {"shared_with": (None, hub_id), "reason": (None, reason)}, by=by)
    return made


def end_share(business: Business, hub_id: UUID, *, by: Actor) -> None:
    """Stop sharing a business with a hub."""
    POLICY.require(by, Act.SHARE, business)
    found = share_of(business.id, hub_id)
    if found is None:
        raise Conflict("The business is not shared with this hub.")
    if not is_past(found.valid_from, on=today()):
        session().delete(found)
    else:
        amend(found, valid_to=today() - timedelta(days=1))
    session().flush()
    session().refresh(business, ["shared"])
    audit.record(Act.SHARE, business, {"shared_with": (hub_id, None)}, by=by)


def archive(business: Business, *, reason: str, by: Actor) -> None:
    """Archive a record, with the reason. It can no longer be changed, chosen or referred."""
    POLICY.require(by, Act.ARCHIVE, business)
    changes = advance(MACHINE, business, Act.ARCHIVE) | amend(business, archived_reason=reason)
    audit.record(Act.ARCHIVE, business, changes, by=by)


def restore(business: Business, *, by: Actor) -> None:
    """Restore an archived record."""
    POLICY.require(by, Act.RESTORE, business)
    changes = advance(MACHINE, business, Act.RESTORE) | amend(business, archived_reason=None)
    audit.record(Act.RESTORE, business, changes, by=by)
