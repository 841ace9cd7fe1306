"""Changing one's own password: whoever holds somebody's open session cannot guess at leisure."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from crm.accounts.service import signing_in
from crm.accounts.service.signing_in import Credentials, Door
from crm.kernel.errors import Invalid, TooMany
from crm.kernel.roles import Role
from crm.throttles.rules import SIGN_IN_BY_ACCOUNT
from tests.accounts.people import PASSWORD, acting, person

DOOR = Door("192.0.2.1", "Firefox/140 Linux", "secret", lifetime=3600, password_cost="cheap")
NEW = "marmalade cello thunder ninety"


def test_wrong_tries_are_counted_like_those_at_signing_in(db: Session) -> None:
    staff = person(Role.ADVISER, email="staff@people.example", password=PASSWORD)
    for _ in range(SIGN_IN_BY_ACCOUNT.tries):
        with pytest.raises(Invalid) as refused:
            signing_in.change_password(Credentials("", "wrong"), NEW, door=DOOR, by=acting(staff))
        assert refused.value.trace is not None
        refused.value.trace()

    with pytest.raises(TooMany):
        signing_in.change_password(Credentials("", PASSWORD), NEW, door=DOOR, by=acting(staff))
