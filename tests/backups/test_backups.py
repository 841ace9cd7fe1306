"""Backing everything up and restoring it elsewhere, by the commands: whole, sealed, and never over what is there."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyrage
import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Connection, create_engine, delete, func, select
from sqlalchemy.exc import DBAPIError

from crm.audit import service as audit
from crm.audit.models import AuditEntry
from crm.backups import service
from crm.businesses.models import Business
from crm.config import Settings, UnsafeSettings
from crm.db.migrating import newest_revision
from crm.documents import service as documents
from crm.documents.models import Document
from crm.documents.service import Subject, Upload
from crm.gateways import dumps
from crm.gateways.dumps import is_empty
from crm.kernel.permissions import SYSTEM
from crm.notices.service import Reader, queue
from tests import factories
from tests.houses import Houses, database, run

TEXT = Upload("notes.txt", b"What was agreed\n")
MAN = pyrage.x25519.Identity.generate()
STRANGER = pyrage.x25519.Identity.generate()
Vacant = Callable[[], Flask]


@pytest.fixture
def vacant(houses: Houses, engine_name: str) -> Iterator[Vacant]:
    """Makes places where the product was just installed."""
    made: list[Flask] = []

    def make() -> Flask:
        made.append(houses.vacant(engine_name))
        return made[-1]

    yield make
    for each in made:
        database(each).engine.dispose()


@pytest.fixture
def lived_in(houses: Houses, engine_name: str) -> Iterator[Flask]:
    """A place with what comes with the product, a business, a file, and one that was removed."""
    app = houses.copy(engine_name, of=houses.furnished(engine_name))
    object.__setattr__(app.extensions["settings"], "backup_recipient", str(MAN.to_public()))
    with app.app_context(), database(app).transaction():
        factories.business(name="Invented: Łódź & Søren")
        documents.keep(
            documents.stored(TEXT, files=app.extensions["files"]), Subject("made", uuid4()), by=SYSTEM
        )
        gone = documents.keep(
            documents.stored(TEXT, files=app.extensions["files"]), Subject("made", uuid4()), by=SYSTEM
        )
        documents.remove(gone)
    with app.app_context(), database(app).transaction():
        audit.seal()
    yield app
    database(app).engine.dispose()


def plain(app: Flask) -> Flask:
    """The same place, whose backups are not sealed."""
    object.__setattr__(app.extensions["settings"], "backup_recipient", "")
    return app


def asked(app: Flask, *words: object) -> Result:
    return app.test_cli_runner().invoke(args=[str(each) for each in words])


def backed_up(app: Flask, place: Path) -> str:
    """The name of a backup that was just made."""
    before = {each.name for each in place.glob("*")}
    done = asked(app, "backup", place)
    assert done.exit_code == 0, done.output
    (made,) = {each.name for each in place.glob("*")} - before
    return made


def key_file(place: Path, key: pyrage.x25519.Identity) -> Path:
    """A key as age-keygen writes it."""
    written = place / f"{uuid4().hex}.key"
    written.write_text(f"# created: 2026-11-24T10:00:00Z\n# public key: {key.to_public()}\n{key}\n")
    return written


def rebuilt(
    archive: Path, change: Callable[[str, bytes], bytes | None], more: tuple[str, bytes] | None = None
) -> None:
    """Write an archive again with parts changed, left out or added."""
    with tarfile.open(archive) as tar:
        parts = [(each, tar.extractfile(each).read()) for each in tar]  # type: ignore[union-attr]
    with tarfile.open(archive, "w") as tar:
        for member, data in [*parts, *([(tarfile.TarInfo(more[0]), more[1])] if more else [])]:
            said = change(member.name, data)
            if said is not None:
                member.size = len(said)
                tar.addfile(member, io.BytesIO(said))


def same(_name: str, data: bytes) -> bytes:
    return data


def test_a_sealed_backup_is_restored_elsewhere_row_for_row_and_byte_for_byte(
    lived_in: Flask, vacant: Vacant, tmp_path: Path
) -> None:
    name = backed_up(lived_in, tmp_path)
    assert name == "crm-2026-11-24T100000Z.tar.age"
    assert b"Invented" not in (tmp_path / name).read_bytes()
    there = vacant()
    done = asked(there, "restore", tmp_path, name, "--key", key_file(tmp_path, MAN))
    assert done.exit_code == 0, done.output
    assert "and 1 file are as they were backed up" in done.output
    assert "flask --app wsgi files bind" in done.output
    with database(there).reading() as opened:
        assert opened.scalars(select(Business.name)).all() == ["Invented: Łódź & Søren"]
        kept = opened.scalars(select(Document).where(Document.removed_at.is_(None))).one()
    assert there.extensions["files"].get(kept.key) == TEXT.data
    assert run(there, "audit", "verify").startswith("The audit trail is whole. ")
    run(there, "files", "bind")
    with there.app_context():
        assert run(there, "check").endswith("Nothing is wrong.\n")


def test_what_is_restored_can_be_worked_with_and_keeps_its_walls(
    lived_in: Flask, vacant: Vacant, tmp_path: Path
) -> None:
    backed_up(plain(lived_in), tmp_path)
    there = vacant()
    assert asked(there, "restore", tmp_path).exit_code == 0
    with there.app_context(), database(there).transaction():
        factories.business(name="Invented: after the fire")
    with (
        pytest.raises(DBAPIError, match="audit"),
        database(there).transaction() as opened,
    ):
        opened.execute(delete(AuditEntry))


def test_the_newest_backup_is_taken_where_none_is_named(
    lived_in: Flask, vacant: Vacant, tmp_path: Path, clock: Any
) -> None:
    backed_up(plain(lived_in), tmp_path)
    with lived_in.app_context(), database(lived_in).transaction():
        factories.business(name="Invented: came later")
    clock.shift(timedelta(seconds=1))
    newest = backed_up(lived_in, tmp_path)
    there = vacant()
    assert f"Restored {newest}" in asked(there, "restore", tmp_path).output
    with database(there).reading() as opened:
        assert opened.scalar(select(func.count()).select_from(Business)) == 2


def test_a_backup_holds_what_was_there_at_one_moment_while_others_write(
    lived_in: Flask, vacant: Vacant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that come between the copy of the database and its counting are in neither."""
    counted = service.rows_by_table

    def written_meanwhile(connection: Connection) -> dict[str, int]:
        with lived_in.app_context(), database(lived_in).transaction():
            factories.business(name="Invented: came meanwhile")
        return counted(connection)

    monkeypatch.setattr(service, "rows_by_table", written_meanwhile)
    backed_up(plain(lived_in), tmp_path)
    monkeypatch.undo()
    there = vacant()
    done = asked(there, "restore", tmp_path)
    assert done.exit_code == 0, done.output
    with database(there).reading() as opened:
        assert opened.scalars(select(Business.name)).all() == ["Invented: Łódź & Søren"]


