"""`upgrade`: one command brings a database of an older version to this one, in the right order, and may be run again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import exists, inspect, select, table, text
from sqlalchemy.orm import Session

from crm.db.migrating import newest_revision, revision_of
from crm.watch.queries import REFERENCE
from tests.client import ConformingClient
from tests.houses import Houses, database, run

BEFORE = "0120"


def upgraded(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["upgrade", *words])


def revision(app: Flask) -> str | None:
    with database(app).reading() as opened:
        return revision_of(opened.connection())


@pytest.fixture
def older(houses: Houses, engine_name: str) -> Iterator[Flask]:
    """A place as an older version left it, which knew no bank holidays."""
    app = houses.copy(engine_name, of=houses.furnished(engine_name))
    with database(app).transaction() as opened:
        opened.execute(text("DELETE FROM bank_holiday"))
    run(app, "db", "downgrade", BEFORE)
    yield app
    database(app).engine.dispose()


def test_a_database_of_an_older_version_is_backed_up_migrated_and_given_what_it_lacks(
    older: Flask, houses: Houses, engine_name: str, tmp_path: Path
) -> None:
    done = upgraded(older, "--backup", str(tmp_path))

    assert done.exit_code == 0, done.output
    told = [
        "at revision 0120",
        "Backed up",
        f"is at revision {newest_revision()}",
        "bank holidays",
        "Nothing is wrong.",
    ]
    places = [done.output.index(each) for each in told]
    assert places == sorted(places)
    assert done.output.splitlines()[-1] == "Start the web processes and the worker again."
    there = houses.vacant(engine_name)
    run(there, "restore", str(tmp_path))
    assert revision(there) == BEFORE
    database(there).engine.dispose()


def test_it_may_be_run_again_and_then_makes_no_backup(older: Flask, tmp_path: Path) -> None:
    upgraded(older, "--backup", str(tmp_path))
    again = upgraded(older, "--backup", str(tmp_path))

    assert again.exit_code == 0
    assert "Backed up" not in again.output
    assert "Added" not in again.output
    assert len(list(tmp_path.iterdir())) == 1


def test_without_a_place_for_the_backup_nothing_is_changed(older: Flask, tmp_path: Path) -> None:
    refused = upgraded(older)

    assert (refused.exit_code, revision(older)) == (2, BEFORE)
    assert "--no-backup" in refused.output
    assert upgraded(older, "--no-backup").exit_code == 0


def test_a_place_that_cannot_be_written_to_changes_nothing(older: Flask, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    refused = upgraded(older, "--backup", str(tmp_path / "taken" / "folder"))

    assert refused.exit_code != 0
    assert revision(older) == BEFORE


def test_a_database_of_a_newer_version_is_left_alone(older: Flask, tmp_path: Path) -> None:
    with database(older).transaction() as opened:
        opened.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    refused = upgraded(older, "--backup", str(tmp_path))

    assert refused.exit_code == 1
    assert "used by a newer one" in refused.output
    assert list(tmp_path.iterdir()) == []


def test_a_new_place_needs_no_backup(houses: Houses, engine_name: str) -> None:
    app = houses.vacant(engine_name)
    done = upgraded(app)

    assert done.exit_code == 0, done.output
    assert revision(app) == newest_revision()
    database(app).engine.dispose()


def test_what_comes_with_the_product_and_is_missing_is_named_by_readiness(
    client: ConformingClient, db: Session
) -> None:
    assert client.get("/readyz").json["reference"] is True
    db.execute(text("DELETE FROM bank_holiday"))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["reference"], answer.json["missing"]) == (
        503,
        False,
        ["bank holidays"],
    )


def test_check_names_what_is_missing(older: Flask) -> None:
    run(older, "db", "upgrade")
    done = older.test_cli_runner().invoke(args=["check", "--no-mail"])
    assert done.exit_code == 1
    assert "wrong  reference    missing: bank holidays: run `flask --app wsgi reference load`" in done.output


def test_every_table_that_reference_data_fill_is_looked_at(houses: Houses, engine_name: str) -> None:
    """What is filled beside them is filled with them, or can be emptied by people: markets and templates of emails."""
    beside = {
        "hub_area",
        "provider",
        "market",
        "market_edition",
        "email_template",
        "service_criterion",
        "alembic_version",
        "file_shelf",
        "audit_entry",
    }
    beside |= {"audit_value", "audit_head", "service_version"}
    with database(houses.furnished(engine_name)).reading() as opened:
        names = inspect(opened.connection()).get_table_names()
        filled = {each for each in names if opened.scalar(select(exists().select_from(table(each))))}
    assert filled - beside == set(REFERENCE)
