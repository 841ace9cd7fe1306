"""People and roles: invited, granted with dates and scopes, never by oneself, and never the last administrator."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm.accounts import queries
from crm.accounts.models import Account
from crm.accounts.queries import administrators_on
from crm.accounts.service import administering as service
from crm.accounts.service import roles
from crm.accounts.service.administering import GrantWanted, Invitation
from crm.accounts.service.roles import LAST_ONE
from crm.accounts.service.trying import Door
from crm.accounts.workflow import AccountStatus
from crm.audit.queries import entries_about
from crm.kernel.clock import now, today
from crm.kernel.errors import Conflict, Invalid, NotAllowed
from crm.kernel.permissions import SYSTEM, Actor
from crm.kernel.roles import SCOPES, Grant, Role, Scope
from crm.notices.models import Letter
from tests.accounts.people import acting, actor, again, give, person

DOOR = Door("192.0.2.1", "agent", "secret", lifetime=3600, password_cost="cheap")
DAY = timedelta(days=1)


@pytest.fixture
def administrator(db: Session) -> Actor:
    return actor(Role.ADMINISTRATOR)


# ---------------------------------------------------------------- inviting


@pytest.mark.parametrize(("is_staff", "kind"), [(True, "set_password"), (False, "sign_in")])
def test_whoever_is_invited_gets_a_letter_with_a_way_in(
    db: Session, administrator: Actor, is_staff: bool, kind: str
) -> None:
    made = service.invite(Invitation(" Ann@People.Example", "Ann", is_staff=is_staff), by=administrator)
    (letter,) = db.scalars(select(Letter)).all()
    assert (made.email, made.status) == ("ann@people.example", AccountStatus.INVITED)
    assert (letter.kind, letter.account_id, letter.to_address) == (kind, made.id, "ann@people.example")
    assert [entry.act for entry in entries_about(made)] == ["invite"]


def test_an_address_is_taken_once_whatever_its_capitals(db: Session, administrator: Actor) -> None:
    service.invite(Invitation("ann@people.example", "Ann"), by=administrator)
    with pytest.raises(Invalid) as refused:
        service.invite(Invitation("ANN@people.example", "Another"), by=administrator)
    assert refused.value.field == "email"
    with pytest.raises(IntegrityError), db.begin_nested():
        person(email="ann@people.example")
    with pytest.raises(IntegrityError), db.begin_nested():
        person(email="Capital@people.example")


def test_a_wrong_address_is_refused_at_its_field(db: Session, administrator: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        service.invite(Invitation("ann@nowhere", "Ann"), by=administrator)
    assert refused.value.field == "email"


@pytest.mark.parametrize("role", sorted(set(SCOPES) - {Role.ADMINISTRATOR}))
def test_only_administrators_change_people_and_roles(db: Session, role: Role) -> None:
    by, somebody = actor(role), person()
    held = give(somebody, Role.ANGEL)
    acts = [
        lambda: service.invite(Invitation("a@people.example", "A"), by=by),
        lambda: service.invite_again(somebody, by=by),
        lambda: service.correct(somebody, name="B", email="b@people.example", by=by),
        lambda: service.grant(somebody, GrantWanted(Role.ANGEL, today()), by=by),
        lambda: roles.end_grant(held, by=by),
        lambda: service.deactivate(somebody, by=by),
        lambda: service.reactivate(somebody, by=by),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


def test_a_second_letter_goes_to_staff_for_a_password_and_to_others_to_sign_in(
    db: Session, administrator: Actor
) -> None:
    service.invite_again(person(Role.ADVISER), by=administrator)
    service.invite_again(person(Role.FOUNDER), by=administrator)
    letters = db.scalars(select(Letter).order_by(Letter.kind)).all()
    assert [letter.kind for letter in letters] == ["set_password", "sign_in"]
    with pytest.raises(Conflict):
        service.invite_again(person(status=AccountStatus.DEACTIVATED), by=administrator)


def test_a_correction_is_in_the_trail_with_both_values(db: Session, administrator: Actor) -> None:
    somebody = person(name="Ann", email="ann@people.example")
    changes = service.correct(somebody, name="Anne", email="ANN@people.example", by=administrator)
    assert changes == {"name": ("Ann", "Anne")}
    (entry,) = entries_about(somebody)
    assert entry.values is not None
    assert entry.values.changes == {"name": ["Ann", "Anne"]}


def test_an_address_cannot_be_corrected_to_somebody_elses(db: Session, administrator: Actor) -> None:
    person(email="taken@people.example")
    with pytest.raises(Invalid) as refused:
        service.correct(person(), name="Ann", email="taken@people.example", by=administrator)
    assert refused.value.field == "email"


# ---------------------------------------------------------------- granting


def test_a_grant_holds_from_its_first_to_its_last_day(db: Session, administrator: Actor, clock: Any) -> None:
    somebody = person()
    first, last = today() + DAY, today() + 3 * DAY
    service.grant(somebody, GrantWanted(Role.FUNDER, first, valid_to=last), by=administrator)
    held = []
    for _ in range(5):
        held.append(acting(somebody).has(Role.FUNDER))
        clock.shift(DAY)
    assert held == [False, True, True, True, False]


def test_a_day_ends_at_midnight_in_london(db: Session, clock: Any) -> None:
    clock.move_to("2026-07-01T22:59:00+00:00")
    somebody = person()
    give(somebody, Role.FUNDER, valid_to=date(2026, 7, 1))
    assert acting(somebody).has(Role.FUNDER)
    clock.shift(timedelta(minutes=1))
    assert not acting(somebody).has(Role.FUNDER)


@given(
    first=st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 31)),
    last=st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 31)),
    day=st.dates(date(2025, 12, 31), date(2026, 2, 1)),
)
def test_both_ends_of_a_grant_belong_to_it(first: date | None, last: date | None, day: date) -> None:
    days = {date(2025, 12, 31) + timedelta(days=number) for number in range(33)}
    holding = {each for each in days if (first or each) <= each <= (last or each)}
    assert Grant(Role.FUNDER, valid_from=first, valid_to=last).holds_on(day) == (day in holding)


def test_the_list_by_role_and_the_grants_agree(db: Session) -> None:
    inside, ended, later = person(Role.FUNDER), person(), person()
    give(ended, Role.FUNDER, valid_to=today() - DAY)
    give(later, Role.FUNDER, valid_from=today() + DAY)
    assert [each.id for each in queries.people(role=Role.FUNDER).rows] == [inside.id]


def field_refused(role: Role, scope: Scope, by: Actor) -> str | None:
    """The field at which granting a role for this kind of thing is refused; None where it is held."""
    wanted = GrantWanted(role, today(), scope, None if scope is Scope.EVERYWHERE else "some id")
    try:
        service.grant(person(), wanted, by=by)
    except Invalid as refused:
        return refused.field
    return None


@pytest.mark.engine("sqlite")
def test_a_role_is_held_only_for_what_makes_sense(db: Session, administrator: Actor) -> None:
    refused = {(role, scope): field_refused(role, scope, administrator) for role in SCOPES for scope in Scope}

    assert refused == {
        (role, scope): None if scope in SCOPES[role] else "scope" for role in SCOPES for scope in Scope
    }


@pytest.mark.parametrize("role", [Role.ANYONE, Role.SIGNED_IN])
def test_what_everybody_is_cannot_be_granted(db: Session, administrator: Actor, role: Role) -> None:
    with pytest.raises(Invalid):
        service.grant(person(), GrantWanted(role, today()), by=administrator)
    with pytest.raises(IntegrityError), db.begin_nested():
        give(person(), role)


@pytest.mark.parametrize(
    "wanted",
    [
        GrantWanted(Role.ADVISER, date(2026, 12, 1), Scope.HUB, None),
        GrantWanted(Role.FUNDER, date(2026, 12, 1), Scope.EVERYWHERE, "some id"),
        GrantWanted(Role.FUNDER, date(2026, 12, 1), valid_to=date(2026, 11, 30)),
    ],
)
def test_half_a_scope_and_days_in_the_wrong_order_are_refused(
    db: Session, administrator: Actor, wanted: GrantWanted
) -> None:
    with pytest.raises(Invalid):
        service.grant(person(), wanted, by=administrator)
    with pytest.raises(IntegrityError), db.begin_nested():
        give(
            person(),
            wanted.role,
            scope=wanted.scope,
            scope_id=wanted.scope_id,
            valid_from=wanted.valid_from,
            valid_to=wanted.valid_to,
        )


@pytest.mark.parametrize(
    ("first", "last", "is_free"),
    [
        (date(2027, 3, 1), date(2027, 3, 31), False),
        (date(2027, 2, 1), date(2027, 3, 1), False),
        (date(2027, 3, 31), None, False),
        (date(2027, 1, 1), None, False),
        (date(2027, 3, 10), date(2027, 3, 20), False),
        (date(2027, 4, 1), None, True),
        (date(2027, 1, 1), date(2027, 2, 28), True),
    ],
)
def test_nobody_holds_one_role_twice_at_a_time(
    db: Session, administrator: Actor, first: date, last: date | None, is_free: bool
) -> None:
    somebody = person()
    march = GrantWanted(Role.FUNDER, date(2027, 3, 1), valid_to=date(2027, 3, 31))
    service.grant(somebody, march, by=administrator)
    wanted = GrantWanted(Role.FUNDER, first, valid_to=last)
    if is_free:
        service.grant(again(somebody), wanted, by=administrator)
        return
    with pytest.raises(Invalid) as refused:
        service.grant(again(somebody), wanted, by=administrator)
    assert refused.value.field == "role"


def test_one_role_for_two_hubs_and_two_roles_for_one_are_fine(db: Session, administrator: Actor) -> None:
    somebody = person()
    for role, hub in ((Role.ADVISER, "one"), (Role.ADVISER, "two"), (Role.HUB_MANAGER, "one")):
        service.grant(again(somebody), GrantWanted(role, today(), Scope.HUB, hub), by=administrator)
    who = acting(somebody)
    assert who.scoped_to(Scope.HUB, Role.ADVISER) == {"one", "two"}
    assert who.holds_for("one", Role.HUB_MANAGER)
    assert not who.holds_for("two", Role.HUB_MANAGER)


def test_nobody_grants_themselves_anything(db: Session) -> None:
    own = person(Role.ADMINISTRATOR)
    with pytest.raises(NotAllowed):
        service.grant(own, GrantWanted(Role.FUNDER, today()), by=acting(own))
    with pytest.raises(IntegrityError), db.begin_nested():
        give(own, Role.FUNDER, granted_by_id=own.id)


# ---------------------------------------------------------------- ending


def test_a_role_that_ends_was_held_until_this_moment_and_not_after(db: Session, administrator: Actor) -> None:
    somebody = person(Role.FUNDER)
    (held,) = somebody.grants
    roles.end_grant(held, by=administrator)
    assert held.ended_at == now()
    assert held.as_grant().holds_on(today() - DAY)
    assert not acting(again(somebody)).has(Role.FUNDER)
    (entry,) = entries_about(somebody)
    assert entry.values is not None
    assert entry.values.changes["ended_at"] == [None, now().isoformat()]
    assert entry.values.changes["role"] == ["funder", None]


@pytest.mark.parametrize("begins", [0, 1])
def test_a_role_that_has_not_been_held_a_day_ends_and_stays_on_the_list(
    db: Session, administrator: Actor, begins: int
) -> None:
    somebody = person()
    held = give(somebody, Role.FUNDER, valid_from=today() + begins * DAY)
    roles.end_grant(held, by=administrator)
    (kept,) = again(somebody).grants
    assert [kept.as_grant().holds_on(today() + days * DAY) for days in (0, 1, 2)] == [False, False, False]


def test_a_role_that_has_ended_is_not_prolonged_by_ending_it_again(db: Session, administrator: Actor) -> None:
    somebody = person()
    held = give(somebody, Role.FUNDER, valid_to=today() - 30 * DAY)
    with pytest.raises(Conflict):
        roles.end_grant(held, by=administrator)
    assert held.valid_to == today() - 30 * DAY


def test_the_last_administrator_cannot_be_ended(db: Session) -> None:
    last = person(Role.ADMINISTRATOR)
    person(Role.ADMINISTRATOR, status=AccountStatus.DEACTIVATED)
    last = again(last)
    (held,) = last.grants
    with pytest.raises(Conflict) as refused:
        roles.end_grant(held, by=SYSTEM)
    assert refused.value.message == LAST_ONE
    with pytest.raises(Conflict):
        service.deactivate(last, by=SYSTEM)
    assert administrators_on(today()) == {last.id}


def test_of_two_administrators_one_can_go(db: Session) -> None:
    one, two = person(Role.ADMINISTRATOR), person(Role.ADMINISTRATOR)
    roles.end_grant(two.grants[0], by=acting(one))
    assert administrators_on(today()) == {one.id}


def test_an_administrators_grant_of_the_past_or_future_is_not_the_last_one(
    db: Session, administrator: Actor
) -> None:
    later = person()
    held = give(later, Role.ADMINISTRATOR, valid_from=today() + DAY)
    roles.end_grant(held, by=administrator)
    assert again(later).grants[0].is_over(on=today())


def test_nobody_ends_their_own_role_or_account(db: Session) -> None:
    own = person(Role.ADMINISTRATOR)
    person(Role.ADMINISTRATOR)
    own = again(own)
    with pytest.raises(NotAllowed):
        roles.end_grant(own.grants[0], by=acting(own))
    with pytest.raises(NotAllowed):
        service.deactivate(own, by=acting(own))


# ---------------------------------------------------------------- standing


def test_whoever_was_deactivated_comes_back_with_the_roles_that_hold(
    db: Session, administrator: Actor
) -> None:
    somebody = person(Role.FUNDER)
    service.deactivate(somebody, by=administrator)
    with pytest.raises(Conflict):
        service.deactivate(somebody, by=administrator)
    service.reactivate(somebody, by=administrator)
    assert somebody.status is AccountStatus.ACTIVE
    assert acting(somebody).has(Role.FUNDER)
    assert [entry.act for entry in entries_about(somebody)] == ["reactivate", "deactivate"]


# ---------------------------------------------------------------- searching


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ann", ["Ann Ash", "Joanna_50%"]),
        ("ASH", ["Ann Ash", "Back\\slash"]),
        ("%", ["Joanna_50%"]),
        ("_", ["Joanna_50%"]),
        ("'; --", []),
        ("\\", ["Back\\slash"]),
        ("people.example", ["Ann Ash", "Back\\slash", "Joanna_50%"]),
        ("x" * 10_000, []),
    ],
)
def test_people_are_found_by_name_or_address(db: Session, text: str, names: list[str]) -> None:
    for number, name in enumerate(("Ann Ash", "Joanna_50%", "Back\\slash")):
        person(name=name, email=f"{number}@people.example")
    assert [each.name for each in queries.people(text=text).rows] == names


def test_people_are_turned_over_by_pages_even_with_one_name(db: Session) -> None:
    made = {person(name="Ann").id for _ in range(60)}
    seen: list[Account] = []
    cursor: str | None = None
    for _ in range(3):
        page = queries.people(cursor)
        seen += page.rows
        cursor = page.after
    assert cursor is None
    assert {each.id for each in seen} == made
    assert len(seen) == 60
