"""Measure answering and seeing a readiness assessment among 10,000 finished ones, on PostgreSQL."""

from __future__ import annotations

import gc
import tempfile
import time
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import event, insert

from bench.__main__ import cpu_ms
from bench.programme import ROUNDS, analyzed, furnished, wall_ms
from crm.accounts.queries import account_again, actor_of
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.diagnostics.models import ReadinessCheck
from crm.diagnostics.queries.readiness import assessment, cohort_of, published_set, similar_to
from crm.diagnostics.queries.results import asked_of, read_once
from crm.diagnostics.rules.readiness import IP
from crm.diagnostics.service import readiness
from crm.diagnostics.workflow import AnsweredBy, ReadinessStatus
from crm.kernel.clock import now
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role, Scope
from tests import factories
from tests.accounts.people import person
from tests.engines import start_cluster
from tests.faults.together import browser
from tests.houses import database

FINISHED, AGAIN, SECTORS = 10_000, 3_000, ("crafts", "publishing", "it_software", "film_tv_radio_photo")


def finished() -> None:
    """So many finished assessments in four sectors, 3,000 of them a second one of a business that had one before."""
    asked, moment = published_set(IP), now()
    assert asked is not None
    owners: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    for number in range(FINISHED):
        earlier, place = divmod(number, FINISHED - AGAIN)
        if not earlier:
            name = f"Invented Studio {number:05}"
            owner = {"id": uuid4(), "name": name, "sort_name": name.lower(), "match_name": name.lower()}
            owners.append(owner | {"source": "invented", "created_at": moment})
        day = moment - timedelta(days=number % 365 + 400 * (1 - earlier), minutes=number)
        told = {"business_id": owners[place]["id"], "set_id": asked.id, "set_name": IP, "band": "basic"}
        told |= {"answered_by": AnsweredBy.BUSINESS, "score": number % 1001, "sector": SECTORS[number % 4]}
        told |= {"areas": {each.key: (number * 37) % 1001 for each in read_once(asked).areas}}
        told |= {"begun_at": day, "finished_at": day, "status": ReadinessStatus.FINISHED}
        rows.append(told | {"id": uuid4(), "circumstances": {}, "version": 1})
    session().execute(insert(Business), owners)
    session().execute(insert(ReadinessCheck.__table__), rows)


def taken(*, is_finished: bool) -> UUID:
    """One assessment of a business in a sector with 2,500 others."""
    owner = business(factories.business(dcms_groups=("crafts",)).id)
    assert owner is not None
    made = readiness.begin(owner, IP, details=readiness.BeginDetails(AnsweredBy.BUSINESS), by=SYSTEM)
    if is_finished:
        readiness.answer(made, {each.key: "b" for each in asked_of(made)[0].questions}, by=SYSTEM)
        readiness.finish(made, by=SYSTEM)
    return made.id


def seen(app: Flask) -> None:
    """Print what each page and a save cost."""
    statements: list[str] = []
    engine = database(app).engine
    event.listen(engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
    with database(app).transaction():
        reader, hub = person(Role.ADMINISTRATOR).id, factories.hub()
        helper = factories.account()
        factories.grant(helper, Role.ADVISER, scope=Scope.HUB, scope_id=str(hub.id))
        open_one, done = taken(is_finished=False), taken(is_finished=True)
    client = browser(app, reader)
    print(f"{'page':<40}{'statements':>12}{'ms, median':>12}{'CPU ms':>10}")
    where = f"/readiness/{open_one}"
    for page in (
        "/readiness",
        "/readiness/cohort?set=ip_readiness",
        where,
        f"{where}/ownership",
        f"/readiness/{done}",
        f"/readiness/{done}/report",
    ):
        statements.clear()
        assert client.get(page).status_code == 200
        count = len([each for each in statements if not each.startswith("BEGIN")])
        wall = wall_ms(lambda _, page=page: client.get(page))
        cpu = cpu_ms(lambda page=page: client.get(page), rounds=10)
        print(
            f"{page.replace(str(open_one), 'open').replace(str(done), 'done'):<40}{count:>12}{wall:>12.0f}{cpu:>10.0f}"
        )
    statements.clear()
    saved = wall_ms(lambda number: _saved(client, f"{where}/ownership", number))
    count, began = len(statements) // ROUNDS, time.process_time()
    for number in range(ROUNDS, 2 * ROUNDS):
        _saved(client, f"{where}/ownership", number)
    spent = (time.process_time() - began) * 1000 / ROUNDS
    print(f"{'a page of four answers is saved':<40}{count:>12}{saved:>12.0f}{spent:>10.0f}")
    with database(app).reading():
        known = account_again(helper.id)
        assert known is not None
        found, adviser = assessment(done), actor_of(known)
        assert found is not None
        print(
            f"{'similar businesses, 2,500 of 10,000':<40}{'':>12}{wall_ms(lambda _: similar_to(found)):>12.0f}"
        )
        for who, actor in (("everybody", SYSTEM), ("an adviser", adviser)):
            everything = wall_ms(lambda _, actor=actor: cohort_of(actor, IP))
            print(f"{f'10,000 aggregated for {who}':<40}{'':>12}{everything:>12.0f}")
    engine.dispose()


def _saved(client: Any, where: str, number: int) -> None:
    """Change every answer of a page, as it was last shown."""
    last = "abc"[(number - 1) % 3]
    shown = "" if number == 0 else ";".join(f"own{each}:{number}:{last}" for each in range(1, 5))
    typed = {f"own{each}": "abc"[number % 3] for each in range(1, 5)}
    answer = client.send(where, {"version": shown, **typed})
    assert answer.status_code == 303, answer.text[:300]


def main() -> None:
    """Print what it costs to answer and to see a readiness assessment."""
    cluster = start_cluster()
    try:
        with tempfile.TemporaryDirectory() as folder:
            app = furnished(cluster.address, folder)
            with database(app).transaction():
                finished()
            analyzed(app)
            gc.collect()
            gc.freeze()  # as the server does (`wsgi.py`)
            seen(app)
    finally:
        cluster.stop()


if __name__ == "__main__":
    main()
