"""Failures have a signal: on a page in words, on the administrator's desk, and as metrics (scenarios A40 to A44)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text
from sqlalchemy.orm import Session

from crm.app import FEATURES
from crm.db.session import Database
from crm.gateways.disk import Disk, disk_of
from crm.gateways.mail import MailRefused
from crm.kernel.clock import now
from crm.notices.jobs import run_due
from crm.notices.rules import WORKER
from crm.notices.service import leave_sign
from crm.watch import rules
from tests import factories
from tests.cast import Cast
from tests.client import ConformingClient
from tests.houses import database
from tests.notices.letters import Postbox, sent_by

DONE = datetime(2026, 11, 24, 0, 0, 5, tzinfo=UTC)
TODO = "about how the service is running"


@pytest.fixture
def house(app: Flask, db: Session) -> Database:
    found = database(app)
    assert isinstance(found, Database)
    return found


def all_is_well(db: Session) -> None:
    """As after a turn of the worker: everything timed was done, and it was seen."""
    for name in (WORKER, *(work.name for room in FEATURES for work in room.timed)):
        leave_sign(name)
    db.flush()


def values(client: ConformingClient) -> dict[tuple[str, str], float]:
    """The metrics as a machine reads them, by their name and the first label's value."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.text)
    return {
        (each.name, next(iter(each.labels.values()), "")): each.value
        for family in families
        for each in family.samples
    }


