"""What the worker does with a feed that is being read: one page at a time, each kept in a transaction of its own."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from crm.audit import service as audit
from crm.db.session import Database, session
from crm.db.states import advance
from crm.feeds import queries
from crm.feeds.models import FeedImport, IncomingService
from crm.feeds.rules.addressing import mark_of_key
from crm.feeds.rules.reading import (
    MOST_INCOMING,
    MOST_PAGES,
    PER_PAGE,
    REPEATED,
    TOO_MANY,
    TOO_MANY_PAGES,
    Incoming,
    IncomingFault,
    PageRefused,
    is_last,
    read_page,
)
from crm.feeds.workflow import IMPORTS, Act, ImportStatus, Verdict
from crm.gateways.feeds import Feeds, FeedUnreadable
from crm.kernel.permissions import SYSTEM

log = logging.getLogger("crm.feeds")
LONGEST_FAULT = 300
OUR_FAULT = "Something went wrong on our side. Read on, and if it stops here again, tell us."
Read = Sequence[Incoming | IncomingFault]


def read_next(database: Database, feeds: Feeds) -> bool:
    """Read one page of the feed that has waited longest; whether there was one. A fault stops the feed, not the worker."""
    with database.reading():
        found = queries.next_with(ImportStatus.READING)
        if found is None:
            return False
        import_id, address, number = found.id, found.address, found.page
    try:
        page = feeds.page(address, page=number, per_page=PER_PAGE)
        rows = read_page(page, number)
        with database.transaction():
            keep(import_id, number, page=page, rows=rows)
    except (FeedUnreadable, PageRefused) as fault:
        _stop(database, import_id, number, str(fault))
    except Exception:
        log.exception("page %s of feed %s could not be kept", number, import_id)
        _stop(database, import_id, number, OUR_FAULT)
    return True


def keep(import_id: UUID, number: int, *, page: Mapping[str, Any], rows: Read) -> None:
    """Keep a page and go on to the next. Raises `PageRefused` where it repeats, or never ends.

    A page that another worker has kept meanwhile, or of a feed that was cancelled, is let go.
    """
    found = _at_page(import_id, number)
    if found is None:
        return
    _require_new(found, rows)
    session().add_all(_kept(found, rows))
    found.page, found.pages = number + 1, page["total_pages"]
    if is_last(page):
        finish(found)
    elif number >= MOST_PAGES:
        raise PageRefused(TOO_MANY_PAGES)


def finish(found: FeedImport) -> None:
    """A feed has been read to its end: somebody looks through it now."""
    audit.record(Act.FINISH_READING, found, advance(IMPORTS, found, Act.FINISH_READING), by=SYSTEM)


def _require_new(found: FeedImport, rows: Read) -> None:
    ids = [each.external_id for each in rows if isinstance(each, Incoming)]
    if queries.ids_before(found.id, ids):
        raise PageRefused(REPEATED.format(number=found.page))
    if queries.count_read(found.id) + len(rows) > MOST_INCOMING:
        raise PageRefused(TOO_MANY)


def _kept(found: FeedImport, rows: Read) -> list[IncomingService]:
    """The rows of a page with what becomes of each."""
    marks = {id(each): mark_of_key(each.provider, each.name) for each in rows if isinstance(each, Incoming)}
    known, seen = queries.known_services(), queries.keys_before(found.id, marks.values())
    made: list[IncomingService] = []
    for each in rows:
        row = IncomingService(import_id=found.id, page=each.page, place=each.place)
        if isinstance(each, IncomingFault):
            row.verdict, row.fault = Verdict.FAULTY, f"{each.field}: {each.message}"[:LONGEST_FAULT]
        else:
            mark = marks[id(each)]
            _fill(row, each, mark)
            row.verdict, row.service_id = _verdict(each, mark, known=known, seen=seen)
            seen.add(mark)
        made.append(row)
    return made


def _fill(row: IncomingService, read: Incoming, mark: str) -> None:
    row.external_id, row.match_key = read.external_id, mark
    row.name, row.provider, row.description = read.name, read.provider, read.description
    row.url, row.needs = read.url, read.needs


def _verdict(
    read: Incoming, mark: str, *, known: Mapping[str, UUID], seen: set[str]
) -> tuple[Verdict, UUID | None]:
    if mark in seen:
        return Verdict.REPEATED, None
    if mark in known:
        return Verdict.KNOWN, known[mark]
    return (Verdict.NEW if read.is_active else Verdict.NOT_RUNNING), None


def _stop(database: Database, import_id: UUID, number: int, fault: str) -> None:
    with database.transaction():
        found = _at_page(import_id, number)
        if found is not None:
            stop(found, fault)


def stop(found: FeedImport, fault: str) -> None:
    """Leave a feed at the page it has come to, with why; whoever asked for it may let it be read on from there."""
    changes = advance(IMPORTS, found, Act.FAIL)
    found.fault = fault[:LONGEST_FAULT]
    audit.record(Act.FAIL, found, {**changes, "fault": ("", found.fault)}, by=SYSTEM)


def _at_page(import_id: UUID, number: int) -> FeedImport | None:
    """The import, held, if it still waits for this page."""
    found = queries.held(import_id)
    is_there = found is not None and found.status is ImportStatus.READING and found.page == number
    return found if is_there else None
