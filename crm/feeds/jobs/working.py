"""The worker’s part in feeds."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app

from crm.db.session import Database
from crm.feeds.queries import is_any_for_the_worker
from crm.feeds.service.reading import read_next
from crm.feeds.service.taking import take_next, undo_next
from crm.gateways.feeds import Feeds


def work_on_feeds(database: Database, _pause: Callable[[], bool]) -> bool:
    """Read a page, make some services, or take some back; whether there was anything to do, which is looked at first."""
    with database.reading():
        if not is_any_for_the_worker():
            return False
    feeds: Feeds = current_app.extensions["feeds"]
    return read_next(database, feeds) or take_next(database) or undo_next(database)
