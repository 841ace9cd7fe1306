"""Taking in a file of businesses: all of it or nothing, and a second time nothing changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from crm.accounts.queries import account_of, hubs
from crm.audit import service as audit
from crm.businesses.models import Business, Connection
from crm.businesses.policy import POLICY
from crm.businesses.queries.seeing import business_with_number, figures_of, person_with_email
from crm.businesses.rules.naming import match_name, website_domain
from crm.businesses.rules.reading import BusinessRow, Fault, FileRefused
from crm.businesses.rules.sectors import groups_of
from crm.businesses.service import keeping, people
from crm.businesses.workflow import Act, ConnectionKind
from crm.db.changes import Changes, amend
from crm.db.session import session
from crm.kernel.clock import today
from crm.kernel.permissions import Actor

FILLED = (
    *("legal_form", "stage", "dcms_groups", "sic_codes", "trading_address", "registered_postcode"),
    *("registered_address", "website", "description", "trading_since"),
)
"""What a row fills where a business that is known has nothing."""
SOURCE = "a file"


@dataclass
class Outcome:
    """What an import did, or would do: how many were added, filled and unchanged, and the rows that fit several."""

    added: int = 0
    filled: int = 0
    unchanged: int = 0
    unmatched: list[tuple[BusinessRow, str]] = field(default_factory=list)


def check_rows(rows: Iterable[BusinessRow]) -> None:
    """Refuse a file that names a hub or an adviser that there is not, each at its line. Raises `FileRefused`."""
    known, faults = {each.code for each in hubs()}, []
    for row in rows:
        if row["hub_code"] and row["hub_code"] not in known:
            faults.append(Fault(row.line, "hub_code", f"there is no hub “{row['hub_code'][:40]}”"))
        if row["adviser_email"] and account_of(row["adviser_email"]) is None:
            faults.append(
                Fault(row.line, "adviser_email", f"nobody has the address “{row['adviser_email'][:60]}”")
            )
    if faults:
        raise FileRefused(faults)


def take_in(row: BusinessRow, outcome: Outcome, *, by: Actor) -> None:
    """Add the business of a row, or fill what is not known of the one it is; one that fits several is left out."""
    POLICY.require(by, Act.IMPORT)
    found = _matches(row)
    if len(found) > 1:
        names = ", ".join(f"{each.name} ({each.trading_outcode or 'district not known'})" for each in found)
        outcome.unmatched.append((row, f"it may be any of: {names}"))
    elif found and found[0].is_archived:
        outcome.unmatched.append((row, f"the record of {found[0].name} is archived"))
    elif found:
        changes = _fill(found[0], row) | _belongings(found[0], row, by=by)
        outcome.filled, outcome.unchanged = outcome.filled + bool(changes), outcome.unchanged + (not changes)
        if changes:
            audit.record(Act.IMPORT, found[0], changes, by=by)
    else:
        _belongings(_add(row, by=by), row, by=by)
        outcome.added += 1


def _matches(row: BusinessRow) -> Sequence[Business]:
    """The business of the same number; else those of the same name in the same district that have no other number."""
    same = business_with_number(row["company_number"]) if row["company_number"] else None
    if same is not None:
        return (same,)
    query = select(Business).where(Business.match_name == match_name(row["name"]))
    if row["trading_outcode"]:
        query = query.where(Business.trading_outcode == row["trading_outcode"])
    if row["company_number"]:
        query = query.where(Business.company_number.is_(None))
    options = (selectinload(Business.shares), selectinload(Business.figures))
    return session().scalars(query.options(*options).order_by(Business.id).limit(5)).all()


def _add(row: BusinessRow, *, by: Actor) -> Business:
    codes = {each.code: each.id for each in hubs()} if row["hub_code"] else {}
    told = {name: row[name] for name in (*FILLED, "trading_postcode", "trading_outcode") if row[name]}
    details = keeping.BusinessDetails(
        name=row["name"],
        company_number=row["company_number"],
        trading_names=row["trading_names"] or (),
        hub_id=codes.get(row["hub_code"]),
        source=SOURCE,
        not_a_duplicate="taken in from a file, in which it matched no other",
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
    changes: Changes = {}
    if row["person_email"] and person_with_email(found.id, row["person_email"]) is None:
        name = row["person_name"] or row["person_email"]
        people.add_person(found, people.PersonDetails(name, email=row["person_email"]), by=by)
        changes["person"] = (None, name)
    if row["year_end"] and figures_of(found.id, row["year_end"]) is None:
        details = people.YearDetails(
            row["year_end"], turnover=row["turnover"], employees=row["employees"], source=SOURCE
        )
        people.record_figures(found, details, by=by)
        changes["year_end"] = (None, row["year_end"])
    return changes | _adviser(found, row, by=by)


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
