"""Measure an envelope with a ledger of 100,000 entries, on a private PostgreSQL and on SQLite."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import insert

from crm.app import create_app
from crm.config import Settings
from crm.db.session import session
from crm.funding.envelopes.models import LedgerEntry
from crm.funding.envelopes.queries import changes as change_queries
from crm.funding.envelopes.queries import ledger as queries
from crm.funding.envelopes.rules import LedgerAccount as A
from crm.funding.envelopes.rules import Line, Movement
from crm.funding.envelopes.service import changing, opening
from crm.funding.envelopes.service.changing import Limits
from crm.funding.envelopes.service.opening import EnvelopeDetails
from crm.kernel.clock import now, today
from crm.kernel.money import Money
from crm.kernel.roles import Role
from tests.accounts.people import acting, person
from tests.engines import make_database, start_cluster
from tests.faults.together import browser
from tests.houses import database, run

ENTRIES, AT_ONCE = 100_000, 5_000


def furnished(url: str, folder: str) -> Flask:
    """An application with the reference data."""
    app = create_app(Settings.from_environment({"CRM_ENV": "test", "CRM_DATA": folder, "DATABASE_URL": url}))
    for command in (["db", "upgrade"], ["reference", "load"]):
        run(app, *command)
    return app


def opened() -> UUID:
    """An envelope with its limit approved."""
    manager, approver = person(Role.PROGRAMME_MANAGER), person(Role.APPROVER)
    days = {"starts_on": today() - timedelta(days=300), "ends_on": today() + timedelta(days=400)}
    details = EnvelopeDetails("Measured", "An invented fund", **days, owner_id=manager.id)
    made = opening.open_envelope(details, Limits(capital=Money.pounds(50_000_000)), by=acting(manager))
    change = change_queries.waiting_change(made.id)
    assert change is not None
    changing.approve(change, by=acting(approver))
    return made.id


def filled(app: Flask) -> UUID:
    """That envelope with its ledger: awards that are committed, claimed and paid."""
    with database(app).transaction():
        made = opened()
    ways = ((Movement.COMMIT, A.FREE, A.COMMITTED), (Movement.CLAIM, A.COMMITTED, A.CLAIMED))
    ways += ((Movement.PAY, A.CLAIMED, A.PAID),)
    fixed = {
        "envelope_id": made,
        "line": Line.CAPITAL,
        "amount": Money.pounds(1_000),
        "subject_table": "award",
    }
    fixed |= {"reason": "Measured", "reverses_id": None, "by_id": None}
    for start in range(0, ENTRIES, AT_ONCE):
        rows = []
        for number in range(start, min(start + AT_ONCE, ENTRIES)):
            movement, source, target = ways[number % 3]
            subject = rows[-1]["subject_id"] if number % 3 and rows else uuid4()
            at = now() - timedelta(days=300 * (ENTRIES - number) // ENTRIES)
            rows.append(
                {
                    **fixed,
                    "movement": movement,
                    "source": source,
                    "target": target,
                    "subject_id": subject,
                    "at": at,
                }
            )
        with database(app).transaction():
            session().execute(insert(LedgerEntry), rows)
    return made


def wall_ms(act: Callable[[], object]) -> float:
    """The best of five, in milliseconds."""
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        act()
        taken.append((time.perf_counter() - began) * 1_000)
    return min(taken)


def measured(app: Flask, engine: str) -> None:
    began = time.perf_counter()
    made = filled(app)
    print(f"{engine}: {ENTRIES:,} entries written in {time.perf_counter() - began:.0f} s")
    with database(app).transaction():
        officer = person(Role.FINANCE_OFFICER).id
    with database(app).reading():
        assert not any(each.differences for each in queries.reconciled())
        print(f"{engine}: every total reconciled in {wall_ms(queries.reconciled):.0f} ms")
    client = browser(app, officer)
    for page in ("/reconciliation", f"/envelopes/{made}", f"/envelopes/{made}/ledger?account=paid"):
        assert client.get(page).status_code == 200
        print(
            f"{engine}: {page.replace(str(made), '…'):<40}{wall_ms(lambda page=page: client.get(page)):>6.0f} ms"
        )
    database(app).engine.dispose()


def main() -> None:
    """Print what reconciling and reading such a ledger cost on both engines."""
    cluster = start_cluster()
    try:
        with tempfile.TemporaryDirectory() as folder:
            measured(furnished(make_database(cluster.address, "bench_ledger"), folder), "PostgreSQL")
            measured(furnished(f"sqlite:///{folder}/ledger.db", folder), "SQLite")
    finally:
        cluster.stop()


if __name__ == "__main__":
    main()