def test_a42_where_all_is_well_the_page_says_so_and_no_desk_has_a_todo(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    all_is_well(db)
    page = client.sign_in(cast.administrator).get("/running").text
    assert "Everything is as it should be." in page
    assert "Needs attention" not in page
    assert TODO not in client.get("/desk").text
    assert 'href="/running"' in client.get("/desk").text
    assert not any(value for (name, _), value in values(client).items() if name == "crm_is_wrong")


def test_a42_a_worker_that_was_not_seen_for_five_minutes_is_on_the_administrators_desk(
    client: ConformingClient, cast: Cast, db: Session, clock: Any
) -> None:
    all_is_well(db)
    clock.shift(timedelta(minutes=5, seconds=1))
    client.sign_in(cast.administrator)
    assert f"thing {TODO} needs attention" in client.get("/desk").text
    page = client.get("/running").text
    assert "1 thing needs attention." in page
    assert "Start the worker (make run-worker)." in page
    assert values(client)["crm_is_wrong", "worker"] == 1


def test_a40_an_email_that_waits_for_a_quarter_of_an_hour_is_a_signal_with_its_age(
    client: ConformingClient, cast: Cast, db: Session, clock: Any
) -> None:
    letter = factories.letter()
    sent = factories.letter()
    db.execute(text("UPDATE letter SET status = 'cancelled' WHERE to_address = :to"), {"to": sent.to_address})
    clock.shift(timedelta(minutes=15, seconds=1))
    all_is_well(db)
    page = client.sign_in(cast.administrator).get("/running").text
    assert "the mail server does not take them" in page
    assert 'href="/letters?status=waiting"' in page
    listed = client.get("/letters?status=waiting").text
    assert letter.to_address in listed
    assert sent.to_address not in listed
    found = values(client)
    assert (found["crm_outbox_waiting", ""], found["crm_outbox_lag_seconds", ""]) == (1, 901)
    assert found["crm_is_wrong", "outbox"] == 1


def test_a40_failed_emails_are_counted_and_stand_on_the_desk_once(
    client: ConformingClient, cast: Cast, db: Session, house: Database
) -> None:
    factories.letter()
    sent_by(house, db, Postbox(faults=[MailRefused("[550]")]))
    all_is_well(db)
    client.sign_in(cast.administrator)
    assert "Emails that could not be delivered" in client.get("/running").text
    desk = client.get("/desk").text
    assert "email could not be delivered" in desk
    assert TODO not in desk
    assert values(client)["crm_emails_failed", ""] == 1


def test_a42_timed_work_that_was_not_done_is_named_with_when_it_last_was(
    client: ConformingClient, cast: Cast, db: Session, clock: Any
) -> None:
    done = datetime(2026, 11, 24, 10, 5, tzinfo=UTC)
    clock.move_to(done)
    all_is_well(db)
    clock.move_to(datetime(2026, 11, 25, 1, 0, 1, tzinfo=UTC))
    leave_sign(WORKER)
    page = client.sign_in(cast.administrator).get("/running").text
    assert "Timed work" in page
    assert "Timed work that is late" in page
    assert "24 November 2026 at 10:05am" in page
    found = values(client)
    assert found["crm_timed_work_done_timestamp_seconds", "forget old timed runs"] == done.timestamp()
    assert found["crm_timed_work_is_late", "forget old timed runs"] == 1


@pytest.mark.parametrize(
    ("every", "done", "at", "is_late"),
    [
        (timedelta(days=1), DONE, datetime(2026, 11, 25, 1, 0, tzinfo=UTC), False),
        (timedelta(days=1), DONE, datetime(2026, 11, 25, 1, 0, 1, tzinfo=UTC), True),
        (
            timedelta(days=1),
            datetime(2026, 11, 24, 23, 59, tzinfo=UTC),
            datetime(2026, 11, 25, 2, tzinfo=UTC),
            True,
        ),
        (timedelta(hours=1), DONE, datetime(2026, 11, 24, 2, 0, tzinfo=UTC), False),
        (timedelta(hours=1), DONE, datetime(2026, 11, 24, 2, 0, 1, tzinfo=UTC), True),
        (timedelta(days=1), None, DONE, True),
    ],
)
def test_timed_work_is_late_an_hour_after_its_next_period_began(
    every: timedelta, done: datetime | None, at: datetime, is_late: bool
) -> None:
    assert rules.is_late(every, done, at=at) is is_late


def test_the_worker_leaves_a_sign_for_each_work_that_it_did(house: Database, db: Session) -> None:
    assert run_due(house, FEATURES[:1])
    done = {work.name for work in FEATURES[0].timed}
    from crm.notices.queries import signs_of_life

    assert signs_of_life() == dict.fromkeys(done, now())


def test_a42_a_full_disk_is_a_signal(
    client: ConformingClient, cast: Cast, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_is_well(db)
    monkeypatch.setattr("crm.watch.queries.disk_of", lambda _: Disk(free=1024**3 - 1, total=40 * 1000**3))
    page = client.sign_in(cast.administrator).get("/running").text
    assert "1.1 GB of 40.0 GB are free" in page
    assert "Make room or enlarge the disk" in page
    assert values(client)["crm_data_disk_free_bytes", ""] == 1024**3 - 1


def test_the_disk_of_a_folder_that_is_not_made_yet_is_that_of_the_nearest_above(tmp_path: Any) -> None:
    assert disk_of(tmp_path / "not" / "there").total == disk_of(tmp_path).total


def test_a42_missing_reference_data_is_named(client: ConformingClient, cast: Cast, db: Session) -> None:
    all_is_well(db)
    db.execute(text("DELETE FROM support_kind"))
    page = client.sign_in(cast.administrator).get("/running").text
    assert "Missing: kinds of support" in page
    assert "reference load" in page
    assert values(client)["crm_reference_data_present", "kinds of support"] == 0


def test_a43_a_database_at_an_older_revision_is_said_with_both(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    client.sign_in(cast.administrator)
    db.execute(text("UPDATE alembic_version SET version_num = '0090'"))
    assert "It is at revision 0090" in client.get("/running").text
    found = values(client)
    assert found["crm_is_wrong", "database"] == 1
    assert ("crm_outbox_waiting", "") not in found


def test_a43_metrics_are_told_while_the_database_is_away(
    furnished: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    def away(_connection: Any) -> str:
        raise OperationalError("SELECT 1", {}, ConnectionError("gone"))

    monkeypatch.setattr("crm.watch.queries.revision_of", away)
    monkeypatch.setattr("crm.desk.queries.revision_of", away)
    visitor = furnished.test_client()
    told = visitor.get("/metrics").text
    assert "crm_database_answers 0.0" in told
    assert 'crm_is_wrong{what="database"} 1.0' in told
    assert visitor.get("/readyz").status_code == 503


def test_a40_a_dead_mail_server_takes_no_process_out_of_a_balancer(
    client: ConformingClient, db: Session, clock: Any
) -> None:
    factories.letter()
    clock.shift(timedelta(days=2))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (
        200,
        {"status": "ok", "database": True, "migrations": True, "reference": True},
    )


def test_a43_a_process_whose_database_is_not_migrated_gets_no_requests(
    client: ConformingClient, db: Session
) -> None:
    db.execute(text("UPDATE alembic_version SET version_num = '0090'"))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["migrations"]) == (503, False)


def test_metrics_say_nothing_of_anybody(client: ConformingClient, cast: Cast, db: Session) -> None:
    letter = factories.letter()
    told = client.get("/metrics").text
    for person in (letter.to_address, letter.to_name, str(letter.id), "@", cast.administrator.actor.name):
        assert person not in told


@pytest.mark.parametrize(
    ("environment", "token", "given", "address", "status"),
    [
        ("test", "", None, "127.0.0.1", 200),
        ("test", "", None, "192.0.2.7", 404),
        ("test", "t" * 32, None, "127.0.0.1", 404),
        ("test", "t" * 32, "Bearer " + "t" * 32, "192.0.2.7", 200),
        ("production", "", None, "127.0.0.1", 404),
        ("production", "", "Bearer ", "127.0.0.1", 404),
        ("production", "t" * 32, "Bearer wrong", "127.0.0.1", 404),
        ("production", "t" * 32, "Bearer é", "127.0.0.1", 404),
        ("production", "t" * 32, "Bearer " + "t" * 32, "192.0.2.7", 200),
    ],
)
def test_metrics_are_for_the_holder_of_the_token_and_outside_production_for_this_machine(
    client: ConformingClient,
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    environment: str,
    token: str,
    given: str | None,
    address: str,
    status: int,
) -> None:
    from dataclasses import replace

    made = replace(app.extensions["settings"], environment=environment, metrics_token=token)
    monkeypatch.setitem(app.extensions, "settings", made)
    headers = {"Authorization": given} if given else {}
    asked = app.test_client().get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})
    assert asked.status_code == status


def test_the_page_asks_as_often_for_many_emails_as_for_one(
    client: ConformingClient, cast: Cast, db: Session, count_queries: Callable[[], Any]
) -> None:
    client.sign_in(cast.administrator)
    asked = []
    for many in (1, 30):
        for number in range(many):
            made = factories.letter()
            if number % 2:
                db.execute(text("UPDATE letter SET status = 'failed' WHERE id = :id"), {"id": str(made.id)})
        db.flush()
        with count_queries() as heard:
            client.get("/running")
        asked.append(len(heard))
    assert asked[0] == asked[1]


def test_only_administrators_and_auditors_see_how_the_service_is_running(
    client: ConformingClient, cast: Cast
) -> None:
    assert client.sign_in(cast.auditor).get("/running").status_code == 200
    assert TODO not in client.get("/desk").text
    assert client.sign_in(cast.adviser).get("/running").status_code == 403
    assert 'href="/running"' not in client.get("/desk").text
