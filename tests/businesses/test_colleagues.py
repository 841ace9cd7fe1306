"""Inviting colleagues: nothing changes for anyone before they accept, whoever has the address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.models import Account, LoginSession, RoleGrant
from crm.accounts.queries import account_of, live_grant_at
from crm.accounts.workflow import AccountStatus
from crm.businesses.models import Invitation
from crm.businesses.queries.seeing import business
from crm.businesses.workflow import InvitationStatus
from crm.kernel.clock import now, today
from crm.kernel.roles import Role, Scope, Standing
from crm.links.rules import Purpose
from crm.links.service import mint
from crm.notices.models import Letter
from crm.notices.rules import word
from crm.notices.workflow import LetterStatus
from crm.programme.assessing.queries.conflicts import conflicts_between
from crm.throttles.rules import LETTERS_BY_ACCOUNT, LETTERS_BY_RECEIVER
from tests import factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient

PAGE = f"/businesses/{BUSINESS}/colleagues"
RECEIVERS = ("assessor", "administrator", "leaver", "angel", "other_founder", "stranger")


def receiver(part: str, cast: Cast) -> str:
    if part == "stranger":
        return "stranger@made.example"
    if part == "leaver":
        return factories.account(AccountStatus.DEACTIVATED).email
    return cast[part].email


def invite(client: ConformingClient, email: str, **told: str) -> Any:
    return client.post(PAGE, data={"email": email, "standing": "contributor"} | told)


def invitation(db: Session) -> Invitation:
    db.flush()
    db.expire_all()
    return db.scalars(select(Invitation)).one()


def link(made: Invitation) -> str:
    return f"/links/invitation/{mint(Purpose.INVITATION, str(made.id))}"


@pytest.mark.parametrize("part", RECEIVERS)
def test_an_invitation_changes_nothing_and_the_answer_is_the_same_whoever_has_the_address(
    part: str, client: ConformingClient, cast: Cast, db: Session
) -> None:
    email = receiver(part, cast)
    known = account_of(email)
    if known:
        factories.login_session(known)
    grants, accounts = set(db.scalars(select(RoleGrant.id))), set(db.scalars(select(Account.id)))
    answer = invite(client.sign_in(cast.founder), email)
    page = client.get(answer.headers["Location"]).text

    assert answer.status_code == 303
    assert f"Invitation sent to {email}. It changes nothing until it is accepted." in page
    assert "closed" not in page
    assert known is None or known.name not in page
    assert set(db.scalars(select(RoleGrant.id))) == grants
    assert set(db.scalars(select(Account.id))) == accounts
    ended = db.scalars(select(LoginSession).where(LoginSession.ended_at.is_not(None))).all()
    assert ended == []
    if known:
        assert conflicts_between([known.id], [BUSINESS], on=today()) == {}


def test_the_letter_is_an_invitation_with_inviter_business_and_days(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    invite(client.sign_in(cast.founder), "bo@made.example")
    letter = db.scalars(select(Letter).where(Letter.to_address == "bo@made.example")).one()
    ours = {"to_name": letter.to_name, "base_url": "https://growth.example", "service_name": "Growth"}
    said = word(letter.kind, {**letter.context, **ours, "link": "https://growth.example/links/x"})

    assert (letter.kind, letter.link_purpose) == ("colleague_invited", Purpose.INVITATION)
    assert said.subject == "You are invited to join Cast Pictures"
    assert "Founder of the Cast has invited you" in said.text
    assert "by 8 December 2026" in said.text
    assert "sign in" not in said.text


def test_an_invitation_is_accepted_by_its_link_and_then_the_colleague_is_in(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    invite(client.sign_in(cast.founder), "bo@made.example")
    where = link(invitation(db))
    client.sign_out()
    page = client.get(where).text
    assert "Founder of the Cast has invited you to the account of Cast Pictures" in page
    assert "open until 8 December 2026" in page
    assert client.post(where).status_code == 422
    answer = client.post(where, data={"name": "Bo Colleague"})
    assert answer.headers["Location"] == f"/businesses/{BUSINESS}"
    assert "You have joined Cast Pictures." in client.get(answer.headers["Location"]).text
    joined = account_of("bo@made.example")
    assert joined is not None
    assert (joined.name, joined.status) == ("Bo Colleague", AccountStatus.ACTIVE)
    held = live_grant_at(joined.id, BUSINESS)
    assert held is not None
    assert (held.standing, held.granted_by_id) == (Standing.CONTRIBUTOR, cast.founder.id)
    assert client.post(where, data={"name": "Bo"}).status_code in (404, 409)
    client.sign_in(cast.founder)
    assert "Bo Colleague" in client.get(PAGE).text


def test_an_administrator_who_accepts_stays_signed_in_and_an_assessor_is_told_what_it_means(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    for part, is_told in (("administrator", False), ("assessor", True)):
        invite(client.sign_in(cast.founder), cast[part].email)
        made = db.scalars(select(Invitation).where(Invitation.email == cast[part].email)).one()
        where = link(made)
        client.sign_in(cast[part])
        assert ("cannot assess its applications" in client.get(where).text) is is_told
        assert client.post(where).status_code == 303
        assert client.get("/account").status_code == 200


def test_somebody_else_who_is_signed_in_cannot_accept_and_a_leaver_is_told_alone(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    left = factories.account(AccountStatus.DEACTIVATED)
    invite(client.sign_in(cast.founder), left.email)
    where = link(invitation(db))
    answer = client.sign_in(cast.other_founder).post(where)
    assert answer.status_code == 409
    assert "another email address" in answer.text
    client.sign_out()
    answer = client.post(where)
    assert answer.status_code == 409
    assert "closed" in answer.text
    assert live_grant_at(left.id, BUSINESS) is None


def test_an_invitation_is_declined_withdrawn_sent_again_and_runs_out(
    client: ConformingClient, cast: Cast, db: Session, clock: Any
) -> None:
    invite(client.sign_in(cast.founder), "bo@made.example")
    made = invitation(db)
    first = link(made)
    clock.shift(timedelta(days=3))
    client.sign_in(cast.founder)
    invite(client, "bo@made.example", standing="owner")
    assert (invitation(db).last_day - today()).days == 14
    second = link(made)
    client.sign_out()
    assert client.get(first).status_code == 404
    answer = client.post(f"{second}/decline")
    assert "Nothing has changed" in client.get(answer.headers["Location"]).text
    assert invitation(db).status is InvitationStatus.DECLINED

    invite(client.sign_in(cast.founder), "bo@made.example")
    again = db.scalars(select(Invitation).where(Invitation.decided_at.is_(None))).one()
    third = link(again)
    answer = client.post(f"{PAGE}/invitations/{again.id}/withdraw")
    assert "Invitation to bo@made.example withdrawn." in client.get(answer.headers["Location"]).text
    client.sign_out()
    assert client.get(third).status_code == 404

    invite(client.sign_in(cast.founder), "bo@made.example")
    last = db.scalars(select(Invitation).where(Invitation.decided_at.is_(None))).one()
    fourth = link(last)
    clock.shift(timedelta(days=15))
    client.sign_in(cast.founder)
    assert "The link stopped working on" in client.get(PAGE).text
    client.sign_out()
    assert client.get(fourth).status_code in (404, 409)


def test_an_invitation_of_an_owner_who_was_removed_lets_nobody_in(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    invite(client.sign_in(cast.founder), "bo@made.example")
    held = live_grant_at(cast.founder.account.id, BUSINESS)
    assert held is not None
    held.valid_to = today() - timedelta(days=1)
    client.sign_out()
    answer = client.post(link(invitation(db)), data={"name": "Bo"})
    assert answer.status_code == 409
    assert "Ask the person who invited you" in answer.text
    assert account_of("bo@made.example") is None


def test_invitations_are_counted_by_receiver_and_by_who_sends_them(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    client.sign_in(cast.founder)
    answers = [invite(client, "bo@made.example").status_code for _ in range(LETTERS_BY_RECEIVER.tries + 1)]
    assert answers == [303] * LETTERS_BY_RECEIVER.tries + [429]
    for number in range(LETTERS_BY_ACCOUNT.tries + 5):
        where = {"REMOTE_ADDR": f"198.51.100.{number}"}
        told = {"email": f"reader{number}@made.example", "standing": "contributor"}
        client.post(PAGE, data=told, environ_base=where)
    assert len(db.scalars(select(Letter.id)).all()) == LETTERS_BY_ACCOUNT.tries


def test_who_is_on_the_list_already_is_not_invited_again(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    answer = invite(client.sign_in(cast.founder), cast.founder.email)
    assert answer.status_code == 422
    assert "already a colleague" in answer.text
    assert invite(client, "not an address").status_code == 422


def test_a_claim_confirmed_by_an_adviser_ends_nobodys_session(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    made = factories.claim(owner, email=cast.administrator.email)
    held = factories.login_session(cast.administrator.account)
    assert client.sign_in(cast.adviser).post(f"/claims/{made.id}/confirm").status_code == 303
    db.refresh(held)
    assert held.ended_at is None
    assert held.expires_at > now()


def test_an_invitation_that_could_not_be_delivered_is_on_the_desk_of_the_founder_who_sent_it(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    assert invite(client.sign_in(cast.founder), "gone@made.example").status_code == 303
    assert "could not be delivered" not in client.get("/desk").text
    letter = db.scalars(select(Letter).where(Letter.to_address == "gone@made.example")).one()
    letter._status, letter.fault = LetterStatus.FAILED, "There is no such address"
    db.flush()
    page = client.get("/desk").text
    assert "The invitation to gone@made.example could not be delivered" in page
    assert f'href="{PAGE}"' in page
    assert "could not be delivered" not in client.sign_in(cast.other_founder).get("/desk").text


def colleague(name: str = "Bo Colleague", standing: Standing = Standing.CONTRIBUTOR) -> Account:
    found = factories.account(name=name)
    fields = {"role": Role.FOUNDER, "scope": Scope.BUSINESS, "scope_id": str(BUSINESS)}
    factories.grant(found, **fields, standing=standing)
    return found


def letters_to(found: Account, db: Session) -> list[str]:
    sent = select(Letter).where(Letter.to_address == found.email)
    context = {"base_url": "https://growth.example", "service_name": "Growth"}
    return sorted(
        word(each.kind, {"to_name": each.to_name, **context, **each.context}).subject
        for each in db.scalars(sent)
    )


def test_a_colleague_is_removed_on_a_page_of_its_own_told_and_given_access_back_the_same_day(
    client: ConformingClient, cast: Cast, db: Session, clock: Any
) -> None:
    other = colleague()
    client.sign_in(cast.founder)
    listed = client.get(PAGE).text
    assert "You are the only owner, so\n      you cannot leave" in listed
    assert f"{PAGE}/{cast.founder.id}/remove" not in listed, "K12: nothing beside the only owner's own name"
    assert client.get(f"{PAGE}/{cast.founder.id}/remove").status_code == 409
    asked = client.get(f"{PAGE}/{other.id}/remove").text
    assert "Bo Colleague loses access to Cast Pictures at once" in asked
    assert live_grant_at(other.id, BUSINESS) is not None, "looking removes nobody"

    answer = client.post(f"{PAGE}/{other.id}/remove")
    page = client.get(answer.headers["Location"]).text
    assert "Bo Colleague no longer has access. We have told them by email." in page
    assert "Removed in the last day" in page, "let in and removed on one day"
    assert live_grant_at(other.id, BUSINESS) is None
    assert client.get(f"{PAGE}/{other.id}/remove").status_code == 404

    answer = client.post(f"{PAGE}/{other.id}/restore")
    assert "Bo Colleague has access again." in client.get(answer.headers["Location"]).text
    held = live_grant_at(other.id, BUSINESS)
    assert held is not None
    assert held.standing is Standing.CONTRIBUTOR
    assert letters_to(other, db) == [
        "You have access to Cast Pictures again",
        "You no longer have access to Cast Pictures",
    ]
    client.post(f"{PAGE}/{other.id}/remove")
    judging = factories.grant(other, Role.ASSESSOR, scope=Scope.EVERYWHERE)
    assert "Invite them to give access back" in client.get(PAGE).text
    assert client.post(f"{PAGE}/{other.id}/restore").status_code == 409
    db.delete(judging)
    db.flush()
    clock.shift(timedelta(days=1))
    client.sign_in(cast.founder)
    assert "Removed in the last day" not in client.get(PAGE).text
    assert client.post(f"{PAGE}/{other.id}/restore").status_code == 404


def test_a_contributor_leaves_a_business_by_themselves_and_the_owner_is_told(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    other = colleague()
    client.sign_in(other)
    page = f"{PAGE}/{other.id}/remove"
    assert f'href="{page}"' in client.get(f"/businesses/{BUSINESS}/details").text
    assert client.get(f"{PAGE}/{cast.founder.id}/remove").status_code in (403, 404), "nobody else is removed"
    assert "Leave Cast Pictures" in client.get(page).text
    assert client.post(page).status_code == 303
    assert live_grant_at(other.id, BUSINESS) is None
    assert letters_to(cast.founder.account, db)
    client.sign_in(cast.founder)
    assert f'href="{PAGE}/{cast.founder.id}/remove"' not in client.get(f"/businesses/{BUSINESS}/details").text


def test_an_owner_makes_a_colleague_an_owner_who_is_told_and_then_can_leave(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    other, founder = colleague(), cast.founder
    assert founder.id is not None
    client.sign_in(founder)
    asked = client.get(f"{PAGE}/{other.id}/change").text
    assert "Make Bo Colleague an owner" in asked
    assert "invite and remove colleagues, other owners included" in asked
    answer = client.post(f"{PAGE}/{other.id}/change")
    assert "Bo Colleague is now an owner." in client.get(answer.headers["Location"]).text
    held = live_grant_at(other.id, BUSINESS)
    assert held is not None
    assert held.standing is Standing.OWNER
    history = client.sign_in(cast.administrator).get(f"/businesses/{BUSINESS}/history").text
    assert "changed what a colleague may do" in history

    client.sign_in(founder)
    assert "Leave Cast Pictures" in client.get(f"{PAGE}/{founder.id}/remove").text
    answer = client.post(f"{PAGE}/{founder.id}/remove")
    assert answer.headers["Location"] == "/"
    assert "You no longer have access to Cast Pictures." in client.get("/").text
    assert live_grant_at(founder.id, BUSINESS) is None
    left = f"{founder.actor.name} has left Cast Pictures"
    assert letters_to(other, db) == sorted(["You are now an owner at Cast Pictures", left])
