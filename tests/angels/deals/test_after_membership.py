"""Whose membership or certificate has ended goes on with nothing: their pledge stays, and they can withdraw it or say what was paid."""

from __future__ import annotations

from datetime import timedelta

from crm.accounts.models import Account
from crm.angels.deals.models import Investment, Pledge
from crm.angels.deals.workflow import PledgeStatus
from crm.angels.investors.models import Angel
from crm.billing.models import MembershipPeriod
from crm.kernel.clock import now
from crm.kernel.money import Money
from tests.angels.deals import made
from tests.angels.deals.test_investing import DAY, met, raised
from tests.angels.people import letters, rows
from tests.cast import Cast
from tests.client import ConformingClient
from tests.rules.test_openings import on_day

S = PledgeStatus


def end_membership(owner: Account) -> None:
    for each in rows(MembershipPeriod):
        if each.account_id == owner.id:
            each.voided_at, each.void_reason = now(), "The payment was refunded"


def words_of(client: ConformingClient, where: str) -> str:
    return " ".join(client.get(where).text.split())


def test_k7_nobody_commits_to_a_pledge_whose_pitch_they_may_not_be_shown(
    cast: Cast, client: ConformingClient
) -> None:
    found = raised()
    owner, _ = met(found)
    pledge = made.pledge(found, owner)
    client.sign_in(owner)
    assert "Commit</button>" in client.get(f"/pledges/{pledge.id}").text
    end_membership(owner)
    page = words_of(client, f"/pledges/{pledge.id}")
    assert "Commit</button>" not in page
    assert "this pledge cannot go on. Your membership is not paid for. Pay for it on the page" in page
    refused = client.post(f"/pledges/{pledge.id}/commit")
    assert refused.status_code == 409
    assert "You cannot commit now: we may not show you the pitch." in refused.text
    assert [each.status for each in rows(Pledge)] == [S.PLEDGED]
    assert letters("pledge_committed") == []


def test_k7_what_ends_a_pledge_and_what_says_what_was_paid_stay_open_without_a_membership(
    cast: Cast, client: ConformingClient
) -> None:
    found = raised()
    owner, meeting = met(found)
    pledge = made.pledge(found, owner, S.COMMITTED)
    other = made.pledge(found, owner, amount=Money.pounds(5_000))
    end_membership(owner)
    client.sign_in(owner)
    assert "record your investment" in words_of(client, f"/pledges/{pledge.id}")
    sent = {"amount": "10,000", "instrument": "equity", "relief": "none", **on_day("issued_on", DAY)}
    assert client.post(f"/introductions/{meeting.id}/invested", data=sent).status_code == 303
    assert [each.pledge_id for each in rows(Investment)] == [pledge.id]
    assert client.post(f"/pledges/{other.id}/withdraw").status_code == 303
    assert {each.status for each in rows(Pledge) if each.id == other.id} == {S.WITHDRAWN}


def test_k7_a_place_that_was_offered_is_not_taken_without_a_membership(
    cast: Cast, client: ConformingClient
) -> None:
    found = raised()
    owner, _ = met(found)
    until = now().date() + timedelta(days=3)
    pledge = made.pledge(found, owner, S.OFFERED, offered_until=until)
    end_membership(owner)
    client.sign_in(owner)
    assert "Take the place</button>" not in client.get(f"/pledges/{pledge.id}").text
    refused = client.post(f"/pledges/{pledge.id}/take-up")
    assert (refused.status_code, [each.status for each in rows(Pledge)]) == (409, [S.OFFERED])


def test_k13_a_place_that_was_offered_is_no_to_do_of_who_is_suspended(
    cast: Cast, client: ConformingClient
) -> None:
    found = raised()
    owner, _ = met(found)
    pledge = made.pledge(found, owner, S.OFFERED, offered_until=now().date() + timedelta(days=3))
    told = f"Take the place for your pledge {pledge.reference}"
    assert told in client.sign_in(owner).get("/desk").text
    (place,) = [each for each in rows(Angel) if each.account_id == owner.id]
    client.sign_in(cast.network_manager).post(
        f"/angels/{place.id}/suspend", data={"reason": "It is looked into"}
    )
    assert told not in client.sign_in(owner).get("/desk").text


def test_k33_withdrawing_a_pledge_asks_first_and_says_what_is_lost(
    cast: Cast, client: ConformingClient
) -> None:
    found = raised()
    owner, _ = met(found)
    pledge = made.pledge(found, owner, S.COMMITTED)
    client.sign_in(owner)
    assert f'href="/pledges/{pledge.id}/withdraw"' in client.get(f"/pledges/{pledge.id}").text
    page = words_of(client, f"/pledges/{pledge.id}/withdraw")
    for words in ("Your £10,000 leaves the raise", "You have committed to this pledge.", "cannot be undone"):
        assert words in page
    assert [each.status for each in rows(Pledge)] == [S.COMMITTED]
    assert client.post(f"/pledges/{pledge.id}/withdraw").status_code == 303
    assert [each.status for each in rows(Pledge)] == [S.WITHDRAWN]
    assert client.get(f"/pledges/{pledge.id}/withdraw").status_code == 409
