"""Feeds of invented councils, read as the worker reads them."""

from __future__ import annotations

from crm.db.session import session
from crm.feeds import queries
from crm.feeds.models import FeedImport
from crm.feeds.rules.reading import PageRefused, read_page
from crm.feeds.service.asking import FeedDetails, bring
from crm.feeds.service.reading import keep, stop
from crm.feeds.service.taking import take_some, undo_some
from crm.feeds.workflow import ImportStatus
from crm.gateways.feeds import Feeds
from crm.gateways.pretend_feeds import invented_feeds
from crm.kernel.permissions import Actor

MIDSHIRE = "https://directory.midshire.example/oruk/v3/services"
NORTHMERE = "https://directory.northmere.example/oruk/v3/services"


def asked(by: Actor, address: str = MIDSHIRE) -> FeedImport:
    """A feed that somebody asked for."""
    return again(bring(FeedDetails("Midshire Council", address), by=by))


def read(by: Actor, address: str = MIDSHIRE, *, feeds: Feeds | None = None) -> FeedImport:
    """A feed that was read to its end, or to where it stopped."""
    return worked(asked(by, address), feeds)


def worked(found: FeedImport, feeds: Feeds | None = None) -> FeedImport:
    """The same once the worker has done what it waits for."""
    while found.is_at_work:
        if found.status is ImportStatus.READING:
            _read_page(found, feeds or invented_feeds())
        elif found.status is ImportStatus.TAKING:
            take_some(found)
        else:
            undo_some(found)
        session().flush()
    return again(found)


def _read_page(found: FeedImport, feeds: Feeds) -> None:
    number = found.page
    page = feeds.page(found.address, page=number)
    try:
        keep(found.id, number, page=page, rows=read_page(page, number))
    except PageRefused as fault:
        stop(found, str(fault))


def again(made: FeedImport) -> FeedImport:
    """One import as a page reads it."""
    session().flush()
    session().expire_all()
    found = queries.feed_import(made.id)
    assert found is not None
    return found
