"""One form sent several times at the same moment, on connections of their own: it acts once, and all are led there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from itsdangerous import URLSafeSerializer
from sqlalchemy import select

from crm.angels.investors.queries import angels as queries
from crm.db.session import session
from crm.figures.models import DatedFigure
from crm.kernel.roles import Role
from tests import factories, network
from tests.angels.investors.test_certifying import SENT
from tests.faults.together import browser, in_threads
from tests.houses import database
from tests.web.test_once import PAGE, PROPOSAL

TIMES = 4


def one_time_id(app: Flask, account_id: UUID) -> str:
    return URLSafeSerializer(app.secret_key or "", salt="one-time-form").dumps(["a-nonce", str(account_id)])


@pytest.fixture
def sent(furnished: Flask) -> list[Any]:
    """An administrator proposes a figure: the one form arrives four times at once."""
    with database(furnished).transaction():
        account_id = factories.grant(factories.account(), Role.ADMINISTRATOR).account_id
    form = PROPOSAL | {"once": one_time_id(furnished, account_id)}
    browsers = [browser(furnished, account_id) for _ in range(TIMES)]
    return in_threads(*((lambda each=each: each.send(PAGE, form)) for each in browsers))


def test_a_form_sent_four_times_at_once_acts_once_and_all_are_led_to_the_same_place(
    furnished: Flask, sent: list[Any]
) -> None:
    with database(furnished).reading():
        made = session().scalars(select(DatedFigure).where(DatedFigure.source == PROPOSAL["source"])).all()

    assert len(made) == 1
    assert [answer.status_code for answer in sent] == [303] * TIMES
    assert {answer.headers["Location"] for answer in sent} == {f"/figures/rows/{made[0].id}"}


def test_k3_a_refused_statement_sent_four_times_at_once_is_kept_once_as_an_attempt(furnished: Flask) -> None:
    with database(furnished).transaction():
        owner = network.investor(name="Ann Investor")
        network.angel(owner)
        network.membership(owner)
        account_id = owner.id
    form = SENT | {"none_applies": "yes", "once": one_time_id(furnished, account_id)}
    browsers = [browser(furnished, account_id) for _ in range(TIMES)]
    answers = in_threads(
        *((lambda each=each: each.send("/angels/certify/net-worth", form)) for each in browsers)
    )

    assert [answer.status_code for answer in answers] == [422] * TIMES
    with database(furnished).reading():
        assert len(queries.attempts_of(account_id)) == 1
