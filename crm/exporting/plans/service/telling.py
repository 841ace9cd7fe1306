"""Letters to the businesses that mean to go to a market whose days moved, or that was cancelled, with its calendar entry."""

from __future__ import annotations

from datetime import date, time

from crm.businesses.service.writing import readers_at, readers_by_business
from crm.db.changes import Changes
from crm.db.session import session
from crm.exporting.plans import queries
from crm.exporting.plans.models import MarketEdition, MarketVisit
from crm.exporting.plans.rules.countries import place_in_words
from crm.exporting.plans.rules.sound import is_news, is_over
from crm.exporting.plans.workflow import EditionStatus, VisitStatus
from crm.kernel.calendar import days_in_words
from crm.kernel.clock import moment_on, today
from crm.kernel.events import Event
from crm.notices.service import Extras, queue

NO_DATE = "not known yet"
DAYS = ("starts_on", "ends_on")
WHEN_AND_WHERE = (*DAYS, "place")
"""What those who go rely on: where it changes, delegations to the edition are decided on anew; another source moves nobody."""
NOON = time(12)


def tell_of_move(found: MarketEdition, changes: Changes) -> None:
    """Write to those who go where the days or the place of a market changed, with those before. Days long over are no news."""
    before = {name: changes[name][0] if name in changes else getattr(found, name) for name in WHEN_AND_WHERE}
    usual, on = found.market.place, today()
    where, where_before = found.place or usual, before["place"] or usual
    is_moved = any(name in changes for name in DAYS)
    if is_news(before["ends_on"], found.ends_on, on=on) and (is_moved or where != where_before):
        said = {"when": _in_words(found.starts_on, found.ends_on), "where": where}
        said |= {"before": _in_words(*(before[name] for name in DAYS)), "where_before": where_before}
        _tell(found, "market_moved", **said, is_moved=is_moved, is_over=is_over(found.ends_on, on=on))


def tell_of_end(found: MarketEdition) -> None:
    """Write to those who meant to go to a market that its organiser cancelled."""
    _tell(found, "market_cancelled", reason=found.reason)


def tell_of_return(found: MarketEdition) -> None:
    """Write to those who meant to go to a market that was cancelled and takes place after all."""
    _tell(found, "market_restored", when=_in_words(found.starts_on, found.ends_on))


def going_with_readers(found: MarketEdition) -> list[tuple[str, int]]:
    """The businesses that mean to go to an edition, each with how many people are written to about it."""
    visits = queries.going_to(found.id)
    readers = readers_by_business([each.business_id for each in visits])
    return [(each.business.name, len(readers[each.business_id])) for each in visits]


def _tell(found: MarketEdition, kind: str, **said: str | bool) -> None:
    """One letter to each reader, with the entry for the calendar as it is now."""
    session().flush()  # the entry is newer than the one before by the versions of its rows
    for visit in queries.going_to(found.id):
        path, event = f"/businesses/{visit.business_id}/export-plan", event_of(visit)
        context = said | {"name": found.name, "business": visit.business.name, "path": path}
        for reader, is_known in readers_at(visit.business_id):
            told = context | {"is_known": is_known, "is_taken_out": event.is_cancelled}
            queue(kind, reader, having=Extras(told, event=event))


def event_of(found: MarketVisit) -> Event:
    """The visit for a calendar, in whole days; taken out again where the market has no days or is cancelled, or nobody goes."""
    edition, market = found.edition, found.edition.market
    first, last = edition.starts_on or today(), edition.ends_on or today()
    return Event(
        uid=f"market-visit-{found.id}@letters.crm",
        sequence=edition.version + found.version,
        starts_at=moment_on(first, NOON),
        ends_at=moment_on(max(first, last), NOON),
        title=edition.name,
        where=place_in_words(edition.place or market.place, market.country),
        text=found.note,
        is_cancelled=edition.starts_on is None
        or edition.status is EditionStatus.CANCELLED
        or found.status is VisitStatus.MISSED,
        is_whole_day=True,
    )


def _in_words(first: date | None, last: date | None) -> str:
    if first is None:
        return NO_DATE
    return days_in_words(first, last or first)
