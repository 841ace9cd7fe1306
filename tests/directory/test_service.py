"""Keeping the directory: adding, editing and checking, with what it was before; limits that hold on both engines."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm.audit.queries import entries_about
from crm.directory import queries
from crm.directory.models import Provider, Service
from crm.directory.service import keeping
from crm.directory.service.keeping import ServiceDetails
from crm.directory.workflow import ServiceStatus as S
from crm.kernel.clock import now, today
from crm.kernel.errors import Conflict, Invalid, NotAllowed
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, VISITOR, Actor
from crm.kernel.roles import Role
from tests.accounts.people import actor

FIELDS: dict[str, Any] = {
    "name": "Games fund",
    "description": "Money for prototypes",
    "needs": ("grant",),
    "min_turnover": Money.pounds(1_000),
    "max_turnover": Money.pounds(5_000_000),
    "min_export_share_pct": Decimal("12.5"),
    "leps": ("GBSLEP", "CWLEP"),
    "source": "their page",
}
DETAILS = ServiceDetails("A fund", FIELDS)


@pytest.fixture
def keeper(db: Session) -> Actor:
    return actor(Role.ADVISER)


@pytest.fixture
def fund(db: Session) -> Service:
    keeping.add("games-fund", DETAILS, by=SYSTEM)
    return loaded("games-fund")


def loaded(service_id: str) -> Service:
    from crm.db.session import session

    session().flush()
    session().expire_all()
    found = queries.service(service_id)
    assert found is not None
    return found


def test_a_new_service_is_to_be_checked_before_it_is_offered(db: Session, keeper: Actor) -> None:
    keeping.add("games-fund", DETAILS, by=keeper)
    found = loaded("games-fund")
    assert (found.status, found.checked_on, found.changed_at) == (S.CHECK, None, now())
    assert not found.is_available(on=today())
    assert {name: getattr(found, name) for name in FIELDS} == FIELDS
    (entry,) = entries_about(found)
    assert (entry.act, entry.actor_id) == ("add_service", keeper.account_id)
    assert entry.values is not None
    assert entry.values.changes["provider"] == [None, "A fund"]
    assert entry.values.changes["min_turnover"] == [None, "£1,000"]


def test_a_short_name_is_taken_once(db: Session, fund: Service) -> None:
    with pytest.raises(Invalid) as refused:
        keeping.add("games-fund", DETAILS, by=SYSTEM)
    assert refused.value.field == "service_id"


def test_a_provider_is_added_once_and_named_in_the_trail(db: Session, fund: Service) -> None:
    keeping.add("second", DETAILS, by=SYSTEM)
    assert db.scalar(select(func.count()).select_from(Provider)) == 1
    (entry,) = entries_about(fund.provider)
    assert entry.act == "add_provider"
    assert [each.service_id for each in queries.services_of(fund.provider_id)] == ["games-fund", "second"]


def test_an_edit_keeps_what_it_was(db: Session, fund: Service, keeper: Actor) -> None:
    changes = keeping.edit(
        fund, ServiceDetails("Another", FIELDS | {"name": "Film fund", "min_turnover": None}), by=keeper
    )
    assert changes == {
        "name": ("Games fund", "Film fund"),
        "min_turnover": (Money.pounds(1_000), None),
        "provider": ("A fund", "Another"),
    }
    entry = entries_about(fund)[0]
    assert entry.values is not None
    assert entry.values.changes == {
        "name": ["Games fund", "Film fund"],
        "min_turnover": ["£1,000", None],
        "provider": ["A fund", "Another"],
    }
    assert loaded("games-fund").provider.name == "Another"


def test_an_edit_of_what_somebody_else_changed_meanwhile_is_refused(
    db: Session, fund: Service, keeper: Actor
) -> None:
    mine = ServiceDetails("A fund", FIELDS | {"name": "Mine"}, fund.version)
    theirs = ServiceDetails("A fund", FIELDS | {"name": "Theirs"}, fund.version)
    keeping.edit(fund, theirs, by=keeper)
    db.flush()
    with pytest.raises(Conflict):
        keeping.edit(fund, mine, by=keeper)
    assert loaded("games-fund").name == "Theirs"


def test_an_edit_that_changes_nothing_leaves_nothing(db: Session, fund: Service, keeper: Actor) -> None:
    version = fund.version
    assert keeping.edit(fund, DETAILS, by=keeper) == {}
    assert loaded("games-fund").version == version
    assert len(entries_about(fund)) == 1


@pytest.mark.parametrize(
    ("verb", "status", "is_dated"),
    [
        (keeping.confirm, S.OPEN, True),
        (keeping.close, S.CLOSED, True),
        (keeping.retire, S.HISTORIC, True),
    ],
)
def test_a_check_says_where_it_stands_today_and_how_one_knows(
    db: Session, fund: Service, verb: Any, status: S, is_dated: bool
) -> None:
    verb(fund, "their page, today", by=SYSTEM)
    found = loaded("games-fund")
    assert (found.status, found.checked_on, found.source) == (status, today(), "their page, today")
    assert found.is_available(on=today()) is (status is S.OPEN)
    entry = entries_about(found)[0]
    assert entry.values is not None
    assert entry.values.changes["status"] == ["check", status.value]


def test_a_doubt_takes_it_off_the_offer_and_is_no_check(db: Session, fund: Service, clock: Any) -> None:
    keeping.confirm(fund, "their page", by=SYSTEM)
    checked = today()
    clock.shift(86_400)
    keeping.doubt(fund, "a founder says it has closed", by=SYSTEM)
    found = loaded("games-fund")
    assert (found.status, found.checked_on) == (S.CHECK, checked)


def test_confirming_again_dates_it_anew(db: Session, fund: Service, clock: Any) -> None:
    keeping.confirm(fund, "their page", by=SYSTEM)
    clock.shift(86_400 * 30)
    keeping.confirm(fund, "their page", by=SYSTEM)
    assert loaded("games-fund").checked_on == today()


def test_what_cannot_follow_is_refused(db: Session, fund: Service) -> None:
    with pytest.raises(Conflict):
        keeping.doubt(fund, "it is to be checked already", by=SYSTEM)
    keeping.close(fund, "closed", by=SYSTEM)
    with pytest.raises(Conflict):
        keeping.close(fund, "closed", by=SYSTEM)


def test_an_invented_service_stays_invented(db: Session, fund: Service) -> None:
    db.execute(update(Service).values(_status=S.ILLUSTRATIVE, version=Service.version + 1))
    found = loaded("games-fund")
    for verb in (keeping.confirm, keeping.doubt, keeping.close, keeping.retire):
        with pytest.raises(Conflict):
            verb(found, "no", by=SYSTEM)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.FUNDER, Role.APPROVER, Role.ANGEL, Role.PROVIDER, None])
def test_others_keep_nothing(db: Session, fund: Service, role: Role | None) -> None:
    by = actor(role) if role else VISITOR
    for act in (
        lambda: keeping.add("new", DETAILS, by=by),
        lambda: keeping.edit(fund, DETAILS, by=by),
        lambda: keeping.confirm(fund, "x", by=by),
        lambda: keeping.doubt(fund, "x", by=by),
        lambda: keeping.close(fund, "x", by=by),
        lambda: keeping.retire(fund, "x", by=by),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_an_adviser_closes_but_does_not_retire(db: Session, fund: Service, keeper: Actor) -> None:
    keeping.close(fund, "closed", by=keeper)
    with pytest.raises(NotAllowed):
        keeping.retire(fund, "gone", by=keeper)
    keeping.retire(fund, "gone", by=actor(Role.HUB_MANAGER))


@pytest.mark.parametrize(("low", "high", "message"), keeping.IN_ORDER)
def test_limits_that_nothing_lies_between_are_refused_at_the_field_and_by_the_database(
    db: Session, fund: Service, low: str, high: str, message: str
) -> None:
    least, most = (today(), today().replace(day=1)) if low == "opens_on" else (2, 1)
    if "turnover" in low or "amount" in low:
        least, most = Money(2), Money(1)
    with pytest.raises(Invalid) as refused:
        keeping.edit(fund, ServiceDetails("A fund", FIELDS | {low: least, high: most}), by=SYSTEM)
    assert (refused.value.message, refused.value.field) == (message, high)
    with pytest.raises(IntegrityError), db.begin_nested():
        db.execute(update(Service).values({low: least, high: most}))


@pytest.mark.parametrize(
    "fields",
    [
        {"min_turnover": Money(-1)},
        {"amount_min": Money(-1)},
        {"min_export_share_pct": Decimal(101)},
        {"min_export_share_pct": Decimal(-1)},
    ],
    ids=str,
)
def test_the_database_refuses_what_cannot_be(db: Session, fund: Service, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), db.begin_nested():
        db.execute(update(Service).values(**fields))


def test_limits_that_meet_are_fine(db: Session, fund: Service) -> None:
    fields = {"min_employees": 5, "max_employees": 5, "opens_on": today(), "closes_on": today()}
    keeping.edit(fund, ServiceDetails("A fund", FIELDS | fields), by=SYSTEM)
    keeping.confirm(fund, "their page", by=SYSTEM)
    assert loaded("games-fund").is_available(on=today())
