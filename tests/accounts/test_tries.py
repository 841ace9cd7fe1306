"""Tries to sign in: counted by browser, network and account, so that guessing is slow and no owner is shut out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.accounts.models import Account
from crm.accounts.service import signing_in
from crm.accounts.service.trying import Credentials, count_try
from crm.kernel.errors import NotFound, TooMany
from crm.kernel.permissions import VISITOR
from crm.kernel.roles import Role
from crm.links import service as links
from crm.links.rules import Purpose
from crm.notices.models import Letter
from crm.throttles.rules import (
    SIGN_IN_BY_ADDRESS,
    SIGN_IN_BY_STRANGERS,
    SIGN_IN_FROM_NETWORK,
    SIGN_IN_IN_A_DAY,
    SIGN_IN_LETTERS,
)
from tests.accounts.entering import DOOR, enter, fail, is_in
from tests.accounts.people import PASSWORD, person


@pytest.fixture
def staff(db: Session) -> Account:
    return person(Role.ADVISER, email="staff@people.example", password=PASSWORD)


def test_43_after_ten_failures_from_one_network_it_waits(db: Session, staff: Account, clock: Any) -> None:
    fail(times=SIGN_IN_FROM_NETWORK.tries)
    with pytest.raises(TooMany):
        enter()
    clock.shift(timedelta(seconds=SIGN_IN_FROM_NETWORK.seconds))
    enter()


def test_43_the_owner_elsewhere_and_the_owners_browser_get_in_whatever_a_stranger_tries(
    db: Session, staff: Account
) -> None:
    fail(times=SIGN_IN_FROM_NETWORK.tries)
    enter(at=replace(DOOR, address="198.51.100.7"))
    enter(at=replace(DOOR, device="a browser that signed in before"))
    with pytest.raises(TooMany):
        enter()


def test_43_many_networks_together_are_stopped_and_a_browser_that_is_known_is_not(
    db: Session, staff: Account
) -> None:
    for number in range(SIGN_IN_BY_STRANGERS.tries):
        count_try(
            Credentials(staff.email, "x"), replace(DOOR, address=f"2001:db8:0:{number:x}::1"), by=VISITOR
        )
    with pytest.raises(TooMany):
        enter(at=replace(DOOR, address="198.51.100.7"))
    enter(at=replace(DOOR, device="a browser that signed in before"))


def test_43_who_goes_on_trying_waits_for_the_rest_of_the_day(db: Session, staff: Account, clock: Any) -> None:
    for _ in range(SIGN_IN_IN_A_DAY.tries // SIGN_IN_FROM_NETWORK.tries):
        fail(times=SIGN_IN_FROM_NETWORK.tries)
        clock.shift(timedelta(seconds=SIGN_IN_FROM_NETWORK.seconds))
    with pytest.raises(TooMany) as refused:
        enter()
    assert refused.value.retry_after > SIGN_IN_FROM_NETWORK.seconds


def test_43_the_newest_three_links_work_whoever_asked_for_them(
    db: Session, staff: Account, clock: Any
) -> None:
    secrets = []
    for _ in range(4):
        secrets.append(links.mint(Purpose.SIGN_IN, str(staff.id)))
        clock.shift(timedelta(seconds=1))
    with pytest.raises(NotFound):
        signing_in.sign_in_by_link(secrets[0], DOOR, by=VISITOR)
    for secret in secrets[1:]:
        assert is_in(signing_in.sign_in_by_link(secret, DOOR, by=VISITOR)[0])


def test_43_where_a_stranger_used_the_letters_up_the_owners_browser_still_gets_one(
    db: Session, staff: Account
) -> None:
    for _ in range(SIGN_IN_LETTERS.tries):
        signing_in.send_sign_in_letter(staff.email, DOOR, by=VISITOR)
    with pytest.raises(TooMany, match="Use the newest one"):
        signing_in.send_sign_in_letter(staff.email, DOOR, by=VISITOR)
    signing_in.send_sign_in_letter(staff.email, replace(DOOR, device="known"), by=VISITOR)


def test_an_account_that_does_not_exist_waits_just_the_same(db: Session, staff: Account) -> None:
    fail("nobody@people.example", times=SIGN_IN_FROM_NETWORK.tries)
    with pytest.raises(TooMany):
        enter("nobody@people.example")
    enter()


def test_one_address_is_throttled_over_all_accounts(db: Session, staff: Account) -> None:
    for number in range(SIGN_IN_BY_ADDRESS.tries):
        fail(f"person{number}@nowhere.example")
    with pytest.raises(TooMany):
        enter()


def test_success_counts_for_nothing(db: Session, staff: Account) -> None:
    for _ in range(SIGN_IN_FROM_NETWORK.tries + 1):
        enter()


def test_sign_in_letters_are_throttled_whether_or_not_there_is_an_account(
    db: Session, staff: Account
) -> None:
    for email in (staff.email, "nobody@people.example"):
        for _ in range(SIGN_IN_LETTERS.tries):
            signing_in.send_sign_in_letter(email, DOOR, by=VISITOR)
        with pytest.raises(TooMany):
            signing_in.send_sign_in_letter(email, DOOR, by=VISITOR)
    assert db.scalar(select(func.count()).select_from(Letter)) == SIGN_IN_LETTERS.tries
