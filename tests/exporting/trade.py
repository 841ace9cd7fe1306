"""Markets, editions, export plans and delegations as the tests of exporting need them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
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
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM
from tests import factories


def owner(business_id: UUID) -> Business:
    """A business as the verbs take it."""
    found = business(business_id)
    assert found is not None
    return found


def market(name: str = "Invented Market") -> Market:
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
    details = BarrierDetails(BarrierKind.OTHER, today(), words="No one speaks the language")
    made = planning.add_barrier(found, details, by=SYSTEM)
    again = queries.barrier(made.id)
    assert again is not None
    return again
