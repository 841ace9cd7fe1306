"""The waiting list of a raise is in time order, also for the small sum that would fit; and its minimum counts over all of one investor."""

from __future__ import annotations

from uuid import uuid4

import pytest

from crm.angels.deals.models import Pledge
from crm.angels.deals.rules.line import Place, Waiter, place_for, shared_out
from crm.angels.deals.workflow import PledgeStatus
from crm.kernel.money import NO_MONEY, Money
from tests import network
from tests.angels.deals import made
from tests.angels.deals.test_investing import met, raised
from tests.angels.deals.test_places import pledges_of, rows_of
from tests.angels.people import letters, rows
from tests.cast import Cast
from tests.client import ConformingClient

S = PledgeStatus
K = Money.pounds


def read(client: ConformingClient, where: str) -> str:
    return " ".join(client.get(where).text.split())


def test_n29_a_small_sum_that_would_fit_does_not_pass_those_who_wait_and_the_page_says_so(
    cast: Cast, client: ConformingClient
) -> None:
    found, una, wim = raised(amount=K(75_000), min_ticket=K(10_000)), network.admitted(), network.admitted()
    made.pledge(found, amount=K(21_000))
    where = f"/pitches/{found.id}/pledge"
    assert "What is more than the £54,000 left goes on the waiting list" in read(client.sign_in(una), where)
    client.post(where, data={"amount": "50,000"})
    client.sign_in(wim).post(where, data={"amount": "50,000"})
    page = read(client.sign_in(una), where)
    assert "Investors who pledged earlier wait for what is still open. What you pledge goes on" in page
    for untrue in ("The raise is full", "left goes on the waiting list", "At least"):
        assert untrue not in page
    kept = client.post(where, data={"amount": "1,000"}).headers["Location"]
    assert "Your £1,000 is on the waiting list." in client.get(kept).text
    assert pledges_of(una) == [(S.PLEDGED, K(50_000)), (S.WAITING, K(1_000))]
    assert "1 pledge is before it" in client.get(kept).text
    assert letters("pledge_offered") == []
    deals = read(client.sign_in(cast.founder), f"/raises/{found.id}/deals")
    assert (
        "£4,000 is still open. With it, the first on the waiting list would not come to the minimum" in deals
    )
    client.post(f"/pledges/{rows_of(wim).id}/decline", data={"reason": "We seek smaller sums"})
    assert pledges_of(una) == [(S.PLEDGED, K(50_000)), (S.OFFERED, K(1_000))]


def test_n29_the_page_says_of_each_raise_what_becomes_of_a_pledge(
    cast: Cast, client: ConformingClient
) -> None:
    full, small = raised(amount=K(60_000)), raised(amount=K(60_000), min_ticket=K(10_000))
    made.pledge(full, amount=K(60_000))
    made.pledge(small, amount=K(54_000))
    client.sign_in(network.admitted())
    assert "The raise is full at the moment. What you pledge" in read(client, f"/pitches/{full.id}/pledge")
    page = read(client, f"/pitches/{small.id}/pledge")
    assert "What is still open is less than the minimum of one investor. What you pledge" in page
    assert "At least £10,000" in page


def test_n29_who_is_offered_a_part_reads_what_becomes_of_the_rest(
    cast: Cast, client: ConformingClient
) -> None:
    found, zelda = raised(amount=K(60_000), min_ticket=K(1_000)), network.admitted()
    made.pledge(found, amount=K(59_000))
    owner = network.admitted()
    first = made.pledge(found, owner, amount=K(1_000))
    made.pledge(found, zelda, S.WAITING, amount=K(5_000))
    client.sign_in(owner).post(f"/pledges/{first.id}/withdraw")
    (letter,) = letters("pledge_offered")
    assert (letter.context["amount"], letter.context["rest"]) == ("£1,000", "£4,000")


def test_k4_what_is_left_below_the_minimum_is_said_before_and_marked_for_the_business(
    cast: Cast, client: ConformingClient
) -> None:
    found = raised(amount=K(60_000), min_ticket=K(10_000))
    owner, _ = met(found)
    client.sign_in(owner)
    for typed in ("50,000", "1,500"):
        client.post(f"/pitches/{found.id}/pledge", data={"amount": typed})
    large, small = sorted(rows(Pledge), key=lambda each: -each.amount.pence)
    page = read(client, f"/pledges/{large.id}/withdraw")
    assert "You keep £1,500 in the raise, which is below its minimum of £10,000 for one investor." in page
    client.post(f"/pledges/{large.id}/withdraw")
    (letter,) = letters("pledge_withdrawn")
    assert (letter.context["left"], letter.context["least"]) == ("£1,500", "£10,000")
    assert "You have £1,500 in this raise in all" in read(client, f"/pledges/{small.id}")
    refused = client.post(f"/pitches/{found.id}/pledge", data={"amount": "8,000"})
    assert "You have £1,500 in this raise, so pledge £8,500 or more" in refused.text
    client.sign_in(cast.founder)
    assert "Below the minimum" in client.get(f"/raises/{found.id}/deals").text
    assert "You can turn it down, or let it stand." in read(client, f"/pledges/{small.id}")
    client.sign_in(owner).post(f"/pitches/{found.id}/pledge", data={"amount": "8,500"})
    assert "Below the minimum" not in client.sign_in(cast.founder).get(f"/raises/{found.id}/deals").text


ONE, TWO = uuid4(), uuid4()


@pytest.mark.parametrize(
    ("line", "room", "held", "offers", "left"),
    [
        ((), 4, {}, {}, 4),
        (((ONE, 50),), 4, {}, {}, 0),
        (((ONE, 50),), 4, {ONE: 10}, {0: 4}, 0),
        (((ONE, 50), (TWO, 4)), 4, {TWO: 10}, {}, 0),
        (((ONE, 10), (TWO, 10)), 25, {}, {0: 10, 1: 10}, 5),
        (((ONE, 10), (TWO, 10)), 15, {}, {0: 10}, 0),
        (((ONE, 5), (TWO, 10)), 15, {}, {1: 10}, 5),
    ],
)
def test_n29_room_is_shared_out_in_time_order_alone(
    line: tuple[tuple[object, int], ...],
    room: int,
    held: dict[object, int],
    offers: dict[int, int],
    left: int,
) -> None:
    waiters = [Waiter(key, who, K(pounds)) for key, (who, pounds) in enumerate(line)]  # type: ignore[arg-type]
    has = {who: K(pounds) for who, pounds in held.items()}
    shares = shared_out(waiters, room=K(room), least=K(10), held=has)  # type: ignore[arg-type]
    assert (shares.offers, shares.left) == ({key: K(part) for key, part in offers.items()}, K(left))
    place = place_for(shares, room=K(room), least=K(10), held=NO_MONEY, standing=NO_MONEY)
    assert place == (Place(NO_MONEY, K(10), "behind") if not left else Place(NO_MONEY, K(10), "small"))
