"""Several are asked at once: previewed, sent to just those, and safe to send twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.angels.year.models import Asked, EmailChoice, Mailing
from crm.angels.year.service.gating import reason_not_to_ask
from crm.billing.workflow import Dispute, Stage
from crm.kernel.clock import now, today
from crm.kernel.money import Money
from tests import factories, network
from tests.angels.people import letters, rows
from tests.angels.year.members import SEEN, WHO, CheckOutcome, angel_id, member, preview, raised, sent
from tests.billing import made
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.applicants import Clock

MEMBERS, RAISES, SEND = "/angels/members/preview", "/raises/stalled/preview", "/angels/mailings/send"


@pytest.fixture
def manager(cast: Cast, client: ConformingClient) -> ConformingClient:
    network.basis()
    return client.sign_in(cast.network_manager)


def test_the_preview_says_who_gets_it_who_is_left_out_and_why_and_sends_nothing(
    manager: ConformingClient,
) -> None:
    soon, later, card = member("Ada Soon", paid=20), member("Bea Later"), member("Cid Card", paid=20)
    away = member("Dot Away", paid=20, status="suspended")
    made.card_subscription(card)
    page = preview(
        manager,
        MEMBERS,
        kind="renew",
        note="We meet in May.",
        who=[angel_id(each) for each in (soon, later, card, away)],
    )
    assert "1 member gets this email" in page
    assert "3 members left out" in page
    assert "Nothing ends within 30 days" in page
    assert "Renews by card on 15 December 2026" in page
    assert "Suspended" in page
    assert "Your membership is paid until 14 December 2026" in page
    assert "We meet in May." in page
    assert not rows(Mailing)
    assert not letters("member_renew")


def test_what_is_sent_names_those_asked_and_sent_again_it_asks_nobody_twice(
    manager: ConformingClient, cast: Cast, clock: Clock
) -> None:
    both = [member("Ada Soon", paid=20), member("Bea Soon", paid=25)]
    page = preview(manager, MEMBERS, kind="renew", who=[angel_id(each) for each in both])
    result = sent(manager, page, kind="renew")
    assert "2 members asked" in result
    assert "Ada Soon" in result
    assert "Bea Soon" in result
    assert {each.to_address for each in letters("member_renew")} == {each.email for each in both}

    data = {"who": WHO.findall(page), "kind": "renew", "seen": SEEN.search(page)[1]}  # type: ignore[index]
    again = manager.post(SEND, data=data)  # another copy of the page that was previewed before
    assert again.status_code == 409
    assert "Already asked on 24 November 2026" in again.text
    assert len(rows(Asked)) == len(letters("member_renew")) == 2

    clock.shift(timedelta(days=14))
    manager.sign_in(cast.network_manager)
    assert "Nobody gets this email" in preview(manager, MEMBERS, kind="renew", who=[angel_id(both[0])])
    clock.shift(timedelta(days=1))
    manager.sign_in(cast.network_manager)
    assert "1 member gets" in preview(manager, MEMBERS, kind="renew", who=[angel_id(both[0])])


def test_who_would_get_it_changed_since_the_preview_so_nothing_goes_before_it_is_read(
    manager: ConformingClient,
) -> None:
    first, second = member("Ada Soon", paid=20), member("Bea Soon", paid=20)
    page = preview(manager, MEMBERS, kind="renew", who=[angel_id(first), angel_id(second)])
    network.membership(second, days=(21, 385))
    answer = manager.post(
        SEND,
        data={"who": WHO.findall(page), "kind": "renew", "seen": SEEN.search(page)[1]},  # type: ignore[index]
    )
    assert answer.status_code == 409
    assert "1 member left out" in answer.text
    assert not letters("member_renew")
    assert "Ada Soon" in sent(manager, answer.text, kind="renew")


def test_everyone_on_a_list_is_asked_also_on_other_pages_and_nobody_beside_it(
    manager: ConformingClient,
) -> None:
    for number in range(55):
        member(f"Ann{number:02} Soon", paid=20)
    member("Zoe Later")
    page = preview(manager, f"{MEMBERS}?show=renewals&month=soon", kind="renew", everyone="y")
    assert "55 members get this email" in page
    assert "Zoe Later" not in page


def test_nobody_ticked_is_said_on_the_list_with_its_filter_and_what_was_typed(
    manager: ConformingClient,
) -> None:
    member("Ada Soon", paid=20)
    answer = manager.post(f"{MEMBERS}?show=renewals", data={"kind": "renew", "note": "We meet in May."})
    assert answer.status_code == 422
    assert "Tick at least one row" in answer.text
    assert "We meet in May." in answer.text
    assert "Members: renewals" in answer.text
    empty = manager.post(SEND, data={"kind": "renew", "who": ["nonsense"]})
    assert empty.status_code == 422
    assert "Nobody gets this email" in empty.text


def test_the_silent_are_asked_unless_they_stopped_such_emails_or_cannot_see_pitches(
    manager: ConformingClient, client: ConformingClient, cast: Cast
) -> None:
    quiet, stopped, closed = member("Ada Quiet"), member("Bea Stopped"), member("Cid Closed", paid=-60)
    client.sign_in(stopped)
    assert "Stop these emails" in client.get("/angels/mine").text
    assert client.post("/angels/mine/stop-emails").status_code == 303
    client.sign_in(cast.network_manager)
    page = preview(
        manager,
        f"{MEMBERS}?show=silent",
        kind="wake",
        who=[angel_id(each) for each in (quiet, stopped, closed)],
    )
    assert "Has stopped the network’s emails" in page
    assert "Cannot see pitches: their membership is not paid for" in page
    sent(manager, page, kind="wake")
    (letter,) = letters("member_silent")
    assert letter.to_address == quiet.email
    assert reason_not_to_ask(letter) is None

    client.sign_in(quiet).post("/angels/mine/stop-emails")
    assert reason_not_to_ask(letter) == "Has stopped the network’s emails"
    client.post("/angels/mine/resume-emails")
    assert reason_not_to_ask(letter) is None
    assert client.post("/angels/mine/resume-emails").status_code == 409
    assert [each.is_stopped for each in rows(EmailChoice)] in ([True, False], [False, True])


def test_an_old_check_is_asked_for_again_and_a_new_one_is_not(manager: ConformingClient) -> None:
    old = member("Ada Old", checked_on=today() - timedelta(days=400))
    fresh = member("Bea Fresh")
    page = preview(manager, f"{MEMBERS}?show=checks", kind="check", everyone="y")
    assert "Ada Old" in page
    assert "Bea Fresh" not in page
    page = preview(manager, MEMBERS, kind="check", who=[angel_id(old), angel_id(fresh)])
    assert "Checked on 24 November 2026" in page
    assert "Ada Old" in sent(manager, page, kind="check")


def test_founders_of_stalled_raises_are_asked_and_a_business_without_an_owner_is_left_out(
    manager: ConformingClient,
) -> None:
    owner = factories.account(name="Fay Founder", email="fay@made.example")
    theirs, alone = raised("Made Still", published=60, owner=owner), raised("Made Alone", published=60)
    page = preview(manager, RAISES, kind="update", who=[str(theirs.id), str(alone.id)])
    assert "to Fay Founder" in page
    assert "No owner of the business can sign in" in page
    assert f"Your raise “{theirs.headline}” was published on" in page
    result = sent(manager, page, kind="update", note="")
    assert "1 raise asked" in result
    assert "Made Still" in result
    assert "Made Alone" in result
    (letter,) = letters("raise_update")
    assert letter.to_address == owner.email
    assert letter.reply_to
    assert "Already asked on 24 November 2026" in preview(
        manager, RAISES, kind="update", who=[str(theirs.id)]
    )
    assert "1 raise gets" in preview(manager, RAISES, kind="close", who=[str(theirs.id)])


def test_a_manager_who_invests_too_is_not_asked_by_themselves(client: ConformingClient, cast: Cast) -> None:
    network.basis()
    network.angel(cast.network_manager.account)
    network.membership(cast.network_manager.account, days=(-350, 14))
    client.sign_in(cast.network_manager)
    assert "This is you" in preview(
        client, MEMBERS, kind="renew", who=[angel_id(cast.network_manager.account)]
    )


def unpaid(name: str, **payment: object) -> str:
    """A member whose one payment by card came to nothing; the id by which they are ticked."""
    owner = network.investor(name=name, email=f"{name.split(maxsplit=1)[0].lower()}@made.example")
    network.angel(owner, decided_at=now())
    network.certification(owner)
    if payment:
        made.card_payment(owner, **payment)
    return angel_id(owner)


def test_k11_who_is_left_out_or_asked_reads_what_became_of_their_payment(manager: ConformingClient) -> None:
    disputed = unpaid("Xena Disputed", dispute=Dispute.OPEN)
    refunded = unpaid("Yves Refunded", refunded=Money.pounds(300))
    lost, never, coming = (
        unpaid("Yael Lost", dispute=Dispute.LOST),
        unpaid("Ned Never"),
        unpaid("Ann Coming"),
    )
    people = {each.name: each for each in rows(network.Account)}
    for name in ("Xena Disputed", "Ann Coming"):
        made.card_subscription(people[name])
    made.checkout_attempt(people["Ann Coming"], stage=Stage.WAITING)
    every = [disputed, refunded, lost, never, coming]
    page = preview(manager, MEMBERS, kind="renew", who=every)
    assert "Their payment is disputed at the bank, which has not decided yet" in page
    assert page.count("Their payment is on its way") == 1
    assert "Your last payment for the angel network was refunded" in page
    assert "Your bank gave your last payment for the angel network back to you" in page
    assert page.count("Your membership of the angel network is not paid for.") == 1
    assert "not paid for yet" not in page


def test_k24_the_preview_shows_each_email_that_says_something_else(manager: ConformingClient) -> None:
    unsigned, unpaid_one = member("Ada Unsigned", signed=-400), unpaid("Ned Unpaid")
    network.certification(unsigned, signed_on=today() - timedelta(days=400))
    others = [member("Bea Soon", paid=20), member("Cid Soon", paid=25), member("Dot Over", paid=-5)]
    page = preview(manager, MEMBERS, kind="renew", who=[unpaid_one, *map(angel_id, (unsigned, *others))])
    assert page.count("The email to ") == 4
    assert page.count("1 other gets the same") == 1


def test_k11_who_never_looked_or_was_never_checked_is_not_told_that_they_were(
    manager: ConformingClient,
) -> None:
    never = member("Ulla Never", joined=-400, check_outcome=CheckOutcome.NOT_REQUIRED)
    page = preview(manager, MEMBERS, kind="wake", who=[angel_id(never)])
    assert "You joined the network on 20 October 2025 and have not looked at a pitch yet." in page
    page = preview(manager, MEMBERS, kind="check", who=[angel_id(never)])
    assert "We need to check your identity" in page
    assert "identity again" not in page
