"""Measure the pages and the search at thirty and at a hundred thousand businesses, on a private PostgreSQL."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import event, select, text

from bench.__main__ import cpu_ms
from crm.app import create_app
from crm.businesses.models import Business
from crm.businesses.queries.listing import Search, found
from crm.config import Settings
from crm.db.session import session
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role
from crm.links.rules import Purpose, path_of
from crm.links.service import mint
from tests import factories
from tests.accounts.people import person
from tests.engines import make_database, start_cluster
from tests.faults.together import browser
from tests.houses import database, run

FEW, MANY, ROUNDS = 30, 100_000, 15
TALKS = """
    INSERT INTO conversation (id, business_id, happened_on, channel, kind_code, subject, notes, quarters,
                              barrier_types, barrier_notes, status, recorded_at, completed_at, version)
    SELECT gen_random_uuid(), business.id, current_date - each * 30, 'video', 'finance.grant', 'Invented', '', 4,
           '', '', 'complete', now(), now(), 1
    FROM business, generate_series(1, 5) AS each
"""
LED = """
    INSERT INTO business_lead (id, business_id, account_id, began_at)
    SELECT gen_random_uuid(), id, :account_id, now() FROM business WHERE hashtext(id::text) % 2 = 0
"""
TO_DO = """
    INSERT INTO next_step (id, business_id, title, note, path, answer, due_on, created_at, version)
    SELECT gen_random_uuid(), id, 'Invented', '', '', '', current_date + (hashtext(id::text) % 60), now(), 1
    FROM business WHERE hashtext(id::text) % 3 = 0
"""
"""Every second business is led by the person who looks, and every third has a next step."""
SEARCHES = {
    "a rare word": "philharmonia",
    "the commonest word": "studio",
    "its beginning": "stud",
    "it mistyped": "studoi",
    "a short word": "ox",
    "one letter": "s",
    "two words": "amber arch",
    "two common words that nobody has both of": "studio design",
    "both mistyped": "studoi desing",
    "a rare and a common word, and what most have": "amber studio ltd",
    "two letters": "s d",
    "a district": "b9",
    "a company number": "01234567",
    "what nobody has": "zzzz",
}
LISTS = (
    "/",
    "/businesses",
    "/businesses?sort=newest",
    "/businesses?q=studio",
    "/businesses?place=B",
    "/caseload",
    "/caseload?sort=contact",
    "/caseload?sort=lead",
    "/caseload?sort=step",
    "/caseload?lead=me&quiet=60&sort=contact",
    "/caseload?lead=left",
    "/enquiries",
)


@dataclass
class Spent:
    """The statements that ran, with their milliseconds as the driver sees them."""

    took: list[float] = field(default_factory=list)

    def watch(self, app: Flask) -> None:
        """Note every statement of an application from now on."""
        engine = database(app).engine

        @event.listens_for(engine, "before_cursor_execute")
        def begin(*given: Any) -> None:
            given[4].began = time.perf_counter()

        @event.listens_for(engine, "after_cursor_execute")
        def end(*given: Any) -> None:
            self.took.append((time.perf_counter() - given[4].began) * 1000)

    @contextmanager
    def anew(self) -> Iterator[None]:
        """Forget what ran before."""
        self.took.clear()
        yield


def furnished(address: str, count: int, folder: str) -> Flask:
    """An application with so many invented businesses; prints what inventing them took."""
    url = make_database(address, f"bench_{count}")
    app = create_app(Settings.from_environment({"CRM_ENV": "test", "CRM_DATA": folder, "DATABASE_URL": url}))
    for command in (["db", "upgrade"], ["reference", "load"]):
        run(app, *command)
    print(run(app, "seed", "--businesses", str(count)).strip())
    return app


def talked(app: Flask) -> int:
    """Write five conversations for each business, in one statement; return how many."""
    with database(app).transaction():
        written = session().execute(text(TALKS))
    tidied(app)
    return int(written.rowcount)  # type: ignore[attr-defined]


def tidied(app: Flask) -> None:
    """Do what a database in use does by itself."""
    with database(app).engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def replied(app: Flask) -> float:
    """The median CPU time of the page on which a provider answers, in milliseconds."""
    with database(app).transaction():
        made = factories.sent_referral(factories.business())
        token = mint(Purpose.REPLY, str(made.id))
    client = app.test_client()
    assert client.get(path_of(Purpose.REPLY, token)).status_code == 200
    return cpu_ms(lambda: client.get(path_of(Purpose.REPLY, token)))


def searched(app: Flask, spent: Spent) -> None:
    """Print the database time of each search: the median of some."""
    with app.app_context(), database(app).reading():
        for what, text in SEARCHES.items():
            totals = []
            for _ in range(ROUNDS):
                session().expunge_all()
                with spent.anew():
                    count = found(Search(text=text), SYSTEM).count
                totals.append(sum(spent.took))
            print(f"{what + ' (' + text + ')':<64}{statistics.median(totals):>8.1f} ms{count:>8} found")


def seen(app: Flask, spent: Spent) -> dict[str, tuple[int, float]]:
    """For each page an adviser opens: how many statements, and how many milliseconds of database time."""
    with database(app).transaction():
        somebody = person(Role.ADMINISTRATOR).id
        session().flush()
        for change in (LED, TO_DO):
            session().execute(text(change), {"account_id": somebody} if change is LED else {})
        one = session().scalars(select(Business.id).limit(1)).one()
    tidied(app)
    client, costs = browser(app, somebody), {}
    for page in (*LISTS, f"/businesses/{one}"):
        client.get(page)
        with spent.anew():
            answer = client.get(page)
        assert answer.status_code == 200, page
        costs[page.replace(str(one), "…")] = (len(spent.took), sum(spent.took))
    return costs


def main() -> None:
    """Print what inventing, searching and each page cost at both sizes."""
    cluster = start_cluster()
    try:
        with tempfile.TemporaryDirectory() as folder:
            costs = []
            for count in (FEW, MANY):
                app, spent = furnished(cluster.address, count, folder), Spent()
                print(f"Wrote {talked(app):,} conversations.")
                spent.watch(app)
                costs.append(seen(app, spent))
                if count == MANY:
                    searched(app, spent)
                    print(f"a provider's reply page: {replied(app):.1f} ms of CPU")
                database(app).engine.dispose()
        print(f"{'page':<40}{'queries at 30':>14}{'at 100,000':>12}{'ms at 30':>10}{'at 100,000':>12}")
        for page, (queries, cost) in costs[0].items():
            more, slower = costs[1][page]
            print(f"{page:<40}{queries:>14}{more:>12}{cost:>10.1f}{slower:>12.1f}")
    finally:
        cluster.stop()


if __name__ == "__main__":
    main()
