"""Measure a ledger of 100,000 entries and the pages that read all of it, on a private PostgreSQL and on SQLite.

About a third of the entries are about 5,000 awards that have their decisions, claims and payments in the other rooms, of which a
thousand run. The others are about some 22,000 things that the ledger alone knows, as from older books.

Measured in November 2026 in two runs, with two cores that other work kept busy, on PostgreSQL and on SQLite: the reconciliation took
4.8 and 10 s while each subject was read, and 0.6 to 0.8 and 1.4 to 2 s once the database added them up (0.5 to 0.6 s of CPU on
SQLite); the page of the envelope 5.6 and 5.6 s, then 0.6 and 0.8 to 1 s (0.3 s of CPU); the page of underspend 7.8 s on PostgreSQL, then
0.2 to 0.3 s.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import text

from bench.awarded import AT_ONCE, SUM, Row, Told, awarded, written
from crm.app import create_app
from crm.config import Settings
from crm.funding.envelopes.models import LedgerEntry
from crm.funding.envelopes.queries import changes as change_queries
from crm.funding.envelopes.queries import ledger as queries
from crm.funding.envelopes.rules import MOVES, Line, Movement
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
from tests.statements import recording

AWARDS, ENTRIES = 5_000, 100_000
FEW_AWARDS, FEW = 2, 30
WAY = (Movement.COMMIT, Movement.CLAIM, Movement.PAY)


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


def older(count: int) -> Told:
    """So many entries about things that no room knows of: each committed, claimed and paid."""
    found: Told = []
    while len(found) < count:
        about = uuid4()
        found += [(about, each, SUM) for each in WAY]
    return found[:count]


def entries(envelope_id: UUID, told: Told, table: str) -> Iterator[Row]:
    """What was told as rows of the ledger, over 300 days."""
    fixed = {"envelope_id": envelope_id, "line": Line.CAPITAL, "subject_table": table, "reason": "Measured"}
    for number, (about, movement, amount) in enumerate(told):
        source, target = MOVES[movement][-1]
        yield fixed | {
            "movement": movement,
            "source": source,
            "target": target,
            "amount": amount,
            "subject_id": about,
            "reverses_id": None,
            "by_id": None,
            "at": now() - timedelta(days=300 * (len(told) - number) // len(told)),
        }


def filled(app: Flask, envelope_id: UUID, known: int, count: int) -> None:
    """Give an envelope more entries: about so many awards that the rooms know, and about other things up to a count."""
    with database(app).transaction():
        told = awarded(envelope_id, known)
    rows = list(entries(envelope_id, told, "decision"))
    rows += entries(envelope_id, older(count - len(told)), "award")
    for start in range(0, len(rows), AT_ONCE):
        with database(app).transaction():
            written(LedgerEntry, rows[start : start + AT_ONCE])


def tidied(app: Flask) -> None:
    """Let the database know its rows, as PostgreSQL comes to by itself where it runs. SQLite does not, so it is not helped."""
    if database(app).engine.dialect.name == "postgresql":
        with database(app).engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def best_ms(act: Callable[[], object]) -> tuple[float, float]:
    """The best of five on the wall, and of the CPU of this process alone, in milliseconds. SQLite works in this process."""
    taken = []
    for _ in range(5):
        began = time.perf_counter(), time.process_time()
        act()
        taken.append([(time.perf_counter() - began[0]) * 1_000, (time.process_time() - began[1]) * 1_000])
    wall, cpu = map(min, zip(*taken, strict=True))
    return wall, cpu


def asked(app: Flask, client: object, pages: Iterable[str]) -> dict[str, int]:
    """How many statements each page takes."""
    found = {}
    for page in pages:
        with recording(app) as heard:
            assert client.get(page).status_code == 200  # type: ignore[attr-defined]
        found[page] = len(heard)
    return found


def measured(app: Flask, engine: str) -> None:
    with database(app).transaction():
        made = opened()
        officer = person(Role.FINANCE_OFFICER).id
    pages = ["/reconciliation", "/reconciliation?of=payments", f"/envelopes/{made}", "/envelopes/underspend"]
    pages += [f"/envelopes/{made}/ledger?account=paid"]
    filled(app, made, FEW_AWARDS, FEW)
    client = browser(app, officer)
    few = asked(app, client, pages)
    began = time.perf_counter()
    filled(app, made, AWARDS - FEW_AWARDS, ENTRIES - FEW)
    tidied(app)
    print(f"{engine}: {ENTRIES:,} entries written in {time.perf_counter() - began:.0f} s")
    with database(app).reading():
        assert not any(each.differences for each in queries.reconciled())
        wall, cpu = best_ms(queries.reconciled)
        print(f"{engine}: every total reconciled in {wall:.0f} ms, {cpu:.0f} ms of CPU here")
    many = asked(app, client, pages)
    for page in pages:
        wall, cpu = best_ms(lambda page=page: client.get(page))
        words = f"{page.replace(str(made), '…'):<34}{few[page]:>3} statements at {FEW}, {many[page]:>3} at {ENTRIES:,}"
        print(f"{engine}: {words}{wall:>7.0f} ms, {cpu:>5.0f} ms of CPU here", flush=True)
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
