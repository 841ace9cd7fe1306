"""One business and what belongs to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import contains_eager, joinedload, undefer

from crm.accounts.models import Account, Hub
from crm.businesses.models import Business, BusinessShare, Claim, Connection, Consent, Person, YearlyFigures
from crm.businesses.policy import visible_to
from crm.businesses.queries.facts import place_said
from crm.businesses.workflow import BusinessStatus, ClaimStatus, ConsentPurpose
from crm.db.remembering import remembered
from crm.db.session import session
from crm.kernel.clock import has_come, is_past, today
from crm.kernel.eligibility import Place
from crm.kernel.permissions import Actor
from crm.kernel.roles import STAFF
from crm.places.queries import authorities, locate, locate_outcode

MOST = 200


def _with_shares() -> Select[Business]:
    """A business as its policy needs it."""
    return select(Business).options(undefer(Business.shared), joinedload(Business.hub))


def business(business_id: UUID) -> Business | None:
    """One business with its hub, the hubs it is shared with, its names and its yearly figures."""
    query = _with_shares().where(Business.id == business_id)
    query = query.options(joinedload(Business.names), joinedload(Business.figures))
    return session().scalars(query).unique().one_or_none()


def business_with_number(number: str) -> Business | None:
    """The business of a company number; of any that were not archived and those that were."""
    return session().scalar(_with_shares().where(Business.company_number == number))


def first_reader(people: Iterable[Person]) -> dict[str, str]:
    """Whom a letter would go to: the first with an address who has not left, as a form takes them."""
    found = next((each for each in people if each.email and not each.left_on), None)
    return {"name": found.name, "email": found.email or ""} if found else {}


def person_to_name(business_id: UUID) -> Person | None:
    """The person at a business whom a referral names to the provider: the first who has not left."""
    return next((each for each in people_of(business_id) if not each.left_on), None)


@remembered
def consented(business_ids: Collection[UUID], purpose: ConsentPurpose) -> set[UUID]:
    """Which of some businesses agree to a purpose now."""
    holds = (Consent.purpose == purpose, Consent.withdrawn_at.is_(None))
    query = select(Consent.business_id).where(Consent.business_id.in_(list(business_ids)), *holds)
    return set(session().scalars(query))


def latest_consents(business_ids: Collection[UUID], purpose: ConsentPurpose) -> dict[UUID, Consent]:
    """By each of some businesses the consent to a purpose that was given last, whether it still holds or was withdrawn."""
    query = select(Consent).where(Consent.business_id.in_(list(business_ids)), Consent.purpose == purpose)
    return {
        each.business_id: each for each in session().scalars(query.order_by(Consent.given_at, Consent.id))
    }


def own_ids(actor: Actor) -> list[UUID]:
    """The businesses that a founder is let in to."""
    return [UUID(grant.scope_id) for grant in actor.grants if grant.scope == "business" and grant.scope_id]


@remembered
def businesses_of(actor: Actor) -> Sequence[Business]:
    """The businesses that a founder is let in to and that are in use, by name."""
    ids = own_ids(actor)
    if not ids:
        return ()
    query = _with_shares().where(Business.id.in_(ids), Business.__table__.c.status == BusinessStatus.ACTIVE)
    return session().scalars(query.order_by(Business.sort_name, Business.id).limit(MOST)).all()


def claim_from(business_id: UUID, email: str) -> Claim | None:
    """The access request from an address that waits for a decision, if there is one."""
    asked = (Claim.business_id == business_id, Claim.email == email.lower())
    return session().scalar(select(Claim).where(*asked, Claim.__table__.c.status == ClaimStatus.WAITING))


@remembered
def people_of(business_id: UUID) -> Sequence[Person]:
    """Everybody at a business, those who left last."""
    query = select(Person).where(Person.business_id == business_id)
    order = (Person.left_on.is_not(None), Person.name, Person.id)
    return session().scalars(query.order_by(*order).limit(MOST)).all()


@remembered
def people_by_business(business_ids: Collection[UUID]) -> dict[UUID, list[Person]]:
    """By each of some businesses everybody there, those who left last: one query, however many there are."""
    query = select(Person).where(Person.business_id.in_(list(business_ids)))
    found: dict[UUID, list[Person]] = {}
    for each in session().scalars(query.order_by(Person.left_on.is_not(None), Person.name, Person.id)):
        found.setdefault(each.business_id, []).append(each)
    return found


def owners_for(
    business: Business, *, account: Account | None, person: Person | None, by: Actor
) -> tuple[list[Person], dict[str, str]]:
    """Who may be given a task of a business: its people, the member of staff who asks, and whoever has it now."""
    people = [each for each in people_of(business.id) if not each.left_on]
    staff = {str(by.account_id): by.name} if by.account_id and by.has(*STAFF) else {}
    if account is not None:
        staff[str(account.id)] = account.name
    if person is not None and person not in people:
        people.append(person)
    return people, staff


def person_of(business_id: UUID, person_id: UUID) -> Person | None:
    """One person of just this business, with the business."""
    return session().scalar(
        select(Person)
        .where(Person.id == person_id, Person.business_id == business_id)
        .options(joinedload(Person.business).undefer(Business.shared))
    )


def person_with_email(business_id: UUID, email: str) -> Person | None:
    """Who has an address at a business."""
    return session().scalar(select(Person).where(Person.business_id == business_id, Person.email == email))


def person_named(business_id: UUID, name: str) -> Person | None:
    """Who has a name at a business: the first who was added."""
    query = select(Person).where(Person.business_id == business_id, Person.name == name)
    return session().scalar(query.order_by(Person.id).limit(1))


def consents_of(business_id: UUID) -> Sequence[Consent]:
    """Every consent that a business ever gave, the newest first."""
    query = select(Consent).where(Consent.business_id == business_id)
    return session().scalars(query.order_by(Consent.given_at.desc(), Consent.id).limit(MOST)).all()


def consents_by_business(business_ids: Iterable[UUID]) -> dict[UUID, list[Consent]]:
    """Every consent that some businesses ever gave, the newest first."""
    given: dict[UUID, list[Consent]] = {each: [] for each in business_ids}
    if not given:
        return given
    query = select(Consent).where(Consent.business_id.in_(given))
    for each in session().scalars(query.order_by(Consent.given_at.desc(), Consent.id).limit(MOST)):
        given[each.business_id].append(each)
    return given


def holding_consent(business_id: UUID, purpose: ConsentPurpose) -> Consent | None:
    """The consent to a purpose that holds now, with its business."""
    return session().scalar(
        select(Consent)
        .where(Consent.business_id == business_id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None))
        .options(joinedload(Consent.business).undefer(Business.shared))
    )


def connections_of(business_id: UUID) -> Sequence[Connection]:
    """Who stands how to a business, the newest first."""
    query = select(Connection).where(Connection.business_id == business_id)
    return session().scalars(query.order_by(Connection.valid_from.desc(), Connection.id).limit(MOST)).all()


def connection_of(business_id: UUID, connection_id: UUID) -> Connection | None:
    """One connection of just this business."""
    return session().scalar(
        select(Connection)
        .where(Connection.id == connection_id, Connection.business_id == business_id)
        .options(joinedload(Connection.business).undefer(Business.shared))
    )


def share_of(business_id: UUID, hub_id: UUID) -> BusinessShare | None:
    """The share of a business with a hub that holds today."""
    day = today()
    return session().scalar(
        select(BusinessShare).where(
            BusinessShare.business_id == business_id,
            BusinessShare.hub_id == hub_id,
            has_come(BusinessShare.valid_from, on=day),
            or_(BusinessShare.valid_to.is_(None), ~is_past(BusinessShare.valid_to, on=day)),
        )
    )


def hub_names_of(found: Business) -> list[str]:
    """The names of the hubs that care for a business today."""
    ids = [UUID(hub_id) for hub_id in found.hub_ids(on=today())]
    return list(session().scalars(select(Hub.name).where(Hub.id.in_(ids)).order_by(Hub.name)))


def figures_of(business_id: UUID, year_end: object) -> YearlyFigures | None:
    """The figures of the period that ended on a day."""
    return session().scalar(
        select(YearlyFigures).where(
            YearlyFigures.business_id == business_id, YearlyFigures.year_end == year_end
        )
    )


@remembered
def figures_by_year(business_id: UUID) -> Sequence[YearlyFigures]:
    """The yearly figures of a business, the latest first."""
    query = select(YearlyFigures).where(YearlyFigures.business_id == business_id)
    return session().scalars(query.order_by(YearlyFigures.year_end.desc()).limit(100)).all()


def claims_of(business_id: UUID) -> Sequence[Claim]:
    """Every claim to a business, the newest first."""
    query = select(Claim).where(Claim.business_id == business_id)
    return session().scalars(query.order_by(Claim.made_at.desc(), Claim.id).limit(MOST)).all()


def claim(claim_id: UUID) -> Claim | None:
    """One claim with its business."""
    return session().scalar(
        select(Claim).where(Claim.id == claim_id).options(joinedload(Claim.business).undefer(Business.shared))
    )


def claims_waiting(actor: Actor) -> Sequence[Claim]:
    """The access requests to the businesses that this actor sees, the one that has waited longest first."""
    query = (
        select(Claim)
        .join(Business, Business.id == Claim.business_id)
        .where(Claim.__table__.c.status == ClaimStatus.WAITING, visible_to(actor))
        .options(contains_eager(Claim.business).undefer(Business.shared))
    )
    return session().scalars(query.order_by(Claim.made_at, Claim.id).limit(MOST)).all()


def places_of(found: Business) -> tuple[Place, ...] | None:
    """Where eligibility takes a business to trade: what an adviser said, else what its postcode or district means."""
    if found.place_method == "adviser":
        said = next((each for each in authorities() if each.name == found.authority), None)
        return (place_said(said, found.trading_outcode),) if said else None
    if found.trading_postcode:
        return locate(found.trading_postcode).places
    return locate_outcode(found.trading_outcode).places if found.trading_outcode else None
