"""Forty wrong passwords for one account at the same moment: ten are judged, and the database is held for none of them."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from crm.accounts.service import trying
from crm.audit.models import AuditEntry
from crm.db.session import session
from crm.kernel.roles import Role
from crm.throttles.rules import SIGN_IN_FROM_NETWORK
from tests.accounts.people import PASSWORD, person
from tests.faults.together import browser, in_threads
from tests.houses import database

EMAIL = "staff@people.example"
AT_ONCE = 40


def staff(app: Flask) -> UUID:
    with database(app).transaction():
        return person(Role.ADVISER, email=EMAIL, password=PASSWORD).id


def sign_in(app: Flask, password: str) -> int:
    answer = browser(app).send("/sign-in", {"email": EMAIL, "password": password})
    return int(answer.status_code)


def test_44_of_forty_wrong_passwords_at_once_ten_are_judged(furnished: Flask) -> None:
    made = staff(furnished)
    statuses = Counter(in_threads(*((lambda: sign_in(furnished, "wrong")) for _ in range(AT_ONCE))))
    judged = SIGN_IN_FROM_NETWORK.tries
    assert statuses == {422: judged, 429: AT_ONCE - judged}
    with database(furnished).reading():
        query = select(AuditEntry.act).where(AuditEntry.thing_id == str(made))
        assert Counter(session().scalars(query)) == {"sign_in_failed": judged}


def test_44_no_transaction_is_open_while_a_password_is_judged(
    furnished: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff(furnished)
    held: list[bool] = []
    real = trying.is_password

    def watched(password: str, kept: str | None, *, cost: str) -> bool:
        held.append(session().in_transaction())
        return real(password, kept, cost=cost)

    monkeypatch.setattr(trying, "is_password", watched)
    assert sign_in(furnished, PASSWORD) == 303
    assert held == [False]


def test_44_right_passwords_at_once_all_get_in(furnished: Flask) -> None:
    staff(furnished)
    assert in_threads(*((lambda: sign_in(furnished, PASSWORD)) for _ in range(5))) == [303] * 5
