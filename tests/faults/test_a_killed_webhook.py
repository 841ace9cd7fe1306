"""The server is killed while it writes an event from Stripe, before the commit: nothing of it stays, and the retry lands once."""

from __future__ import annotations

import http.client
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select
from werkzeug.serving import make_server

from crm.audit.models import AuditEntry
from crm.billing import queries
from crm.billing.models import CardPayment, StripeEvent
from crm.billing.workflow import Outcome
from crm.db.session import session
from crm.gateways.pretend_stripe import lives
from crm.gateways.pretend_stripe.__main__ import Quiet
from crm.gateways.pretend_stripe.api import Api
from crm.gateways.pretend_stripe.sending import signed
from crm.gateways.pretend_stripe.server import Board
from crm.gateways.pretend_stripe.store import YEARLY, Store, Thing
from tests import network
from tests.billing.conftest import SECRET, set_up
from tests.engines import PATIENCE, free_port
from tests.faults.together import browser, fresh
from tests.houses import database

# The application as it is served, but for one thing: once all that follows an event is written, the process is killed.
KILLED = """
import os, signal, sys
from werkzeug.serving import make_server
from crm.billing.service import applying
from crm.db.session import session
from wsgi import app

settle = applying.settle

def settled_and_killed(account_id):
    settle(account_id)
    session().flush()
    os.kill(os.getpid(), signal.SIGKILL)

applying.settle = settled_and_killed
server = make_server("127.0.0.1", int(sys.argv[1]), app)
print("ready", flush=True)
server.serve_forever()
"""


@contextmanager
def served(api: Api) -> Iterator[str]:
    """The stand-in for Stripe at an address of its own."""
    port = free_port()
    server = make_server("127.0.0.1", port, Board(api), threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.shutdown()
        thread.join(PATIENCE)
        server.server_close()


def is_cut_off(port: int, event: Thing) -> bool:
    """Post an event to the served application; whether the connection ended without an answer."""
    raw, signature = signed(event, SECRET)
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        line.request("POST", "/stripe/events", raw, {"Stripe-Signature": signature})
        line.getresponse()
    except (http.client.RemoteDisconnected, ConnectionError):
        return True
    finally:
        line.close()
    return False


def counts(app: Flask, owner_id: UUID) -> tuple[int, int, int]:
    """How many events, payments and periods there are."""
    with database(app).reading():
        events, payments = (
            session().scalar(select(func.count()).select_from(each)) or 0
            for each in (StripeEvent, CardPayment)
        )
        return events, payments, len(queries.periods_of(owner_id))


def test_n47_a_server_killed_before_the_commit_keeps_nothing_and_the_retry_lands_once(
    furnished: Flask,
) -> None:
    api = Api(Store())
    set_up(furnished, api)
    with database(furnished).transaction():
        owner_id = network.investor().id
    assert browser(furnished, owner_id).send("/membership/pay").status_code == 303
    lives.pay(api.store, api.store.of_kind("checkout.session")[0])
    paid, port = api.store.told_of("invoice.paid")[0], free_port()
    with served(api) as address:
        settings = {
            "CRM_STRIPE_KEY": "sk_test_made",
            "CRM_STRIPE_WEBHOOK_SECRET": SECRET,
            "CRM_STRIPE_PRICE": YEARLY,
            "CRM_STRIPE_URL": address,
        }
        with fresh(furnished, "-c", KILLED, str(port), **settings) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            with database(furnished).reading():
                before = session().scalar(select(func.count()).select_from(AuditEntry))
            assert is_cut_off(port, paid)
            assert process.wait(PATIENCE) == -signal.SIGKILL
    assert counts(furnished, owner_id) == (0, 0, 0)
    with database(furnished).reading():
        assert session().scalar(select(func.count()).select_from(AuditEntry)) == before

    raw, signature = signed(paid, SECRET)
    for _ in range(2):  # Stripe sends it again, and once more
        answer = browser(furnished).post("/stripe/events", data=raw, headers={"Stripe-Signature": signature})
        assert answer.status_code == 200
    assert counts(furnished, owner_id) == (1, 1, 1)
    with database(furnished).reading():
        assert session().scalars(select(StripeEvent.outcome)).all() == [Outcome.DONE]
    furnished.extensions["payments"] = None
