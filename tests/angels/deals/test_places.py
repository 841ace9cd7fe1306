"""Places in a raise: each pound counted once, none below the minimum, none offered to one just turned down, none ended too soon."""

from __future__ import annotations

from crm.angels.deals.models import Pledge
from crm.angels.deals.queries import pledges as queries
from crm.angels.deals.workflow import InvestmentStatus, PledgeStatus
from crm.db.session import session
from crm.kernel.money import Money
from tests import network
from tests.angels.deals import made
from tests.angels.deals.test_investing import met, raised
from tests.angels.people import letters, rows
from tests.cast import Cast
from tests.client import ConformingClient

S = PledgeStatus
K = Money.pounds


def pledges_of(owner: network.Account) -> list[tuple[PledgeStatus, Money]]:
    session().expire_all()
    kept = sorted(rows(Pledge), key=lambda each: each.pledged_at)
    return [(each.status, each.amount) for each in kept if each.account_id == owner.id]


def test_k14_what_is_reported_is_not_counted_as_committed_too_and_each_sum_opens_its_rows(
    cast: Cast, client: ConformingClient
) -> None:
    found = raised(amount=K(60_000))
    owner, _ = met(found)
    committed = made.pledge(found, owner, S.COMMITTED, amount=K(20_000))
    paid = made.investment(found, owner, amount=K(15_000), pledge_id=committed.id)
    sums = queries.sums_of(found)
    assert (sums.reported, sums.committed, sums.room) == (K(15_000), K(5_000), K(40_000))
    client.sign_in(cast.founder)
    page = client.get(f"/raises/{found.id}/deals").text
    for words in ("£40,000 of £60,000", f"£15,000 is counted as reported, with investment {paid.reference}"):
        assert words in " ".join(page.replace("\n", " ").split())
    for where, key in (("investments", f"{paid.id}"), ("pledges", f"{committed.id}")):
        status = {"investments": "unconfirmed", "pledges": "committed"}[where]
        assert f"/{where}?pitch={found.id}&amp;status={status}" in page
        assert key in client.get(f"/{where}?pitch={found.id}&status={status}").text
    assert "£5,000" in client.get("/pledges").text
    assert "1 pledge, and £15,000 more reported as invested" in " ".join(client.get("/pledges").text.split())
    assert "Committed, besides what is reported" in page
    other = client.sign_in(network.admitted()).get(f"/pitches/{found.id}").text
    assert "Reported, not yet confirmed" in other


def test_k11_one_who_is_turned_down_is_not_offered_the_place_they_lost(
    cast: Cast, client: ConformingClient
) -> None:
    found, owner = raised(amount=K(60_000), min_ticket=K(5_000)), network.admitted()
    first = made.pledge(found, owner, amount=K(60_000))
    made.pledge(found, owner, S.WAITING, amount=K(5_000))
    client.sign_in(cast.founder)
    assert "the £5,000 that the investor has on the waiting list" in " ".join(
        client.get(f"/pledges/{first.id}/decline").text.split()
    )
    client.post(f"/pledges/{first.id}/decline", data={"reason": "We know nothing of you"})
    assert [status for status, _ in pledges_of(owner)] == [S.DECLINED, S.DECLINED]
    assert letters("pledge_offered") == []


def test_k5_neither_part_of_a_split_pledge_is_below_the_minimum_nor_offered_below_it(
    cast: Cast, client: ConformingClient
) -> None:
    found, owner = raised(amount=K(60_000), min_ticket=K(10_000)), network.admitted()
    made.pledge(found, amount=K(6_000))
    where = f"/pitches/{found.id}/pledge"
    refused = client.sign_in(owner).post(where, data={"amount": "60,000"})
    assert refused.status_code == 422
    assert "£54,000 of this raise is left. Pledge £54,000 or less: what goes on" in refused.text
    assert client.post(where, data={"amount": "50,000"}).status_code == 303
    third = network.admitted()
    client.sign_in(third).post(where, data={"amount": "20,000"})
    assert pledges_of(third) == [(S.WAITING, K(20_000))]
    (mine,) = [each for each in rows(Pledge) if each.account_id == owner.id]
    made.pledge(found, owner, S.WAITING, amount=K(6_000))
    client.sign_in(owner).post(f"/pledges/{mine.id}/withdraw")
    assert set(pledges_of(owner)) == {(S.WITHDRAWN, K(50_000)), (S.ENDED, K(6_000))}
    assert pledges_of(third) == [(S.OFFERED, K(20_000))]
    client.sign_in(third).post(f"/pledges/{rows_of(third).id}/take-up")
    assert len(letters("pledge_taken_up")) == 1


def rows_of(owner: network.Account) -> Pledge:
    return next(each for each in rows(Pledge) if each.account_id == owner.id)


def test_k3_the_same_pledge_sent_again_asks_whether_it_is_a_further_one(
    cast: Cast, client: ConformingClient
) -> None:
    found = raised()
    owner, _ = met(found)
    where = f"/pitches/{found.id}/pledge"
    client.sign_in(owner).post(where, data={"amount": "15,000"})
    (letter,) = letters("pledge_recorded")
    assert letter.context["investor"] == "Philippa Known"
    again = client.post(where, data={"amount": "15,000"})
    assert again.status_code == 422
    assert "You have already pledged £15,000 to this raise" in again.text
    assert 'href="#is_further"' in again.text
    assert client.post(where, data={"amount": "15,000", "is_further": "y"}).status_code == 303
    assert len(rows(Pledge)) == 2


def test_k11_a_pledge_whose_investment_is_reported_waits_for_it_also_when_the_raise_closes(
    cast: Cast, client: ConformingClient
) -> None:
    found = raised()
    owner, _ = met(found)
    mine = made.pledge(found, owner, S.COMMITTED, amount=K(15_000))
    paid = made.investment(found, owner, amount=K(15_000), pledge_id=mine.id)
    page = client.sign_in(owner).get(f"/pledges/{mine.id}").text
    assert f"/investments/{paid.id}" in page
    assert "Withdraw the pledge" not in page
    refused = client.post(f"/pledges/{mine.id}/withdraw")
    assert refused.status_code == 409
    assert f"Investment {paid.reference} of £15,000 is reported for this pledge" in refused.text
    client.sign_in(cast.founder)
    sent = {"closed_as": "part_funded", "raised": "15,000", "why": "too_early"}
    assert client.post(f"/raises/{found.id}/close", data=sent).status_code == 303
    assert letters("pledge_ended") == []
    assert client.sign_in(owner).post(f"/investments/{paid.id}/agree").status_code == 303
    assert pledges_of(owner) == [(S.COMPLETED, K(15_000))]
    session().expire_all()
    assert queries.sums_of(network.whole(found)).completed == K(15_000)
    assert paid.status is InvestmentStatus.MATCHED


def test_k13_a_committed_pledge_leads_to_recording_the_investment_or_to_asking_about_this_raise(
    cast: Cast, client: ConformingClient
) -> None:
    found = raised()
    owner, meeting = met(found)
    mine = made.pledge(found, owner, S.COMMITTED)
    other = made.pledge(found, status=S.COMMITTED)
    assert f"/introductions/{meeting.id}/invested" in client.sign_in(owner).get(f"/pledges/{mine.id}").text
    theirs = session().get(network.Account, other.account_id)
    assert theirs is not None
    page = " ".join(client.sign_in(theirs).get(f"/pledges/{other.id}").text.split())
    assert f'href="/pitches/{found.id}">ask to be introduced about this raise' in page
