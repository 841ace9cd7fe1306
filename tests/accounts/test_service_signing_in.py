"""Signing in: with a password or by a letter, with the same words whatever is wrong; sessions that end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.accounts import queries, rules
from crm.accounts.models import Account, LoginSession
from crm.accounts.rules import hasher
from crm.accounts.service import administering, roles, signing_in, trying
from crm.accounts.service.administering import GrantWanted
from crm.accounts.service.signing_in import WRONG
from crm.accounts.service.trying import Credentials, Door, count_try
from crm.accounts.workflow import AccountStatus
from crm.audit.queries import entries_about
from crm.kernel.clock import now, today
from crm.kernel.errors import Invalid, NotAllowed, NotFound
from crm.kernel.permissions import SYSTEM, VISITOR
from crm.kernel.roles import Role
from crm.links import service as links
from crm.links.rules import Purpose
from crm.notices.models import Letter
from tests.accounts.entering import DOOR, change_own, enter, fail, fresh, is_in
from tests.accounts.people import PASSWORD, acting, actor, again, give, person

NEW = "marmalade cello thunder ninety"


@pytest.fixture
def staff(db: Session) -> Account:
    return person(Role.ADVISER, email="staff@people.example", password=PASSWORD)


# ---------------------------------------------------------------- with a password


def test_the_right_password_signs_in(db: Session, staff: Account) -> None:
    tried = count_try(Credentials(staff.email, PASSWORD), DOOR, by=VISITOR).judged(DOOR)
    token, who = signing_in.sign_in(tried, DOOR, by=VISITOR)
    assert (who.account_id, who.roles) == (staff.id, {Role.ADVISER, Role.ANYONE, Role.SIGNED_IN})
    assert queries.actor_behind(token) == who
    assert [entry.act for entry in entries_about(staff)] == ["sign_in"]


def test_whatever_is_wrong_the_words_are_the_same_and_so_is_the_work(
    db: Session, staff: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    person(email="out@people.example", password=PASSWORD, status=AccountStatus.DEACTIVATED)
    person(email="invited@people.example", status=AccountStatus.INVITED)
    person(email="byletter@people.example")
    rules.hash_of_nobody("cheap")
    verified: list[str] = []
    real = trying.is_password

    def watched(password: str, kept: str | None, *, cost: str) -> bool:
        verified.append(password)
        return real(password, kept, cost=cost)

    monkeypatch.setattr(trying, "is_password", watched)
    tries = [
        ("staff@people.example", "wrong"),
        ("staff@people.example", ""),
        ("nobody@people.example", PASSWORD),
        ("out@people.example", PASSWORD),
        ("invited@people.example", PASSWORD),
        ("byletter@people.example", ""),
        ("", ""),
    ]
    for email, password in tries:
        with pytest.raises(Invalid) as refused:
            enter(email, password)
        assert (refused.value.message, refused.value.field) == (WRONG, "password")
    assert len(verified) == len(tries)
    assert db.scalar(select(func.count()).select_from(LoginSession)) == 0


def test_a_try_that_failed_is_noted_in_the_accounts_trail(db: Session, staff: Account) -> None:
    fail()
    (entry,) = entries_about(staff)
    assert (entry.act, entry.actor_id) == ("sign_in_failed", None)
    assert entry.values is not None
    assert entry.values.changes == {"device": "Firefox on Linux"}


def test_a_password_kept_at_a_lower_cost_is_hashed_anew(db: Session, staff: Account) -> None:
    staff.password_hash = hasher("cheap").__class__(time_cost=2, memory_cost=8, parallelism=1).hash(PASSWORD)
    before = staff.password_hash
    enter()
    assert staff.password_hash != before
    enter()


# ---------------------------------------------------------------- sessions


def test_every_sign_in_has_a_session_of_its_own_and_its_secret_is_kept_nowhere(
    db: Session, staff: Account
) -> None:
    one, two = enter(), enter()
    assert one != two
    assert is_in(one)
    assert is_in(two)
    kept = str([tuple(row) for row in db.execute(select(LoginSession.__table__))])
    assert one not in kept
    assert two not in kept


def test_signing_out_ends_this_session_alone(db: Session, staff: Account) -> None:
    here, there = enter(), enter()
    signing_in.sign_out(here, by=acting(staff))
    assert not is_in(here)
    assert is_in(there)


def test_a_session_runs_out_at_its_moment(db: Session, staff: Account, clock: Any) -> None:
    token = enter()
    clock.shift(timedelta(seconds=DOOR.lifetime) - timedelta(microseconds=1))
    assert is_in(token)
    clock.shift(timedelta(microseconds=1))
    assert not is_in(token)


def test_a_session_on_another_device_can_be_ended_by_its_owner_alone(db: Session, staff: Account) -> None:
    token = enter()
    (found,) = queries.live_sessions_of(staff.id)
    with pytest.raises(NotAllowed):
        signing_in.end_session(found, by=actor(Role.ADMINISTRATOR))
    signing_in.end_session(found, by=acting(staff))
    db.flush()
    assert not is_in(token)
    assert queries.live_sessions_of(staff.id) == []


@pytest.mark.parametrize("change", ["role", "end of a role", "deactivation", "address", "password", "link"])
def test_sessions_end_when_somebodys_standing_changes(db: Session, staff: Account, change: str) -> None:
    token, administrator = enter(), actor(Role.ADMINISTRATOR)
    staff = again(staff)
    match change:
        case "role":
            administering.grant(staff, GrantWanted(Role.FUNDER, today()), by=administrator)
        case "end of a role":
            roles.end_grant(give(staff, Role.ANGEL), by=administrator)
        case "deactivation":
            administering.deactivate(staff, by=administrator)
        case "address":
            administering.correct(staff, name=staff.name, email="other@people.example", by=administrator)
        case "password":
            change_own(PASSWORD, NEW, by=acting(staff))
        case "link":
            secret = links.mint(Purpose.SET_PASSWORD, str(staff.id))
            signing_in.set_password(secret, fresh(NEW), door=DOOR, by=VISITOR)
    db.flush()
    assert not is_in(token)


def test_a_role_that_ran_out_yesterday_is_gone_from_a_session_that_lives(
    db: Session, staff: Account, clock: Any
) -> None:
    give(staff, Role.ANGEL, valid_to=today())
    staff = again(staff)
    token = enter(at=Door("a", "b", "c", lifetime=10**6, password_cost="cheap"))
    found = queries.actor_behind(token)
    assert found is not None
    assert found.has(Role.ANGEL)
    clock.shift(timedelta(hours=14))  # midnight in London
    db.expire_all()
    found = queries.actor_behind(token)
    assert found is not None
    assert not found.has(Role.ANGEL)


def test_whoever_was_deactivated_has_no_live_session_even_if_the_row_says_so(
    db: Session, staff: Account
) -> None:
    token = enter()
    staff._status = AccountStatus.DEACTIVATED
    db.flush()
    assert not is_in(token)


# ---------------------------------------------------------------- by a letter


def test_a_letter_with_a_link_is_queued_for_whoever_has_an_account(db: Session, staff: Account) -> None:
    signing_in.send_sign_in_letter(staff.email, DOOR, by=VISITOR)
    (letter,) = db.scalars(select(Letter)).all()
    assert (letter.kind, letter.to_address, letter.link_purpose) == ("sign_in", staff.email, Purpose.SIGN_IN)


@pytest.mark.parametrize("status", [None, AccountStatus.DEACTIVATED])
def test_nobody_else_gets_one_and_nobody_can_tell(db: Session, status: AccountStatus | None) -> None:
    if status:
        person(email="out@people.example", status=status)
    signing_in.send_sign_in_letter("out@people.example", DOOR, by=VISITOR)
    assert db.scalars(select(Letter)).all() == []


def test_a_link_signs_in_once(db: Session, staff: Account) -> None:
    secret = links.mint(Purpose.SIGN_IN, str(staff.id))
    token, who = signing_in.sign_in_by_link(secret, DOOR, by=VISITOR)
    assert who.account_id == staff.id
    assert is_in(token)
    with pytest.raises(NotFound):
        signing_in.sign_in_by_link(secret, DOOR, by=VISITOR)


@pytest.mark.parametrize("way", ["sign in", "set a password"])
def test_an_invited_person_accepts_by_using_the_link(db: Session, way: str) -> None:
    invited = person(status=AccountStatus.INVITED)
    if way == "sign in":
        signing_in.sign_in_by_link(links.mint(Purpose.SIGN_IN, str(invited.id)), DOOR, by=VISITOR)
    else:
        secret = links.mint(Purpose.SET_PASSWORD, str(invited.id))
        signing_in.set_password(secret, fresh(PASSWORD), door=DOOR, by=VISITOR)
    assert invited.status is AccountStatus.ACTIVE
    assert "accept_invitation" in [entry.act for entry in entries_about(invited)]


@pytest.mark.parametrize("purpose", [Purpose.SIGN_IN, Purpose.SET_PASSWORD])
def test_a_link_is_worth_nothing_to_whoever_was_deactivated(db: Session, purpose: Purpose) -> None:
    out = person(status=AccountStatus.DEACTIVATED)
    secret = links.mint(purpose, str(out.id))
    doors = {
        Purpose.SIGN_IN: lambda: signing_in.sign_in_by_link(secret, DOOR, by=VISITOR),
        Purpose.SET_PASSWORD: lambda: signing_in.set_password(secret, fresh(PASSWORD), door=DOOR, by=VISITOR),
    }
    with pytest.raises(NotFound):
        doors[purpose]()


def test_a_link_sent_to_an_address_that_was_corrected_is_dead(db: Session) -> None:
    invited = person(email="mistyped@people.example", status=AccountStatus.INVITED)
    secrets = {purpose: links.mint(purpose, str(invited.id)) for purpose in Purpose}
    administrator = actor(Role.ADMINISTRATOR)
    administering.correct(again(invited), name="Ann", email="right@people.example", by=administrator)
    with pytest.raises(NotFound):
        signing_in.sign_in_by_link(secrets[Purpose.SIGN_IN], DOOR, by=VISITOR)
    with pytest.raises(NotFound):
        signing_in.set_password(secrets[Purpose.SET_PASSWORD], fresh(PASSWORD), door=DOOR, by=VISITOR)


def test_a_link_from_before_a_deactivation_stays_dead_after_it(db: Session, staff: Account) -> None:
    secret = links.mint(Purpose.SET_PASSWORD, str(staff.id))
    administrator = actor(Role.ADMINISTRATOR)
    administering.deactivate(again(staff), by=administrator)
    administering.reactivate(again(staff), by=administrator)
    with pytest.raises(NotFound):
        signing_in.set_password(secret, fresh(NEW), door=DOOR, by=VISITOR)


def test_a_letter_to_an_address_that_was_corrected_meanwhile_is_not_sent(db: Session, staff: Account) -> None:
    signing_in.send_sign_in_letter(staff.email, DOOR, by=VISITOR)
    (letter,) = db.scalars(select(Letter)).all()
    assert queries.reason_not_to_send(letter) is None
    staff.email = "new@people.example"
    assert queries.reason_not_to_send(letter)


def test_a_letter_to_whoever_was_deactivated_meanwhile_is_not_sent(db: Session, staff: Account) -> None:
    signing_in.send_sign_in_letter(staff.email, DOOR, by=VISITOR)
    (letter,) = db.scalars(select(Letter)).all()
    staff._status = AccountStatus.DEACTIVATED
    assert queries.reason_not_to_send(letter)


# ---------------------------------------------------------------- setting a password


@pytest.mark.parametrize("new", ["short", "password1234", "x" * 129, "staff@people.example"])
def test_a_bad_new_password_is_refused_at_its_field_and_the_link_lives(
    db: Session, staff: Account, new: str
) -> None:
    secret = links.mint(Purpose.SET_PASSWORD, str(staff.id))
    with pytest.raises(Invalid) as refused:
        signing_in.set_password(secret, fresh(new), door=DOOR, by=VISITOR)
    assert refused.value.field == "new_password"
    signing_in.set_password(secret, fresh(NEW), door=DOOR, by=VISITOR)
    enter(password=NEW)


def test_changing_ones_password_needs_the_old_one(db: Session, staff: Account) -> None:
    with pytest.raises(Invalid) as refused:
        change_own("wrong", NEW, by=acting(staff))
    assert refused.value.field == "password"
    token, _ = change_own(PASSWORD, NEW, by=acting(staff))
    assert is_in(token)
    fail(password=PASSWORD)
    enter(password=NEW)


def test_whoever_signs_in_by_letter_has_no_password_to_change(db: Session) -> None:
    with pytest.raises(NotAllowed):
        change_own("", NEW, by=actor(Role.FOUNDER))


def test_no_password_is_in_the_trail(db: Session, staff: Account) -> None:
    secret = links.mint(Purpose.SET_PASSWORD, str(staff.id))
    signing_in.set_password(secret, fresh(NEW), door=DOOR, by=VISITOR)
    said = str([(entry.act, entry.values and entry.values.changes) for entry in entries_about(staff)])
    assert NEW not in said
    assert "argon2" not in said


def test_the_second_factor_has_its_columns(db: Session, staff: Account) -> None:
    staff.second_factor_secret, staff.second_factor_since = "secret", now()
    db.flush()
    assert again(staff).second_factor_since == now()


def test_the_system_needs_no_leave(db: Session) -> None:
    assert administering.invite(administering.Invitation("new@people.example", "New"), by=SYSTEM)
