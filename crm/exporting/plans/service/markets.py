"""Markets and festivals: added, changed, given editions, moved and cancelled."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files

from crm.audit import service as audit
from crm.db.changes import Changes, amend, created, fields_of
from crm.db.following import follow
from crm.db.session import session
from crm.db.states import advance, refuse_if, require_as_shown
from crm.exporting.plans import queries
from crm.exporting.plans.models import Market, MarketEdition
from crm.exporting.plans.policy import POLICY
from crm.exporting.plans.rules.countries import countries
from crm.exporting.plans.rules.sound import doubt_in_move, fault_in_dates, first_known
from crm.exporting.plans.service.telling import WHEN_AND_WHERE, tell_of_end, tell_of_move, tell_of_return
from crm.exporting.plans.workflow import EDITIONS, Act, EditionStatus, Sureness
from crm.kernel.clock import today
from crm.kernel.errors import Conflict, Invalid, refuse_all, says_something
from crm.kernel.permissions import SYSTEM, Actor
from crm.kernel.text import series

SHIPPED = "reference/markets.csv"


@dataclass(frozen=True)
class MarketDetails:
    """A market. ``months`` are the numbers of its usual months, ``sectors`` codes of sub-sectors, ``country`` a code or None."""

    name: str
    kind: str
    place: str
    country: str | None
    months: tuple[str, ...]
    sectors: tuple[str, ...]
    sureness: Sureness
    source: str
    cost: str = ""
    note: str = ""
    ended: bool = False


@dataclass(frozen=True)
class EditionDetails:
    """An edition. Both days or none: without them only the usual month is known."""

    title: str
    starts_on: date | None
    ends_on: date | None
    sureness: Sureness
    source: str
    place: str = ""


def add(details: MarketDetails, *, key: str | None = None, is_another: bool = True, by: Actor) -> Market:
    """Add a market to the calendar. ``key`` is that of one that comes with the product.

    One that is called nearly as another is asked about, unless it ``is_another``.
    """
    POLICY.require(by, Act.ADD_MARKET)
    like = [] if is_another else queries.markets_called_like(details.name)
    refuse_all((*_faults_in_market(details, kept=None), *_faults_in_name(like)))
    fields = fields_of(details)
    made = Market(key=key, **fields)
    session().add(made)
    session().flush()
    audit.record(Act.ADD_MARKET, made, created(**{k: v for k, v in fields.items() if v}), by=by)
    return made


def change(found: Market, details: MarketDetails, *, version: int | None, by: Actor) -> None:
    """Change what is said of a market."""
    POLICY.require(by, Act.CHANGE_MARKET, found)
    require_as_shown(found, version)
    refuse_all(_faults_in_market(details, kept=found))
    changes = amend(found, **fields_of(details))
    if changes:
        audit.record(Act.CHANGE_MARKET, found, changes, by=by)


def _faults_in_name(like: Sequence[Market]) -> Iterator[Invalid]:
    """What is asked where markets are called nearly as a new one."""
    if like:
        names = series([each.name for each in like])
        yield Invalid(f"{names} is in the calendar. Tick that this is another one", field="is_another")


def _faults_in_market(details: MarketDetails, *, kept: Market | None) -> Iterator[Invalid]:
    if details.country is not None and details.country not in countries():
        yield Invalid("Choose a country from the list", field="country")
    if not details.name.strip():
        yield Invalid("Enter the name of the market", field="name")
    if not details.source.strip():
        yield Invalid("Enter where this was found", field="source")
    known = queries.market_named(details.name)
    if known is not None and (kept is None or known.id != kept.id):
        yield Invalid(f"{known.name} is in the calendar already", field="name")


def add_edition(market: Market, details: EditionDetails, *, by: Actor) -> MarketEdition:
    """Add an edition of a market, with its dates or without."""
    POLICY.require(by, Act.ADD_EDITION, market)
    refuse_all(_faults_in_edition(market, details, kept=None))
    fields = fields_of(details)
    made = MarketEdition(market_id=market.id, **fields, _status=EDITIONS.start)
    session().add(made)
    session().flush()
    audit.record(Act.ADD_EDITION, made, created(**fields), by=by)
    return made


def _faults_in_edition(
    market: Market, details: EditionDetails, *, kept: MarketEdition | None
) -> Iterator[Invalid]:
    fault = fault_in_dates(details.starts_on, details.ends_on)
    if fault:
        yield Invalid(fault[1], field=fault[0])
    if details.sureness is not Sureness.USUAL and details.starts_on is None:
        yield Invalid("Enter the dates, or choose that only the usual month is known", field="sureness")
    known = queries.edition_called(market.id, details.title)
    if known is not None and (kept is None or known.id != kept.id):
        yield Invalid(f"{market.name} has an edition called {details.title} already", field="title")


def _doubts(kept: MarketEdition, details: EditionDetails) -> Iterator[Invalid]:
    """What is asked of days that are over."""
    doubt = doubt_in_move(kept.ends_on, details.ends_on, on=today())
    if doubt:
        yield Invalid(doubt[1], field=doubt[0])


def why_not_change(found: MarketEdition) -> str | None:
    """Why an edition cannot be changed: it was cancelled."""
    return "This edition was cancelled." if found.status is EditionStatus.CANCELLED else None


def change_edition(
    found: MarketEdition, details: EditionDetails, *, version: int | None, took_place: bool = True, by: Actor
) -> None:
    """Change an edition. Where its days move, the first day before is remembered; those who go and delegations to it are told.

    Days that are over are asked about where it is still to come, unless it ``took_place`` on them.
    """
    POLICY.require(by, Act.CHANGE_EDITION, found)
    refuse_if(why_not_change(found))
    require_as_shown(found, version)
    doubts = () if took_place else _doubts(found, details)
    refuse_all((*_faults_in_edition(found.market, details, kept=found), *doubts))
    changes = _amended(found, details)
    if changes:
        audit.record(Act.CHANGE_EDITION, found, changes, by=by)
        session().flush()
        tell_of_move(found, changes)
        if any(name in changes for name in WHEN_AND_WHERE):
            follow(Act.CHANGE_EDITION, found, by=by)


def _amended(found: MarketEdition, details: EditionDetails) -> Changes:
    """What changes of an edition; where its first day moves, the day before is remembered."""
    before, changes = found.starts_on, amend(found, **fields_of(details))
    if "starts_on" in changes and before is not None:
        first = first_known(found.moved_from, before=before, now=found.starts_on, on=today())
        changes |= amend(found, moved_from=first)
    return changes


def cancel_edition(found: MarketEdition, *, reason: str, by: Actor) -> None:
    """Record that the organiser cancelled an edition; the leads of delegations to it see that they have to decide."""
    POLICY.require(by, Act.CANCEL_EDITION, found)
    if not says_something(reason):
        raise Invalid("Say why it was cancelled, or where you read it", field="reason")
    changes = advance(EDITIONS, found, Act.CANCEL_EDITION) | amend(found, reason=reason.strip())
    audit.record(Act.CANCEL_EDITION, found, changes, by=by)
    session().flush()
    tell_of_end(found)
    follow(Act.CANCEL_EDITION, found, by=by)


def restore_edition(found: MarketEdition, *, by: Actor) -> None:
    """Record that a cancelled edition takes place after all; those who go and delegations to it are told."""
    POLICY.require(by, Act.RESTORE_EDITION, found)
    changes = advance(EDITIONS, found, Act.RESTORE_EDITION) | amend(found, reason="")
    session().flush()
    audit.record(Act.RESTORE_EDITION, found, changes, by=by)
    tell_of_return(found)
    follow(Act.RESTORE_EDITION, found, by=by)


def load_shipped() -> dict[str, int]:
    """Add the markets that come with the product where the calendar is empty: from then on it is edited in the product."""
    if queries.has_markets():
        return {"markets": 0}
    text = files("crm.exporting.plans").joinpath(SHIPPED).read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    for row in rows:
        _load(row)
    return {"markets": len(rows)}


def _load(row: Mapping[str, str]) -> None:
    details = MarketDetails(
        name=row["name"],
        kind=row["kind"],
        place=row["place"],
        country=row["country"] or None,
        months=tuple(filter(None, row["months"].split("|"))),
        sectors=tuple(filter(None, row["sectors"].split("|"))),
        sureness=Sureness(row["sureness"]),
        source=row["source"],
        note=row["note"],
        ended=row["ended"] == "yes",
    )
    made = add(details, key=row["key"], by=SYSTEM)
    told = EditionDetails("", None, None, details.sureness, details.source)
    for days in filter(None, row["editions"].split(";")):
        first, last = (date.fromisoformat(each) for each in days.split("/"))
        add_edition(made, replace(told, title=str(first.year), starts_on=first, ends_on=last), by=SYSTEM)


def require_open(found: MarketEdition) -> None:
    """Refuse an edition that was cancelled. Raises `Conflict`."""
    if found.status is EditionStatus.CANCELLED:
        raise Conflict(f"{found.name} was cancelled: {found.reason}", about=found)
