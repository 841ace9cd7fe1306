"""Hubs and the authorities each serves: dated, named when they overlap, loaded once."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm.accounts import queries
from crm.accounts.models import Hub, HubArea
from crm.accounts.service.hubs import (
    AreaWanted,
    HubDetails,
    add_area,
    add_hub,
    correct_hub,
    end_area,
    load_reference_hubs,
)
from crm.audit.queries import entries_about
from crm.kernel.clock import today
from crm.kernel.errors import Invalid, NotAllowed
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import STAFF, Role
from crm.places.queries import authorities
from tests.accounts.people import actor

DETAILS = HubDetails("A hub", date(2026, 1, 1), "a source")
AREA = AreaWanted("E08000026", date(2026, 3, 1), "a source", valid_to=date(2026, 3, 31))
DAY = timedelta(days=1)


@pytest.fixture
def hub(db: Session) -> Hub:
    return loaded(add_hub("a-hub", DETAILS, by=SYSTEM))


def loaded(hub: Hub) -> Hub:
    from crm.db.session import session

    session().flush()
    session().expire_all()
    found = queries.hub(hub.id)
    assert found is not None
    return found


def serving(code: str, on: date) -> list[str]:
    return [hub.name for hub in queries.hubs_serving(code, on=on)]


def test_an_area_is_served_from_its_first_to_its_last_day(db: Session, hub: Hub) -> None:
    add_area(hub, AREA, by=SYSTEM)
    hub = loaded(hub)
    days = (date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1))
    assert [bool(serving(AREA.authority_code, day)) for day in days] == [False, True, True, False]
    assert [hub.serves(AREA.authority_code, on=day) for day in days] == [False, True, True, False]


def test_a_hub_serves_nobody_before_it_opens_nor_after_it_closes(db: Session, hub: Hub) -> None:
    add_area(hub, replace(AREA, valid_from=date(2025, 1, 1), valid_to=None), by=SYSTEM)
    correct_hub(hub, replace(DETAILS, closed_on=date(2026, 6, 30)), by=SYSTEM)
    hub = loaded(hub)
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1))
    assert [bool(serving(AREA.authority_code, day)) for day in days] == [False, True, True, False]
    assert [hub.serves(AREA.authority_code, on=day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("first", "last", "is_free"),
    [
        (date(2026, 3, 31), None, False),
        (date(2026, 2, 1), date(2026, 3, 1), False),
        (date(2026, 1, 1), None, False),
        (date(2026, 4, 1), None, True),
        (date(2026, 1, 1), date(2026, 2, 28), True),
    ],
)
def test_one_hub_serves_an_authority_once_at_a_time(
    db: Session, hub: Hub, first: date, last: date | None, is_free: bool
) -> None:
    add_area(hub, AREA, by=SYSTEM)
    wanted = replace(AREA, valid_from=first, valid_to=last)
    if is_free:
        add_area(loaded(hub), wanted, by=SYSTEM)
        assert len(loaded(hub).areas) == 2
        return
    with pytest.raises(Invalid) as refused:
        add_area(loaded(hub), wanted, by=SYSTEM)
    assert refused.value.field == "authority_code"


def test_the_database_refuses_an_area_that_begins_twice(db: Session, hub: Hub) -> None:
    add_area(hub, AREA, by=SYSTEM)
    with pytest.raises(IntegrityError), db.begin_nested():
        db.execute(insert(HubArea).values(hub_id=hub.id, **asdict(AREA)))


def test_two_hubs_may_serve_one_authority_and_both_are_named(db: Session, hub: Hub) -> None:
    other = add_hub("other", replace(DETAILS, name="Another hub"), by=SYSTEM)
    for each in (hub, other):
        add_area(loaded(each), AREA, by=SYSTEM)
    assert serving(AREA.authority_code, date(2026, 3, 15)) == ["A hub", "Another hub"]


def test_an_area_ends_on_its_last_day(db: Session, hub: Hub) -> None:
    area = add_area(hub, replace(AREA, valid_to=None), by=SYSTEM)
    end_area(area, date(2026, 5, 31), by=SYSTEM)
    assert serving(AREA.authority_code, date(2026, 5, 31))
    assert not serving(AREA.authority_code, date(2026, 6, 1))
    newest = entries_about(hub)[0]
    assert newest.values is not None
    assert newest.values.changes == {
        "valid_to": [None, "2026-05-31"],
        "authority_code": [AREA.authority_code, None],
    }


def test_an_area_cannot_end_before_it_begins(db: Session, hub: Hub) -> None:
    area = add_area(hub, AREA, by=SYSTEM)
    with pytest.raises(Invalid) as refused:
        end_area(area, AREA.valid_from - DAY, by=SYSTEM)
    assert refused.value.field == "last_day"
    with pytest.raises(Invalid):
        add_area(hub, replace(AREA, valid_to=AREA.valid_from - DAY), by=SYSTEM)
    with pytest.raises(IntegrityError), db.begin_nested():
        db.execute(update(HubArea).values(valid_to=AREA.valid_from - DAY))


def test_an_area_that_is_prolonged_must_not_run_into_the_next(db: Session, hub: Hub) -> None:
    area = add_area(hub, AREA, by=SYSTEM)
    add_area(loaded(hub), replace(AREA, valid_from=date(2026, 6, 1), valid_to=None), by=SYSTEM)
    with pytest.raises(Invalid) as refused:
        end_area(area, date(2026, 7, 1), by=SYSTEM)
    assert refused.value.field == "last_day"


def test_a_code_is_taken_once(db: Session, hub: Hub) -> None:
    with pytest.raises(Invalid) as refused:
        add_hub("a-hub", DETAILS, by=SYSTEM)
    assert refused.value.field == "code"


def test_a_correction_keeps_what_was_before(db: Session, hub: Hub) -> None:
    changes = correct_hub(hub, replace(DETAILS, name="Renamed"), by=SYSTEM)
    assert changes == {"name": ("A hub", "Renamed")}
    with pytest.raises(Invalid):
        correct_hub(hub, replace(DETAILS, closed_on=date(2025, 1, 1)), by=SYSTEM)


@pytest.mark.parametrize("role", sorted(STAFF - {Role.ADMINISTRATOR}))
def test_only_administrators_set_hubs(db: Session, hub: Hub, role: Role) -> None:
    by = actor(role)
    for act in (
        lambda: add_hub("new", DETAILS, by=by),
        lambda: correct_hub(hub, DETAILS, by=by),
        lambda: add_area(hub, AREA, by=by),
    ):
        with pytest.raises(NotAllowed):
            act()


# ---------------------------------------------------------------- what comes with the product


def test_the_hubs_are_loaded_once_and_what_people_changed_stays(db: Session) -> None:
    assert load_reference_hubs()["hubs"] == 4
    hub = loaded(queries.hubs()[0])
    correct_hub(hub, replace(DETAILS, name="Renamed here"), by=SYSTEM)
    assert load_reference_hubs() == {"hubs": 0}
    assert "Renamed here" in [each.name for each in queries.hubs()]
    assert db.scalar(select(func.count()).select_from(Hub)) == 4


def test_every_authority_of_the_region_has_a_hub_today_and_coventry_has_two(db: Session) -> None:
    load_reference_hubs()
    found = {each.name: serving(each.code, today()) for each in authorities()}
    assert found["Coventry"] == ["Business Growth West Midlands", "Coventry and Warwickshire Growth Hub"]
    assert [name for name, hubs in found.items() if not hubs] == []
    known = {each.code for each in authorities()}
    assert set(db.scalars(select(HubArea.authority_code))) <= known
