"""An introduction that is on hold says what the gate says; and its letters go to the contacts that the business named."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from crm.accounts.models import Account, RoleGrant
from crm.angels.introductions.jobs import release_hourly
from crm.angels.introductions.workflow import IntroductionStatus as S
from crm.angels.investors.models import Certification, RegulatoryBasis
from crm.angels.investors.rules.gate import Closed
from crm.angels.investors.rules.labels import CLOSED, CLOSED_TO_THEM, REMEDIES
from crm.angels.investors.workflow import AngelStatus, Ground
from crm.billing.workflow import Stage
from crm.kernel.clock import now, today
from crm.kernel.roles import Role, Scope, Standing
from crm.notices.rules import word
from tests import factories, network
from tests.angels.introductions.test_introducing import shown
from tests.angels.people import letters, own_business
from tests.billing.made import checkout_attempt
from tests.cast import Cast
from tests.client import ConformingClient

DAY = timedelta(days=1)
STATEMENTS = {
    Closed.SUSPENDED: {},
    Closed.NOT_CERTIFIED: None,
    Closed.EXPIRED: {"signed_on": today() - 400 * DAY},
    Closed.REVOKED: {"revoked_at": now(), "revoked_reason": "Made"},
    Closed.UNCONFIRMED: {"ground": Ground.CERTIFIED},
    Closed.NOT_PAID: {},
    Closed.ON_ITS_WAY: {},
    Closed.NETWORK: {},
    Closed.KIND: {"ground": Ground.CERTIFIED, "confirmed_at": now(), "kinds": ("loan_note",)},
}


def kept_out(reason: Closed, db: Session, cast: Cast) -> Account:
    """An investor whom the gate keeps out for this reason and for no other."""
    owner = network.investor(name="Philippa Unmistakable")
    status = AngelStatus.SUSPENDED if reason is Closed.SUSPENDED else AngelStatus.ACCEPTED
    network.angel(owner, status)
    fields = STATEMENTS[reason]
    if fields is not None:
        by = {"confirmed_by_id": cast.network_manager.id} if "confirmed_at" in fields else {}
        network.certification(owner, **fields, **by)
    if reason not in (Closed.NOT_PAID, Closed.ON_ITS_WAY):
        network.membership(owner)
    if reason is Closed.ON_ITS_WAY:
        checkout_attempt(owner, stage=Stage.WAITING)
    if reason is Closed.NETWORK:
        db.execute(update(RegulatoryBasis).values(valid_to=today() - DAY))
    return owner


def text_of(client: ConformingClient, where: str) -> str:
    return " ".join(client.get(where).text.split())


def agree(client: ConformingClient, cast: Cast, made: network.Introduction, *contacts: Account) -> None:
    named = [str(each.id) for each in contacts] or [str(cast.founder.id)]
    sent = client.sign_in(cast.founder).post(f"/introductions/{made.id}/agree", data={"contacts": named})
    assert sent.status_code == 303


@pytest.mark.parametrize("reason", STATEMENTS)
def test_n26_a_held_introduction_says_what_the_gate_says(
    cast: Cast, client: ConformingClient, db: Session, reason: Closed
) -> None:
    owner = kept_out(reason, db, cast)
    made = network.introduction(shown(), owner)
    where = f"/introductions/{made.id}"
    agree(client, cast, made)
    to_business = text_of(client, where)
    assert "may not be shown pitches at the moment" in to_business
    assert CLOSED_TO_THEM[reason] not in to_business
    assert "Unmistakable" not in to_business
    to_investor = text_of(client.sign_in(owner), where)
    said = f"{CLOSED[reason]} {REMEDIES[reason]}".replace("’", "&#8217;")
    assert said in to_investor.replace("’", "&#8217;")
    assert CLOSED_TO_THEM[reason] in text_of(client.sign_in(cast.network_manager), where)
    (letter,) = letters("introduction_held")
    told = word(
        "introduction_held", letter.context | {"to_name": "", "service_name": "", "base_url": ""}
    ).text
    assert CLOSED[reason] in told
    others = [words for each, words in CLOSED.items() if each is not reason]
    assert not [words for words in others if words in told or words in to_investor]


def test_n26_once_the_gate_is_open_again_the_page_says_that_nothing_is_missing(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    owner = kept_out(Closed.NOT_PAID, db, cast)
    made = network.introduction(shown(), owner)
    agree(client, cast, made)
    network.membership(owner)
    assert "within the hour" in text_of(client.sign_in(owner), f"/introductions/{made.id}")
    release_hourly()
    assert network.whole_introduction(made).status is S.AGREED


def colleague(**fields: object) -> Account:
    made = factories.account(**fields)
    where = {"scope": Scope.BUSINESS, "scope_id": str(own_business().id)}
    factories.grant(made, Role.FOUNDER, **where, standing=Standing.CONTRIBUTOR)
    return made


def test_the_contacts_that_were_named_are_told_with_whoever_agreed(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    named, other, gone = colleague(), colleague(), colleague()
    made = network.introduction(shown())
    agree(client, cast, made, named, gone)
    assert {each.to_address for each in letters("introduction_met")} == {
        named.email,
        gone.email,
        cast.founder.email,
    }
    db.execute(update(RoleGrant).where(RoleGrant.account_id == gone.id).values(valid_to=today() - DAY))
    owner = kept_out(Closed.NOT_PAID, db, cast)
    held = network.introduction(network.whole(made.pitch), owner)
    agree(client, cast, held, named)
    network.membership(owner)
    release_hourly()
    told = [each.to_address for each in letters("introduction_met")]
    assert told.count(named.email) == 2
    assert told.count(gone.email) == 1
    assert other.email not in told


def test_a_business_is_told_of_a_request_through_its_owners_alone(
    cast: Cast, client: ConformingClient
) -> None:
    helper = colleague()
    client.sign_in(network.admitted()).post(f"/pitches/{shown().id}/request", data={"message": "Hello"})
    told = {each.to_address for each in letters("introduction_requested")}
    assert told == {cast.founder.email}
    assert helper.email not in told


def test_an_investors_telephone_stays_with_the_introduction_after_they_leave(
    cast: Cast, client: ConformingClient
) -> None:
    owner = network.admitted(phone="0121 496 0123")
    made = network.introduction(shown(), owner)
    agree(client, cast, made)
    assert client.sign_in(owner).post("/angels/mine/leave").status_code == 303
    assert "0121 496 0123" in client.sign_in(cast.founder).get(f"/introductions/{made.id}").text


def test_every_reason_to_be_held_has_its_words_for_both_sides() -> None:
    assert set(CLOSED) == set(CLOSED_TO_THEM) == set(REMEDIES) == set(Closed)
    assert set(STATEMENTS) == set(Closed) - {Closed.NO_ANGEL}, Certification


@pytest.mark.parametrize("way", ["take-back", "leave"])
def test_a_business_is_told_that_a_request_was_withdrawn_and_not_by_whom(
    cast: Cast, client: ConformingClient, db: Session, way: str
) -> None:
    named, owner = colleague(), kept_out(Closed.NOT_PAID, db, cast)
    held, waits = network.introduction(shown(), owner), network.introduction(shown(), owner)
    agree(client, cast, held, named)
    client.sign_in(owner)
    if way == "leave":
        assert client.post("/angels/mine/leave").status_code == 303
    else:
        for each in (held, waits):
            assert client.post(f"/introductions/{each.id}/take-back").status_code == 303
    told = letters("introduction_withdrawn")
    assert sorted(each.to_address for each in told) == sorted([named.email, *[cast.founder.email] * 2])
    assert "Unmistakable" not in str([each.context for each in told])
