"""What Stripe sends: heard once, in any order, and refused where it is not Stripe's."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
import stripe as library
import time_machine
from flask import Flask

from crm.audit.models import AuditEntry
from crm.billing import queries
from crm.billing.jobs.checking import check_nightly, work_on_checks
from crm.billing.models import CardPayment, StripeEvent
from crm.billing.service import applying
from crm.billing.workflow import Outcome
from crm.gateways.payments.facts import LARGEST_EVENT
from crm.gateways.pretend_stripe import lives
from crm.gateways.pretend_stripe.sending import signed
from crm.gateways.pretend_stripe.store import PASS
from crm.kernel.clock import now
from tests import network
from tests.angels.people import rows
from tests.billing.conftest import SECRET, Stripe, deliver, membership, pay, post, send, set_up
from tests.cast import Cast
from tests.client import ConformingClient
from tests.houses import database
from tests.statements import Statements


def outcomes() -> dict[str, Outcome]:
    return {each.event_id: each.outcome for each in rows(StripeEvent)}


def header(body: bytes, moment: int) -> str:
    return str(library.WebhookSignature.generate_signature_header(body.decode(), SECRET, moment))


def test_n39_what_is_not_stripes_is_refused_and_leaves_no_row(
    cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    pay(client, stripe, network.investor())
    client.sign_out()
    event, moment = stripe.fresh()[0], int(now().timestamp())
    before = len(rows(AuditEntry))
    raw, good = signed(event, SECRET)
    listed, listed_sign = signed([], SECRET)  # type: ignore[arg-type]
    prose = b"this is no JSON"
    sign_prose = library.WebhookSignature.generate_signature_header(prose.decode(), SECRET, moment)
    old = signed(event, SECRET, moment=moment - 301)[1]
    deep, halved = b"[" * 100_000, json.dumps(event | {"id": "evt_\ud800"}).encode()
    about_half = json.dumps(event | {"data": {"object": {"id": "in_\ud800", "object": "invoice"}}}).encode()
    unreadable = [(body, header(body, moment)) for body in (deep, halved, about_half)]
    bodies: list[tuple[bytes, str | None]] = [
        *unreadable,
        (raw, signed(event, "whsec_other")[1]),
        (raw, old),
        (raw, old.replace("t=", f"t={moment},x=")),
        (raw, signed(event, SECRET, moment=moment + 3_600)[1]),
        (raw, None),
        (raw, ""),
        (raw, "t=,v1=é"),
        (b"\xff\xfe" + raw, good),
        (raw + b" ", good),
        (listed, listed_sign),
        (prose, sign_prose),
        (b"", good),
    ]
    assert [post(client, *each).status_code for each in bodies] == [400] * len(bodies)
    assert post(client, b"x" * (LARGEST_EVENT + 1), good).status_code == 413
    assert post(client, b"x" * 5_000_000, good).status_code == 413
    assert rows(StripeEvent) == []
    assert len(rows(AuditEntry)) == before


def test_n40_the_wrong_mode_an_unknown_price_a_stranger_and_an_unknown_kind_are_noted_and_not_acted_on(
    cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = network.investor()
    pay(client, stripe, owner)
    paid = stripe.store.told_of("invoice.paid")[0]
    deliver(client, [paid | {"livemode": True, "id": "evt_live"}])
    set_up(client.application, stripe.api, PASS)
    deliver(client, [paid | {"id": "evt_price"}])
    stranger = stripe.store.session(
        price=PASS, customer=stripe.store.customer()["id"], mode="payment", client_reference_id=None
    )
    lives.pay(stripe.store, stranger)
    deliver(client, [stripe.store.told_of("invoice.paid")[-1] | {"id": "evt_stranger"}])
    deliver(client, [paid | {"id": "evt_kind", "type": "price.created"}])
    gone = {**paid, "id": "evt_gone", "data": {"object": {"object": "invoice", "id": "in_gone"}}}
    deliver(client, [gone])
    assert outcomes() == {
        "evt_live": Outcome.WRONG_MODE,
        "evt_price": Outcome.NOT_OURS,
        "evt_stranger": Outcome.NOT_OURS,
        "evt_kind": Outcome.IGNORED,
        "evt_gone": Outcome.NOT_OURS,
    }
    assert not membership(owner).is_member
    assert rows(CardPayment) == []
    desk = client.sign_in(cast.network_manager).get("/desk").text
    assert re.search(r">4</span>\s+<span>\s+<a [^>]+>events from Stripe to look at", desk)


def test_n46_each_event_is_heard_once_and_any_order_ends_in_the_same(
    cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = network.investor()
    pay(client, stripe, owner)
    events = stripe.fresh()
    deliver(client, [*events[::-1], *events])
    assert [each.tries for each in rows(StripeEvent)] == [1] * len(events)
    assert len(queries.periods_of(owner.id)) == 1
    (found,) = queries.subscriptions_of(owner.id)
    assert found.standing == "active"


def test_n47_what_breaks_before_the_commit_keeps_nothing_but_its_line_in_the_list_and_the_retry_lands_once(
    cast: Cast, client: ConformingClient, stripe: Stripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = network.investor()
    pay(client, stripe, owner)
    paid = stripe.store.told_of("invoice.paid")[0]
    real = applying.settle

    def breaks(account_id: Any) -> Any:
        real(account_id)
        raise RuntimeError("killed before the commit")

    client.may_break = True
    monkeypatch.setattr(applying, "settle", breaks)
    assert send(client, paid).status_code == 500
    assert outcomes() == {paid["id"]: Outcome.FAILED}
    assert queries.periods_of(owner.id) == []
    assert rows(CardPayment) == []
    monkeypatch.setattr(applying, "settle", real)
    stripe.fail(status=500)
    assert send(client, paid).status_code == 503
    deliver(client, [paid, paid])
    assert outcomes() == {paid["id"]: Outcome.DONE}
    assert len(queries.periods_of(owner.id)) == 1


def test_the_page_of_events_shows_what_became_of_each_replays_one_and_lets_one_be_closed_in_twelve_statements(
    cast: Cast,
    client: ConformingClient,
    stripe: Stripe,
    count_queries: Callable[[], AbstractContextManager[Statements]],
) -> None:
    owner = network.investor()
    pay(client, stripe, owner)
    events, paid = stripe.fresh(), stripe.store.told_of("invoice.paid")[0]
    stripe.fail(times=1)
    assert send(client, paid).status_code == 503
    deliver(
        client,
        [each | {"id": f"{each['id']}_{copy}"} for copy in range(5) for each in events if each != paid],
    )
    deliver(client, [paid | {"id": "evt_live", "livemode": True}])
    client.sign_in(cast.network_manager)
    with count_queries() as asked:
        page = client.get("/stripe/events").text
    assert len(asked) <= 12
    assert "2 events need a look" in page
    assert "A subscription was created" in page
    failed, live = (queries.event_by(each) for each in (paid["id"], "evt_live"))
    assert failed is not None
    assert live is not None
    assert "Stripe did not answer" in client.get(f"/stripe/events/{failed.id}").text
    assert client.post(f"/stripe/events/{failed.id}/replay").status_code == 303
    assert membership(owner).is_member
    assert client.post(f"/stripe/events/{live.id}/replay").status_code == 409
    assert client.post(f"/stripe/events/{live.id}/close").status_code == 303
    assert client.post(f"/stripe/events/{live.id}/close").status_code == 409
    assert "Nothing to look at" in client.get("/stripe/events?show=open").text
    assert client.sign_in(owner).get("/stripe/events").status_code == 403


def test_the_check_lists_and_puts_right_what_no_event_has_told(
    cast: Cast, client: ConformingClient, stripe: Stripe, app: Flask
) -> None:
    owner = network.investor()
    pay(client, stripe, owner)
    lives.pay(
        stripe.store,
        stripe.store.session(
            price=PASS, customer=stripe.store.customer()["id"], mode="payment", client_reference_id=None
        ),
    )
    client.sign_in(cast.network_manager)
    assert "No check has been made yet" in client.get("/stripe/events").text
    assert client.post("/stripe/check").status_code == 303
    assert client.post("/stripe/check").status_code == 409
    with app.app_context():
        assert work_on_checks(database(app), lambda: False)
        assert not work_on_checks(database(app), lambda: False)
    assert membership(owner).is_member
    page = client.get("/stripe/events").text
    assert "4 things compared" in page
    assert (
        f"{owner.name}: A subscription ({stripe.subscription()['id']}) was out of date, and was put right."
        in page
    )
    with app.app_context(), time_machine.travel(now() + timedelta(days=1), tick=False) as clock:
        check_nightly()
        stripe.fail(times=1)
        assert work_on_checks(database(app), lambda: False)
        clock.shift(timedelta(days=1))
        check_nightly()
        assert work_on_checks(database(app), lambda: False)
    found = queries.last_check()
    assert found is not None
    assert (found.repairs, found.fault) == ([], "")
