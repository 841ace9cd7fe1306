"""Measure the scoreboard over 100,000 businesses, 500,000 conversations and 50,000 referrals, on a private PostgreSQL."""

from __future__ import annotations

import statistics
import tempfile
import time
import tracemalloc

from flask import Flask
from sqlalchemy import func, select, text

from bench.__main__ import cpu_ms
from bench.businesses import MANY, Spent, furnished, talked
from crm.casework.models import Conversation
from crm.db.session import session
from crm.kernel.roles import Role
from tests.accounts.people import person
from tests.engines import start_cluster
from tests.faults.together import browser
from tests.houses import database, run

ROUNDS = 30
REFERRED = """
    WITH helped AS (
        INSERT INTO person (id, business_id, name, role, version)
        SELECT gen_random_uuid(), id, 'Invented', '', 1 FROM business ORDER BY id LIMIT 50000
        RETURNING id, business_id
    )
    INSERT INTO referral (id, business_id, person_id, service_id, subject, message, created_at, status, sent_at, pack,
                          chases, reason, note_to_business, helped_note, version)
    SELECT gen_random_uuid(), business_id, id, (SELECT id FROM service LIMIT 1), 'Invented', '', now(), 'sent',
           now() - (random() * 700) * interval '1 day', '{}', 0, '', '', '', 1
    FROM helped
"""
PAGES = (
    "/reports",
    "/reports?authority=Sandwell&size=small",
    "/reports?period=2026",
    "/reports/measures/conversations",
    "/reports/measures/conversations/rows?period=2026",
)
FREE = (
    "/reports?period=dates&first-day=1&first-month=9&first-year=2026&last-day=15&last-month=10&last-year=2026"
)


def referred(app: Flask) -> int:
    """Write the referrals, each of another business; return how many."""
    with database(app).transaction():
        return int(session().execute(text(REFERRED)).rowcount)  # type: ignore[attr-defined]


def counted(app: Flask) -> None:
    """Print what counting everything takes, and counting again what did not change."""
    for what in ("counted for the first time", "counted again"):
        began = time.perf_counter()
        said = run(app, "reports", "recount").strip()
        print(f"{what}: {time.perf_counter() - began:.1f} s. {said}")


def opened(app: Flask, spent: Spent) -> None:
    """Print how many statements each page asks, and its median time and CPU."""
    with database(app).transaction():
        somebody = person(Role.ADMINISTRATOR).id
    client = browser(app, somebody)
    for page in (*PAGES, FREE):
        assert client.get(page).status_code == 200, page
        with spent.anew():
            client.get(page)
        asked, took = len(spent.took), []
        for _ in range(ROUNDS if page != FREE else 3):
            began = time.perf_counter()
            client.get(page)
            took.append((time.perf_counter() - began) * 1000)
        cost = cpu_ms(lambda page=page: client.get(page), rounds=3)
        print(f"{page[:70]:<72}{asked:>4} statements{statistics.median(took):>9.0f} ms{cost:>8.0f} ms of CPU")
    tracemalloc.start()
    client.get("/reports/measures/conversations/rows.csv?period=2026").close()
    print(
        f"a file of the rows of a year: at most {tracemalloc.get_traced_memory()[1] / 1e6:.0f} MB in memory"
    )


def main() -> None:
    """Print what counting, the scoreboard and a file take."""
    cluster = start_cluster()
    try:
        with tempfile.TemporaryDirectory() as folder:
            app, spent = furnished(cluster.address, MANY, folder), Spent()
            talked(app)
            print(f"{referred(app):,} referrals written.")
            with database(app).reading():
                print(f"{session().scalar(select(func.count()).select_from(Conversation)):,} conversations.")
            counted(app)
            spent.watch(app)
            opened(app, spent)
            database(app).engine.dispose()
    finally:
        cluster.stop()


if __name__ == "__main__":
    main()
