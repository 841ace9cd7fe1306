"""Signing in as the tests of accounts do: with a try that is counted and judged, and what it leaves where it fails."""

from __future__ import annotations

import pytest

from crm.accounts import queries
from crm.accounts.rules import NewPassword
from crm.accounts.service import signing_in
from crm.accounts.service.trying import Credentials, Door, count_own_try, count_try
from crm.kernel.errors import Invalid
from crm.kernel.permissions import VISITOR, Actor
from tests.accounts.people import PASSWORD

DOOR = Door("192.0.2.1", "Firefox/140 Linux", "secret", lifetime=3600, password_cost="cheap")


def enter(email: str = "staff@people.example", password: str = PASSWORD, at: Door = DOOR) -> str:
    tried = count_try(Credentials(email, password), at, by=VISITOR).judged(at)
    token, _ = signing_in.sign_in(tried, at, by=VISITOR)
    return token


def fresh(password: str) -> NewPassword:
    return NewPassword.of(password, cost="cheap")


def change_own(old: str, new: str, by: Actor) -> tuple[str, Actor]:
    tried = count_own_try(old, DOOR, by=by).judged(DOOR)
    return signing_in.change_password(tried, fresh(new), door=DOOR, by=by)


def fail(email: str = "staff@people.example", password: str = "wrong", *, times: int = 1) -> None:
    """A try that is refused, with its trace left as the web would."""
    for _ in range(times):
        with pytest.raises(Invalid) as refused:
            enter(email, password)
        assert refused.value.trace is not None
        refused.value.trace()


def is_in(token: str) -> bool:
    return queries.actor_behind(token) is not None
