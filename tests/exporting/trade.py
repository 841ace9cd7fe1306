"""Markets, editions, export plans and delegations, as the tests of exporting need them."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.exporting.delegations.models import Delegation, DelegationPlace
from crm.exporting.delegations.queries import seating, seeing
from crm.exporting.delegations.service import answering, choosing, leading
from crm.exporting.delegations.service.answering import ApplicationDetails
from crm.exporting.delegations.service.choosing import Assessment
from crm.exporting.delegations.service.leading import DelegationDetails
from crm.exporting.delegations.workflow import Sells
from crm.exporting.plans import queries
from crm.exporting.plans.models import (
    ExportBarrier,
    ExportCountry,
    ExportTask,
    Market,
    MarketEdition,
    MarketVisit,
)
from crm.exporting.plans.rules.countries import abroad
from crm.exporting.plans.service import markets, planning, visiting
from crm.exporting.plans.service.markets import EditionDetails, MarketDetails
from crm.exporting.plans.service.planning import BarrierDetails, CountryDetails, TaskDetails
from crm.exporting.plans.workflow import BarrierKind, Route, Sureness
from crm.funding.subsidy.service import giving
from crm.funding.subsidy.service.recording import SubsidyDetails
from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from tests import factories

NUMBERS = count(1)


def owner(business_id: UUID) -> Business:
    """A business as the verbs take it."""
    found = business(business_id)
    assert found is not None
    return found


def market(name: str = "") -> Market:
    name = name or (
        "Invented Market" if queries.market_named("Invented Market") is None else f"Market {uuid4()}"
    )
    details = MarketDetails(
        name, "content market", "Cannes", "FR", ("10",), ("crafts",), Sureness.USUAL, "invented"
    )
    return markets.add(details, by=SYSTEM)


def edition(found: Market | None = None, *, days: int | None = 90, **fields: Any) -> MarketEdition:
    """An edition so many days from today for four days; without any of no date."""
    begins = today() + timedelta(days=days) if days is not None else None
    ends = begins + timedelta(days=3) if begins else None
    sure = Sureness.CONFIRMED if begins else Sureness.USUAL
    told = {"title": str(today().year + 1), "starts_on": begins, "ends_on": ends} | fields
    made = markets.add_edition(
        found or market(), EditionDetails(**told, sureness=sure, source="the organiser"), by=SYSTEM
    )
    again = queries.edition(made.id)
    assert again is not None
    return again


def visit(found: Business, where: MarketEdition | None = None) -> MarketVisit:
    made = visiting.go(found, where or edition(), by=SYSTEM)
    again = queries.visit(made.id)
    assert again is not None
    return again


def country(found: Business, code: str | None = None, **fields: Any) -> ExportCountry:
    """A country of a plan: the one named, or the first that is not in it."""
    taken = {each.country for each in queries.plan_of(found.id)}
    chosen = code or next(each for each in abroad() if each not in taken)
    made = planning.add_country(found, CountryDetails(chosen, Route.DIRECT, **fields), by=SYSTEM)
    again = queries.country(made.id)
    assert again is not None
    return again


def task(where: ExportCountry) -> ExportTask:
    who = factories.person(where.business)
    details = TaskDetails("Find a distributor", today() + timedelta(days=7), person_id=who.id)
    made = planning.add_task(where, details, by=SYSTEM)
    again = queries.task(made.id)
    assert again is not None
    return again


def barrier(found: Business) -> ExportBarrier:
    details = BarrierDetails(
        BarrierKind.OTHER, today(), words=f"No one speaks the language ({next(NUMBERS)})"
    )
    made = planning.add_barrier(found, details, by=SYSTEM)
    again = queries.barrier(made.id)
    assert again is not None
    return again


def delegation(where: MarketEdition | None = None, **fields: Any) -> Delegation:
    """A draft of a delegation to an edition, with two places, which we pay £800 of."""
    there = where or edition(market(f"Market {uuid4()}"))
    told: dict[str, Any] = {
        "edition_id": there.id,
        "title": "Delegation to an invented market",
        "about": "For makers of series",
        "departs_on": today() + timedelta(days=89),
        "returns_on": today() + timedelta(days=94),
        "closes_on": today() + timedelta(days=20),
        "place": "Cannes, France",
        "seats": 2,
        "cost": Money.pounds(1_800),
        "share": Money.pounds(1_000),
        "criteria": ("Ready to export", "Fits the market"),
    }
    made = leading.plan(there, DelegationDetails(**(told | fields)), by=SYSTEM)
    return whole(made.id)


def whole(delegation_id: UUID) -> Delegation:
    found = seeing.delegation(delegation_id)
    assert found is not None
    return found


def opened(**fields: Any) -> Delegation:
    made = delegation(**fields)
    leading.open_(made, by=SYSTEM)
    return made


def applied(
    found: Delegation, who: Business | None = None, *, sells: Sells = Sells.SERVICES
) -> DelegationPlace:
    """An application of a business, by a person there with an address."""
    business_ = who or owner(factories.business().id)
    person = factories.person(business_)
    return answering.apply(
        found, ApplicationDetails(person.id, "To meet buyers", sells), business=business_, by=SYSTEM
    )


def assessed(place: DelegationPlace, points: int = 2, *, is_suitable: bool = True) -> DelegationPlace:
    marks = tuple(points for _ in place.delegation.criteria)
    choosing.assess(place, Assessment(marks, is_suitable, "Because"), version=None, by=SYSTEM)
    return place


def chosen(*points: int, **fields: Any) -> tuple[Delegation, list[DelegationPlace]]:
    """A delegation of two places whose places were offered to applicants with these marks for each criterion."""
    found = opened(**fields)
    places = [assessed(applied(found), each) for each in points]
    leading.close(found, by=SYSTEM)
    choosing.select(found, by=SYSTEM)
    return found, [again(each) for each in places]


def again(place: DelegationPlace) -> DelegationPlace:
    session().expire(place)
    found = seating.place(place.id)
    assert found is not None
    return found


def any_place(who: Business) -> DelegationPlace:
    """An application of a business to a delegation of its own."""
    return applied(opened(), who)


def back(found: Delegation) -> None:
    """Let the delegation have been: it came back yesterday."""
    found.closes_on, found.departs_on = today() - timedelta(days=30), today() - timedelta(days=5)
    found.returns_on = today() - timedelta(days=1)
    session().flush()


def went(who: Business | None = None) -> DelegationPlace:
    """A place of a business that went, with what it is asked."""
    found = opened()
    place = assessed(applied(found, who))
    leading.close(found, by=SYSTEM)
    choosing.select(found, by=SYSTEM)
    answering.accept(again(place), by=SYSTEM)
    back(found)
    leading.hold(found, {place.id}, by=SYSTEM)
    return again(place)


def gave(who: Business, amount: Money) -> None:
    details = SubsidyDetails("A council", "a grant of before", amount, today())
    giving.prepare(who, details, depends_on_exporting_goods=False, by=SYSTEM)
