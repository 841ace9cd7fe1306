"""The trail: what is written, what is sealed, what is found when somebody meddles, and what erasing leaves."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from crm.accounts.models import Account
from crm.audit import queries, service
from crm.audit.models import AuditEntry, AuditErasure, AuditSeal, AuditValue
from crm.audit.rules import digest_of, seal_of
from crm.kernel.clock import now
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor
from crm.kernel.roles import Role
from tests.accounts.people import actor, person

TABLES_NEVER_CHANGED = ("audit_entry", "audit_seal", "audit_erasure")


@pytest.fixture
def thing(db: Session) -> Account:
    return person()


@pytest.fixture
def lines(db: Session, thing: Account, clock: Any) -> list[AuditEntry]:
    """Three entries, eleven minutes old."""
    made = [service.record("edit", thing, {"name": ("", f"name {number}")}, by=SYSTEM) for number in range(3)]
    clock.shift(timedelta(minutes=11))
    return made


def walls_down(db: Session) -> None:
    """As somebody with the database in their hands would do it."""
    if db.get_bind().dialect.name == "postgresql":
        for table in (*TABLES_NEVER_CHANGED, "audit_value"):
            db.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        return
    for name in db.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        db.execute(text(f"DROP TRIGGER {name}"))


def test_an_entry_says_who_did_what_to_what_and_when(db: Session, thing: Account) -> None:
    by = actor(Role.ADMINISTRATOR)
    service.record("edit", thing, {"name": ("Ann", "Anne")}, by=by)
    (entry,) = queries.entries_about(thing)
    assert (entry.actor_id, entry.act, entry.thing_kind) == (by.account_id, "edit", "account")
    assert (entry.thing_id, entry.at) == (str(thing.id), now())
    assert entry.values is not None
    assert entry.values.changes == {"name": ["Ann", "Anne"]}


def test_values_are_kept_alike_on_both_engines(db: Session, thing: Account) -> None:
    changes = {
        "sum": (None, Money(123456)),
        "day": (date(2026, 1, 2), None),
        "role": (Role.ADVISER, Role.FUNDER),
        "areas": frozenset({"b", "a"}),
        "words": "“é” and \N{SNOWMAN}",
    }
    entry = service.record("edit", thing, changes, by=SYSTEM)
    db.flush()
    db.expire_all()
    (found,) = queries.entries_about(thing)
    assert found.values is not None
    assert found.values.changes == {
        "sum": [None, "£1,234.56"],
        "day": ["2026-01-02", None],
        "role": ["adviser", "funder"],
        "areas": ["a", "b"],
        "words": "“é” and \N{SNOWMAN}",
    }
    assert digest_of(found.values.salt, found.values.changes) == entry.digest


def test_the_same_values_have_another_digest_each_time(db: Session, thing: Account) -> None:
    one, two = (service.record("edit", thing, {"name": ("", "Ann")}, by=SYSTEM) for _ in range(2))
    assert one.digest != two.digest


def test_the_order_of_the_fields_does_not_matter() -> None:
    assert digest_of("salt", {"a": 1, "b": 2}) == digest_of("salt", {"b": 2, "a": 1})
    assert digest_of("salt", {"a": 1}) != digest_of("pepper", {"a": 1})


def test_a_seal_hangs_on_the_one_before_and_on_the_order() -> None:
    assert seal_of("", ["a", "b"]) != seal_of("", ["b", "a"])
    assert seal_of("", ["a"]) != seal_of("before", ["a"])
    assert seal_of("", ["a\nb"]) != seal_of("", ["ab"])


def test_the_whole_trail_is_read_newest_first_by_pages(db: Session, thing: Account) -> None:
    for number in range(30):
        service.record(f"act {number}", thing, by=SYSTEM)
    first = queries.trail()
    second = queries.trail(first.after)
    acts = [entry.act for entry in (*first.rows, *second.rows)]
    assert acts == [f"act {number}" for number in reversed(range(30))]
    assert second.after is None
    assert queries.trail(second.before).rows == first.rows


# ---------------------------------------------------------------- seals


def test_what_is_younger_than_ten_minutes_is_not_sealed_yet(db: Session, thing: Account, clock: Any) -> None:
    service.record("edit", thing, by=SYSTEM)
    clock.shift(timedelta(minutes=10))
    assert service.seal() is None
    clock.shift(timedelta(seconds=1))
    sealed = service.seal()
    assert sealed is not None
    assert sealed.entries == 1


def test_a_second_seal_covers_only_what_came_since(
    db: Session, lines: list[AuditEntry], thing: Account, clock: Any
) -> None:
    first = service.seal()
    assert first is not None
    assert service.seal() is None
    later = service.record("edit", thing, by=SYSTEM)
    clock.shift(timedelta(minutes=11))
    second = service.seal()
    assert second is not None
    assert (first.entries, second.entries, second.up_to_id) == (3, 1, later.id)
    assert service.faults() == []


def test_an_untouched_trail_is_whole(db: Session, lines: list[AuditEntry]) -> None:
    service.seal()
    db.expire_all()
    assert service.faults() == []


@pytest.mark.parametrize(
    "fields",
    [
        {"act": "something else"},
        {"thing_id": "another"},
        {"actor_id": None, "at": now() - timedelta(days=1)},
        {"digest": "0" * 64},
    ],
    ids=["act", "thing", "time", "digest"],
)
def test_a_changed_entry_is_found(db: Session, lines: list[AuditEntry], fields: dict[str, Any]) -> None:
    service.seal()
    walls_down(db)
    db.execute(update(AuditEntry).where(AuditEntry.id == lines[1].id).values(**fields))
    db.expire_all()
    assert any(fault.startswith("seal ") for fault in service.faults())


def test_a_changed_value_is_found_even_before_it_is_sealed(db: Session, lines: list[AuditEntry]) -> None:
    walls_down(db)
    db.execute(
        update(AuditValue)
        .where(AuditValue.entry_id == lines[1].id)
        .values(changes={"name": ["", "Somebody else"]})
    )
    db.expire_all()
    assert service.faults() == [f"entry {lines[1].id}: its values are not those that were written"]


def test_a_removed_entry_is_found(db: Session, lines: list[AuditEntry]) -> None:
    service.seal()
    walls_down(db)
    db.execute(delete(AuditValue).where(AuditValue.entry_id == lines[2].id))
    db.execute(delete(AuditEntry).where(AuditEntry.id == lines[2].id))
    assert any("were changed, added or removed" in fault for fault in service.faults())


def test_an_entry_put_in_afterwards_is_found(db: Session, lines: list[AuditEntry]) -> None:
    service.seal()
    walls_down(db)
    db.execute(delete(AuditValue).where(AuditValue.entry_id == lines[0].id))
    db.execute(update(AuditEntry).where(AuditEntry.id == lines[0].id).values(id=-1))
    assert any("were changed, added or removed" in fault for fault in service.faults())


def test_a_seal_made_anew_over_a_forged_trail_breaks_the_next_one(
    db: Session, lines: list[AuditEntry], thing: Account, clock: Any
) -> None:
    first = service.seal()
    assert first is not None
    service.record("edit", thing, by=SYSTEM)
    clock.shift(timedelta(minutes=11))
    service.seal()
    walls_down(db)
    db.execute(update(AuditEntry).where(AuditEntry.id == lines[0].id).values(act="forged"))
    forged = seal_of("", service.sealed_lines(0, first.up_to_id))
    db.execute(update(AuditSeal).where(AuditSeal.id == first.id).values(digest=forged))
    db.expire_all()
    assert len(service.faults()) == 1


def test_values_that_went_without_leave_are_found(db: Session, lines: list[AuditEntry]) -> None:
    service.seal()
    walls_down(db)
    db.execute(delete(AuditValue).where(AuditValue.entry_id == lines[0].id))
    db.expire_all()
    assert service.faults() == [
        f"entry {lines[0].id}: its values are gone, and nobody gave leave to erase them"
    ]


# ---------------------------------------------------------------- erasing


def test_erasing_the_values_keeps_the_chain(db: Session, lines: list[AuditEntry]) -> None:
    service.seal()
    by = actor(Role.ADMINISTRATOR)
    service.erase_values(lines[0], reason="asked for by the person", by=by)
    db.expire_all()
    assert service.faults() == []
    assert db.get(AuditValue, lines[0].id) is None
    erasure = db.get(AuditErasure, lines[0].id)
    assert erasure is not None
    assert (erasure.reason, erasure.actor_id) == ("asked for by the person", by.account_id)
    assert db.scalar(select(func.count()).select_from(AuditEntry)) == 3


def test_the_values_of_the_other_entries_stay(db: Session, lines: list[AuditEntry]) -> None:
    service.erase_values(lines[0], reason="asked", by=SYSTEM)
    assert db.scalars(select(AuditValue.entry_id).order_by(AuditValue.entry_id)).all() == [
        lines[1].id,
        lines[2].id,
    ]


# ---------------------------------------------------------------- the walls


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET act = 'forged'",
        "DELETE FROM audit_entry",
        "UPDATE audit_seal SET entries = 0",
        "DELETE FROM audit_seal",
        "UPDATE audit_value SET salt = ''",
        "DELETE FROM audit_value",
        "UPDATE audit_erasure SET reason = 'another'",
        "DELETE FROM audit_erasure",
    ],
)
def test_the_database_itself_refuses(db: Session, lines: list[AuditEntry], statement: str) -> None:
    service.seal()
    service.erase_values(lines[0], reason="asked", by=SYSTEM)
    with pytest.raises(DBAPIError, match=r"append-only|only with leave"), db.begin_nested():
        db.execute(text(statement))
    db.expire_all()
    assert service.faults() == []


@pytest.mark.engine("postgresql")
@pytest.mark.parametrize("table", ["audit_entry", "audit_value", "audit_seal", "audit_erasure"])
def test_no_table_of_the_trail_can_be_emptied(db: Session, lines: list[AuditEntry], table: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), db.begin_nested():
        db.execute(text(f"TRUNCATE {table} CASCADE"))


def test_leave_for_one_entry_is_no_leave_for_another(db: Session, lines: list[AuditEntry]) -> None:
    service.erase_values(lines[0], reason="asked", by=SYSTEM)
    with pytest.raises(DBAPIError, match="only with leave"), db.begin_nested():
        db.execute(delete(AuditValue).where(AuditValue.entry_id == lines[1].id))


def test_an_entry_needs_an_account_that_exists(db: Session, thing: Account) -> None:
    stranger = Actor(account_id=thing.id.__class__(int=1), name="Nobody")
    with pytest.raises(DBAPIError), db.begin_nested():
        service.record("edit", thing, by=stranger)


# ---------------------------------------------------------------- the command


def test_the_command_says_that_the_trail_is_whole(app: Flask, db: Session, lines: list[AuditEntry]) -> None:
    service.seal()
    db.commit()
    done = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert (done.exit_code, "The audit trail is whole. The last seal is" in done.stdout) == (0, True)


def test_the_command_names_every_fault_and_fails(app: Flask, db: Session, lines: list[AuditEntry]) -> None:
    walls_down(db)
    db.execute(update(AuditValue).values(salt="0"))
    db.commit()
    done = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert done.exit_code == 1
    assert done.stderr.count("not those that were written") == 3
    assert "3 faults found." in done.stdout
