"""Two at one membership at the same moment: one visit to the payment page, one customer, one period."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from crm.accounts.queries import account
from crm.billing import queries
from crm.billing.models import CardCustomer, CheckoutAttempt, StripeEvent
from crm.billing.workflow import Outcome
from crm.db.session import session
from crm.gateways.pretend_stripe import lives
from crm.gateways.pretend_stripe.api import Api
from crm.gateways.pretend_stripe.sending import signed
from crm.gateways.pretend_stripe.store import Store, Thing
from tests import network
from tests.billing.conftest import SECRET, set_up
from tests.faults.together import browser, in_threads
from tests.houses import database


@pytest.fixture
def paying(furnished: Flask) -> Iterator[tuple[Flask, Api]]:
    api = Api(Store())
    set_up(furnished, api)
    yield furnished, api
    furnished.extensions["payments"] = None


def hear(app: Flask, event: Thing) -> int:
    raw, signature = signed(event, SECRET)
    answer = browser(app).post("/stripe/events", data=raw, headers={"Stripe-Signature": signature})
    return int(answer.status_code)


def test_n42_and_n47_two_clicks_are_one_visit_and_events_that_meet_are_one_period(
    paying: tuple[Flask, Api],
) -> None:
    app, api = paying
    with database(app).transaction():
        owner_id: UUID = network.investor().id
    clicks = [browser(app, owner_id) for _ in range(3)]
    answers = in_threads(*((lambda each=each: each.send("/membership/pay")) for each in clicks))
    pages = {each.headers.get("Location") for each in answers}
    assert pages == {api.store.of_kind("checkout.session")[0]["url"]}
    assert len(api.store.of_kind("checkout.session")) == len(api.store.of_kind("customer")) == 1
    with database(app).reading():
        assert len(session().scalars(select(CardCustomer)).all()) == 1
        assert len(session().scalars(select(CheckoutAttempt)).all()) == 1
    lives.pay(api.store, api.store.of_kind("checkout.session")[0])
    events = [each for each in api.store.events for _ in range(2)]
    heard = in_threads(*((lambda each=each: hear(app, each)) for each in events))
    waiting = [event for event, status in zip(events, heard, strict=True) if status != 200]
    assert all(hear(app, each) == 200 for each in waiting)  # Stripe sends again what was not heard
    with database(app).reading():
        assert account(owner_id) is not None
        assert len(queries.periods_of(owner_id)) == 1
        rows = session().scalars(select(StripeEvent)).all()
        assert len(rows) == len(api.store.events)
        assert {each.outcome for each in rows} == {Outcome.DONE, Outcome.IGNORED}
