"""The demonstration's calendar and export plans: every state of each, all of it invented but the markets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from crm.accounts.queries import acting, standing_in
from crm.businesses.models import Business
from crm.businesses.queries.seeing import people_of
from crm.exporting.plans import queries
from crm.exporting.plans.models import ExportCountry, Market, MarketEdition, MarketVisit
from crm.exporting.plans.service import markets, planning, visiting
from crm.exporting.plans.service.markets import EditionDetails, MarketDetails
from crm.exporting.plans.service.planning import BarrierDetails, CountryDetails, TaskDetails
from crm.exporting.plans.workflow import BarrierKind, Route, Sureness
from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.kernel.permissions import Actor

ADVISER = "export.cw@demo.example"
INVENTED = "Invented for the demonstration"
ABROAD = ("DE", "FR", "JP", "CA", "IE", "US", "NL", "KR")


def market(name: str, days: int | None, *, sure: Sureness = Sureness.CONFIRMED) -> MarketEdition:
    """An invented market with one edition, so many days from today; without any of no date."""
    known = queries.markets(queries.MarketsWanted(text=name))
    month = (today() + timedelta(days=days)).month if days is not None else 4
    details = MarketDetails(
        f"{name} (invented)",
        "content market",
        "Inventia",
        "FR",
        (str(month),),
        ("film_tv_radio_photo", "it_software"),
        Sureness.USUAL,
        INVENTED,
        cost="£900 for a badge",
    )
    found = known[0] if known else markets.add(details, by=standing_in(acting(ADVISER)))
    return edition(found, days, sure=sure)


def edition(found: Market, days: int | None, *, sure: Sureness = Sureness.CONFIRMED) -> MarketEdition:
    """An edition of four days, so many days from today."""
    begins = today() + timedelta(days=days) if days is not None else None
    ends = begins + timedelta(days=3) if begins else None
    title = str(begins.year) if begins else "next edition"
    known = queries.edition_called(found.id, title)
    details = EditionDetails(title, begins, ends, sure, INVENTED)
    made = known or markets.add_edition(found, details, by=standing_in(acting(ADVISER)))
    again = queries.edition(made.id)
    assert again is not None
    return again


def load_plans(owners: Sequence[Business], *, by: Actor) -> int:
    """A calendar with one edition in every state, and plans with every route, state and barrier."""
    visits = [
        _visit(owners[0], market(f"Market {name}", days)) for name, days in (("Alder", 60), ("Birch", 2))
    ]
    visits.append(_visit(owners[0], market("Market Cedar", 40)))
    _settle(visits)
    market("Market Dogwood", None, sure=Sureness.USUAL)
    market("Market Elder", 200, sure=Sureness.REPORTED)
    markets.cancel_edition(
        _visit(owners[0], market("Market Fir", 90)).edition,
        reason=f"{INVENTED}: too few stands",
        by=standing_in(acting(ADVISER)),
    )
    _move(market("Market Hawthorn", 110))
    countries = [_country(owners[0], place, route) for place, route in enumerate(Route)]
    for place, days in ((0, 20), (3, 110), (5, 210), (6, 300)):
        planning.win_country(countries[place], won_on=_in(-days), by=standing_in(acting(ADVISER)))
    planning.drop_country(countries[1], by=standing_in(acting(ADVISER)))
    _tasks(countries[2], by=by)
    for kind in BarrierKind:
        _barrier(owners[0], kind)
    for place, other in enumerate(owners[1:4]):
        _country(other, place, Route.DIRECT)
    return len(countries)


def _visit(owner: Business, where: MarketEdition) -> MarketVisit:
    made = visiting.go(owner, where, note="To meet three buyers (invented)", by=standing_in(acting(ADVISER)))
    found = queries.visit(made.id)
    assert found is not None
    return found


def _move(found: MarketEdition) -> None:
    """Its organiser has moved it by two weeks."""
    assert found.starts_on is not None
    assert found.ends_on is not None
    first, last = (each + timedelta(days=14) for each in (found.starts_on, found.ends_on))
    details = EditionDetails(found.title, first, last, Sureness.CONFIRMED, INVENTED)
    markets.change_edition(found, details, version=None, by=standing_in(acting(ADVISER)))


def _settle(visits: Sequence[MarketVisit]) -> None:
    """One is to come, one was last week, and to the last nobody went."""
    over = visits[1].edition
    over.starts_on, over.ends_on = today() - timedelta(days=9), today() - timedelta(days=6)
    visiting.attend(visits[1], by=standing_in(acting(ADVISER)))
    visiting.miss(visits[2], by=standing_in(acting(ADVISER)))


def _country(owner: Business, place: int, route: Route) -> ExportCountry:
    value = Money.pounds(6_000 * place) if place % 3 else None
    win_on = today() + timedelta(days=30 * (place + 2)) if place % 2 else None
    details = CountryDetails(
        ABROAD[place], route, "Two partners for a first series (invented)", value, win_on
    )
    made = planning.add_country(owner, details, by=standing_in(acting(ADVISER)))
    found = queries.country(made.id)
    assert found is not None
    return found


def _tasks(country: ExportCountry, *, by: Actor) -> None:
    """One of the business, one of the adviser, and one that is done."""
    who = next(each for each in people_of(country.business_id) if not each.left_on)
    planning.add_task(
        country, TaskDetails("Translate the pitch", _in(5), person_id=who.id), by=standing_in(acting(ADVISER))
    )
    planning.add_task(
        country,
        TaskDetails("Find a lawyer there", _in(3), account_id=by.account_id),
        by=standing_in(acting(ADVISER)),
    )
    made = planning.add_task(
        country, TaskDetails("List ten buyers", _in(1), person_id=who.id), by=standing_in(acting(ADVISER))
    )
    done = queries.task(made.id)
    assert done is not None
    planning.finish_task(done, by=standing_in(acting(ADVISER)))


def _in(days: int) -> date:
    return today() + timedelta(days=days)


def _barrier(owner: Business, kind: BarrierKind) -> None:
    is_removed = kind is BarrierKind.KNOWLEDGE
    removed_on, how = (_in(-3), "A course at the chamber (invented)") if is_removed else (None, "")
    words = "No visa in time (invented)" if kind is BarrierKind.OTHER else ""
    planning.add_barrier(
        owner, BarrierDetails(kind, _in(-40), words, removed_on, how), by=standing_in(acting(ADVISER))
    )
