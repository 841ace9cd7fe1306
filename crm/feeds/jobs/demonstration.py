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
    """A feed that was taken in and taken back, one that was cancelled, one that stopped, one to look through; once."""
    by = acting(BRINGER)
    if queries.count_of_imports():
        return {"demo feeds": 0}
    there_and_back = _read("eastholm", by)
    take_in(there_and_back, only_needed=False, by=by)
    take_some(there_and_back)
    undo(there_and_back, by=by)
    undo_some(there_and_back)
    cancel(_read("eastholm", by), by=by)
    _read("northmere", by)
    _read("midshire", by)
    return {"demo feeds": queries.count_of_imports()}


def _read(council: str, by: Actor) -> FeedImport:
    """Ask for an invented feed, and read it as the worker would."""
    feeds: Feeds = current_app.extensions["feeds"]
    address = f"https://directory.{council}.example/oruk/v3/services"
    made = bring(FeedDetails(f"{council.title()} Council (invented)", address), by=by)
    while made.status is ImportStatus.READING:
        number = made.page
        page = feeds.page(address, page=number, per_page=PER_PAGE)
        try:
            keep(made.id, number, page=page, rows=read_page(page, number))
        except PageRefused as fault:
            stop(made, str(fault))
        session().flush()
    return made
