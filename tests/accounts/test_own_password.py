"""Changing one's own password: whoever holds somebody's open session cannot guess at leisure."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from crm.accounts.rules import NewPassword
from crm.accounts.service import signing_in
from crm.accounts.service.trying import Door, count_own_try
from crm.kernel.errors import Invalid, TooMany
from crm.kernel.roles import Role
from crm.throttles.rules import SIGN_IN_FROM_NETWORK
from tests.accounts.people import PASSWORD, acting, person

DOOR = Door("192.0.2.1", "Firefox/140 Linux", "secret", lifetime=3600, password_cost="cheap")
NEW = NewPassword.of("marmalade cello thunder ninety", cost="cheap")


def test_wrong_tries_are_counted_like_those_at_signing_in(db: Session) -> None:
    staff = person(Role.ADVISER, email="staff@people.example", password=PASSWORD)
    for _ in range(SIGN_IN_FROM_NETWORK.tries):
        tried = count_own_try("wrong", DOOR, by=acting(staff)).judged(DOOR)
        with pytest.raises(Invalid):
            signing_in.change_password(tried, NEW, door=DOOR, by=acting(staff))

    with pytest.raises(TooMany):
        count_own_try(PASSWORD, DOOR, by=acting(staff))
