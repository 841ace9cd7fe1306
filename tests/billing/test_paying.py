"""A member pays by card: access follows the payment, and nothing else does."""

from __future__ import annotations

from datetime import timedelta

import time_machine

from crm.angels.investors.jobs.reminding import remind_of_memberships
from crm.angels.investors.queries.gate import admission_of
from crm.angels.investors.rules.gate import Closed, why_closed
from crm.angels.investors.workflow import Ground
from crm.billing import queries
from crm.billing.models import CardCustomer, CheckoutAttempt
from crm.billing.workflow import Stage
from crm.gateways.pretend_stripe import lives
from crm.gateways.pretend_stripe.store import PASS
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from tests import network
from tests.angels.people import letters, rows
from tests.billing.conftest import Stripe, deliver, membership, pay, set_up
from tests.cast import Cast
from tests.client import ConformingClient
from tests.houses import TODAY


def test_n41_an_angel_pays_by_card_and_is_a_member_when_the_paid_event_lands_and_not_before(
    cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = network.investor()
    assert "£300 for a year" in client.sign_in(owner).get("/membership").text
    pay(client, stripe, owner)
    assert not membership(owner).is_member
    assert "on its way" in client.get("/membership/paid").text
    deliver(client, stripe.fresh())
    assert membership(owner).until == today().replace(year=today().year + 1) - timedelta(days=1)
    page = client.sign_in(owner).get("/membership").text
    assert "renews on 24 November 2027" in page
    assert "You are a member" in client.get("/membership/paid").text
    (told,) = letters("membership_recorded")
    assert "by card" in told.context["paid"]
    (paid,) = queries.payments_of(owner.id)
    assert client.get(f"/membership/receipts/{paid.id}").location.endswith(f"/receipts/{paid.invoice_id}")
    assert client.sign_in(cast.angel).get(f"/membership/receipts/{paid.id}").status_code == 404


def test_n41_a_payment_that_takes_days_opens_nothing_until_it_arrives_and_one_that_fails_frees_the_way(
    cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    for is_arriving in (False, True):
        owner = network.investor()
        pay(client, stripe, owner, is_delayed=True)
        deliver(client, stripe.fresh())
        assert not membership(owner).is_member
        page = client.sign_in(owner).get("/membership").text
        assert "Your payment is on its way" in page
        assert client.post("/membership/pay").status_code == 409
        (lives.arrive if is_arriving else lives.bounce)(stripe.store, stripe.session())
        deliver(client, stripe.fresh())
        assert membership(owner).is_member is is_arriving
    assert [each.to_name for each in letters("membership_payment_failed")] != [owner.name]


def test_n42_a_second_tab_leads_to_the_same_page_and_what_is_paid_twice_is_one_membership_and_a_refund_to_make(
    cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = network.investor()
    first = client.sign_in(owner).post("/membership/pay").location
    assert client.post("/membership/pay").location == first
    assert len(stripe.store.of_kind("checkout.session")) == 1
    lives.pay(stripe.store, stripe.session())
    customer = stripe.subscription()["customer"]
    twice = stripe.store.session(
        price=stripe.subscription()["items"]["data"][0]["price"]["id"],
        customer=customer,
        mode="subscription",
        client_reference_id=None,
    )
    again = lives.pay(stripe.store, twice)
    deliver(client, stripe.fresh()[::-1])
    assert len([each for each in queries.periods_of(owner.id) if each.voided_at is None]) == 1
    desk = client.sign_in(cast.network_manager).get("/desk").text
    assert "Refund a payment made twice" in desk
    page = client.get(f"/memberships/{owner.id}").text
    assert "We have asked Stripe to stop it after 23 November 2027." in " ".join(page.split())
    assert "Paid twice" in page
    paid = [each.invoice_id for each in queries.payments_of(owner.id) if each.is_twice]
    lives.refund(stripe.store, stripe.store.things[paid[0]])
    deliver(client, stripe.fresh())
    assert membership(owner).is_member
    assert "Refund a payment made twice" not in client.get("/desk").text
    assert again["status"] == "paid"


def test_n43_and_n44_another_persons_session_and_a_price_that_is_posted_change_nothing(
    cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = network.investor()
    pay(client, stripe, owner)
    deliver(client, stripe.fresh())
    stranger = network.investor()
    page = client.sign_in(stranger).get(f"/membership/paid?session_id={stripe.session()['id']}").text
    assert "no payment that is on its way" in page
    assert not membership(stranger).is_member
    sent = {"price": PASS, "amount": "1", "line_items[0][price]": PASS}
    assert client.post("/membership/pay", data=sent).status_code == 303
    assert stripe.session()["amount_total"] == 30_000
    assert stripe.session()["mode"] == "subscription"


def test_n45_a_failed_renewal_is_told_leaves_grace_closes_the_gate_and_recovers_without_certifying_again(
    cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    network.basis()
    owner = network.investor()
    network.angel(owner)
    with time_machine.travel(TODAY, tick=False) as clock:
        pay(client, stripe, owner)
        deliver(client, stripe.fresh())
        clock.move_to(TODAY + timedelta(days=200))
        network.certification(owner)
        network.certification(owner, Ground.SELF_CERTIFIED, rests_on_membership=True)
        clock.move_to(TODAY + timedelta(days=365, hours=2))
        lives.fail(stripe.store, stripe.subscription())
        deliver(client, stripe.fresh() * 2)
        (told,) = letters("membership_payment_failed")
        assert told.to_address == owner.email
        page = client.sign_in(owner).get("/membership").text
        assert "In grace" in page
        assert "Payment failed" in page
        assert why_closed(admission_of(owner.id, on=today()), on=today()) is None
        clock.move_to(TODAY + timedelta(days=365 + 15))
        assert why_closed(admission_of(owner.id, on=today()), on=today()) is Closed.NOT_PAID
        assert "Not a member" in client.sign_in(owner).get("/membership").text
        clock.move_to(TODAY + timedelta(days=365 + 20))
        lives.recover(stripe.store, stripe.subscription())
        deliver(client, stripe.fresh())
        gate = admission_of(owner.id, on=today())
        assert why_closed(gate, on=today()) is None
        assert len(gate.valid(on=today())) == 2


def test_a_statement_that_rests_on_membership_alone_ends_with_the_membership_it_was_signed_in(
    cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    network.basis()
    owner = network.investor()
    network.angel(owner)
    network.certification(owner, Ground.SELF_CERTIFIED, rests_on_membership=True)
    network.membership(owner, days=(-300, 20))
    with time_machine.travel(TODAY, tick=False) as clock:
        assert why_closed(admission_of(owner.id, on=today()), on=today()) is None
        clock.move_to(TODAY + timedelta(days=60))
        assert why_closed(admission_of(owner.id, on=today()), on=today()) is Closed.NOT_PAID
        pay(client, stripe, owner)
        deliver(client, stripe.fresh())
        assert membership(owner).is_member
        assert why_closed(admission_of(owner.id, on=today()), on=today()) is Closed.EXPIRED


def test_n46_a_refund_ends_the_right_membership_a_part_is_decided_about_and_a_dispute_suspends_until_it_is_won(
    cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner, other = network.investor(), network.investor()
    invoice = pay(client, stripe, owner)
    pay(client, stripe, other)
    deliver(client, stripe.fresh())
    lives.refund(stripe.store, invoice, pence=5_000)
    deliver(client, stripe.fresh())
    assert membership(owner).is_member
    assert "Decide about a partial refund" in client.sign_in(cast.network_manager).get("/desk").text
    (paid,) = queries.payments_of(owner.id)
    where = f"/memberships/{owner.id}/payments/{paid.id}/settle"
    assert "£50 of £300 was refunded" in client.get(where).text
    assert client.post(where, data={"note": ""}).status_code == 422
    assert client.post(where, data={"note": "Goodwill"}).status_code == 303
    assert "Decide about a partial refund" not in client.get("/desk").text
    dispute = lives.dispute(stripe.store, invoice)
    deliver(client, stripe.fresh())
    assert not membership(owner).is_member
    lives.close_dispute(stripe.store, dispute, is_won=True)
    deliver(client, stripe.fresh())
    assert membership(owner).is_member
    lives.refund(stripe.store, invoice)
    deliver(client, stripe.fresh())
    assert not membership(owner).is_member
    assert membership(other).is_member
    assert [each.to_address for each in letters("membership_refunded")] == [owner.email]


def test_a_member_who_leaves_is_on_the_managers_desk_until_the_renewal_is_stopped_and_is_not_asked_to_pay(
    cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = network.investor()
    found = network.angel(owner)
    pay(client, stripe, owner)
    deliver(client, stripe.fresh())
    assert client.sign_in(owner).post("/angels/mine/leave").status_code == 303
    assert [each.context["renews"] for each in letters("angel_left")] == ["yes"]
    desk = client.sign_in(cast.network_manager).get("/desk").text
    assert "Stop the renewal in Stripe: no longer in the network" in desk
    assert client.sign_in(owner).post("/membership/stop").status_code == 303
    assert "Pay by card</button>" not in client.get("/membership").text
    resumed = client.post("/membership/resume")
    assert resumed.status_code == 409
    assert "You have left the angel network" in resumed.text
    lives.end(stripe.store, stripe.subscription())
    deliver(client, stripe.fresh())
    assert "Pay by card</button>" not in client.sign_in(owner).get("/membership").text
    assert "no longer in the network" not in client.sign_in(cast.network_manager).get("/desk").text
    began = len(rows(CheckoutAttempt))
    by_hand = client.sign_in(owner).post("/membership/pay")  # no page offers this form
    assert by_hand.status_code == 409
    assert "there is nothing to pay for" in by_hand.text
    assert len(rows(CheckoutAttempt)) == began
    network.angel(owner)
    again = client.post("/membership/pay")  # they joined again, and are paid until next year
    assert "You have left" not in again.text
    assert found.account_id == owner.id


def test_a_period_that_a_person_has_cancelled_is_not_recorded_again_by_the_next_event(
    cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = network.investor()
    pay(client, stripe, owner)
    events = stripe.fresh()
    deliver(client, events)
    (period,) = queries.periods_of(owner.id)
    where = f"/memberships/{owner.id}/periods/{period.id}/void"
    sent = client.sign_in(cast.network_manager).post(where, data={"reason": "Asked to leave"})
    assert sent.status_code == 303
    lives.set_renewing(stripe.store, stripe.subscription(), is_renewing=False)
    deliver(client, stripe.fresh())
    assert not membership(owner).is_member


def test_n48_where_stripe_is_silent_nothing_is_lost_and_a_second_try_makes_no_second_customer(
    cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = network.investor()
    client.sign_in(owner)
    stripe.fail(only="/customers", is_done=True)
    stripe.fail(only="/checkout", is_done=True)
    for _ in range(2):
        answer = client.post("/membership/pay")
        assert answer.status_code == 503
        assert "not answering just now" in answer.text
    assert client.post("/membership/pay").status_code == 303
    assert len(stripe.store.of_kind("customer")) == len(stripe.store.of_kind("checkout.session")) == 1
    assert [each.customer_id for each in rows(CardCustomer)] == [stripe.store.of_kind("customer")[0]["id"]]


def test_n48_what_stripe_answers_with_an_error_is_not_tried_again_under_the_same_key(
    cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = network.investor()
    client.sign_in(owner)
    for status in (429, 500):
        stripe.fail(only="/checkout", status=status)
        assert client.post("/membership/pay").status_code == 503
    assert client.post("/membership/pay").status_code == 303
    stages = [each.stage for each in rows(CheckoutAttempt)]
    assert sorted(stages) == [Stage.FAILED, Stage.FAILED, Stage.OPEN]
    lives.expire(stripe.store, stripe.session())
    assert client.post("/membership/pay").status_code == 303
    assert stripe.session()["status"] == "open"
    deliver(client, stripe.fresh())
    assert Stage.EXPIRED in {each.stage for each in rows(CheckoutAttempt)}


def test_a_member_stops_the_renewal_in_two_clicks_resumes_it_and_changes_the_card(
    cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = network.investor()
    assert client.sign_in(owner).post("/membership/card").status_code == 409
    pay(client, stripe, owner)
    deliver(client, stripe.fresh())
    page = client.sign_in(owner).get("/membership").text
    assert 'href="/membership/stop"' in page
    assert "You are a member until 23 November 2027" in client.get("/membership/stop").text
    assert client.post("/membership/stop").status_code == 303
    assert stripe.subscription()["cancel_at_period_end"]
    assert [each.to_address for each in letters("membership_stopped")] == [owner.email]
    assert "Does not renew" in client.get("/membership").text
    assert client.post("/membership/resume").status_code == 303
    assert "renews on 24 November 2027" in client.get("/membership").text
    assert "/portal/" in client.post("/membership/card").location
    stripe.fail(status=500)
    assert client.post("/membership/stop").status_code == 503
    assert not stripe.subscription()["cancel_at_period_end"]


def test_a_pass_is_paid_once_lasts_a_year_and_can_be_paid_again_in_its_last_month(
    cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    set_up(client.application, stripe.api, PASS)
    owner = network.investor()
    network.membership(owner, days=(-340, 24))
    assert "It does not renew itself" in client.sign_in(owner).get("/membership").text
    pay(client, stripe, owner)
    deliver(client, stripe.fresh())
    assert membership(owner).until == today() + timedelta(days=24 + 365)
    answer = client.sign_in(owner).post("/membership/pay")
    assert answer.status_code == 409
    assert f"is paid until {day_in_words(today() + timedelta(days=24 + 365))}" in answer.text


def test_members_are_reminded_once_before_their_time_ends_with_their_statement_where_it_ends_too(
    cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    by_card, by_hand = network.investor(), network.admitted()
    network.angel(by_card)
    network.certification(by_card)
    pay(client, stripe, by_card)
    deliver(client, stripe.fresh())
    with time_machine.travel(TODAY + timedelta(days=335), tick=False):
        remind_of_memberships()
        remind_of_memberships()
        (told,) = letters("membership_ends")
        assert told.to_address == by_card.email
        assert (told.context["renews"], told.context["statement"]) == ("£300", "23 November 2027")
        client.sign_in(by_card)
        assert "Renew your membership" not in client.get("/desk").text
    with time_machine.travel(TODAY + timedelta(days=250), tick=False):
        remind_of_memberships()
        assert {by_hand.email, by_card.email} <= {each.to_address for each in letters("membership_ends")}
