"""Measure a burst of 1,000 events from Stripe in any order: real HTTP to the stand-in and back, on a private PostgreSQL."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import local
from uuid import UUID

import requests
from sqlalchemy import select

from bench.ledger import furnished
from crm.billing.models import CardCustomer
from crm.billing.queries import live_spans_of
from crm.billing.rules import Period
from crm.db.session import session
from crm.gateways.pretend_stripe import lives
from crm.gateways.pretend_stripe.sending import signed
from crm.gateways.pretend_stripe.store import YEARLY, Store, Thing
from crm.kernel.clock import day_of, now
from tests import factories
from tests.engines import free_port, make_database, start_cluster
from tests.houses import database

EVENTS, MEMBERS, AT_ONCE = 1_000, 90, 8
SECRET = "whsec_measured"  # noqa: S105 of nobody
_mine = local()


def lived(store: Store) -> dict[str, set[Period]]:
    """Members who pay, fail, recover, renew, and of whom some are refunded: by customer, what they have bought in the end."""
    found: dict[str, set[Period]] = {}
    for number in range(MEMBERS):
        customer = store.customer()["id"]
        lives.pay(
            store,
            store.session(price=YEARLY, customer=customer, mode="subscription", client_reference_id=None),
        )
        subscription = store.of_kind("subscription")[0]
        lives.fail(store, subscription)
        lives.recover(store, subscription)
        if number % 3 == 0:
            lives.refund(store, store.of_kind("invoice")[0])
        kept = store.of_kind("invoice", customer=customer)[1 if number % 3 == 0 else 0 :]
        found[customer] = {span_of(each) for each in kept}
    return found


def span_of(invoice: Thing) -> Period:
    period = invoice["lines"]["data"][0]["period"]
    first, after = (day_of(datetime.fromtimestamp(period[name], UTC)) for name in ("start", "end"))
    return Period(first, after - timedelta(days=1))


def known(customers: dict[str, set[Period]]) -> None:
    """An account of ours for each customer."""
    for each in customers:
        session().add(CardCustomer(account_id=factories.account().id, customer_id=each, made_at=now()))


def burst(store: Store) -> list[Thing]:
    """So many events in any order, the first ones twice."""
    events = (store.events * 2)[:EVENTS]
    random.Random(1).shuffle(events)
    return events


@contextmanager
def served(folder: Path, url: str, ports: tuple[int, int]) -> Iterator[tuple[str, list[int]]]:
    """The product and the stand-in, each as a server."""
    ours, theirs = (f"http://127.0.0.1:{each}" for each in ports)
    env = os.environ | {"CRM_ENV": "development", "CRM_DATA": str(folder), "DATABASE_URL": url}
    env |= {"CRM_STRIPE_KEY": "sk_test_measured", "CRM_STRIPE_WEBHOOK_SECRET": SECRET}
    env |= {"CRM_STRIPE_PRICE": YEARLY, "CRM_STRIPE_URL": theirs, "PORT": str(ports[0])}
    server = [
        *(sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{ports[0]}"),
        "--no-control-socket",
    ]
    server += ["--workers", "2", "--worker-class", "gthread", "--threads", "4", "--log-level", "error"]
    other = [sys.executable, "-m", "crm.gateways.pretend_stripe", str(ports[1]), f"{ours}/nowhere", SECRET]
    with (folder / "log").open("wb") as log:
        running = [
            subprocess.Popen(each, env=env, stdout=log, stderr=log)
            for each in ([*other, str(folder / "stripe.json")], server)
        ]
        try:
            wait_for(f"{ours}/healthz")
            yield ours, [each.pid for each in running]
        finally:
            for each in running:
                each.terminate()
                each.wait()


def cpu_of(pids: Iterable[int]) -> float:
    """The seconds for which some processes and their children have worked so far."""
    ticks = 0
    for pid in pids:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for each in (pid, *children):
            ticks += sum(map(int, Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def wait_for(address: str) -> None:
    for _ in range(600):
        try:
            if requests.get(address, timeout=5).ok:
                return
        except requests.RequestException:
            time.sleep(0.2)
    raise SystemExit("the server did not start")


def post(address: str, event: Thing) -> int:
    """Post an event until it is heard, as Stripe does; how often it was not."""
    if not hasattr(_mine, "session"):
        _mine.session = requests.Session()
    raw, signature = signed(event, SECRET)
    for again in range(5):
        answer = _mine.session.post(address, data=raw, headers={"Stripe-Signature": signature}, timeout=60)
        if answer.status_code == 200:
            return again
    raise SystemExit(f"not heard: {answer.status_code} {event['type']}")


def main() -> None:
    """Send the burst, and compare every membership with what was bought."""
    cluster = start_cluster()
    folder = Path(tempfile.mkdtemp(prefix="crm-bench-"))
    url = make_database(cluster.address, "events")
    app, store = furnished(url, str(folder)), Store(path=folder / "stripe.json")
    bought = lived(store)
    store.save()
    with database(app).transaction():
        known(bought)
    events = burst(store)
    ports = (free_port(), free_port())
    with served(folder, url, ports) as (ours, running), ThreadPoolExecutor(AT_ONCE) as crowd:
        post(f"{ours}/stripe/events", events[0])
        began, worked = time.perf_counter(), cpu_of(running)
        again = sum(crowd.map(lambda each: post(f"{ours}/stripe/events", each), events))
        taken, worked = time.perf_counter() - began, cpu_of(running) - worked
    with database(app).reading():
        owners: dict[str | None, UUID] = dict(
            session().execute(select(CardCustomer.customer_id, CardCustomer.account_id)).all()
        )
        spans = live_spans_of(owners.values())
        right = sum(set(spans.get(owners[each], [])) == found for each, found in bought.items())
    print(f"{len(events)} events in {taken:.1f} s: {len(events) / taken:.0f} a second; {again} sent again")
    print(f"{1000 * worked / len(events):.1f} ms of CPU an event, of the product and the stand-in together")
    print(f"{right} of {len(bought)} memberships are right")
    database(app).engine.dispose()
    cluster.stop()


if __name__ == "__main__":
    main()
