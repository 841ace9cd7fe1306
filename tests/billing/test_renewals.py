"""One renewal, on the day after what is paid for, and none once it was stopped or its member has left."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from flask import Flask

from crm.billing import queries
from crm.billing.jobs.telling import work_on_pages, work_on_renewals
from crm.billing.service import wishing
from crm.billing.workflow import Stage
from crm.gateways.pretend_stripe import lives
from crm.gateways.pretend_stripe.store import Thing
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM
from tests import network
from tests.angels.people import letters
from tests.billing.conftest import Stripe, deliver, membership, pay
from tests.cast import Cast
from tests.client import ConformingClient
from tests.houses import TODAY, database


def tell(app: Flask) -> int:
    """Let the worker tell Stripe all that is wanted; how many things it told."""
    with app.app_context():
        return sum(1 for _ in iter(lambda: work_on_renewals(database(app), lambda: False), False))


def twice_over(stripe: Stripe, subscription: Thing) -> None:
    """The same member pays once more, for a second subscription."""
    price, customer = subscription["items"]["data"][0]["price"]["id"], subscription["customer"]
    made = stripe.store.session(price=price, customer=customer, mode="subscription", client_reference_id=None)
    lives.pay(stripe.store, made)


def read(client: ConformingClient, where: str) -> str:
    return " ".join(client.get(where).text.split())


def test_n42_who_paid_twice_keeps_one_renewal_and_stopping_it_stops_all_and_says_what_becomes_of_the_money(
    cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = network.investor()
    pay(client, stripe, owner)
    twice_over(stripe, stripe.subscription())
    deliver(client, stripe.fresh())
    page = read(client.sign_in(owner), "/membership/stop")
    assert "You have 2 memberships that renew themselves. This stops all of them." in page
    assert "You paid £300 twice for the same days." in page
    assert client.post("/membership/stop").status_code == 303
    assert all(each["cancel_at_period_end"] for each in stripe.store.of_kind("subscription"))
    (told,) = letters("membership_stopped")
    assert (told.context["twice"], told.context["until"]) == ("£300", "23 November 2027")
    again = client.post("/membership/stop")  # a second tab
    assert again.status_code == 409
    assert "already set not to renew" in again.text
    assert 'href="/membership">See what it says now' in again.text
    assert client.get("/membership/stop").location == "/membership"
    assert client.post("/membership/resume").status_code == 303
    assert 'href="/membership">See what it says now' in client.post("/membership/resume").text
    assert len(queries.renewals_of([owner.id])) == 1


def test_n42_the_second_of_two_renewals_is_stopped_by_itself(
    app: Flask, cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = network.investor()
    pay(client, stripe, owner)
    first = stripe.subscription()
    twice_over(stripe, first)
    deliver(client, stripe.fresh())
    stripe.fail(only="/subscriptions")
    assert tell(app) == 1  # Stripe was silent, and is told again later
    with time_machine.travel(TODAY + timedelta(minutes=11), tick=False):
        assert tell(app) == 1
    deliver(client, stripe.fresh())
    assert not first["cancel_at_period_end"]
    assert stripe.subscription()["cancel_at_period_end"]
    page = read(client.sign_in(owner), "/membership")
    assert "renews on 24 November 2027" in page
    assert "The network’s manager refunds it to your card" in page


def test_who_pays_early_is_charged_again_when_the_paid_time_ends_and_not_before(
    app: Flask, cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = network.investor()
    network.membership(owner, days=(-340, 20))
    pay(client, stripe, owner)
    deliver(client, stripe.fresh())
    until = membership(owner).until
    assert until == today() + timedelta(days=20 + 365)
    assert tell(app) == 1
    deliver(client, stripe.fresh())
    page = read(client.sign_in(owner), "/membership")
    assert f"Your membership renews on {day_in_words(until + timedelta(days=1))}" in page
    assert "£0" not in page
    (told,) = letters("membership_recorded")
    assert f"renews itself on {day_in_words(until + timedelta(days=1))}" in told.context["paid"]
    assert client.post("/membership/stop").status_code == 303
    assert letters("membership_stopped")[0].context["until"] == day_in_words(until)
    with time_machine.travel(TODAY + timedelta(days=20 + 366), tick=False):
        lives.set_renewing(stripe.store, stripe.subscription(), is_renewing=True)
        lives.renew(stripe.store, stripe.subscription())
        deliver(client, stripe.fresh())
        assert membership(owner).until.replace(year=until.year) - until <= timedelta(days=1)
        assert membership(owner).until > until


def test_who_leaves_the_network_is_told_that_the_renewal_stops_and_stripe_is_told_so(
    app: Flask, cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = network.investor()
    network.angel(owner)
    pay(client, stripe, owner)
    deliver(client, stripe.fresh())
    assert "Your membership does not renew itself on 24 November 2027" in read(
        client.sign_in(owner), "/angels/mine/leave"
    )
    assert client.post("/angels/mine/leave").status_code == 303
    assert "Does not renew" in client.get("/membership").text
    assert tell(app) == 1
    assert stripe.subscription()["cancel_at_period_end"]
    deliver(client, stripe.fresh())
    assert "no longer in the network" not in client.sign_in(cast.network_manager).get("/desk").text


def test_stopping_says_until_when_somebody_is_a_member_by_what_they_have_paid(
    cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    disputing, waiting, failing = (network.investor() for _ in range(3))
    lives.dispute(stripe.store, pay(client, stripe, disputing))
    deliver(client, stripe.fresh())
    page = read(client.sign_in(disputing), "/membership")
    assert "You disputed the payment of £300 for 24 November 2026" in page
    assert "You have not been a member yet" not in page
    assert "You are not a member at the moment." in read(client, "/membership/stop")
    assert client.post("/membership/stop").status_code == 303
    assert "until" not in letters("membership_stopped")[0].context
    pay(client, stripe, waiting, is_delayed=True)
    deliver(client, stripe.fresh())
    stopping = read(client.sign_in(waiting), "/membership/stop")
    assert "Your payment is on its way." in stopping
    assert "You are a member until" not in stopping
    pay(client, stripe, failing)
    deliver(client, stripe.fresh())
    with time_machine.travel(TODAY + timedelta(days=367), tick=False):
        lives.fail(stripe.store, stripe.subscription())
        deliver(client, stripe.fresh())
        (told,) = letters("membership_payment_failed")
        assert (told.context["amount"], told.context["until"]) == ("£300", "7 December 2027")
        words = read(client.sign_in(failing), "/membership/stop")
        assert "You can see pitches until 7 December 2027" in words
        assert "We stop trying to take the payment that failed." in words
        assert client.post("/membership/stop").status_code == 303
        assert stripe.subscription()["status"] == "canceled"


def test_the_page_after_paying_says_what_stripe_says_and_that_a_statement_is_needed_too(
    cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    network.basis()
    owner = network.investor()
    network.angel(owner)
    asked = "Certify what kind of investor you are"
    assert asked in read(client.sign_in(owner), "/membership")
    client.post("/membership/pay")
    page = read(client, "/membership/paid")
    assert "You have not paid yet" in page
    assert "on its way" not in page
    lives.pay(stripe.store, stripe.session(), is_delayed=True)
    assert "Check again" in read(client, "/membership/paid")
    deliver(client, stripe.fresh())
    desk = client.sign_in(owner).get("/desk").text
    assert "Pay for your membership" not in desk
    network.certification(owner)
    assert "Your payment for the membership has not arrived yet." in read(client, "/angels/mine")
    assert "Ask about paying" not in client.sign_in(cast.network_manager).get("/desk").text


def test_who_was_refunded_reads_why_and_can_pay_again_and_who_is_paid_up_is_not_asked_to_pay(
    cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = network.investor()
    invoice = pay(client, stripe, owner)
    deliver(client, stripe.fresh())
    page = read(client.sign_in(owner), "/membership")
    assert "Other ways to pay" not in page
    assert "Ask for a refund" in page
    asked = read(client, f"/contact?text=I+would+like+a+refund+of+{invoice['number']}")
    assert f"I would like a refund of {invoice['number']}</textarea>" in asked
    lives.refund(stripe.store, invoice)
    lives.end(stripe.store, stripe.subscription())
    deliver(client, stripe.fresh())
    page = read(client.sign_in(owner), "/membership")
    assert "was refunded, so your membership ended." in page
    assert "Pay by card</button>" in page


def close(app: Flask) -> int:
    """Let the worker close all payment pages that nobody is to pay at; how many times it tried."""
    with app.app_context():
        return sum(1 for _ in iter(lambda: work_on_pages(database(app), lambda: False), False))


def test_n42_the_open_payment_page_of_one_who_leaves_is_closed_so_that_nothing_is_paid_there(
    app: Flask, cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = network.investor()
    network.angel(owner)
    client.sign_in(owner)
    assert client.post("/membership/pay").status_code == 303
    opened = stripe.session()
    assert close(app) == 0, "whoever stays may still pay"
    assert client.post("/angels/mine/leave").status_code == 303
    stripe.fail(only="/expire")
    assert close(app) == 1, "Stripe was silent"
    assert opened["status"] == "open"
    with time_machine.travel(TODAY + timedelta(minutes=11), tick=False):
        assert close(app) == 1
    assert opened["status"] == "expired"
    assert queries.attempt_under_way(owner.id) is None
    assert close(app) == 0


def test_n42_a_page_that_was_paid_before_it_could_be_closed_counts_as_paid(
    app: Flask, cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = network.investor()
    network.angel(owner)
    client.sign_in(owner).post("/membership/pay")
    assert client.post("/angels/mine/leave").status_code == 303
    lives.pay(stripe.store, stripe.session())
    assert close(app) == 1
    last = queries.last_attempt(owner.id)
    assert last is not None
    assert (last.stage, last.closes_at) == (Stage.COMPLETE, None)
    assert close(app) == 0


def test_who_begins_to_pay_again_after_stopping_keeps_the_page(
    app: Flask, cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = network.investor()
    client.sign_in(owner).post("/membership/pay")
    wishing.close_page(owner.id, by=SYSTEM)
    assert client.post("/membership/pay").status_code == 303
    assert close(app) == 0
    assert stripe.session()["status"] == "open"


def test_k10_a_card_that_pays_for_days_paid_by_transfer_does_not_renew_and_its_member_is_told(
    app: Flask, cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = network.investor()
    client.sign_in(owner).post("/membership/pay")
    network.membership(owner, days=(0, 364))
    lives.pay(stripe.store, stripe.session())
    deliver(client, stripe.fresh())
    (told,) = letters("membership_paid_twice")
    assert (told.context["amount"], told.context["renews"]) == ("£300", "")
    for _ in range(2):
        page = read(client.sign_in(owner), "/membership")
        assert "the second does not renew" in page
        for untrue in ("Renews itself", "We then take", "Ask for a refund", "Start the renewal again"):
            assert untrue not in page
        assert "Renews itself" not in read(client.sign_in(cast.network_manager), f"/memberships/{owner.id}")
        tell(app)
        deliver(client, stripe.fresh())
    assert stripe.subscription()["cancel_at_period_end"]
    refused = client.sign_in(owner).post("/membership/resume")
    assert refused.status_code == 409
    assert "You paid twice for the same days." in refused.text
    assert stripe.subscription()["cancel_at_period_end"]
    assert len(letters("membership_paid_twice")) == 1


def test_k10_a_renewal_by_card_moves_behind_a_period_that_was_paid_by_transfer(
    app: Flask, cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = network.investor()
    pay(client, stripe, owner)
    deliver(client, stripe.fresh())
    sent = {"way": "transfer", "amount": "300", "reference": "T1"}
    for name, day in (("starts_on", (24, 11, 2027)), ("ends_on", (23, 11, 2028))):
        parts = ("day", "month", "year")
        sent |= {f"{name}-{part}": str(each) for part, each in zip(parts, day, strict=True)}
    recorded = client.sign_in(cast.network_manager).post(f"/memberships/{owner.id}/record", data=sent)
    assert recorded.status_code == 303
    assert tell(app) == 1
    deliver(client, stripe.fresh())
    assert "Your membership renews on 24 November 2028" in read(client.sign_in(owner), "/membership")
    assert letters("membership_paid_twice") == []