def test_a_file_that_the_store_lost_is_named_and_the_rest_is_backed_up(
    lived_in: Flask, vacant: Vacant, tmp_path: Path
) -> None:
    with database(lived_in).reading() as opened:
        key = opened.scalars(select(Document).where(Document.removed_at.is_(None))).one().key
    lived_in.extensions["files"].put(key, b"something else")
    done = asked(plain(lived_in), "backup", tmp_path)
    assert done.exit_code == 1
    assert f"The store does not have {key} as its row says." in done.output
    assert asked(vacant(), "restore", tmp_path).exit_code == 0


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("rows", "The database has tables already"),
        ("files", "The file store is not empty"),
    ],
)
def test_nothing_is_restored_over_what_is_there(
    lived_in: Flask, vacant: Vacant, houses: Houses, engine_name: str, tmp_path: Path, place: str, words: str
) -> None:
    backed_up(plain(lived_in), tmp_path)
    there = houses.copy(engine_name) if place == "rows" else vacant()
    if place == "files":
        there.extensions["files"].put("payroll.xlsx", b"not ours")
    done = asked(there, "restore", tmp_path)
    assert done.exit_code == 1
    assert words in done.output
    assert is_empty(database(there).engine) == (place == "files")
    database(there).engine.dispose()


@pytest.mark.engine("sqlite")
def test_only_the_holder_of_the_key_can_open_a_sealed_backup(
    lived_in: Flask, vacant: Vacant, tmp_path: Path
) -> None:
    name = backed_up(lived_in, tmp_path)
    there = vacant()
    wrong = [("--key", key_file(tmp_path, STRANGER)), ()]
    said = [asked(there, "restore", tmp_path, name, *each) for each in wrong]
    assert [each.exit_code for each in said] == [1, 1]
    assert "The key does not open this backup" in said[0].output
    assert "name the file of the key with --key" in said[1].output
    assert is_empty(database(there).engine)


