"""Events about one subscription, twice and in whatever order: what Stripe says now counts, and each is heard once."""

from __future__ import annotations

import pytest

from crm.billing import queries
from crm.billing.models import CardPayment, CardSubscription, StripeEvent
from crm.gateways.pretend_stripe import lives
from tests import network
from tests.angels.people import rows
from tests.billing.conftest import Stripe, deliver, membership, pay, send
from tests.cast import Cast
from tests.client import ConformingClient

COMPLETED, PAID = "checkout.session.completed", "invoice.paid"
CREATED, UPDATED = "customer.subscription.created", "customer.subscription.updated"
DELETED = "customer.subscription.deleted"


def test_n36_an_event_that_arrives_twice_is_answered_well_both_times_and_has_one_effect(
    cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = network.investor()
    pay(client, stripe, owner)
    (paid,) = stripe.store.told_of(PAID)
    assert [send(client, paid).status_code for _ in range(2)] == [200, 200]
    (heard,) = rows(StripeEvent)
    assert (heard.event_id, heard.tries) == (paid["id"], 1)
    assert len(rows(CardPayment)) == len(queries.periods_of(owner.id)) == 1


@pytest.mark.parametrize("order", [(COMPLETED, PAID), (PAID, COMPLETED)])
def test_n37_the_two_events_of_one_payment_are_one_paid_period_in_either_order(
    cast: Cast, client: ConformingClient, stripe: Stripe, order: tuple[str, str]
) -> None:
    owner = network.investor()
    pay(client, stripe, owner)
    deliver(client, [event for kind in order for event in stripe.store.told_of(kind)])
    assert len(rows(CardPayment)) == len(queries.periods_of(owner.id)) == 1
    assert membership(owner).is_member


def test_n38_what_began_heard_late_does_not_undo_what_followed_and_what_ended_stays_ended(
    cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = network.investor()
    pay(client, stripe, owner)
    store = stripe.store
    deliver(client, [*store.told_of(PAID), *store.told_of(UPDATED), *store.told_of(CREATED)])
    (found,) = rows(CardSubscription)
    assert found.is_live
    lives.set_renewing(store, stripe.subscription(), is_renewing=True)
    late = store.told_of(UPDATED)[-1]
    lives.end(store, stripe.subscription())
    deliver(client, [*store.told_of(DELETED), late])
    (found,) = rows(CardSubscription)
    assert not found.is_live
    assert late["data"]["object"]["status"] == "active"
