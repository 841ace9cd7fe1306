"""Sweeping the store: a database touches its own shelf alone, throws away before it deletes, and refuses in doubt."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from crm.documents import queries, service
from crm.documents.models import Document, FileShelf
from crm.documents.papers import file_answer
from crm.documents.rules import FEW, MARKER, place_of
from crm.documents.service import Subject, Upload
from crm.gateways.files import Files, files_from_url
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM
from tests.houses import Houses, database, run

TEXT = Upload("notes.txt", b"What was agreed\n")
HERE, ELSEWHERE = (
    place_of("postgresql://crm:secret@db.example/crm"),
    place_of("postgresql://db.example/staging"),
)
DAY = timedelta(days=1)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return files_from_url(f"folder://{tmp_path / 'store'}")


@pytest.fixture
def swept(reference: None, db: Session, files: Files) -> None:
    """A store that is bound to the database of the test."""
    service.sweep(files, place=HERE)


def keep(files: Files) -> Document:
    return service.keep(service.stored(TEXT, files=files), Subject("made", uuid4()), by=SYSTEM)


def stray(files: Files) -> str:
    """Bytes of an act that was undone."""
    made = uuid4().hex
    files.put(f"{queries.shelf().name}/{made[:2]}/{made}", b"of an act that was undone")
    return made


def keys(files: Files) -> list[str]:
    shelf = queries.shelf().name
    return sorted(key.removeprefix(f"{shelf}/") for key, _ in files.listed(shelf) if not key.endswith(MARKER))


@pytest.fixture
def later(clock: Any) -> Callable[[float], None]:
    """Moves on by days: the store dates its files by the real clock, which is held to lie before the still one."""
    clock.move_to("2036-11-24T10:00:00+00:00")
    return lambda days: clock.shift(days * DAY)


def test_k34_what_nobody_wants_goes_to_the_trash_and_after_thirty_days_for_good(
    swept: None, files: Files, later: Any
) -> None:
    kept, removed = keep(files), keep(files)
    service.remove(removed)
    lost = stray(files)
    later(2)
    done = service.sweep(files, place=HERE)
    assert (done.found, done.thrown_away, done.fault) == (3, 2, "")
    thrown = [f"trash/{today().isoformat()}/{each}" for each in sorted((removed.id.hex, lost))]
    assert keys(files) == sorted([*thrown, f"{kept.id.hex[:2]}/{kept.id.hex}"])
    later(30)
    assert service.sweep(files, place=HERE).deleted == 0  # the last day in the trash counts
    later(1)
    assert service.sweep(files, place=HERE).deleted == 2
    assert keys(files) == [f"{kept.id.hex[:2]}/{kept.id.hex}"]


def test_k34_a_file_whose_row_is_there_again_comes_back_from_the_trash(
    swept: None, db: Session, files: Files, later: Any
) -> None:
    made = keep(files)
    service.remove(made)
    later(2)
    service.sweep(files, place=HERE)
    db.execute(update(Document).values(removed_at=None))
    db.expire_all()
    assert service.sweep(files, place=HERE).put_back == 1
    assert files.get(made.key) == TEXT.data


def test_k34_names_that_are_not_ours_are_never_touched(swept: None, files: Files, later: Any) -> None:
    shelf = queries.shelf().name
    foreign = [
        "payroll.xlsx",
        "dump.sql.gz",
        f"ab/{uuid4().hex}",
        f"{shelf}/payroll.xlsx",
        f"{shelf}/ab/notes",
    ]
    foreign += [
        f"{shelf}/zz/{uuid4().hex}",
        f"{shelf}-old/ab/ab{uuid4().hex[2:]}",
        f"{shelf}/trash/2020-01-01/x",
    ]
    for key in foreign:
        files.put(key, b"not ours")
    later(400)
    assert service.sweep(files, place=HERE).thrown_away == 0
    assert [files.get(key) for key in foreign] == [b"not ours"] * len(foreign)


def test_k34_where_many_files_have_no_row_none_goes_and_somebody_hears_of_it(
    swept: None, files: Files, later: Any, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(FEW + 1):
        stray(files)
    later(2)
    with caplog.at_level(logging.ERROR, logger="crm.files"):
        done = service.sweep(files, place=HERE)
    assert done.thrown_away == 0
    assert f"{FEW + 1} of {FEW + 1} files have no row" in done.fault
    assert done.fault in caplog.text
    assert queries.shelf().fault == done.fault
    assert service.sweep(files, place=HERE, with_many=True).thrown_away == FEW + 1
    assert queries.shelf().fault == ""


def test_k34_a_copy_of_the_database_elsewhere_throws_nothing_away(
    swept: None, files: Files, later: Any
) -> None:
    lost = stray(files)
    later(2)
    done = service.sweep(files, place=ELSEWHERE)
    assert "copy or an old dump" in done.fault
    assert keys(files) == [f"{lost[:2]}/{lost}"]
    assert service.sweep(files, place=HERE).thrown_away == 1


def test_k34_an_old_dump_in_the_same_place_throws_nothing_away_until_it_is_bound(
    swept: None, db: Session, files: Files, later: Any
) -> None:
    dumped = {name: getattr(queries.shelf(), name) for name in ("mark", "next_mark")}
    for _ in range(2):
        later(1)
        service.sweep(files, place=HERE)
    lost = stray(files)
    db.execute(update(FileShelf).values(**dumped))
    db.expire_all()
    later(2)
    assert service.sweep(files, place=HERE).fault
    service.bind(files, place=HERE)
    assert keys(files) == [f"{lost[:2]}/{lost}"]
    assert service.sweep(files, place=HERE).fault == ""


def test_k34_a_sweep_that_was_undone_is_done_the_next_time(swept: None, db: Session, files: Files) -> None:
    for _ in range(3):
        with db.begin_nested() as undone:
            service.sweep(files, place=HERE)
            undone.rollback()
        db.expire_all()
    assert service.sweep(files, place=HERE).fault == ""


def test_k34_a_shelf_without_its_marker_is_not_swept(swept: None, files: Files, later: Any) -> None:
    files.delete(f"{queries.shelf().name}/{MARKER}")
    later(2)
    assert service.sweep(files, place=HERE).fault


def test_k34_a_file_from_before_there_were_shelves_is_read_and_goes_to_the_trash_when_it_is_removed(
    swept: None, app: Flask, db: Session, files: Files, later: Any
) -> None:
    made = keep(files)
    at, made.shelf = made.key, ""
    files.move(at, made.key)
    db.flush()
    assert made.key == f"{made.id.hex[:2]}/{made.id.hex}"
    app.extensions["files"], before = files, app.extensions["files"]
    try:
        with app.app_context():
            assert file_answer(made).data == TEXT.data
    finally:
        app.extensions["files"] = before
    service.remove(made)
    later(2)
    assert service.sweep(files, place=HERE).thrown_away == 1


def worked(app: Flask, files: Files) -> None:
    app.extensions["files"] = files
    before = {name: signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGINT)}
    with app.app_context():
        run(app, "run-worker", "--once")
    for name, listener in before.items():
        signal.signal(name, listener)


def test_k34_a_fresh_database_before_a_full_folder_takes_nothing_from_it_by_its_worker(
    furnished: Flask, tmp_path: Path, clock: Any
) -> None:
    files = files_from_url(f"folder://{tmp_path / 'store'}")
    foreign = ["payroll.xlsx", "dump.sql", f"3f/3f{uuid4().hex[2:]}"]
    for key in foreign:
        files.put(key, b"not ours")
    clock.move_to("2036-11-24T10:00:00+00:00")
    worked(furnished, files)
    clock.shift(3 * DAY)
    worked(furnished, files)
    assert [files.get(key) for key in foreign] == [b"not ours"] * 3


def test_k34_a_staging_copy_beside_the_live_store_loses_nothing_and_check_says_so(
    furnished: Flask, houses: Houses, engine_name: str, tmp_path: Path, clock: Any
) -> None:
    files = files_from_url(f"folder://{tmp_path / 'store'}")
    clock.move_to("2036-11-24T10:00:00+00:00")
    worked(furnished, files)
    staging = houses.copy(engine_name, of=houses.furnished(engine_name))
    try:
        with database(furnished).transaction() as opened:
            row = queries.shelf()
            dumped = {name: getattr(row, name) for name in ("name", "place", "mark", "next_mark")}
            uploaded = keep(files).key
        with database(staging).transaction() as opened:
            opened.execute(update(FileShelf).values(**dumped))
        clock.shift(3 * DAY)
        worked(staging, files)
        assert files.get(uploaded) == TEXT.data
        with staging.app_context():
            checked = staging.test_cli_runner().invoke(args=["check"])
        assert checked.exit_code == 1
        assert "copy or an old dump" in checked.output
        assert run(staging, "files", "bind") == "The file store is bound to this database.\n"
        with staging.app_context():
            assert run(staging, "check").endswith("Nothing is wrong.\n")
        assert furnished.test_cli_runner().invoke(args=["files", "sweep"]).exit_code == 1
    finally:
        database(staging).engine.dispose()


def test_k34_a_dry_run_says_what_a_sweep_would_do_and_does_nothing(
    swept: None, db: Session, files: Files, later: Any
) -> None:
    removed = keep(files)
    service.remove(removed)
    later(2)
    service.sweep(files, place=HERE)
    stray(files)
    later(40)
    before, mark = keys(files), queries.shelf().next_mark
    would = service.looked_through(files, place=HERE)
    assert (would.thrown_away, would.deleted, would.fault) == (1, 1, "")
    assert (keys(files), queries.shelf().next_mark) == (before, mark)
    done = service.sweep(files, place=HERE)
    assert (done.found, done.thrown_away, done.put_back, done.deleted) == (
        would.found,
        would.thrown_away,
        would.put_back,
        would.deleted,
    )


def test_k34_a_dry_run_refuses_what_a_sweep_refuses(swept: None, files: Files, later: Any) -> None:
    for _ in range(FEW + 1):
        stray(files)
    later(2)
    assert "have no row in this database" in service.looked_through(files, place=HERE).fault
    assert service.looked_through(files, place=ELSEWHERE).fault == service.NOT_OURS
    assert service.looked_through(files, place=HERE, with_many=True).thrown_away == FEW + 1


def test_k34_the_command_says_what_it_would_do(furnished: Flask) -> None:
    run(furnished, "files", "sweep")
    assert "0 would be thrown away" in run(furnished, "files", "sweep", "--dry-run")
