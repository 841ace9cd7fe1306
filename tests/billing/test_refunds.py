"""Money that goes back ends what it had bought and the renewal that would follow, is told, and frees the way to pay again."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from crm.accounts.models import Account
from crm.billing import queries
from crm.billing.jobs.checking import work_on_checks
from crm.billing.models import StripeCheck
from crm.billing.service import checking
from crm.gateways.pretend_stripe import lives
from crm.gateways.pretend_stripe.store import Thing
from tests import network
from tests.angels.people import letters, rows
from tests.billing.conftest import Stripe, deliver, membership, pay
from tests.billing.test_renewals import read, tell, twice_over
from tests.cast import Cast
from tests.client import ConformingClient
from tests.houses import TODAY, database


def member(client: ConformingClient, stripe: Stripe) -> Account:
    """Somebody who paid by card and was heard to have."""
    owner = network.investor()
    pay(client, stripe, owner)
    deliver(client, stripe.fresh())
    return owner


def test_n46_a_full_refund_ends_the_renewal_at_stripe_once_is_told_and_the_member_can_pay_again(
    app: Flask, cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = member(client, stripe)
    lives.refund(stripe.store, stripe.store.of_kind("invoice")[0])
    deliver(client, stripe.fresh() * 2)
    page = read(client.sign_in(owner), "/membership")
    assert "£300 for 24 November 2026 to 23 November 2027 was refunded, so your membership ended." in page
    assert "nothing more is taken from your card" in page
    assert "Renews itself" not in page
    assert "Pay by card</button>" in page
    (told,) = letters("membership_refunded")
    assert (told.to_address, told.context["amount"], told.context["paid"]) == (owner.email, "£300", "")
    assert told.context["renews"] == ""
    assert not letters("membership_cancelled")
    staff = read(client.sign_in(cast.network_manager), f"/memberships/{owner.id}")
    assert "we have asked Stripe to end it" in staff
    assert "No payment counts at the moment." in staff
    assert tell(app) == 1
    assert stripe.subscription()["status"] == "canceled"
    deliver(client, stripe.fresh())
    assert tell(app) == 0
    assert len(letters("membership_refunded")) == 1
    pay(client, stripe, owner)
    deliver(client, stripe.fresh())
    assert membership(owner).is_member
    assert tell(app) == 0


def test_n46_a_refund_that_is_followed_by_nothing_from_stripe_is_ended_by_the_check_of_the_night(
    app: Flask, cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = member(client, stripe)
    lives.refund(stripe.store, stripe.store.of_kind("invoice")[0])
    checking.ask_nightly()
    with app.app_context():
        assert work_on_checks(database(app), lambda: False)
    assert tell(app) == 1
    assert stripe.subscription()["status"] == "canceled"
    assert "Pay by card</button>" in read(client.sign_in(owner), "/membership")


def test_n46_stripe_is_told_again_until_it_answers_and_a_subscription_that_ended_there_is_enough(
    app: Flask, cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = member(client, stripe)
    lives.refund(stripe.store, stripe.store.of_kind("invoice")[0])
    deliver(client, stripe.fresh())
    stripe.fail(only="/subscriptions")
    assert tell(app) == 1
    assert stripe.subscription()["status"] == "active"
    lives.end(stripe.store, stripe.subscription())  # by hand, and the event is lost
    stripe.fresh()
    stripe.fail(only="/subscriptions", status=404)
    with time_machine.travel(TODAY + timedelta(minutes=11), tick=False):
        assert tell(app) == 1
    (found,) = queries.subscriptions_of(owner.id)
    assert (found.ended_at is not None, found.is_to_end) == (True, False)


def test_n46_a_payment_of_last_year_or_a_part_that_is_given_back_ends_no_renewal(
    app: Flask, cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = member(client, stripe)
    first = stripe.store.of_kind("invoice")[0]
    with time_machine.travel(TODAY + timedelta(days=366), tick=False):
        made = lives.renew(stripe.store, stripe.subscription())
        assert made is not None
        lives.refund(stripe.store, first)
        lives.refund(stripe.store, made, pence=5_000)
        deliver(client, stripe.fresh())
        tell(app)
        assert stripe.subscription()["status"] == "active", (
            "a renewal that is where it should be is not moved"
        )
        (told,) = letters("membership_refunded")
        assert (told.context["paid"], told.context["renews"]) == ("23 November 2028", "24 November 2028")
        assert "Renews itself" in read(client.sign_in(owner), "/membership")


def test_n42_the_refund_of_what_was_paid_twice_ends_the_second_subscription_and_leaves_the_first(
    app: Flask, cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = member(client, stripe)
    twice_over(stripe, stripe.subscription())
    deliver(client, stripe.fresh())
    staff = read(client.sign_in(cast.network_manager), f"/memberships/{owner.id}")
    assert "We have asked Stripe to stop it after 23 November 2027." in staff
    assert tell(app) == 1
    deliver(client, stripe.fresh())
    page = read(client, f"/memberships/{owner.id}")
    assert "Two memberships renew themselves" not in page
    assert page.count("Renews itself") == 1
    assert "Does not renew" in page
    (again,) = (each for each in queries.payments_of(owner.id) if each.is_twice)
    lives.refund(stripe.store, stripe.store.things[again.invoice_id])
    deliver(client, stripe.fresh())
    assert tell(app) == 1
    deliver(client, stripe.fresh())
    standings = sorted(each["status"] for each in stripe.store.of_kind("subscription"))
    assert standings == ["active", "canceled"]
    (told,) = letters("membership_refunded")
    assert (told.context["paid"], told.context["renews"]) == ("23 November 2027", "24 November 2027")
    assert "Your membership renews on 24 November 2027" in read(client.sign_in(owner), "/membership")


def test_n46_who_is_refunded_in_grace_reads_until_when_and_pays_again(
    app: Flask, cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = network.investor()
    network.membership(owner, days=(-370, -5))
    pay(client, stripe, owner)
    deliver(client, stripe.fresh())
    lives.refund(stripe.store, stripe.store.of_kind("invoice")[0])
    deliver(client, stripe.fresh())
    page = read(client.sign_in(owner), "/membership")
    assert "In grace" in page
    assert "to keep your membership without a break" in page
    assert "was refunded. It does not renew itself" in page
    assert "Pay by card</button>" in page
    (told,) = letters("membership_refunded")
    assert (told.context["in_grace"], told.context["renews"]) == ("yes", "")


def test_n46_a_dispute_speaks_to_the_member_keeps_the_renewal_until_it_is_lost_and_then_ends_it(
    app: Flask, cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = member(client, stripe)
    dispute = lives.dispute(stripe.store, stripe.store.of_kind("invoice")[0])
    deliver(client, stripe.fresh())
    page = read(client.sign_in(owner), "/membership")
    assert "your membership is suspended until the bank decides" in page
    assert "What you had paid for was cancelled" not in page
    assert "We then take" not in page
    assert "Suspended" in page
    assert tell(app) == 0
    (told,) = letters("membership_disputed")
    assert (told.context["is_lost"], told.context["paid"]) == ("", "")
    lives.close_dispute(stripe.store, dispute, is_won=False)
    deliver(client, stripe.fresh())
    assert tell(app) == 1
    assert stripe.subscription()["status"] == "canceled"
    page = read(client, "/membership")
    assert "the bank gave the money back to you, so your membership ended" in page
    assert "Pay by card</button>" in page
    assert sorted(each.context["is_lost"] for each in letters("membership_disputed")) == ["", "yes"]
    assert not letters("membership_cancelled")


def test_n46_a_dispute_that_is_won_brings_back_what_was_paid_and_says_only_what_is_so_of_the_renewal(
    cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = member(client, stripe)
    dispute = lives.dispute(stripe.store, stripe.store.of_kind("invoice")[0])
    lives.set_renewing(stripe.store, stripe.subscription(), is_renewing=False)
    deliver(client, stripe.fresh())
    lives.close_dispute(stripe.store, dispute, is_won=True)
    deliver(client, stripe.fresh())
    assert membership(owner).is_member
    said = [each.context["paid"] for each in letters("membership_recorded")]
    # two letters of one moment have no order
    assert sorted("renews itself" in each for each in said) == [False, True]


def test_a_period_paid_by_card_that_a_manager_cancels_stops_renewing_and_its_member_can_pay_again(
    app: Flask, cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = member(client, stripe)
    (period,) = queries.periods_of(owner.id)
    where = f"/memberships/{owner.id}/periods/{period.id}/void"
    assert "refund it in Stripe" in read(client.sign_in(cast.network_manager), where)
    assert client.post(where, data={"reason": "Asked to leave"}).status_code == 303
    (told,) = letters("membership_cancelled")
    assert told.context["stopped"] == "yes"
    assert "Pay by card</button>" in read(client.sign_in(owner), "/membership")
    assert tell(app) == 1
    assert stripe.subscription()["status"] == "canceled"


def test_n41_from_the_payment_page_on_every_page_says_that_it_is_on_its_way_until_it_is_written(
    app: Flask, cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    network.basis()
    owner = network.investor()
    network.angel(owner)
    network.certification(owner)
    pay(client, stripe, owner)  # and no event lands
    assert "You do not need to pay again" in read(client, "/membership/paid")
    page = read(client, "/membership")
    assert "Your payment is on its way." in page
    assert "Pay by card</button>" not in page
    assert "Pay for your membership" not in read(client, "/desk")
    assert "Your payment for the membership has not arrived yet." in read(client, "/angels/mine")
    checking.ask_nightly()
    with app.app_context():
        assert work_on_checks(database(app), lambda: False)
    page = read(client, "/membership")
    assert "on its way" not in page
    assert "Your membership renews on 24 November 2027" in page


def test_n41_who_closed_the_tab_and_presses_again_reads_that_it_is_on_its_way_and_so_does_every_page(
    cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = network.investor()
    pay(client, stripe, owner)
    assert client.sign_in(owner).post("/membership/pay").location == "/membership/paid"
    page = read(client, "/membership")
    assert "Your payment is on its way." in page
    assert "Pay by card</button>" not in page


@pytest.mark.parametrize("is_page_heard", [False, True])
def test_n45_what_was_put_right_by_the_check_is_not_said_to_wait(
    app: Flask, cast: Cast, client: ConformingClient, stripe: Stripe, is_page_heard: bool
) -> None:
    owner = network.investor()
    pay(client, stripe, owner)
    if is_page_heard:
        deliver(client, [each for each in stripe.fresh() if each["type"].startswith("checkout")])
    checking.ask_nightly()
    with app.app_context():
        assert work_on_checks(database(app), lambda: False)
    page = read(client.sign_in(owner), "/membership")
    assert "Paid until 23 November 2027" in page
    assert "Waiting" not in page
    assert queries.attempt_under_way(owner.id) is None
    found = rows(StripeCheck)[-1]
    assert any(owner.name in each for each in found.repairs)


def test_n45_a_payment_that_fails_is_told_alike_by_letter_page_and_desk(
    cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    network.basis()
    owner = network.investor()
    network.angel(owner)
    network.certification(owner)
    pay(client, stripe, owner)
    deliver(client, stripe.fresh())
    lives.fail(stripe.store, stripe.subscription())
    deliver(client, stripe.fresh())
    (told,) = letters("membership_payment_failed")
    assert (told.context["paid"], told.context["until"]) == ("23 November 2027", "7 December 2027")
    page = read(client.sign_in(owner), "/membership")
    assert "You are a member until 23 November 2027" in page
    assert "Use another card to pay for your membership" in read(client, "/desk")


def two_years(client: ConformingClient, stripe: Stripe) -> tuple[Account, list[Thing]]:
    """Somebody who paid for this year and, by renewal ahead of its time, for the next; both invoices, this year's first."""
    owner = member(client, stripe)
    lives.renew(stripe.store, stripe.subscription())
    deliver(client, stripe.fresh())
    invoices = sorted(stripe.store.of_kind("invoice"), key=lambda each: each["number"])
    return owner, invoices


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_n46_the_page_names_the_payment_that_ended_the_membership_and_is_silent_once_another_is_made(
    cast: Cast, client: ConformingClient, stripe: Stripe, order: tuple[int, int]
) -> None:
    owner, invoices = two_years(client, stripe)
    for number in order:
        lives.refund(stripe.store, invoices[number])
        deliver(client, stripe.fresh())
    page = read(client.sign_in(owner), "/membership")
    assert "£300 for 24 November 2026 to 23 November 2027 was refunded, so your membership ended." in page
    assert "£300 for 24 November 2027 to 23 November 2028 was refunded." in page
    with time_machine.travel(TODAY + timedelta(days=1)):
        pay(client, stripe, owner)
        deliver(client, stripe.fresh())
        assert "Your payment of £300" not in read(client.sign_in(owner), "/membership")
        lives.refund(stripe.store, stripe.store.of_kind("invoice")[0])
        deliver(client, stripe.fresh())
        page = read(client.sign_in(owner), "/membership")
    assert "£300 for 25 November 2026 to 24 November 2027 was refunded, so your membership ended." in page
    assert "24 November 2027 to 23" not in page.split("Periods of membership")[0]
