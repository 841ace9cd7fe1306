"""Pledges: behind the gate, in sums alone to others, never above the raise, a waiting list in time order with a clock."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from crm.accounts.models import Account
from crm.angels.deals.jobs import tend_daily
from crm.angels.deals.models import Pledge
from crm.angels.deals.queries import pledges as queries
from crm.angels.deals.service import pledging as service
from crm.angels.deals.workflow import PledgeStatus
from crm.angels.introductions.workflow import IntroductionStatus
from crm.angels.investors.queries.angels import angel_of, certifications_of
from crm.angels.investors.service import certifying, joining
from crm.angels.pitches.models import Promotion
from crm.angels.pitches.service import pitching
from crm.businesses.workflow import ConnectionKind
from crm.db.session import session
from crm.kernel.errors import Conflict
from crm.kernel.money import Money
from tests import factories, network
from tests.angels.deals import made
from tests.angels.people import acting, letters, own_business, rows
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.applicants import Clock

S = PledgeStatus
K150 = Money.pounds(150_000)


def raised(**fields: object) -> network.Pitch:
    return network.pitch(network.legal(own_business()), amount=K150, min_ticket=Money.pounds(5_000), **fields)


def pledged(found: network.Pitch, owner: Account, pounds: int) -> list[Pledge]:
    by = acting(owner)
    return service.record(network.whole(found), Money.pounds(pounds), is_further=True, by=by)


def whole(found: Pledge) -> Pledge:
    """A pledge as its page loads it; all that was read before is read anew."""
    session().flush()
    session().expire_all()
    loaded = queries.pledge(found.id)
    assert loaded is not None
    return loaded


def withdraw(found: Pledge, owner: Account) -> None:
    by = acting(owner)
    service.withdraw(whole(found), by=by)


def revoke(owner: Account) -> None:
    by = acting(owner)
    certifying.revoke(certifications_of(owner.id)[0], reason="Made for a test", by=by)


def met(found: network.Pitch, owner: Account) -> None:
    network.introduction(found, owner, IntroductionStatus.AGREED)


def test_a_pledge_is_recorded_from_the_pitch_and_the_business_learns_the_sum_and_no_name(
    cast: Cast, client: ConformingClient
) -> None:
    found, owner = raised(), network.admitted(network.investor(name="Philippa Unmistakable"))
    client.sign_in(owner)
    assert f"/pitches/{found.id}/pledge" in client.get(f"/pitches/{found.id}").text
    form = client.get(f"/pitches/{found.id}/pledge").text
    assert "A pledge is not binding. The network holds no money and gives no" in " ".join(form.split())
    done = client.post(f"/pitches/{found.id}/pledge", data={"amount": "20k"})
    assert done.status_code == 303
    (kept,) = rows(Pledge)
    assert (kept.amount, kept.status, kept.pitch_version) == (Money.pounds(20_000), S.PLEDGED, found.number)
    assert "Pledged" in client.get(done.headers["Location"]).text
    assert len([each for each in rows(Promotion) if each.account_id == owner.id]) >= 2
    (letter,) = letters("pledge_recorded")
    assert "Unmistakable" not in str(letter.context)
    client.sign_in(cast.founder)
    for page in ("/pledges", f"/pledges/{kept.id}", f"/raises/{found.id}/deals", f"/raises/{found.id}"):
        text = client.get(page).text
        assert "£20,000" in text, page
        assert "Unmistakable" not in text, page
        assert str(owner.id) not in text, page
    met(found, owner)
    assert "Philippa Unmistakable" in client.get(f"/pledges/{kept.id}").text
    assert "Philippa Unmistakable" in client.get(f"/raises/{found.id}/deals").text


def test_n29_what_does_not_fit_waits_in_time_order_and_a_withdrawal_offers_the_place_to_the_next(
    cast: Cast, client: ConformingClient
) -> None:
    found = raised()
    first, second, third = (network.admitted() for _ in range(3))
    made.pledge(found, first, S.COMMITTED, amount=Money.pounds(140_000))
    client.sign_in(second)
    where = client.post(f"/pitches/{found.id}/pledge", data={"amount": "20,000"}).headers["Location"]
    assert "£10,000 pledged. The other £10,000 is on the waiting list." in client.get(where).text
    (waits,) = pledged(found, third, 20_000)
    assert waits.status is S.WAITING
    assert [each.amount for each in queries.line_of(found.id)] == [Money.pounds(10_000), Money.pounds(20_000)]
    assert queries.sums_of(found).room == Money(0)
    assert "1 pledge is before it" in client.sign_in(third).get(f"/pledges/{waits.id}").text
    client.sign_in(first)
    mine = next(each for each in queries.of_account(first.id))
    assert client.post(f"/pledges/{mine.id}/withdraw").status_code == 303
    session().expire_all()
    offered = [each for each in queries.of_pitch(found.id) if each.status is S.OFFERED]
    assert [(each.account_id, each.amount) for each in offered] == [
        (second.id, Money.pounds(10_000)),
        (third.id, Money.pounds(20_000)),
    ]
    assert len(letters("pledge_offered")) == 2
    assert len(letters("pledge_withdrawn")) == 1
    client.sign_in(third)
    assert f"/pledges/{waits.id}" in client.get("/desk").text
    assert client.post(f"/pledges/{waits.id}/take-up").status_code == 303
    assert whole(waits).status is S.PLEDGED


def test_n29_room_for_a_part_is_offered_and_the_rest_keeps_its_place_in_the_line(cast: Cast) -> None:
    found = raised()
    first, second, third = (network.admitted() for _ in range(3))
    small = made.pledge(found, first, amount=Money.pounds(6_000))
    made.pledge(found, first, amount=Money.pounds(144_000))
    (waits,) = pledged(found, second, 10_000)
    (later,) = pledged(found, third, 10_000)
    withdraw(small, first)
    assert (whole(waits).status, whole(waits).amount) == (S.OFFERED, Money.pounds(6_000))
    rest, last = queries.line_of(found.id)
    assert (rest.account_id, rest.amount, rest.pledged_at) == (
        second.id,
        Money.pounds(4_000),
        waits.pledged_at,
    )
    assert last.id == later.id


def test_an_offer_that_is_not_taken_in_time_lapses_and_the_next_is_offered_the_place(
    cast: Cast, client: ConformingClient, clock: Clock
) -> None:
    found = raised()
    first, second, third = (network.admitted() for _ in range(3))
    full = made.pledge(found, first, amount=K150)
    (waits,), (next_,) = pledged(found, second, 10_000), pledged(found, third, 150_000)
    withdraw(full, first)
    assert whole(waits).offered_until is not None
    clock.shift(9 * 24 * 3600)
    client.sign_in(second)
    assert "This place was yours to take until" in client.get(f"/pledges/{waits.id}").text
    assert client.post(f"/pledges/{waits.id}/take-up").status_code == 409
    tend_daily()
    assert whole(waits).status is S.LAPSED
    assert whole(next_).status is S.LAPSED
    assert len(letters("pledge_lapsed")) == 2
    assert [each.amount for each in queries.offers_to(third.id)] == [Money.pounds(10_000)]


def test_one_whose_gate_is_closed_keeps_the_place_in_the_line_and_is_offered_nothing(cast: Cast) -> None:
    found = raised()
    first, second, third = (network.admitted() for _ in range(3))
    full = made.pledge(found, first, amount=K150)
    (waits,), (next_,) = pledged(found, second, 10_000), pledged(found, third, 10_000)
    revoke(second)
    withdraw(full, first)
    assert (whole(waits).status, whole(next_).status) == (S.WAITING, S.OFFERED)
    assert queries.sums_of(found).room == Money.pounds(140_000)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("-1", "cannot be less than zero"),
        ("0", "Enter how much you pledge"),
        ("1e9", "Write the amount out in figures"),
        ("NaN", "Enter"),
        ("25,000.005", "at most two figures of pence"),
        ("２５０００", "ordinary figures"),
        ("9" * 41, "too long"),
        ("4,999.99", "The least that one investor can put in is £5,000"),
        ("150,000.01", "This raise seeks £150,000"),
    ],
)
def test_n30_bad_money_is_said_at_its_box_and_nothing_is_kept(
    cast: Cast, client: ConformingClient, typed: str, words: str
) -> None:
    found = raised()
    refused = client.sign_in(cast.angel).post(f"/pitches/{found.id}/pledge", data={"amount": typed})
    assert refused.status_code == 422
    assert words in refused.text
    assert 'href="#amount"' in refused.text
    assert rows(Pledge) == []


def test_investors_see_sums_of_others_and_their_own_pledges_and_nobody_elses_page(
    cast: Cast, client: ConformingClient
) -> None:
    found, other = raised(), network.admitted(network.investor(name="Philippa Unmistakable"))
    theirs = made.pledge(found, other, S.COMMITTED, amount=Money.pounds(30_000))
    mine = made.pledge(found, cast.angel.account)
    page = client.sign_in(cast.angel).get(f"/pitches/{found.id}").text
    assert "£30,000" in page
    assert "Unmistakable" not in page
    assert f"/pledges/{mine.id}" in page
    assert client.get(f"/pledges/{theirs.id}").status_code == 404
    assert f"/pledges/{theirs.id}" not in client.get("/pledges").text
    assert client.get(f"/raises/{found.id}/deals").status_code == 404
    assert client.sign_in(cast.adviser).get(f"/pledges/{theirs.id}").status_code in {403, 404}
    assert "Unmistakable" in client.sign_in(cast.network_manager).get(f"/pledges/{theirs.id}").text


def test_without_an_open_gate_nobody_pledges_and_ones_own_pledge_names_no_pitch(
    cast: Cast, client: ConformingClient
) -> None:
    found, owner = raised(headline="A secret series"), network.admitted()
    (mine,) = pledged(found, owner, 10_000)
    revoke(owner)
    client.sign_in(owner)
    assert client.get(f"/pitches/{found.id}/pledge").status_code == 404
    for page in ("/pledges", f"/pledges/{mine.id}"):
        text = client.get(page).text
        assert mine.reference in text
        assert "A secret series" not in text
        assert own_business().name not in text
    assert client.post(f"/pledges/{mine.id}/withdraw").status_code == 303


def test_an_investor_commits_only_once_they_were_introduced(cast: Cast, client: ConformingClient) -> None:
    found, owner = raised(), network.admitted(network.investor(name="Philippa Unmistakable"))
    (mine,) = pledged(found, owner, 10_000)
    client.sign_in(owner)
    assert "ask to be introduced first" in client.get(f"/pledges/{mine.id}").text
    assert client.post(f"/pledges/{mine.id}/commit").status_code == 409
    met(found, owner)
    assert client.post(f"/pledges/{mine.id}/commit").status_code == 303
    assert whole(mine).status is S.COMMITTED
    (letter,) = letters("pledge_committed")
    assert letter.context["investor"] == "Philippa Unmistakable"
    sums = queries.sums_of(found)
    assert (sums.pledged, sums.committed, sums.completed) == (Money(0), Money.pounds(10_000), Money(0))


def test_a_business_turns_a_pledge_down_with_a_reason_that_the_investor_reads(
    cast: Cast, client: ConformingClient
) -> None:
    found, owner = raised(), network.admitted()
    (mine,) = pledged(found, owner, 10_000)
    client.sign_in(cast.founder)
    assert client.post(f"/pledges/{mine.id}/decline", data={"reason": ""}).status_code == 422
    sent = {"reason": "We look for investors who know the trade"}
    assert client.post(f"/pledges/{mine.id}/decline", data=sent).status_code == 303
    assert "who know the trade" in client.sign_in(owner).get(f"/pledges/{mine.id}").text
    assert len(letters("pledge_declined")) == 1
    assert client.sign_in(cast.founder).get(f"/pledges/{mine.id}/decline").status_code == 409


def test_whoever_stands_close_to_the_business_does_not_pledge_and_nobody_more_than_five_times(
    cast: Cast,
) -> None:
    found, owner = raised(), network.admitted()
    for _ in range(service.MOST_PLEDGES):
        pledged(found, owner, 5_000)
    with pytest.raises(Conflict, match="already have 5 pledges"):
        pledged(found, owner, 5_000)
    factories.connection(own_business(), kind=ConnectionKind.DIRECTOR, account_id=cast.angel.id)
    with pytest.raises(Conflict, match="director of the business"):
        pledged(found, cast.angel.account, 5_000)


def test_k12_whoever_stands_close_to_the_business_is_told_before_they_fill_in_a_pledge(
    cast: Cast, client: ConformingClient
) -> None:
    found, owner = raised(), network.admitted()
    factories.connection(own_business(), kind=ConnectionKind.DIRECTOR, account_id=owner.id)
    told = client.sign_in(owner).get(f"/pitches/{found.id}/pledge")
    assert told.status_code == 409
    assert "so you cannot pledge to its raise here" in told.text


def test_k24_a_business_does_not_learn_that_an_investor_it_does_not_know_has_left(
    cast: Cast, client: ConformingClient
) -> None:
    found, owner = raised(), network.admitted()
    (mine,) = pledged(found, owner, 10_000)
    client.sign_in(owner).post("/angels/mine/leave")
    assert whole(mine).status is S.ENDED
    assert "left the network" in client.get(f"/pledges/{mine.id}").text
    assert "left the network" not in client.sign_in(cast.founder).get(f"/pledges/{mine.id}").text


def test_n24_withdrawing_a_pitch_ends_its_pledges_and_tells_their_investors(
    cast: Cast, client: ConformingClient
) -> None:
    found, owner = raised(), network.admitted()
    (mine,) = pledged(found, owner, 10_000)
    client.sign_in(cast.founder)
    assert client.post(f"/raises/{found.id}/withdraw", data={"reason": "A fund came in"}).status_code == 303
    assert (whole(mine).status, whole(mine).end_reason) == (S.ENDED, "The pitch has ended")
    (letter,) = letters("pledge_ended")
    assert found.headline not in str(letter.context)


def test_an_investor_who_leaves_frees_the_place_for_the_next(cast: Cast) -> None:
    found = raised()
    leaver, next_ = network.admitted(), network.admitted()
    pledged(found, leaver, 150_000)
    (waits,) = pledged(found, next_, 10_000)
    angel = angel_of(leaver.id)
    assert angel is not None
    joining.leave(angel, by=acting(leaver))
    assert whole(waits).status is S.OFFERED


def test_a_raise_does_not_seek_less_than_is_pledged(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    found = raised()
    made.pledge(found, amount=Money.pounds(60_000))
    by = cast.founder.actor
    pitching.revise(network.whole(found), by=by)
    client.sign_in(cast.founder)
    sent = {"headline": "Less", "amount": "50,000", "instrument": "equity", "seis": "no", "eis": "no"}
    refused = client.post(f"/raises/{found.id}/write", data=sent)
    assert refused.status_code == 422, refused.text
    assert "£60,000 is pledged or invested already" in refused.text
    assert client.post(f"/raises/{found.id}/write", data=sent | {"amount": "60,000"}).status_code == 303


def test_a_changed_pitch_says_so_on_the_pledge_and_to_its_investor(
    cast: Cast, client: ConformingClient
) -> None:
    found, owner = raised(), network.admitted()
    (mine,) = pledged(found, owner, 10_000)
    client.sign_in(cast.founder)
    for act in ("revise", "submit"):
        assert client.post(f"/raises/{found.id}/{act}").status_code == 303
    network.review(network.whole(found))
    assert client.sign_in(cast.network_manager).post(f"/raises/{found.id}/publish").status_code == 303
    assert [each.to_address for each in letters("pitch_changed")] == [owner.email]
    assert "the pitch has changed since" in client.sign_in(owner).get(f"/pledges/{mine.id}").text


def test_the_managers_list_adds_up_each_status_apart_and_each_sum_opens_its_rows(
    cast: Cast, client: ConformingClient
) -> None:
    found, owner = raised(), network.admitted()
    for status, pounds in ((S.PLEDGED, 10_000), (S.COMMITTED, 20_000), (S.WAITING, 40_000)):
        made.pledge(found, owner, status, amount=Money.pounds(pounds))
    client.sign_in(cast.network_manager)
    page = client.get("/pledges").text
    for amount, status in (("£10,000", "pledged"), ("£20,000", "committed"), ("£40,000", "waiting")):
        assert amount in page
        rows_ = client.get(f"/pledges?status={status}").text
        assert rows_.count("app-rows__row") == 1
    assert "£70,000" not in page
    assert client.get("/pledges?status=nonsense").status_code == 422


def test_pledges_of_the_same_moment_have_an_order(cast: Cast) -> None:
    found, owner = raised(), network.admitted()
    made.pledge(found, owner, amount=K150)
    first, second = (pledged(found, network.admitted(), 10_000)[0] for _ in range(2))
    assert second.pledged_at - first.pledged_at >= timedelta(microseconds=1)
    assert [each.id for each in queries.line_of(found.id)] == [first.id, second.id]


def test_nobody_pledges_while_a_pitch_is_paused(cast: Cast) -> None:
    found = raised()
    by = acting(cast.angel.account)
    pitching.pause(network.whole(found), by=cast.founder.actor)
    with pytest.raises(Conflict, match="not shown at the moment"):
        service.record(network.whole(found), Money.pounds(10_000), by=by)
