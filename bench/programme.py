"""Measure a round of 500 applications, each scored by three on eight criteria, and saving by itself, on a private PostgreSQL."""

from __future__ import annotations

import statistics
import tempfile
import time
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import event, insert, select, text

from bench.__main__ import cpu_ms
from crm.app import create_app
from crm.config import Settings
from crm.db.session import session
from crm.kernel.clock import now
from crm.kernel.roles import Role, Scope, Standing
from crm.programme.applications.models import Application
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.assessing.models import Assessment, Score
from crm.programme.assessing.workflow import AssessmentStatus
from crm.programme.rounds.models import Criterion, Round
from tests import cohorts, factories, rounds
from tests.accounts.people import person
from tests.engines import make_database, start_cluster
from tests.faults.together import browser
from tests.houses import database, run

APPLICATIONS, ASSESSORS, CRITERIA, WEIGHT = 500, 3, 8, 1_250
ROUNDS = 30


def furnished(address: str, folder: str) -> Flask:
    """An application with the reference data."""
    url = make_database(address, "bench_programme")
    app = create_app(Settings.from_environment({"CRM_ENV": "test", "CRM_DATA": folder, "DATABASE_URL": url}))
    for command in (["db", "upgrade"], ["reference", "load"]):
        run(app, *command)
    return app


def judged(app: Flask) -> UUID:
    """A round with every application scored by everybody; its id."""
    made = _judged(app)
    analyzed(app)
    return made


def analyzed(app: Flask) -> None:
    """Let the database know its rows, as it comes to by itself where it runs."""
    with database(app).engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _judged(app: Flask) -> UUID:
    with database(app).transaction():
        found = rounds.bare_round(assessors=ASSESSORS)
        criteria = [rounds.criterion(found, weight=WEIGHT) for _ in range(CRITERIA)]
        panel = [rounds.on_panel(found, most=1_000).account_id for _ in range(ASSESSORS)]
        for number in range(APPLICATIONS):
            made = rounds.application(factories.business(), found, status=ApplicationStatus.SUBMITTED)
            _score(made, panel, criteria, number)
        return found.id


def _score(made: Application, panel: list[UUID], criteria: list[Criterion], number: int) -> None:
    for at, account_id in enumerate(panel):
        given = Assessment(
            application_id=made.id, assessor_id=account_id, allocated_at=now(), submitted_at=now()
        )
        given._status = AssessmentStatus.SUBMITTED  # noqa: SLF001 as if it had been handed in
        session().add(given)
        session().flush()
        rows = [
            {
                "assessment_id": given.id,
                "criterion_id": each.id,
                "part": each.parts[0],
                "value": ((number * 31 + at * 17 + place * 13) * 2_654_435_761 >> 7) % 6,
                "rationale": "Invented words, as many as it takes to say why. " * 5,
                "is_stale": False,
            }
            for place, each in enumerate(criteria)
        ]
        session().execute(insert(Score), rows)


def chosen(app: Flask, round_id: UUID) -> dict[str, str]:
    """The pages of the round's cohort, with three drafts of 25 applications each, and of one draft."""
    with database(app).transaction():
        found = cohorts.cohort(session().get_one(Round, round_id))
        query = select(Application).where(Application.round_id == round_id).order_by(Application.id)
        rows = session().scalars(query).all()
        drafts = [cohorts.draft(found, *rows[at : at + 25]) for at in (0, 10, 20)]
        where = f"/cohorts/{found.id}"
        return {
            "cohort": where,
            "a draft of it": f"/cohort-drafts/{drafts[0].id}",
            "two drafts compared": f"{where}/compare",
            "how firm the funding line is": f"{where}/stability",
        }


def begun(app: Flask) -> tuple[UUID, str, dict[str, Any]]:
    """A founder, the address at which their section saves itself, and what they type."""
    with database(app).transaction():
        owner = factories.business()
        founder = person()
        held = {"scope": Scope.BUSINESS, "scope_id": str(owner.id), "standing": Standing.OWNER}
        factories.grant(founder, Role.FOUNDER, **held)
        made = rounds.whole_application(rounds.application(owner))
        section = made.round.sections[0]
        where = f"/applications/{made.id}/sections/{section.id}/keep"
        return founder.id, where, {f"q-{section.questions[0].id}": "Invented words. " * 30}


def wall_ms(act: Any) -> float:
    """The median time of an act on the wall, in milliseconds."""
    taken = []
    for number in range(ROUNDS):
        began = time.perf_counter()
        act(number)
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def main() -> None:
    """Print what the ranking, the assessors' page and a save by itself cost."""
    cluster = start_cluster()
    try:
        with tempfile.TemporaryDirectory() as folder:
            app = furnished(cluster.address, folder)
            round_id, statements = judged(app), []
            engine = database(app).engine
            event.listen(engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
            with database(app).transaction():
                manager = person(Role.PROGRAMME_MANAGER).id
            client = browser(app, manager)
            print(f"{'page':<40}{'statements':>12}{'ms, median':>12}{'CPU ms':>10}")
            pages = {
                page: f"/programme/rounds/{round_id}/{page}"
                for page in ("ranking", "assessors", "ranking.csv")
            }
            for page, where in (pages | chosen(app, round_id)).items():
                statements.clear()
                assert client.get(where).status_code == 200
                count = len([each for each in statements if not each.startswith("BEGIN")])
                wall = wall_ms(lambda _, where=where: client.get(where))
                print(
                    f"{page:<40}{count:>12}{wall:>12.0f}{cpu_ms(lambda w=where: client.get(w), rounds=10):>10.0f}"
                )
            founder, where, typed = begun(app)
            writer = browser(app, founder)
            saved = wall_ms(lambda number: _saved(writer, where, typed | {"version": str(number)}))
            print(f"{'a section saves itself':<40}{'':>12}{saved:>12.0f}")
            engine.dispose()
    finally:
        cluster.stop()


def _saved(writer: Any, where: str, typed: dict[str, Any]) -> None:
    answer = writer.send(where, typed)
    assert answer.status_code == 200, answer.text[:300]


if __name__ == "__main__":
    main()
