"""Whoever changed their mind within 14 days asks for their money back: it waits for the manager, with its last day, until it is refunded."""

from __future__ import annotations

from datetime import timedelta

import time_machine

from crm.billing.models import CardPayment
from crm.gateways.pretend_stripe import lives
from tests import network
from tests.angels.people import letters, rows
from tests.billing.conftest import Stripe, deliver, membership
from tests.billing.test_refunds import member
from tests.billing.test_renewals import read
from tests.cast import Cast
from tests.client import ConformingClient
from tests.houses import TODAY


def asked(client: ConformingClient, stripe: Stripe) -> tuple[network.Account, CardPayment]:
    """A member who has just paid, and asked for it back."""
    owner = member(client, stripe)
    (found,) = rows(CardPayment)
    client.sign_in(owner)
    where = f"/membership/payments/{found.id}/refund"
    assert f'href="{where}"' in client.get("/membership").text
    assert "You paid £300 for 24 November 2026 to 23 November 2027" in read(client, where)
    assert client.post(where).status_code == 303
    return owner, found


def test_k15_a_request_for_a_refund_waits_for_the_manager_with_its_last_day_until_it_is_refunded(
    cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner, found = asked(client, stripe)
    page = read(client, "/membership")
    assert "We refund it by 8 December 2026" in page
    assert "Ask for a refund" not in page
    (told,) = letters("membership_refund_asked")
    assert (told.to_address, told.context["by"]) == (owner.email, "8 December 2026")
    assert client.post(f"/membership/payments/{found.id}/refund").status_code in (303, 409)
    assert len(letters("membership_refund_asked")) == 1
    desk = read(client.sign_in(cast.network_manager), "/desk")
    assert "Refund a member who asked for it" in desk
    assert "8 December" in desk
    assert "Refund it in Stripe by 8 December 2026" in read(client, f"/memberships/{owner.id}")
    lives.refund(stripe.store, stripe.store.of_kind("invoice")[0])
    deliver(client, stripe.fresh())
    assert "Refund a member who asked for it" not in read(client.sign_in(cast.network_manager), "/desk")
    assert not membership(owner).is_member


def test_k15_a_manager_who_closes_a_request_says_why_and_the_member_reads_it(
    cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner, found = asked(client, stripe)
    client.sign_in(cast.network_manager)
    where = f"/memberships/{owner.id}/payments/{found.id}/settle"
    assert "The member asked for a refund on 24 November 2026" in read(client, where)
    assert client.post(where, data={"note": "Rang me: wants to stay"}).status_code == 303
    assert "Refund a member who asked for it" not in read(client, "/desk")
    (told,) = letters("membership_refund_closed")
    assert (told.to_address, told.context["note"]) == (owner.email, "Rang me: wants to stay")
    assert membership(owner).is_member


def test_k9_a_refund_can_be_asked_for_on_the_fourteenth_day_and_not_after(
    cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = member(client, stripe)
    (found,) = rows(CardPayment)
    where = f"/membership/payments/{found.id}/refund"
    with time_machine.travel(TODAY + timedelta(days=14)):
        assert client.sign_in(owner).get(where).status_code == 200
    with time_machine.travel(TODAY + timedelta(days=15)):
        refused = client.sign_in(owner).post(where)
        assert refused.status_code == 409
        assert "You could change your mind until 8 December 2026" in refused.text
    assert client.sign_in(network.investor()).get(where).status_code in (403, 404)


def test_k35_a_renewal_that_ended_at_stripe_is_told_by_letter_and_on_the_page(
    cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = member(client, stripe)
    lives.end(stripe.store, stripe.subscription())
    deliver(client, stripe.fresh() * 2)
    (told,) = letters("membership_renewal_ended")
    assert (told.to_address, told.context["paid"]) == (owner.email, "23 November 2027")
    page = read(client.sign_in(owner), "/membership")
    assert "It no longer renews itself: the renewal ended on 24 November 2026" in page
