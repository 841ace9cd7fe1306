"""Letters to the businesses that mean to go to a market whose days moved, or that was cancelled."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from crm.accounts.queries import people_of_business
from crm.businesses.queries.seeing import first_reader, people_of
from crm.db.changes import Changes
from crm.exporting.plans import queries
from crm.exporting.plans.models import MarketEdition
from crm.kernel.calendar import days_in_words
from crm.kernel.clock import is_past, today
from crm.notices.service import Extras, Reader, queue

NO_DATE = "not known yet"
DAYS = ("starts_on", "ends_on")


def tell_of_move(found: MarketEdition, changes: Changes) -> None:
    """Write to those who go where the days of a market changed, with those before. A market that is over moves nobody."""
    if not any(name in changes for name in DAYS) or (found.ends_on and is_past(found.ends_on, on=today())):
        return
    before = [changes[name][0] if name in changes else getattr(found, name) for name in DAYS]
    _tell(found, "market_moved", when=_in_words(found.starts_on, found.ends_on), before=_in_words(*before))


def tell_of_end(found: MarketEdition) -> None:
    """Write to those who meant to go to a market that its organiser cancelled."""
    _tell(found, "market_cancelled", reason=found.reason)


def tell_of_return(found: MarketEdition) -> None:
    """Write to those who meant to go to a market that was cancelled and takes place after all."""
    _tell(found, "market_restored", when=_in_words(found.starts_on, found.ends_on))


def _tell(found: MarketEdition, kind: str, **said: str) -> None:
    for visit in queries.going_to(found.id):
        path = f"/businesses/{visit.business_id}/export-plan"
        context = said | {"name": found.name, "business": visit.business.name, "path": path}
        for reader, is_known in _readers(visit.business_id):
            queue(kind, reader, having=Extras(context | {"is_known": is_known}))


def _readers(business_id: UUID) -> list[tuple[Reader, bool]]:
    """Everybody at a business with an account; where nobody has one, the first person there with an email address."""
    own = [account for account, _ in people_of_business(business_id)]
    if own:
        return [(Reader(each.email, each.name), True) for each in own]
    to = first_reader(people_of(business_id))
    return [(Reader(to["email"], to["name"]), False)] if to else []


def _in_words(first: date | None, last: date | None) -> str:
    if first is None:
        return NO_DATE
    return days_in_words(first, last or first)
