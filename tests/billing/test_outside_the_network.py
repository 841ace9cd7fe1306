"""Who left the network or is suspended there: page, letters and the card that pays say the same, and how the fee comes back."""

from __future__ import annotations

import pytest
from flask import Flask

from crm.angels.investors.models import Angel
from crm.gateways.pretend_stripe import lives
from tests import network
from tests.angels.people import letters
from tests.billing.conftest import Stripe, deliver, pay
from tests.billing.test_renewals import read, tell
from tests.cast import Cast
from tests.client import ConformingClient

UNTRUE = (
    "You are a member until",
    "you can see pitches",
    "Renews itself",
    "We then take",
    "Start the renewal again",
    "Member</strong>",
)


def paid(client: ConformingClient, stripe: Stripe, name: str) -> tuple[network.Account, Angel]:
    """A member who has just paid by card."""
    owner = network.investor(name=name)
    found = network.angel(owner)
    network.certification(owner)
    pay(client, stripe, owner)
    deliver(client, stripe.fresh())
    return owner, found


def test_k11_who_left_reads_nothing_of_pitches_and_how_the_fee_comes_back(
    app: Flask, cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner, _ = paid(client, stripe, "Vera Left")
    leave = read(client.sign_in(owner), "/angels/mine/leave")
    assert "You paid £300 by card and can change your mind until 8 December 2026" in leave
    assert "/refund" in leave
    client.post("/angels/mine/leave")
    (told,) = letters("angel_left")
    assert told.context["back"] == "£300 until 8 December 2026"
    for _ in range(2):
        page = read(client.sign_in(owner), "/membership")
        assert "Left the network" in page
        assert "To ask for your fee back, use “Ask for a refund” beside the payment." in page
        assert "Nothing more is taken from your card" in page
        assert [each for each in UNTRUE if each in page] == []
        assert "Ask for a refund <span" in page
        tell(app)
        deliver(client, stripe.fresh())
    assert stripe.subscription()["cancel_at_period_end"]
    staff = read(client.sign_in(cast.network_manager), f"/memberships/{owner.id}")
    assert ("Left the network" in staff, "Member</strong>" in staff) == (True, False)


def test_k10_suspending_stops_the_card_and_the_member_reads_that_they_are_suspended(
    app: Flask, cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner, found = paid(client, stripe, "Tara Suspended")
    where = f"/angels/{found.id}"
    form = read(client.sign_in(cast.network_manager), where)
    assert "their membership does not renew itself on 24 November 2027" in form
    assert client.post(f"{where}/suspend", data={"reason": "A complaint is open"}).status_code == 303
    (told,) = letters("angel_suspended")
    assert (told.context["renews"], told.context["until"]) == ("yes", "23 November 2027")
    for _ in range(2):
        page = read(client.sign_in(owner), "/membership")
        assert "Your place in the angel network has been suspended since" in page
        assert "The reason is: A complaint is open" in page
        assert "Nothing more is taken from your card" in page
        assert [each for each in UNTRUE if each in page] == []
        tell(app)
        deliver(client, stripe.fresh())
    assert stripe.subscription()["cancel_at_period_end"]
    for address in ("/membership/resume", "/membership/pay"):
        refused = client.sign_in(owner).post(address)
        assert (refused.status_code, "is suspended" in refused.text) == (409, True)
    client.sign_in(cast.network_manager).post(f"{where}/readmit", data={"reason": "It is closed"})
    (told,) = letters("angel_readmitted")
    assert told.context["stopped"] == "yes"
    assert "Start the renewal again" in read(client.sign_in(owner), "/membership")
    assert client.post("/membership/resume").status_code == 303


def test_k11_what_a_suspended_member_owes_is_cancelled_at_stripe_and_reads_so(
    app: Flask, cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner, found = paid(client, stripe, "Ugo Owes")
    owed = lives.fail(stripe.store, stripe.subscription())
    deliver(client, stripe.fresh())
    told = "payment of £300 that failed is cancelled"
    assert "Not paid yet" in read(client.sign_in(owner), "/membership")
    assert f"The {told}, and nothing more is taken" in read(client, "/angels/mine/leave")
    assert told in read(client.sign_in(cast.network_manager), f"/angels/{found.id}")
    client.post(f"/angels/{found.id}/suspend", data={"reason": "It is looked into"})
    (letter,) = letters("angel_suspended")
    assert (letter.context["owed"], letter.context["resumes"]) == ("£300", ""), "nothing to start again"
    assert "Use another card" not in read(client.sign_in(owner), "/membership"), "Stripe has still to be told"
    assert tell(app) == 1
    assert (stripe.subscription()["status"], owed["status"]) == ("canceled", "void")
    deliver(client, stripe.fresh())
    client.sign_in(cast.network_manager).post(f"/angels/{found.id}/readmit", data={"reason": "It is closed"})
    page = read(client.sign_in(owner), "/membership")
    assert ("Not paid yet" in page, "Cancelled" in page) == (False, True)


def test_k12_nobody_is_asked_to_renew_while_they_are_suspended(cast: Cast, client: ConformingClient) -> None:
    owner = network.investor(name="Gita Grace")
    found = network.angel(owner)
    network.membership(owner, days=(-370, -5))
    client.sign_in(cast.network_manager)
    assert "Ask about renewing the membership" in client.get("/desk").text
    client.post(f"/angels/{found.id}/suspend", data={"reason": "A complaint is open"})
    assert "Ask about renewing the membership" not in client.get("/desk").text
    assert "Suspended" in client.get("/memberships").text


@pytest.mark.parametrize("way", ["leave", "suspend"])
@pytest.mark.parametrize("is_delayed", [False, True])
def test_k5_what_was_paid_and_heard_of_only_after_they_are_outside_does_not_renew(
    app: Flask, cast: Cast, client: ConformingClient, stripe: Stripe, way: str, is_delayed: bool
) -> None:
    owner = network.investor(name="Yoko Late")
    found = network.angel(owner)
    network.certification(owner)
    pay(client, stripe, owner, is_delayed=is_delayed)
    if is_delayed:
        deliver(client, stripe.fresh())
        assert "A payment of yours is on its way" in read(client.sign_in(owner), "/angels/mine/leave")
        assert "A payment of theirs is on its way" in read(
            client.sign_in(cast.network_manager), f"/angels/{found.id}"
        )
    who, where = (
        (owner, "/angels/mine/leave")
        if way == "leave"
        else (cast.network_manager, f"/angels/{found.id}/suspend")
    )
    assert client.sign_in(who).post(where, data={"reason": "It is looked into"}).status_code == 303
    if is_delayed:
        waits = read(client.sign_in(owner), "/membership")
        assert "it opens no pitches to you now" in waits
        assert "your membership begins then" not in waits
    (said,) = letters("angel_left" if way == "leave" else "angel_suspended")
    assert said.context["coming"] == "yes"
    if is_delayed:
        lives.arrive(stripe.store, stripe.session())
    deliver(client, stripe.fresh())
    (told,) = letters("membership_recorded")
    assert "renews itself" not in told.context["paid"]
    assert (bool(told.context["withheld"]), told.context["change_by"]) == (True, "8 December 2026")
    page = read(client.sign_in(owner), "/membership")
    assert [each for each in UNTRUE if each in page] == []
    tell(app)
    assert stripe.subscription()["cancel_at_period_end"], "so that nothing is taken for another year"


def test_k11_who_never_paid_reads_of_no_fee_after_leaving(cast: Cast, client: ConformingClient) -> None:
    owner = network.investor(name="Celia Unpaid")
    network.angel(owner)
    client.sign_in(owner).post("/angels/mine/leave")
    page = read(client, "/membership")
    assert "You left the angel network" in page
    assert [each for each in ("paid for opens", "counts again", "fee back", "refund") if each in page] == []


def test_k13_nobody_whose_payment_is_on_its_way_is_asked_to_renew(
    cast: Cast, client: ConformingClient, stripe: Stripe
) -> None:
    owner = network.investor(name="Gita Paying")
    network.angel(owner)
    network.membership(owner, days=(-370, -5))
    assert "Ask about renewing the membership" in client.sign_in(cast.network_manager).get("/desk").text
    pay(client, stripe, owner, is_delayed=True)
    deliver(client, stripe.fresh())
    assert "Ask about renewing the membership" not in client.sign_in(cast.network_manager).get("/desk").text
