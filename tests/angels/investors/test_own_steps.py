"""What an investor who joins today has to do is on their desk first, and unpaid members are on the network manager's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from crm.angels.investors.models import Certification
from crm.angels.investors.workflow import AngelStatus, CheckOutcome
from crm.db.session import session
from crm.figures.queries import figure_on
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import start_of, today
from crm.notices.models import Letter
from tests import network
from tests.angels.people import rows
from tests.cast import Cast
from tests.client import ConformingClient

NOTHING = "Nothing is waiting for you"
CERTIFY, PAY, RENEW = (
    "Certify what kind of investor you are",
    "Pay for your membership",
    "Renew your membership",
)


def test_the_desk_of_a_new_investor_lists_certifying_and_paying_and_never_says_renew(
    cast: Cast, client: ConformingClient
) -> None:
    owner = network.investor()
    network.angel(owner)
    desk = client.sign_in(owner).get("/desk").text
    assert CERTIFY in desk
    assert PAY in desk
    assert NOTHING not in desk
    signed = network.certification(owner)
    desk = client.get("/desk").text
    assert (CERTIFY in desk, PAY in desk, RENEW in desk) == (False, True, False)
    page = client.get(f"/certifications/{signed.id}").text
    assert "Go to your investor profile" in page
    assert "Your membership is not paid for." in page


def test_a_certified_member_who_has_not_paid_is_on_the_network_managers_desk(
    cast: Cast, client: ConformingClient
) -> None:
    owner = network.investor(name="Unpaid Member")
    network.angel(owner)
    asked = "member to ask about paying"
    assert asked not in client.sign_in(cast.network_manager).get("/desk").text
    network.certification(owner)
    desk = client.get("/desk").text
    assert asked in desk
    assert "Unpaid Member" in client.get("/angels/members?show=all&gate=not_paid").text
    network.membership(owner)
    assert asked not in client.get("/desk").text


def test_a_membership_that_ends_in_two_days_is_told_apart_from_its_grace(
    cast: Cast, client: ConformingClient
) -> None:
    owner = network.investor()
    network.angel(owner)
    network.certification(owner)
    network.membership(owner, days=(0, 2))
    paid, grace = (day_in_words(today() + timedelta(days=each)) for each in (2, 16))
    client.sign_in(owner)
    assert RENEW in client.get("/desk").text
    profile = " ".join(client.get("/angels/mine").text.split())
    assert f"You can see pitches until {grace}. Your membership is paid until {paid}, with 14 days" in profile
    assert "ends then" not in profile
    own = " ".join(client.get("/membership").text.split())
    assert f"Paid until {paid}. To keep it without a break, pay for the next period by {grace}." in own
    theirs = client.sign_in(cast.network_manager).get(f"/memberships/{owner.id}").text
    assert f"Paid until {paid}, with grace until {grace}." in " ".join(theirs.split())


def test_an_accepted_applicant_gets_one_letter_that_says_how_to_sign_in(
    cast: Cast, client: ConformingClient
) -> None:
    found = network.angel(
        status=AngelStatus.APPLIED,
        email="new.one@made.example",
        check_outcome=CheckOutcome.PASSED,
        checked_on=today(),
        checked_by="Made Checker",
    )
    client.sign_in(cast.network_manager).post(f"/angels/{found.id}/accept", data={"reason": "Both know them"})
    assert [each.kind for each in rows(Letter) if each.to_address == found.email] == ["angel_accepted"]


def test_a_founder_is_not_offered_pitches_that_only_investors_see(
    cast: Cast, client: ConformingClient
) -> None:
    assert "Browse pitches" not in client.sign_in(cast.founder).get("/raises").text
    page = client.get("/angels").text
    assert "Founders start a pitch under Raising investment" in page
    assert 'href="/raises"' in page


def test_a_statement_that_ends_soon_is_on_both_desks_from_the_same_day_with_the_same_last_day(
    cast: Cast, client: ConformingClient, clock: Any
) -> None:
    owner = network.admitted()
    query = select(Certification).where(Certification.account_id == owner.id)
    last = session().scalars(query).one().last_day
    within = int(figure_on("angel.remind_days", on=today()))
    words = ("Sign a new investor statement", "The investor statement ends")
    for days, is_shown in ((within + 1, False), (within, True)):
        clock.move_to(start_of(last - timedelta(days=days)) + timedelta(hours=9))
        desks = [client.sign_in(each).get("/desk").text for each in (owner, cast.network_manager)]
        assert [said in desk for said, desk in zip(words, desks, strict=True)] == [is_shown, is_shown]
        assert all(day_in_words(last) in desk for desk in desks) is is_shown
