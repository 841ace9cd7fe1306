"""A role that clashes with what somebody does already: said before it is granted, and before an invitation is accepted."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.accounts.models import Account, RoleGrant
from crm.kernel.roles import Role, Scope
from crm.links.rules import Purpose
from crm.links.service import mint
from crm.notices.models import Letter
from tests import factories, rounds
from tests.cast import Cast, Member
from tests.client import ConformingClient, errors_of
from tests.invited import invitation
from tests.rules.test_budgets import cast_business

TODAY = {"valid_from-day": "24", "valid_from-month": "11", "valid_from-year": "2026"}


def held(db: Session, who: Member | Account, role: Role) -> int:
    query = select(func.count()).where(RoleGrant.account_id == who.id, RoleGrant.role == role)
    return db.scalar(query) or 0


def test_an_administrator_is_warned_of_a_clash_before_a_role_is_granted(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = rounds.application(cast_business(), rounds.bare_round())
    rounds.assessment(made, cast.assessor.account)
    client.sign_in(cast.administrator)
    cases = [
        (cast.assessor, Role.APPROVER, "1 assessment is not submitted yet"),
        (cast.founder, Role.ASSESSOR, "has applied to the programme. Its founders cannot assess"),
        (cast.founder, Role.NETWORK_MANAGER, "cannot screen its pitches"),
    ]
    for who, role, words in cases:
        where, told = f"/people/{who.id}/roles/new", TODAY | {"role": role.value, "scope": "everywhere"}
        refused = client.post(where, data=told)
        assert (refused.status_code, words in refused.text) == (422, True), role
        assert held(db, who, role) == 0
        assert client.post(where, data=told | {"knows_clashes": "y"}).status_code == 303
        assert held(db, who, role) == 1
        told_of = [each.context for each in letters(db, "role_granted", who)]
        assert [each["held_for"] for each in told_of if each["role"] == role.label] == ["the whole service"]
        history = client.get(f"/people/{who.id}").text
        assert words in history[history.index("History of this account") :]
    backwards = TODAY | {"role": Role.APPROVER.value, "scope": "everywhere"}
    backwards |= {"valid_to-day": "1", "valid_to-month": "11", "valid_to-year": "2026"}
    other = factories.account(email="tied@made.example")
    rounds.assessment(made, other)
    assert errors_of(client.post(f"/people/{other.id}/roles/new", data=backwards)) == [
        "The last day must not be before the first",
        "Read what this role clashes with, and tick the box to go ahead",
    ]
    told = TODAY | {"role": Role.AUDITOR.value, "scope": "everywhere"}
    assert client.post(f"/people/{cast.adviser.id}/roles/new", data=told).status_code == 303


def test_each_role_that_joining_a_business_would_tie_is_named_before_an_invitation_is_accepted(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    both = factories.account(email="both@made.example")
    factories.grant(both, Role.NETWORK_MANAGER, scope=Scope.EVERYWHERE)
    factories.grant(both, Role.ASSESSOR, scope=Scope.EVERYWHERE)
    page = join_page(client, invitation(cast_business(), email="both@made.example"))
    assert "An assessor who joins a business cannot assess its applications" in page
    assert "A network manager who belongs to a business cannot screen its pitches" in page
    stranger = join_page(client, invitation(cast_business(), email="new@made.example"))
    assert "cannot" not in stranger


def test_an_adviser_is_warned_of_a_clash_before_an_access_request_is_confirmed(
    client: ConformingClient, cast: Cast
) -> None:
    made = factories.claim(cast_business(), email=cast.assessor.email)
    stranger = factories.claim(cast_business())
    client.sign_in(cast.administrator)
    words = "An assessor who joins a business cannot assess its applications"
    assert words in client.get(f"/claims/{made.id}").text
    assert words not in client.get(f"/claims/{stranger.id}").text


def test_giving_a_role_back_asks_about_what_it_clashes_with_by_now(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    approver = factories.grant(cast.assessor.account, Role.APPROVER, scope=Scope.EVERYWHERE)
    client.sign_in(cast.administrator)
    assert client.post(f"/people/{cast.assessor.id}/roles/{approver.id}/end").status_code == 303
    made = rounds.application(cast_business(), rounds.bare_round())
    rounds.assessment(made, cast.assessor.account)
    where, words = (
        f"/people/{cast.assessor.id}/roles/{approver.id}/restore",
        "1 assessment is not submitted yet",
    )
    assert words in client.get(where).text
    refused = client.post(where)
    assert (refused.status_code, words in refused.text) == (422, True)
    db.refresh(approver)
    assert approver.ended_at is not None
    assert client.post(where, data={"knows_clashes": "y"}).status_code == 303
    db.refresh(approver)
    assert approver.ended_at is None
    history = client.get(f"/people/{cast.assessor.id}").text
    assert words in history[history.index("History of this account") :]


def letters(db: Session, kind: str, to: Member | Account) -> list[Letter]:
    query = select(Letter).where(Letter.kind == kind, Letter.account_id == to.id)
    return list(db.scalars(query))


def join_page(client: ConformingClient, found: Any) -> str:
    return client.get(f"/links/invitation/{mint(Purpose.INVITATION, str(found.id))}").text


def test_a_role_begins_with_the_account_at_the_earliest_and_its_end_is_said_truly(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    who = factories.account()
    where = f"/people/{who.id}/roles/new"
    told = TODAY | {"role": Role.APPROVER.value, "scope": "everywhere"}
    early = told | {"valid_from-year": "2025"}
    client.sign_in(cast.administrator)
    refused = client.post(where, data=early)
    assert (refused.status_code, "a role cannot begin before" in refused.text) == (422, True)
    assert 'href="#valid_from' in refused.text
    assert held(db, who, Role.APPROVER) == 0
    assert client.post(where, data=told).status_code == 303
    older = factories.grant(who, Role.AUDITOR)
    assert client.post(f"/people/{who.id}/roles/{older.id}/end").status_code == 303
    assert "In the past" in client.get(f"/people/{who.id}").text