DAMAGED: dict[str, tuple[Callable[[str, bytes], bytes | None], tuple[str, bytes] | None, str]] = {
    "a byte of the database": (
        lambda name, data: data[:-1] + bytes([data[-1] ^ 1]) if name == "database" else data,
        None,
        "database is damaged",
    ),
    "a file left out": (lambda name, data: None if "files/" in name else data, None, "is missing"),
    "no manifest": (lambda name, data: None if name == "manifest.json" else data, None, "no manifest"),
    "a manifest of another form": (
        lambda name, data: data.replace(b'"form": 1', b'"form": 2') if name == "manifest.json" else data,
        None,
        "has form 2",
    ),
    "a manifest of nonsense": (
        lambda name, data: b'{"form": 1}' if name == "manifest.json" else data,
        None,
        "cannot be read",
    ),
    "a part out of its folder": (same, ("../../etc/cron.d/evil", b"* * * * *"), "is no part of a backup"),
    "one file more": (same, (f"files/ab/{'ab' * 16}", b"not ours"), "is not in the manifest"),
    "a revision of the future": (
        lambda name, data: (
            data.replace(newest_revision().encode(), b"9999") if name == "manifest.json" else data
        ),
        None,
        "which this version does not know",
    ),
}


@pytest.mark.engine("sqlite")
@pytest.mark.parametrize("kind", DAMAGED)
def test_a_backup_that_is_not_whole_is_refused_before_anything_is_written(
    lived_in: Flask, vacant: Vacant, tmp_path: Path, kind: str
) -> None:
    change, more, words = DAMAGED[kind]
    rebuilt(tmp_path / backed_up(plain(lived_in), tmp_path), change, more)
    there = vacant()
    done = asked(there, "restore", tmp_path)
    assert (done.exit_code, words in done.output) == (1, True), done.output
    assert is_empty(database(there).engine)
    assert list(there.extensions["files"].listed("")) == []


@pytest.mark.engine("sqlite")
def test_what_cannot_be_done_is_said_in_a_line(vacant: Vacant, tmp_path: Path) -> None:
    there = vacant()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "crm-2026-11-24T100000Z.tar").write_bytes(b"this is no archive" * 100)
    said = [
        (asked(there, "backup", tmp_path), "it has no tables yet"),
        (asked(there, "restore", tmp_path), "There is no backup in this place"),
        (asked(there, "restore", tmp_path / "broken"), "This is no backup, or it is not whole"),
        (asked(there, "restore", tmp_path, "crm-another.tar"), "cannot be reached"),
        (asked(there, "backup", "ftp://somewhere/else"), "it must be a folder, or s3://"),
    ]
    assert [(each.exit_code > 0, words in each.output) for each, words in said] == [(True, True)] * 5, said
    assert not any("Traceback" in each.output for each, _ in said)


def test_a_backup_of_the_other_kind_of_database_is_refused(
    lived_in: Flask, vacant: Vacant, tmp_path: Path, engine_name: str
) -> None:
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[engine_name]
    archive = tmp_path / backed_up(plain(lived_in), tmp_path)
    told = f'"engine": "{engine_name}"'.encode(), f'"engine": "{other}"'.encode()
    rebuilt(archive, lambda name, data: data.replace(*told) if name == "manifest.json" else data)
    assert f"The backup is of {other}" in asked(vacant(), "restore", tmp_path).output


def test_letters_that_a_restored_place_would_send_again_are_counted(
    lived_in: Flask, vacant: Vacant, tmp_path: Path
) -> None:
    with lived_in.app_context(), database(lived_in).transaction():
        queue("sign_in_link", Reader("somebody@founders.example", "Somebody"))
    backed_up(plain(lived_in), tmp_path)
    assert "1 letter was waiting" in asked(vacant(), "restore", tmp_path).output


@pytest.mark.engine("sqlite")
def test_a_backup_and_what_is_restored_can_be_read_by_their_owner_alone(
    lived_in: Flask, vacant: Vacant, tmp_path: Path
) -> None:
    backed_up(plain(lived_in), tmp_path)
    there = vacant()
    asked(there, "restore", tmp_path)
    assert Path(str(database(there).engine.url.database)).stat().st_mode & 0o077 == 0


@pytest.mark.engine("postgresql")
def test_the_password_of_the_database_is_in_no_list_of_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    called: dict[str, Any] = {}

    def noted(words: Sequence[str], **given: Any) -> Any:
        called.update(words=words, env=given["env"])
        return subprocess.CompletedProcess(words, 1, "", "refused")

    monkeypatch.setattr(dumps.subprocess, "run", noted)
    with pytest.raises(dumps.DumpFailed, match="pg_restore: refused"):
        dumps.load(create_engine("postgresql+psycopg://crm:s3cret@db.example/crm"), Path("dump"))
    assert "s3cret" not in " ".join(called["words"])
    assert called["env"]["PGPASSWORD"] == "s3cret"


def test_a_recipient_that_is_no_key_of_age_is_a_fault_of_the_settings() -> None:
    with pytest.raises(UnsafeSettings, match="CRM_BACKUP_RECIPIENT must be a public key of age"):
        Settings.from_environment({"CRM_ENV": "test", "CRM_BACKUP_RECIPIENT": str(MAN)})
