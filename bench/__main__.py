"""Measure on this machine and print one table: `make bench`."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date

from flask import Flask
from sqlalchemy import event

from crm.app import create_app
from crm.config import Settings
from crm.directory.jobs.importing import shipped_file
from crm.directory.rules.facts import read_facts
from crm.directory.rules.matching import match
from crm.directory.rules.reading import read_services
from crm.places.queries import atlas, locate

FACTS = '{"postcode": "B9 4AA", "dcms_groups": ["crafts"], "turnover_gbp": 250000, "needs": ["grant", "mentoring"]}'
RESULTS = (
    "/find-support/results?postcode=B9+4AA&groups=crafts&people=4&turnover=250000&months=30&needs=finance"
)
PAGES = ("/", "/find-support", RESULTS, RESULTS + "&show=all", "/directory", "/directory?q=ip&need=grant")
ROUNDS = 50


def cpu_ms(act: Callable[[], object], *, rounds: int = ROUNDS) -> float:
    """The median CPU time of an act in milliseconds, once it is warm."""
    act()
    taken = []
    for _ in range(rounds):
        began = time.process_time()
        act()
        taken.append((time.process_time() - began) * 1000)
    return statistics.median(taken)


def furnished(folder: str) -> Flask:
    """An application on SQLite with the reference data."""
    app = create_app(Settings.from_environment({"CRM_ENV": "test", "CRM_DATA": folder}))
    runner = app.test_cli_runner()
    for command in (["db", "upgrade"], ["reference", "load"]):
        done = runner.invoke(args=command)
        assert done.exit_code == 0, done.output
    return app


def main() -> None:
    """Print what matching, locating and each public page cost."""
    services, facts, on = read_services(shipped_file()), read_facts(FACTS), date(2026, 11, 24)
    rows = [
        (
            f"match {len(services)} services",
            cpu_ms(lambda: match(services, facts, on=on, atlas=atlas())),
            "",
            "",
        ),
        ("locate a postcode", cpu_ms(lambda: locate("B74 4AA")), "", ""),
    ]
    with tempfile.TemporaryDirectory() as folder:
        app = furnished(folder)
        client, statements = app.test_client(), []
        engine = app.extensions["database"].engine
        event.listen(engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
        for page in PAGES:
            statements.clear()
            body = client.get(page).data
            queries = sum(not statement.startswith(("PRAGMA", "BEGIN")) for statement in statements)
            rows.append(
                (page, cpu_ms(lambda page=page: client.get(page)), str(queries), f"{len(body) / 1000:.1f}")
            )
        engine.dispose()
    print(f"{'what':<112}{'CPU ms':>8}{'queries':>9}{'kB':>8}")
    for what, cost, queries, weight in rows:
        print(f"{what:<112}{cost:>8.2f}{queries:>9}{weight:>8}")


if __name__ == "__main__":
    main()
