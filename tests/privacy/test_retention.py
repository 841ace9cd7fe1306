"""Personal data ends by its time: the report says what is due, and the worker deletes it, a few rows at a time (P52)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from crm.accounts.models import LoginSession
from crm.app import FEATURES
from crm.audit import service as audit
from crm.audit.queries import every_entry_about
from crm.businesses.models import Person
from crm.businesses.workflow import ClaimStatus
from crm.casework.workflow import ConversationStatus
from crm.complaints.workflow import ComplaintStatus
from crm.db.base import Base
from crm.db.ending import Deleted, Emptied, Ends, ids_left, table_of, tables_of
from crm.db.personal import Personal
from crm.figures.models import DatedFigure
from crm.figures.rules import CATALOGUE
from crm.kernel.calendar import add_months
from crm.kernel.clock import now, start_of, today
from crm.kernel.permissions import SYSTEM
from crm.notices.models import Letter
from crm.notices.workflow import LetterStatus
from crm.privacy import rules
from crm.privacy.models import RetentionRun
from crm.privacy.queries.retention import lines_of, value_of
from crm.privacy.service import retention as service
from crm.signposting.models import Enquiry, EnquiryNote
from crm.signposting.workflow import CloseReason, EnquiryStatus
from tests import factories, gatherings
from tests.cast import Cast
from tests.client import ConformingClient
from tests.houses import database
from tests.rules.complaint_samples import a_complaint

KINDS = rules.kinds_in(each.retention for each in FEATURES)
OURS = {each.name: each for each in KINDS if each.then is not None}


def work(app: Flask) -> None:
    """What the worker does on one day."""
    with database(app).transaction():
        service.plan(KINDS)
    while service.end_next(database(app), KINDS):
        pass


def runs(db: Session) -> list[tuple[str, int, int, bool, bool]]:
    found = db.scalars(select(RetentionRun).order_by(RetentionRun.kind))
    return [(e.kind, e.found, e.done, bool(e.held), e.finished_at is not None) for e in found]


def left(on: date, **fields: Any) -> Person:
    return factories.person(factories.business(), left_on=on, **fields)


def closed(at: datetime, **fields: Any) -> Enquiry:
    given = {"closed_at": at, "close_reason": CloseReason.HELPED, "_status": EnquiryStatus.CLOSED}
    return factories.enquiry(story="We make lamps", phone="0121 496 0000", **given | fields)


def sent(kind: str) -> Callable[[datetime], Any]:
    def make(at: datetime) -> Letter:
        return factories.letter(
            kind=kind, queued_at=at, _status=LetterStatus.SENT, sent_at=at, kept_text="Dear Ann"
        )

    return make


def answered(at: datetime) -> Any:
    given = {"acknowledged_at": at, "answered_at": at, "answer": "We are sorry"}
    return a_complaint(_status=ComplaintStatus.ANSWERED, **given)


def spoken(at: datetime) -> Any:
    return factories.conversation(
        factories.business(),
        happened_on=at.date(),
        notes="Ann is ill",
        kind_code=factories.support_kind().code,
        channel="telephone",
        completed_at=at,
        _status=ConversationStatus.COMPLETE,
    )


def booked(at: datetime) -> Any:
    return gatherings.place(gatherings.workshop(starts_at=at - timedelta(hours=2), ends_at=at))


MADE: dict[str, Callable[[datetime], Any]] = {
    "emails": sent("workshop_place"),
    "record emails": sent("award_offer"),
    "sign-ins": lambda at: factories.login_session(
        factories.account(), began_at=at - timedelta(hours=1), expires_at=at
    ),
    "people who left": lambda at: left(at.date()),
    "requests for access": lambda at: factories.claim(
        factories.business(), decided_at=at, _status=ClaimStatus.CONFIRMED
    ),
    "complaints": answered,
    "case notes": spoken,
    "advisers' emails": lambda at: factories.email(factories.business(), written_at=at),
    "workshop places": booked,
    "enquiries": closed,
}


def test_every_table_with_personal_data_says_how_long_it_is_kept() -> None:
    personal = {
        key.partition(".")[0]
        for room in FEATURES
        for key, held in room.personal.items()
        if isinstance(held, Personal)
    }
    told = {table for room in FEATURES for each in room.retention for table in tables_of(each)}

    assert personal - told == set()
    assert told <= set(Base.metadata.tables)
    assert len({each.name for each in KINDS}) == len(KINDS)


def test_what_the_manifests_name_is_there() -> None:
    for each in KINDS:
        assert not isinstance(each.period, str) or each.period in CATALOGUE, each.name
        assert each.then is None or each.at, each.name
        assert isinstance(each.then, Deleted) <= (not each.stays), each.name
        if isinstance(each.then, Emptied):
            assert set(each.then.values) <= set(table_of(each).c.keys()), each.name
            assert not callable(next(iter(each.then.values.values()))), each.name


def test_what_is_deleted_has_no_rows_below_it_that_would_be_left() -> None:
    for each in KINDS:
        if isinstance(each.then, Deleted):
            pointing = {
                f"{table.name}.{key.parent.name}"
                for table in Base.metadata.tables.values()
                for key in table.foreign_keys
                if key.column.table.name == each.table
            }
            assert pointing <= set(each.then.below), each.name


@pytest.mark.parametrize("name", sorted(MADE))
def test_p52_each_kind_ends_once_its_time_is_over_and_not_before(
    reference: None, app: Flask, db: Session, name: str
) -> None:
    kind = OURS[name]
    before = rules.first_kept(kind, value_of(kind) or 0, on=today())
    over, kept = MADE[name](before - timedelta(hours=1)), MADE[name](before + timedelta(hours=1))
    ids = {over.id, kept.id}
    unchanged = _row(db, kind, kept.id)

    work(app)

    db.expire_all()
    assert set(ids_left(kind, now() + timedelta(days=1), most=9)) & ids == {kept.id}
    assert _row(db, kind, kept.id) == unchanged
    assert (kind.name, 1, 1, False, True) in runs(db)
    work(app)
    assert len([each for each in runs(db) if each[0] == name]) == 1


def _row(db: Session, kind: Ends, row_id: Any) -> Any:
    table = table_of(kind)
    return db.execute(select(table).where(table.c.id == row_id)).one()


def test_the_whole_last_day_is_kept(reference: None, app: Flask, db: Session) -> None:
    last = add_months(today(), -24)
    gone, there = left(last - timedelta(days=1)), left(last)

    work(app)

    db.expire_all()
    assert (gone.name, gone.email, gone.phone, gone.version) == ("Former contact", None, None, 2)
    assert there.name != "Former contact"


def test_p52_names_and_texts_go_the_counts_stay_and_the_log_is_whole(
    reference: None, app: Flask, db: Session
) -> None:
    found = closed(start_of(add_months(today(), -37)), outcode="B18", postcode="B18 6NF")
    db.add(EnquiryNote(enquiry_id=found.id, at=now(), text="She sounded worried"))
    db.flush()
    audit.record("enquire", found, {"person_name": (None, found.person_name)}, by=SYSTEM)
    db.flush()

    work(app)

    db.expire_all()
    assert (found.person_name, found.phone, found.story, found.postcode) == ("Deleted", None, "", None)
    assert found.email == f"erased-{found.id}@erased.invalid"
    assert (found.outcode, found.close_reason) == ("B18", CloseReason.HELPED)
    assert db.scalar(select(func.count()).select_from(EnquiryNote)) == 0
    assert db.scalar(select(func.count()).select_from(Enquiry)) == 1
    assert every_entry_about(found) == []
    assert audit.faults() == []
    run = db.scalars(select(RetentionRun)).one()
    [entry] = every_entry_about(run)
    assert entry.act == "delete_at_the_end_of_retention"


def test_many_are_deleted_in_several_transactions(
    reference: None, app: Flask, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "AT_ONCE", 2)
    for _ in range(5):
        factories.login_session(factories.account(), expires_at=now() - timedelta(days=100))
    service.plan(KINDS)

    done = [db.scalar(select(RetentionRun.done)) for _ in range(3) if service.end_next(database(app), KINDS)]

    assert done == [2, 4, 5]
    assert db.scalar(select(func.count()).select_from(LoginSession)) == 0


def _improbable(db: Session) -> None:
    for _ in range(rules.FEW + 1):
        left(today() - timedelta(days=1000))


def test_where_improbably_many_are_due_nothing_is_deleted_until_a_person_has_looked(
    reference: None, app: Flask, db: Session, cast: Cast, client: ConformingClient
) -> None:
    _improbable(db)

    work(app)

    assert runs(db) == [("people who left", 21, 0, True, False)]
    page = client.sign_in(cast.administrator).get("/retention").text
    assert "21 of 21 are due at once" in page
    assert "People who left a business were not deleted" in page
    assert "kind of personal data is past its retention period" in client.get("/desk").text
    run = app.test_cli_runner().invoke(args=["retention", "--many"])
    assert run.exit_code == 0
    while service.end_next(database(app), KINDS):
        pass
    assert runs(db) == [("people who left", 21, 21, False, True)]
    assert "kind of personal data" not in client.get("/desk").text


def test_a_kind_that_fails_is_held_back_and_the_others_are_deleted(
    reference: None, app: Flask, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    left(today() - timedelta(days=1000))
    factories.login_session(factories.account(), expires_at=now() - timedelta(days=100))
    real = service.end_rows

    def fail(table: Any, ids: Any, *, then: Any) -> None:
        if table.name == "person":
            raise RuntimeError("made")
        real(table, ids, then=then)

    monkeypatch.setattr(service, "end_rows", fail)

    work(app)

    assert runs(db) == [("people who left", 1, 0, True, False), ("sign-ins", 1, 1, False, True)]
    monkeypatch.undo()
    work(app)  # the day after
    assert ("people who left", 1, 1, False, True) in runs(db)


def test_the_report_says_what_is_due_and_changes_nothing(
    reference: None, app: Flask, db: Session, cast: Cast, client: ConformingClient
) -> None:
    found = left(today() - timedelta(days=1000))

    printed = app.test_cli_runner().invoke(args=["retention"]).output
    page = client.sign_in(cast.auditor).get("/retention")

    assert page.status_code == 200
    assert "24 months after the day on which they left" in page.text
    [line] = [each for each in printed.splitlines() if each.startswith("People who left a business")]
    assert line.split()[-4:] == ["24", "months", "1", "due"]
    assert [each.due for each in lines_of(KINDS) if each.kind.name == "people who left"] == [1]
    db.expire_all()
    assert found.name != "Former contact"
    assert runs(db) == []


def test_only_administrators_and_auditors_see_the_report(cast: Cast, client: ConformingClient) -> None:
    for each in (cast.adviser, cast.founder, cast.hub_manager):
        assert client.sign_in(each).get("/retention").status_code == 403


def test_before_the_figures_are_loaded_nothing_is_planned_and_the_report_shows_those_that_come_with_the_product(
    app: Flask, db: Session
) -> None:
    old = left(date(2001, 1, 1))
    db.execute(delete(DatedFigure))
    db.flush()
    work(app)
    assert runs(db) == []
    assert db.get(Person, old.id) is not None
    assert any(each.due for each in lines_of(KINDS))
