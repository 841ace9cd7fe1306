"""Importing a file of businesses: all of it or nothing, and a second time nothing changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload, undefer

from crm.accounts.queries import account_of, hubs
from crm.audit import service as audit
from crm.businesses.models import Business, Connection
from crm.businesses.policy import POLICY
from crm.businesses.queries.seeing import figures_of, person_named, person_with_email
from crm.businesses.rules.naming import match_name, website_domain
from crm.businesses.rules.reading import BusinessRow
from crm.businesses.rules.sectors import groups_of
from crm.businesses.service import keeping, people
from crm.businesses.workflow import Act, ConnectionKind
from crm.db.changes import Changes, amend
from crm.db.session import session
from crm.kernel.clock import today
from crm.kernel.permissions import Actor
from crm.kernel.tables import Fault, TableRefused

FILLED = (
    *("legal_form", "stage", "dcms_groups", "sic_codes", "trading_address", "registered_postcode"),
    *("registered_address", "website", "description", "trading_since"),
)
"""What a row fills where a business that is known has nothing."""
SOURCE = "a file"
COLUMNS = Business.__table__.c


@dataclass
class Outcome:
    """What an import did, or would do: how many were added, filled and unchanged, and the rows left out, with why."""

    added: int = 0
    filled: int = 0
    unchanged: int = 0
    unmatched: list[tuple[BusinessRow, str]] = field(default_factory=list)


def check_rows(rows: Iterable[BusinessRow]) -> None:
    """Refuse a file that names a hub or an adviser that there is not, each at its line. Raises `TableRefused`."""
    known, faults = {each.code for each in hubs()}, []
    for row in rows:
        if row["hub_code"] and row["hub_code"] not in known:
            faults.append(Fault(row.line, "hub_code", f"there is no hub “{row['hub_code'][:40]}”"))
        if row["adviser_email"] and account_of(row["adviser_email"]) is None:
            said = f"nobody has the address “{row['adviser_email'][:60]}”"
            faults.append(Fault(row.line, "adviser_email", said))
    if faults:
        raise TableRefused(*faults)


def take_in(row: BusinessRow, outcome: Outcome, *, by: Actor) -> None:
    """Add the business of a row, or fill what is not known of the one it is. A row that may be another is left out."""
    POLICY.require(by, Act.IMPORT)
    found = _matches(row)
    why_not = _why_not(row, found)
    if why_not:
        outcome.unmatched.append((row, why_not))
    elif found:
        changes = _fill(found[0], row) | _belongings(found[0], row, by=by)
        outcome.filled, outcome.unchanged = outcome.filled + bool(changes), outcome.unchanged + (not changes)
        if changes:
            audit.record(Act.IMPORT, found[0], changes, by=by)
    else:
        _belongings(_add(row, by=by), row, by=by)
        outcome.added += 1


def _why_not(row: BusinessRow, found: Sequence[Business]) -> str | None:
    """Why a row is none of what was found for it, in words for whoever puts the file right."""
    if len(found) > 1:
        names = ", ".join(f"{each.name} ({each.trading_outcode or 'district not known'})" for each in found)
        return f"it may be any of: {names}"
    if not found:
        return None
    (one,) = found
    if row["company_number"] and one.company_number == row["company_number"] and not _fits(row, one):
        where = one.trading_postcode or one.trading_outcode or "no postcode"
        return f"company number {one.company_number} is that of {one.name} ({where}): neither name nor postcode fits"
    return f"the record of {one.name} is archived" if one.is_archived else None


def _fits(row: BusinessRow, found: Business) -> bool:
    """Whether a row has a name or a whole postcode of the business whose number it gives."""
    typed = {row["name"], *(row["trading_names"] or ())}
    known = {found.name, *(each.name for each in found.names)}
    given = {row["trading_postcode"], row["registered_postcode"]} - {None}
    same_name = {match_name(name) for name in typed} & {match_name(name) for name in known}
    return bool(same_name or given & {found.trading_postcode, found.registered_postcode})


def _matches(row: BusinessRow) -> Sequence[Business]:
    """The business of the same number; else those of the same name in the same district that have no other number."""
    number, known = row["company_number"], COLUMNS.match_name == match_name(row["name"])
    options = (undefer(Business.shared), selectinload(Business.figures), selectinload(Business.names))
    query = select(Business).options(*options).order_by(Business.id).limit(5)
    same = session().scalars(query.where(Business.company_number == number)).all() if number else ()
    if same:
        return same
    if row["trading_outcode"]:
        query = query.where(Business.trading_outcode == row["trading_outcode"])
    if number:
        query = query.where(Business.company_number.is_(None))
    return session().scalars(query.where(known)).all()


def _add(row: BusinessRow, *, by: Actor) -> Business:
    codes = {each.code: each.id for each in hubs()} if row["hub_code"] else {}
    told = {name: row[name] for name in (*FILLED, "trading_postcode", "trading_outcode") if row[name]}
    details = keeping.BusinessDetails(
        name=row["name"],
        company_number=row["company_number"],
        trading_names=row["trading_names"] or (),
        hub_id=codes.get(row["hub_code"]),
        source=SOURCE,
        not_a_duplicate="imported from a file, and no record matched it",
        **told,
    )
    return keeping.take_in(details, by=by)


def _fill(found: Business, row: BusinessRow) -> Changes:
    """Fill what is empty; what is known stays, whatever the file says."""
    empty: dict[str, Any] = {name: row[name] for name in FILLED if row[name] and not getattr(found, name)}
    if row["company_number"] and found.company_number is None:
        empty["company_number"] = row["company_number"]
    if "website" in empty:
        empty["website_domain"] = website_domain(empty["website"])
    if not found.dcms_groups and "dcms_groups" not in empty and groups_of(empty.get("sic_codes", ())):
        empty["dcms_groups"] = groups_of(empty["sic_codes"])
    return amend(found, **empty)


def _belongings(found: Business, row: BusinessRow, *, by: Actor) -> Changes:
    """The person, the year's figures and the adviser of a row, where they are not there yet."""
    changes = _person(found, row, by=by)
    is_told = row["turnover"] is not None or row["employees"] is not None
    if row["year_end"] and is_told and figures_of(found.id, row["year_end"]) is None:
        details = people.YearDetails(
            row["year_end"], turnover=row["turnover"], employees=row["employees"], source=SOURCE
        )
        people.record_figures(found, details, by=by)
        changes["year_end"] = (None, row["year_end"])
    return changes | _adviser(found, row, by=by)


def _person(found: Business, row: BusinessRow, *, by: Actor) -> Changes:
    """Add the person of a row: known by their address, or by name where there is none."""
    name, email = row["person_name"] or row["person_email"], row["person_email"]
    if not name or (person_with_email(found.id, email) if email else person_named(found.id, name)):
        return {}
    people.add_person(found, people.PersonDetails(name, email=email), by=by)
    return {"person": (None, name)}


def _adviser(found: Business, row: BusinessRow, *, by: Actor) -> Changes:
    adviser = account_of(row["adviser_email"]) if row["adviser_email"] else None
    if adviser is None:
        return {}
    query = select(Connection.id).where(
        Connection.business_id == found.id, Connection.account_id == adviser.id, Connection.valid_to.is_(None)
    )
    if session().scalar(query) is not None:
        return {}
    details = people.ConnectionDetails(
        ConnectionKind.ADVISER, adviser.name, account_id=adviser.id, valid_from=today()
    )
    people.connect(found, details, by=by)
    return {"adviser": (None, adviser.name)}
