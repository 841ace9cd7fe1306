"""The demonstration's feeds: of invented councils, one in each state in which somebody may find one."""

from __future__ import annotations

from flask import current_app

from crm.accounts.queries import acting
from crm.db.session import session
from crm.feeds import queries
from crm.feeds.models import FeedImport
from crm.feeds.rules.reading import PER_PAGE, PageRefused, read_page
from crm.feeds.service.asking import FeedDetails, bring, cancel, take_in, undo
from crm.feeds.service.reading import keep, stop
from crm.feeds.service.taking import take_some, undo_some
from crm.feeds.workflow import ImportStatus
from crm.gateways.feeds import Feeds
from crm.kernel.permissions import Actor

BRINGER = "admin@demo.example"


def load_demo() -> dict[str, int]:
    """A feed in each state, once: what the worker has in hand it goes on with as soon as it runs."""
    by = acting(BRINGER)
    if queries.count_of_imports():
        return {"demo feeds": 0}
    _asked("highfield", by)
    _taken_back(_read("eastholm", by), by)
    cancel(_read("eastholm", by), by=by)
    take_in(_read("southwick", by), only_needed=False, by=by)
    undo(_taken(_read("elmstow", by), by), by=by)
    _taken(_read("westford", by), by)
    _read("northmere", by)
    _read("midshire", by)
    return {"demo feeds": queries.count_of_imports()}


def _taken(found: FeedImport, by: Actor) -> FeedImport:
    take_in(found, only_needed=False, by=by)
    take_some(found)
    return found


def _taken_back(found: FeedImport, by: Actor) -> None:
    undo(_taken(found, by), by=by)
    undo_some(found)


def _asked(council: str, by: Actor) -> FeedImport:
    address = f"https://directory.{council}.example/oruk/v3/services"
    return bring(FeedDetails(f"{council.title()} Council (invented)", address), by=by)


def _read(council: str, by: Actor) -> FeedImport:
    """Ask for an invented feed, and read it as the worker would."""
    feeds: Feeds = current_app.extensions["feeds"]
    made = _asked(council, by)
    while made.status is ImportStatus.READING:
        number = made.page
        page = feeds.page(made.address, page=number, per_page=PER_PAGE)
        try:
            keep(made.id, number, page=page, rows=read_page(page, number))
        except PageRefused as fault:
            stop(made, str(fault))
        session().flush()
    return made
