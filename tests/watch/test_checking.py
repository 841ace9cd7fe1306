"""`check` tries what an installation is set to use, against real servers, and says of each what it found."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.engines import free_port
from tests.gateways.stands import AUTHORITY, bucket_server, mail_server
from tests.houses import Houses, database
from tests.starting import SOUND, Done, started

pytestmark = pytest.mark.loopback


@pytest.fixture
def installed(houses: Houses, engine_name: str) -> Iterator[Flask]:
    """A place with every table and what comes with the product, whose commits are real."""
    app = houses.copy(engine_name, of=houses.furnished(engine_name))
    yield app
    database(app).engine.dispose()


def settings_of(app: Flask) -> dict[str, str]:
    """Those of production, on the database of ``app``."""
    known = app.extensions["settings"]
    meant = {"CRM_MEANT": "sqlite"} if known.database_url.startswith("sqlite") else {}
    return SOUND | meant | {"CRM_DATA": str(known.data), "DATABASE_URL": known.database_url}


def told(done: Done) -> dict[str, tuple[str, str]]:
    """What was said of each thing: whether it is right, and the words."""
    rows = [line.split(maxsplit=2) for line in done.stdout.splitlines()[:-1]]
    return {name: (verdict, words) for verdict, name, words in rows}


def test_everything_is_tried_where_it_is_and_nothing_is_wrong(installed: Flask, engine_name: str) -> None:
    with mail_server() as (letters, mail), bucket_server() as (bucket, files):
        abroad = {"CRM_MAIL_URL": mail, "CRM_FILES_URL": files, "CRM_FILES_SECRET": "made"}
        given = settings_of(installed) | abroad
        given |= {"CRM_CA_FILE": str(AUTHORITY), "CRM_FILES_REGION": "eu-west-2", "CRM_MEANT": "sqlite"}
        done = started("check", "--to", "operator@support.example.org", settings=given)

    found = told(done)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Nothing is wrong."), done
    assert {verdict for verdict, _ in found.values()} == {"ok"}
    assert found["environment"][1] == "production, at https://support.example.org"
    assert found["engine"][1].startswith({"sqlite": "SQLite 3", "postgresql": "PostgreSQL 1"}[engine_name])
    assert "region eu-west-2, authority" in found["store"][1]
    assert "a file was written, read and deleted" in found["store"][1]
    assert "a letter to operator@support.example.org was accepted" in found["mail"][1]
    assert found["proxy"][1] == "1 trusted"
    assert "48 characters" in found["secret"][1]
    assert (bucket.held, len(bucket.signed)) == ({}, 3)
    assert [each["To"] for each in letters.received] == ["operator@support.example.org"]
    assert SOUND["CRM_SECRET_KEY"] not in done.stdout + done.stderr


@pytest.mark.engine("sqlite")
def test_what_does_not_answer_is_said_with_its_reason_and_no_traceback(tmp_path: Path) -> None:
    port = free_port()
    given = SOUND | {
        "DATABASE_URL": f"postgresql://crm:our-word@127.0.0.1:{port}/crm",
        "CRM_MAIL_URL": f"smtp://user:our-word@127.0.0.1:{port}",
        "CRM_FILES_URL": f"s3://KEY@127.0.0.1:{port}/files",
        "CRM_FILES_SECRET": "our-word",
        "CRM_FILES_TIMEOUT": "2",
    }
    done = started("check", settings=given)

    found = told(done)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, "5 faults.")
    assert {name for name, (verdict, _) in found.items() if verdict == "wrong"} == {
        *("engine", "reference", "sweep", "store", "mail")
    }
    assert "the database does not answer: connection failed" in found["engine"][1]
    assert "(ConnectionRefusedError:" in found["mail"][1]
    assert "Traceback" not in done.stderr
    assert "our-word" not in done.stdout + done.stderr


def test_a_store_that_spoils_files_and_letters_in_the_clear_are_told(installed: Flask) -> None:
    with mail_server(offers_tls=False) as (letters, mail), bucket_server() as (bucket, files):
        bucket.spoils = True
        abroad = {"CRM_MAIL_URL": mail, "CRM_FILES_URL": files, "CRM_FILES_SECRET": "made"}
        given = settings_of(installed) | abroad | {"CRM_CA_FILE": str(AUTHORITY)}
        found = told(started("check", settings=given))

    assert found["store"] == (
        "wrong",
        found["store"][1].partition(": ")[0] + ": a file was read back otherwise than it was written",
    )
    assert found["mail"][0] == "ok"
    assert "no encryption: a letter to hello@support.example.org was accepted" in found["mail"][1]
    assert letters.were_encrypted == [False]


def test_a_folder_is_tried_too_and_no_letter_is_sent_where_none_is_wanted(tmp_path: Path) -> None:
    given = {"CRM_ENV": "development", "CRM_DATA": str(tmp_path)}
    assert started("upgrade", settings=given).returncode == 0
    done = started("check", "--no-mail", settings=given)

    assert (done.returncode, told(done)["mail"][1]) == (0, f"folder {tmp_path}/mailbox: not tried")
    assert f"folder {tmp_path}/files: a file was written" in told(done)["store"][1]
    assert {each.name for each in (tmp_path / "files").rglob("*") if each.is_file()} == set()


@pytest.mark.parametrize("mode", [None, 0o644])
def test_an_embedded_database_is_read_by_its_owner_alone(tmp_path: Path, mode: int | None) -> None:
    given = {"CRM_ENV": "development", "CRM_DATA": str(tmp_path)}
    path = tmp_path / "crm.db"
    if mode is not None:
        path.touch()
        path.chmod(mode)
    assert started("db", "upgrade", settings=given).returncode == 0

    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in tmp_path.glob("*.*")}
    assert modes == dict.fromkeys(modes, 0o600)
    assert "crm.db" in modes
