"""People at a business, its consents, connections and yearly figures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from crm.audit import service as audit
from crm.businesses.models import Business, Connection, Consent, Person, YearlyFigures
from crm.businesses.policy import POLICY
from crm.businesses.queries.seeing import figures_of, holding_consent, people_of, person_with_email
from crm.businesses.rules.labels import current_version
from crm.businesses.service.keeping import require_in_use
from crm.businesses.workflow import Act, ConnectionKind, ConsentPurpose, HeadcountMeasure
from crm.db.changes import Changes, amend, created, fields_of
from crm.db.following import follow
from crm.db.session import session
from crm.db.states import refuse_if
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import now, today
from crm.kernel.emails import read_email
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.folding import folded
from crm.kernel.money import Money
from crm.kernel.permissions import Actor
from crm.kernel.text import one_line
from crm.notices.service import readdress

NAME_TAKEN = "{name} is here already. If this is someone else, enter an email address to tell them apart"
REMOVED = "{name} left on {day}. To undo it, remove the date from “Left on” in their details."
ADDRESS_TAKEN = "There is someone with this email address here already"


@dataclass(frozen=True)
class PersonDetails:
    """A person at a business. The address is in lower case."""

    name: str
    role: str = ""
    email: str | None = None
    phone: str | None = None
    left_on: date | None = None


@dataclass(frozen=True)
class YearDetails:
    """What is known of one accounting period. None is unknown."""

    year_end: date
    months: int = 12
    turnover: Money | None = None
    employees: int | None = None
    measure: HeadcountMeasure = HeadcountMeasure.HEADCOUNT
    export_turnover: Money | None = None
    research_spend: Money | None = None
    source: str = "the business"


@dataclass(frozen=True)
class Agreement:
    """Who agreed, and in which way: on the web, on the telephone, in writing. Without ``at``, now; without ``version``, today's."""

    given_by: str
    way: str
    at: datetime | None = None
    version: str | None = None


@dataclass(frozen=True)
class ConnectionDetails:
    """A connection to a business, and from when."""

    kind: ConnectionKind
    who: str
    note: str = ""
    account_id: UUID | None = None
    valid_from: date | None = None


def add_person(business: Business, details: PersonDetails, *, by: Actor) -> Person:
    """Add a person. An address is there once at a business; it may be at another too."""
    POLICY.require(by, Act.ADD_PERSON, business)
    require_in_use(business)
    details = _tidy(details)
    _require_own_address(business.id, details)
    _require_own_name(business.id, details)
    person = Person(business_id=business.id, **fields_of(details))
    session().add(person)
    session().flush()
    audit.record(Act.ADD_PERSON, business, created(**fields_of(details)), by=by)
    return person


def correct_person(person: Person, details: PersonDetails, *, by: Actor) -> Changes:
    """Correct a person's details, or record that they left."""
    POLICY.require(by, Act.CORRECT_PERSON, person)
    require_in_use(person.business)
    details = _tidy(details)
    _require_own_address(person.business_id, details, but=person.id)
    _require_own_name(person.business_id, details, but=person.id)
    before = (person.email, person.name)
    changes = amend(person, **fields_of(details))
    if before[0] and details.email and "email" in changes:
        readdress(before[0], details.email, to_name=before[1])
    if changes:
        audit.record(
            Act.CORRECT_PERSON, person.business, {"person": (person.name, person.name), **changes}, by=by
        )
    return changes


def why_not_removed(person: Person) -> str | None:
    """Why a person cannot be removed: they were already."""
    return REMOVED.format(name=person.name, day=day_in_words(person.left_on)) if person.left_on else None


def remove_person(person: Person, *, by: Actor) -> None:
    """Remove a person from a business today: nobody can choose them any more. Taking the day back from their details undoes it."""
    POLICY.require(by, Act.REMOVE_PERSON, person)
    require_in_use(person.business)
    refuse_if(why_not_removed(person))
    changes = amend(person, left_on=today())
    audit.record(Act.REMOVE_PERSON, person.business, {"person": (person.name, person.name), **changes}, by=by)


def _tidy(details: PersonDetails) -> PersonDetails:
    """The details with their names on one line and an address that can be written to. Raises `BadInput`."""
    email = read_email(details.email) if details.email else None
    return replace(details, name=one_line(details.name), role=one_line(details.role), email=email)


