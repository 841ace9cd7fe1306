"""Markets and export plans as files."""

from __future__ import annotations

from typing import Any

from crm.exporting.plans.models import ExportBarrier, ExportCountry, Market, MarketEdition, MarketVisit
from crm.exporting.plans.rules import labels
from crm.exporting.plans.rules.countries import country_name
from crm.exporting.plans.rules.reporting import visit_state
from crm.kernel.clock import day_of
from crm.kernel.eligibility.vocabulary import DCMS_GROUPS

MARKETS_HEAD = (
    *(
        "Market",
        "Type",
        "Town or city",
        "Country",
        "Usual month",
        "Next edition",
        "State",
        "First day",
        "Last day",
    ),
    *("Sub-sectors", "Cost", "How sure", "Source"),
)
PLANS_HEAD = (
    "Business",
    "Country",
    "Route",
    "State",
    "Expected sales",
    "First sale expected",
    "First sale on",
    "Added on",
    "Aim",
)


def market_cells(found: Market, edition: MarketEdition | None) -> tuple[Any, ...]:
    """A market with its next edition, as a row."""
    days: tuple[Any, ...] = ("", "", None, None)
    if edition:
        days = (edition.title, labels.standing_of(edition), edition.starts_on, edition.ends_on)
    sectors = "; ".join(DCMS_GROUPS[each] for each in found.sectors)
    usual = labels.months_in_words(found.months)
    told = (found.name, found.kind, found.place, country_name(found.country), usual)
    sureness, source = (edition.sureness, edition.source) if edition else (found.sureness, found.source)
    return (*told, *days, sectors, found.cost, labels.SURENESS[sureness], source)


BARRIERS_HEAD = ("Business", "Barrier", "In words", "Met on", "Removed on", "How")
VISITS_HEAD = ("Business", "Market", "First day", "Last day", "State", "Note")


def barrier_cells(found: ExportBarrier) -> tuple[Any, ...]:
    """A barrier, as a row."""
    said = (labels.BARRIERS[found.kind], found.words)
    return (found.business.name, *said, found.met_on, found.removed_on, found.how)


def visit_cells(found: MarketVisit) -> tuple[Any, ...]:
    """A visit to a market, as a row."""
    edition = found.edition
    days = (edition.starts_on, edition.ends_on)
    return (found.business.name, edition.name, *days, labels.VISIT_STATES[visit_state(found)], found.note)


def plan_cells(found: ExportCountry) -> tuple[Any, ...]:
    """A country of an export plan, as a row."""
    said = (labels.ROUTES[found.route], labels.COUNTRY_STATUSES[found.status])
    named = (found.business.name, country_name(found.country), *said)
    return (*named, found.value, found.win_on, found.won_on, day_of(found.added_at), found.aim)
