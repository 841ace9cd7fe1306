"""Joining the network: applied for by anybody, checked, decided with a reason."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy.orm import Session

from crm.accounts.queries import account_of
from crm.angels.investors.models import Angel
from crm.angels.investors.queries import angels as queries
from crm.angels.investors.service import joining as service
from crm.angels.investors.service.joining import Check, Preferences
from crm.angels.investors.workflow import AngelStatus, CheckOutcome
from crm.kernel.errors import Conflict, Invalid, NotAllowed
from crm.kernel.money import Money
from tests import network
from tests.angels.investors.test_certifying import SENT as STATEMENT
from tests.angels.people import acting, letters, rows
from tests.cast import Cast
from tests.client import ConformingClient

SENT = {
    "name": "Ann Investor",
    "email": "Ann@Made.example",
    "phone": "0121 496 0001",
    "about": "I made films.",
    "referee_name": "Bea",
    "referee_email": "bea@made.example",
    "referee_relation": "We invested together",
    "second_name": "Cem",
    "second_email": "cem@made.example",
    "second_relation": "My accountant",
    "accepts": "y",
}


def test_anybody_applies_and_hears_by_letter(cast: Cast, client: ConformingClient) -> None:
    client.sign_in(cast.visitor)
    assert "Apply to join" in client.get("/angels/join").text
    assert client.post("/angels/join", data=SENT).status_code == 303
    found = queries.live_with("ann@made.example")
    assert found is not None
    assert (found.status, len(found.referees)) == (AngelStatus.APPLIED, 2)
    assert len(letters("angel_applied")) == 1


def test_a53_a_second_application_makes_no_second_profile_and_tells_a_stranger_nothing(
    cast: Cast, client: ConformingClient
) -> None:
    client.sign_in(cast.visitor)
    first = client.post("/angels/join", data=SENT)
    second = client.post("/angels/join", data=SENT | {"name": "Somebody Else"})
    assert (first.status_code, first.headers["Location"]) == (second.status_code, second.headers["Location"])
    assert len([each for each in rows(Angel) if each.email == "ann@made.example"]) == 1
    assert len(letters("angel_again")) == 1


def test_k26_a_stranger_binds_nobody_to_the_code_whose_account_the_address_is(
    cast: Cast, client: ConformingClient
) -> None:
    """The manager reads whose it is; the holder accepts the code themselves, before they can certify."""
    theirs = cast.other_founder.account
    client.sign_in(cast.visitor).post("/angels/join", data=SENT | {"email": theirs.email})
    assert len(letters("angel_applied")) == 1
    found = queries.live_with(theirs.email)
    assert found is not None
    assert found.conduct_version == ""
    client.sign_in(cast.network_manager)
    assert f"This address belongs to {theirs.name}" in client.get(f"/angels/{found.id}").text
    service.check(
        found, Check(CheckOutcome.PASSED, date(2026, 11, 20), "Quin"), by=cast.network_manager.actor
    )
    service.accept(found, note="Both vouch for them", by=cast.network_manager.actor)
    client.sign_in(theirs)
    assert "Accept the code of conduct" in client.get("/angels/mine").text
    refused = client.post("/angels/certify/net-worth", data=STATEMENT | {"signed_name": theirs.name})
    assert "Accept the code of conduct first" in refused.text
    client.post("/angels/mine/accept-conduct")
    assert (
        client.post("/angels/certify/net-worth", data=STATEMENT | {"signed_name": theirs.name}).status_code
        == 303
    )


def test_whoever_applies_signed_in_accepts_the_code_by_it(cast: Cast, client: ConformingClient) -> None:
    client.sign_in(cast.other_founder).post(
        "/angels/join", data=SENT | {"email": cast.other_founder.account.email}
    )
    found = queries.live_with(cast.other_founder.account.email)
    assert found is not None
    assert found.conduct_version != ""


@pytest.mark.parametrize("lacking", ["name", "email", "about", "referee_name", "second_relation", "accepts"])
def test_what_is_lacking_is_said_at_its_field_and_the_rest_is_kept(
    cast: Cast, client: ConformingClient, lacking: str
) -> None:
    refused = client.sign_in(cast.visitor).post("/angels/join", data=SENT | {lacking: ""})
    assert refused.status_code == 422
    assert f'href="#{lacking}"' in refused.text
    assert "0121 496 0001" in refused.text


def test_a_program_that_fills_in_everything_is_turned_away(cast: Cast, client: ConformingClient) -> None:
    trapped = client.sign_in(cast.visitor).post("/angels/join", data=SENT | {"website": "x"})
    assert trapped.status_code == 422
    assert "Your browser may have filled it in. Send the form again." in trapped.text
    assert queries.live_with("ann@made.example") is None


def test_nobody_is_let_in_before_it_is_known_who_they_are(cast: Cast) -> None:
    by = cast.network_manager.actor
    found = network.angel(status=AngelStatus.APPLIED, check_outcome=CheckOutcome.NOT_CHECKED)
    with pytest.raises(Conflict, match="once an identity check"):
        service.accept(found, note="Both vouch for them", by=by)
    service.check(found, Check(CheckOutcome.PASSED, date(2026, 11, 20), "Quin"), by=by)
    with pytest.raises(Invalid, match="referees"):
        service.accept(found, note=" ", by=by)
    service.accept(found, note="Both vouch for them", by=by)
    account = account_of(found.email)
    assert account is not None
    assert (found.status, found.account_id) == (AngelStatus.ACCEPTED, account.id)
    assert len(letters("angel_accepted")) == 1


@pytest.mark.parametrize(
    ("check", "field"),
    [
        (Check(CheckOutcome.PASSED), "checked_on"),
        (Check(CheckOutcome.FAILED, date(2026, 11, 1)), "checked_by"),
        (Check(CheckOutcome.PASSED, date(2026, 11, 25), "Quin"), "checked_on"),
        (Check(CheckOutcome.PASSED, date(2025, 11, 24), "Quin"), "checked_on"),
    ],
)
def test_a52_an_outcome_has_a_recent_day_and_a_person(cast: Cast, check: Check, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        service.check(network.angel(), check, by=cast.network_manager.actor)
    assert refused.value.field == field


def test_a52_a_check_lapses(cast: Cast) -> None:
    found, by = network.angel(), cast.network_manager.actor
    service.check(found, Check(CheckOutcome.PASSED, date(2025, 11, 25), "Quin"), by=by)
    assert found.is_known(on=date(2026, 11, 24))
    assert not found.is_known(on=date(2026, 11, 25))


def test_a52_not_required_has_a_reason_and_is_no_way_round_the_identity_check(
    cast: Cast, client: ConformingClient
) -> None:
    found = network.angel(status=AngelStatus.APPLIED, check_outcome=CheckOutcome.NOT_CHECKED)
    where, sent = f"/angels/{found.id}/check", {"outcome": "not_required", "note": ""}
    client.sign_in(cast.network_manager)
    refused = client.post(where, data=sent)
    assert (refused.status_code, "who decided that no check is required" in refused.text) == (422, True)
    for outcome in ("not_checked", "not_required"):
        day = {"checked_on-day": "1", "checked_on-month": "11", "checked_on-year": "2026"}
        dated = client.post(where, data={"outcome": outcome, "note": "Why", "checked_by": "Quin"} | day)
        assert (dated.status_code, "clear the date" in dated.text) == (422, True)
        named = client.post(where, data={"outcome": outcome, "note": "Why", "checked_by": "Quin"})
        assert (named.status_code, "clear the name" in named.text) == (422, True)
        assert "Quin" in named.text
    assert client.post(where, data=sent | {"note": "Quin decided: a bank checked"}).status_code == 303
    assert "Not required: Quin decided: a bank checked" in client.get(f"/angels/{found.id}").text
    accept = client.post(f"/angels/{found.id}/accept", data={"reason": "Both vouch"})
    assert (accept.status_code, "identity check that they passed" in accept.text) == (409, True)


def test_the_manager_decides_on_the_page_with_a_reason(cast: Cast, client: ConformingClient) -> None:
    found = network.angel(status=AngelStatus.APPLIED)
    client.sign_in(cast.network_manager)
    assert "Referees" in client.get(f"/angels/{found.id}").text
    assert client.post(f"/angels/{found.id}/decline", data={"reason": ""}).status_code == 422
    assert client.post(f"/angels/{found.id}/suspend", data={"reason": "No"}).status_code == 409
    assert client.post(f"/angels/{found.id}/decline", data={"reason": "Unknown to both"}).status_code == 303
    assert "Unknown to both" in client.get(f"/angels/{found.id}").text
    assert len(letters("angel_declined")) == 1
    assert found.name in client.get("/angels/all?status=declined").text


def test_suspended_and_let_in_again(cast: Cast, client: ConformingClient, db: Session) -> None:
    owner = network.investor()
    found = network.angel(owner)
    network.certification(owner)
    network.membership(owner)
    client.sign_in(cast.network_manager)
    assert client.post(f"/angels/{found.id}/suspend", data={"reason": "Sold services"}).status_code == 303
    assert "is suspended" in client.sign_in(owner).get("/pitches").text
    client.sign_in(cast.network_manager)
    assert client.post(f"/angels/{found.id}/readmit", data={"reason": "A mistake"}).status_code == 303
    assert "newest first" in client.sign_in(owner).get("/pitches").text


def test_staff_do_not_decide_about_themselves(cast: Cast) -> None:
    own = network.angel(cast.network_manager.account)
    with pytest.raises(NotAllowed):
        service.suspend(own, reason="No", by=cast.network_manager.actor)


def test_a53_the_smallest_ticket_is_not_above_the_largest(cast: Cast, client: ConformingClient) -> None:
    client.sign_in(cast.angel)
    refused = client.post("/angels/mine/prefer", data={"min_ticket": "20,000", "max_ticket": "10,000"})
    assert refused.status_code == 422
    assert 'href="#max_ticket"' in refused.text
    assert (
        client.post("/angels/mine/prefer", data={"groups": "crafts", "max_ticket": "10,000"}).status_code
        == 303
    )
    found = queries.angel_of(cast.angel.account.id)
    assert found is not None
    assert (found.groups, found.max_ticket) == (("crafts",), Money.pounds(10_000))


def test_the_code_is_accepted_by_version(cast: Cast, client: ConformingClient, db: Session) -> None:
    owner = network.admitted(conduct_version="2020-1")
    client.sign_in(owner)
    assert "The code of conduct has changed" in client.get("/angels/mine").text
    assert client.post("/angels/mine/accept-conduct").status_code == 303
    assert "has changed" not in client.get("/angels/mine").text


def test_whoever_leaves_sees_nothing_from_then_on(cast: Cast, client: ConformingClient) -> None:
    owner = network.admitted()
    client.sign_in(owner)
    assert client.post("/angels/mine/leave").status_code == 303
    assert "Only members of the angel network" in client.get("/pitches").text
    assert "You left the angel network on 24 November 2026" in client.get("/angels/mine").text
    client.sign_in(cast.network_manager)
    listed = client.get("/memberships").text
    assert re.search(rf"{owner.id}.*?Left the network", listed, re.DOTALL), "the list marks who left"


def test_nobody_changes_what_another_looks_for(cast: Cast) -> None:
    with pytest.raises(Conflict, match="Only the investor"):
        service.prefer(network.angel(), Preferences(), by=acting(network.admitted()))


def test_of_nested_doors_only_the_nearest_is_the_one_that_one_stands_in(
    cast: Cast, client: ConformingClient
) -> None:
    page = client.sign_in(cast.network_manager).get("/angels/all").text
    assert page.count('aria-current="page"') == 1
    assert 'href="/angels/all" aria-current="page"' in page


@pytest.mark.parametrize("contact", ["x", "call me", "12345", "bea@", "lee..dots@made.example"])
@pytest.mark.parametrize("field", ["referee_email", "second_email"])
def test_a_referee_can_be_written_to_or_called(
    cast: Cast, client: ConformingClient, contact: str, field: str
) -> None:
    client.sign_in(cast.visitor)
    refused = client.post("/angels/join", data=SENT | {field: contact})
    assert (refused.status_code, f'href="#{field}"' in refused.text) == (422, True)
    assert "so that we can reach the referee" in refused.text
    assert queries.live_with("ann@made.example") is None
    assert client.post("/angels/join", data=SENT | {field: "+44 (0)121 496 0123"}).status_code == 303