def _require_own_address(business_id: UUID, details: PersonDetails, *, but: UUID | None = None) -> None:
    same = person_with_email(business_id, details.email) if details.email else None
    if same is not None and same.id != but:
        gone = f". {why_not_removed(same)}" if same.left_on else ""
        raise Invalid(f"{same.name} has this email address here already{gone}", field="email")


def _require_own_name(business_id: UUID, details: PersonDetails, *, but: UUID | None = None) -> None:
    """Two people of one name are told apart by their addresses: without any, it is one person added twice."""
    if details.email is not None or details.left_on is not None:
        return
    known = [each for each in people_of(business_id) if not each.email and not each.left_on]
    if any(each.id != but and folded(each.name) == folded(details.name) for each in known):
        raise Invalid(NAME_TAKEN.format(name=details.name), field="name")


def record_figures(business: Business, details: YearDetails, *, by: Actor) -> YearlyFigures:
    """Record the figures of one accounting period; those of the same period are corrected, with history."""
    POLICY.require(by, Act.RECORD_FIGURES, business)
    require_in_use(business)
    if details.year_end > today():
        raise Invalid("The year must have ended", field="year_end")
    if details.export_turnover and details.turnover and details.export_turnover > details.turnover:
        raise Invalid("Export sales cannot be more than all sales", field="export_turnover")
    found = figures_of(business.id, details.year_end)
    if found is None:
        found = YearlyFigures(business_id=business.id, **fields_of(details))
        session().add(found)
        changes = created(**fields_of(details))
    else:
        changes = {"year_end": (details.year_end, details.year_end), **amend(found, **fields_of(details))}
    session().flush()
    session().refresh(business, ["figures"])
    audit.record(Act.RECORD_FIGURES, business, changes, by=by)
    follow(Act.RECORD_FIGURES, business, by=by)
    return found


def give_consent(business: Business, purpose: ConsentPurpose, *, agreement: Agreement, by: Actor) -> Consent:
    """Record consent to a purpose, in today's wording. What was agreed before stays as it was."""
    POLICY.require(by, Act.CONSENT, business)
    require_in_use(business)
    held = holding_consent(business.id, purpose)
    if held is not None:
        return held
    fields: dict[str, Any] = {
        "purpose": purpose,
        "wording_version": agreement.version or current_version(purpose),
    }
    fields |= {"given_by": agreement.given_by, "way": agreement.way, "given_at": agreement.at or now()}
    consent = Consent(business_id=business.id, **fields, recorded_by_id=by.account_id)
    session().add(consent)
    session().flush()
    audit.record(Act.CONSENT, business, created(**fields), by=by)
    return consent


def withdraw_consent(consent: Consent, *, by: Actor) -> None:
    """Withdraw a consent from now on. That it was given stays on record."""
    POLICY.require(by, Act.WITHDRAW_CONSENT, consent)
    if consent.withdrawn_at is not None:
        raise Conflict("This consent has already been withdrawn.")
    amend(consent, withdrawn_at=now(), withdrawn_by_id=by.account_id)
    what: Changes = {"purpose": (consent.purpose, None)}
    audit.record(Act.WITHDRAW_CONSENT, consent.business, what, by=by)
    follow(Act.WITHDRAW_CONSENT, consent, by=by)


def connect(business: Business, details: ConnectionDetails, *, by: Actor) -> Connection:
    """Record a connection to a business: every check for a conflict of interest reads it."""
    POLICY.require(by, Act.CONNECT, business)
    require_in_use(business)
    fields = fields_of(details) | {"valid_from": details.valid_from or today()}
    made = Connection(business_id=business.id, **fields)
    session().add(made)
    session().flush()
    audit.record(Act.CONNECT, business, created(**fields), by=by)
    return made


def disconnect(connection: Connection, *, by: Actor) -> None:
    """End a connection today; that there was one stays on record."""
    POLICY.require(by, Act.DISCONNECT, connection)
    if connection.valid_to is not None:
        raise Conflict("This connection has ended already.")
    changes = amend(connection, valid_to=today())
    audit.record(Act.DISCONNECT, connection.business, {"who": (connection.who, None), **changes}, by=by)
