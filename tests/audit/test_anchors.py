"""Seals that are told outside of the database: somebody who has all of it cannot take entries away unseen."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from crm.audit import service
from crm.audit.jobs import all_faults, anchor_trail, anchors
from crm.audit.models import AuditEntry, AuditSeal, AuditValue
from crm.db.session import SEALS
from crm.gateways.anchors import SignedFile
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role
from crm.notices.service import as_sent
from crm.watch.jobs.telling import tell_auditors
from tests.accounts.people import person
from tests.audit.test_trail import walls_down
from tests.cast import Cast
from tests.client import ConformingClient
from tests.houses import run
from tests.referrals.made import letters

KEY = b"a key that is not in the database"


@pytest.fixture
def path(db: Session, tmp_path: Path) -> Path:
    """Where the seals are told in this test."""
    made = SignedFile(tmp_path / "data" / "seals.log", KEY)
    db.info[SEALS] = made
    return made.path


def sealed(clock: Any, *, times: int = 1) -> None:
    """Seals that are told to the file, each over two entries."""
    thing = person()
    for _ in range(times):
        for _ in range(2):
            service.record("edit", thing, {"name": ("", "Ann")}, by=SYSTEM)
        clock.shift(timedelta(minutes=11))
        service.seal()
        anchor_trail()


def test_46_entries_that_are_removed_with_their_seals_are_missed(db: Session, clock: Any, path: Path) -> None:
    sealed(clock, times=3)
    assert all_faults() == []
    walls_down(db)
    last = db.query(AuditSeal.id).order_by(AuditSeal.id.desc()).first()
    assert last is not None
    kept = db.query(AuditSeal.up_to_id).order_by(AuditSeal.id.desc()).offset(1).first()
    assert kept is not None
    db.execute(delete(AuditValue).where(AuditValue.entry_id > kept[0]))
    db.execute(delete(AuditEntry).where(AuditEntry.id > kept[0]))
    db.execute(delete(AuditSeal).where(AuditSeal.id == last[0]))
    assert service.faults() == [], "the database alone says that it is whole"
    (fault,) = all_faults()
    assert "is not in the database: it was removed, and entries with it" in fault


def test_46_everything_removed_at_once_is_missed(db: Session, clock: Any, path: Path) -> None:
    sealed(clock, times=2)
    walls_down(db)
    for table in (AuditValue, AuditSeal, AuditEntry):
        db.execute(delete(table))
    assert service.faults() == []
    assert len(all_faults()) == 2


def test_46_a_chain_that_is_made_anew_is_not_the_one_that_was_told(
    app: Flask, db: Session, clock: Any
) -> None:
    sealed(clock)
    walls_down(db)
    db.execute(update(AuditEntry).values(act="something else"))
    db.execute(delete(AuditSeal))
    clock.shift(timedelta(minutes=11))
    made = service.seal()
    assert made is not None
    assert service.faults() == []
    (fault,) = all_faults()
    assert "is not" in fault


def test_46_the_file_cannot_be_made_anew_without_the_key(db: Session, clock: Any, path: Path) -> None:
    sealed(clock, times=3)
    assert path.stat().st_mode & 0o077 == 0, "nobody but its owner reads it"
    whole = path.read_text().splitlines(keepends=True)
    for wrong in (whole[1:], [whole[0], whole[2]], [whole[0].replace(" 2 ", " 3 "), *whole[1:]]):
        path.write_text("".join(wrong))
        assert any("it was not written by this service" in each for each in all_faults()), wrong
    path.unlink()
    SignedFile(path, b"another key").add(map(str, service.anchors_after(0)))
    assert len(all_faults()) == 3


def test_46_what_is_missing_is_an_alarm_every_hour_and_each_seal_is_told_once(
    db: Session, clock: Any, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sealed(clock, times=2)
    anchor_trail()
    assert len(anchors().texts()) == 2
    walls_down(db)
    db.execute(delete(AuditSeal))
    anchor_trail()
    assert "the audit log was tampered with" in caplog.text


def test_46_the_command_compares_a_seal_of_an_email(committing_app: Flask, clock: Any) -> None:
    house = committing_app
    with house.extensions["database"].transaction():
        service.record("edit", person(), {"name": ("", "Ann")}, by=SYSTEM)
    clock.shift(timedelta(minutes=11))
    with house.extensions["database"].transaction():
        service.seal()
        told = str(service.last_anchor())
    assert "The audit trail is whole" in run(house, "audit", "verify", "--seal", told)
    wrong = house.test_cli_runner().invoke(args=["audit", "verify", "--seal", f"9{told}"])
    assert (wrong.exit_code, "was removed" in wrong.output) == (1, True)


def test_46_auditors_get_the_seal_by_email_and_read_it_on_the_page(
    client: ConformingClient, cast: Cast, db: Session, clock: Any, path: Path
) -> None:
    tell_auditors()
    assert letters(db, "audit_seal") == [], "there is none yet"
    sealed(clock)
    tell_auditors()
    (letter,) = letters(db, "audit_seal")
    seal = str(service.last_anchor())
    assert (letter.account_id, seal in as_sent(letter.kind, {**letter.context, "to_name": "Made"}).text) == (
        cast.auditor.id,
        True,
    )
    assert seal in client.sign_in(cast.auditor).get("/audit").text
    assert {each.role for each in cast.auditor.actor.grants} == {Role.AUDITOR}
