"""Measure the open directory both ways: a page of 100 of our feed, and another council's feed of 10,000 services read in."""

from __future__ import annotations

import resource
import statistics
import tempfile
import time
import tracemalloc
from typing import Any
from urllib.parse import urlsplit

from flask import Flask

from bench.programme import furnished
from crm.accounts.queries import acting
from crm.db.session import session
from crm.feeds import queries
from crm.feeds.models import FeedImport
from crm.feeds.service.asking import FeedDetails, bring
from crm.feeds.service.reading import read_next
from crm.gateways.pretend_feeds import offered, page_of
from crm.kernel.roles import Role
from tests import factories
from tests.engines import start_cluster
from tests.faults.together import browser
from tests.houses import database

MANY, PER_PAGE, ROUNDS = 10_000, 100, 30
FEED = "https://many.example/oruk/v3/services"


class Many:
    """A council with many services, each made when its page is asked for."""

    def page(self, address: str, **asked: Any) -> Any:
        """One page of them."""
        assert urlsplit(address).hostname == "many.example"
        number = int(asked["page"])
        page = page_of(range(MANY), number, size=PER_PAGE)
        return page | {"contents": [offered("Many", number=each) for each in page["contents"]]}


def main() -> None:
    """Print what a page of the feed costs, and what reading in another costs in time and memory."""
    cluster = start_cluster()
    try:
        with tempfile.TemporaryDirectory() as folder:
            app = furnished(cluster.address, folder)
            _our_page(app)
            with app.app_context():
                _their_feed(app)
            database(app).engine.dispose()
    finally:
        cluster.stop()


def _our_page(app: Flask) -> None:
    with database(app).transaction():
        for _ in range(100):
            factories.service(needs=("grant",))
    client = browser(app, None)
    for path in ("/oruk/v3/services?per_page=100", "/oruk/v3/services?per_page=100&full=true"):
        taken = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            answer = client.get(path)
            taken.append((time.perf_counter() - began) * 1000)
        size = answer.get_json()["size"]
        print(f"{path}: {size} services, {statistics.median(taken):.0f} ms, {len(answer.data):,} bytes")


def _their_feed(app: Flask) -> None:
    with database(app).transaction():
        bringer = factories.account()
        factories.grant(bringer, Role.ADMINISTRATOR)
        by = acting(bringer.email)
        made = bring(FeedDetails("Many Council", FEED), by=by).id
    feeds, pages, began = Many(), 0, time.perf_counter()
    tracemalloc.start()
    marks = {}
    while read_next(database(app), feeds):
        pages += 1
        if pages in (10, MANY // PER_PAGE):
            marks[pages] = tracemalloc.get_traced_memory()
            tracemalloc.reset_peak()
    taken = time.perf_counter() - began
    with database(app).reading():
        found = session().get(FeedImport, made)
        assert found is not None
        print(f"{queries.count_read(made):,} services of a feed read in {taken:.1f} s: {found.status}")
    for at, (held, peak) in marks.items():
        print(f"after page {at}: {held / 1e6:.1f} MB held, {peak / 1e6:.1f} MB at most")
    print(f"the whole process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:.0f} MB at most")


if __name__ == "__main__":
    main()
