"""A person is erased in every room at once, and what the law needs stays (P52, N52)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from crm.accounts.workflow import AccountStatus
from crm.angels.investors.service import erasing as of_investors
from crm.angels.investors.workflow import AngelStatus
from crm.app import FEATURES
from crm.audit import service as audit
from crm.db.base import Base
from crm.db.ending import Deleted, Emptied
from crm.db.erasing import Traces, significant, whole_tables
from crm.db.personal import Personal
from crm.notices.models import Letter
from crm.notices.service import forget
from crm.notices.workflow import LetterStatus
from crm.privacy.queries.requests import erasure
from crm.privacy.service import erasures as service
from crm.privacy.workflow import ErasureStatus
from tests import factories, network
from tests.cast import Cast
from tests.privacy.traces import EMAIL, NAME, PHONE, found, plant
from tests.rules.privacy_samples import a_request, an_erasure
from tests.rules.test_walls import rows  # noqa: F401 a fixture

ERASURES = {table: each for room in FEATURES for table, each in room.erasure.items()}
WITH_WALLS = {
    f"{each}.account_id" for each in ("certification", "evidence_end", "promotion", "readiness_action")
}
"""Tables that take no made row: what is signed and shown, and what names one of two."""
NAMED = {
    key.partition(".")[0]
    for room in FEATURES
    for key, held in room.personal.items()
    if isinstance(held, Personal)
}


def test_p52_every_table_with_personal_data_says_what_erasing_does_to_it() -> None:
    assert NAMED - set(ERASURES) == set()
    assert set(ERASURES) <= set(Base.metadata.tables)
    assert sum(len(room.erasure) for room in FEATURES) == len(ERASURES)


@pytest.mark.parametrize("table", sorted(ERASURES))
def test_what_stays_says_why_and_what_goes_leaves_nothing_that_points_at_it(table: str) -> None:
    each = ERASURES[table]
    assert each.is_deleted or each.why
    if isinstance(each.then, Emptied):
        assert set(each.then.values) <= set(Base.metadata.tables[table].c.keys())
    if isinstance(each.then, Deleted):
        assert _pointing_at(table) <= set(each.then.below)


def _pointing_at(table: str) -> set[str]:
    return {
        f"{other.name}.{key.parent.name}"
        for other in Base.metadata.tables.values()
        for key in other.foreign_keys
        if key.column.table.name == table
    }


@pytest.mark.engine("sqlite")
def test_what_a_trigger_keeps_as_it_is_stays_word_for_word(db: Session) -> None:
    query = text("SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
    never = {table for table, sql in db.execute(query) if f"BEFORE UPDATE ON {table} BEGIN" in sql}

    assert never
    assert never <= set(whole_tables())


@pytest.mark.parametrize(
    ("said", "then"),
    [
        ("Met ann  lee today", "Met X today"),
        ("Ann Leeson and Joann Lee", "Ann Leeson and Joann Lee"),
        ("to ANN@lee.example.", "to erased@erased.invalid."),
        ("joann@lee.example", "joann@lee.example"),
        ("call +44 121 496 0000", "call [deleted]"),
        ("call (0121) 4960000, ext 2", "call ([deleted], ext 2"),
        ("01214960000123", "01214960000123"),
        ({"a": ["Ann Lee", 3]}, {"a": ["X", 3]}),
    ],
)
def test_strings_are_found_as_people_write_them_and_not_within_others(said: Any, then: Any) -> None:
    traces = Traces("Ann Lee", ["ann@lee.example"], ["0121 496 0000"], "X")

    assert traces.replaced(said) == then
    assert significant("0044 121 496 0000") == "1214960000"


def _everywhere(db: Session) -> Any:
    """A person with an account, at a business and in the network, who stands in every table that can name one."""
    account = factories.account(email=EMAIL, name=NAME)
    person = factories.person(factories.business(), name=NAME, email=EMAIL, phone=PHONE)
    given = {"email": EMAIL, "name": NAME, "decided_at": account.created_at, "reason": "Left"}
    angel = network.angel(account, AngelStatus.LEFT, **given)
    factories.entry(person, name=(None, NAME))
    db.flush()
    refused = plant(db, {"account": account.id, "person": person.id, "angel": angel.id})
    db.expire_all()
    return account, person, refused


def _unhindered(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is open in the made rows would hinder: here it is about what goes."""
    monkeypatch.setattr(service, "_why_not", lambda *_args, **_by: None)
    monkeypatch.setattr(of_investors, "why_not_erased", lambda *_args, **_by: None)


def test_p52_n52_a_person_who_stands_in_every_table_is_found_only_where_a_manifest_says_so(
    rows: None,  # noqa: F811 the fixture
    cast: Cast,
    db: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account, person, refused = _everywhere(db)
    _unhindered(monkeypatch)
    faults, before = audit.faults(), {where.partition(".")[0] for where, _ in found(db)}
    made = an_erasure(a_request(email=EMAIL, name=NAME), subject_table="person", subject_id=person.id)
    whole = erasure(made.id)
    assert whole is not None

    service.confirm(whole, by=cast.second_administrator.actor)
    db.flush()
    db.expire_all()
    [told] = db.scalars(select(Letter).where(Letter.kind == "person_erased"))
    assert (told.to_address, told.to_name, told.status) == (EMAIL, NAME, LetterStatus.QUEUED)
    forget(told)
    db.flush()

    assert set(refused) <= WITH_WALLS
    assert len(before) > 150
    after = {where.partition(".")[0] for where, _ in found(db)}
    assert after - {name for name, each in ERASURES.items() if each.is_whole} == set()
    assert (account.status, account.email.endswith("@erased.invalid")) == (AccountStatus.DEACTIVATED, True)
    assert account.name == whole.known_as
    assert audit.faults() == faults
    assert (whole.status, whole.subject_id) == (ErasureStatus.CONFIRMED, None)
