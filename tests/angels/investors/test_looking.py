"""The network's manager looks through an investor's eyes: read-only, said on every page, kept in the trail."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from crm.accounts.models import RoleGrant
from crm.angels.investors.models import Angel
from crm.angels.investors.policy import POLICY
from crm.angels.investors.queries.gate import seen_as
from crm.angels.investors.workflow import Act, AngelStatus
from crm.angels.pitches.models import Promotion
from crm.angels.pitches.service import browsing
from crm.audit.models import AuditEntry
from crm.kernel.clock import now, today
from crm.kernel.errors import NotAllowed
from crm.kernel.permissions import ONLY_LOOKING
from crm.kernel.roles import Role, Scope, Standing
from tests import factories, network
from tests.angels.people import acting, rows
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.applicants import Clock
from tests.rules.samples import doors

BANNER = "View only"


def own(cast: Cast) -> Angel:
    (found,) = [each for each in rows(Angel) if each.account_id == cast.angel.id]
    return found


def shown() -> network.Pitch:
    return network.pitch(network.legal(factories.business()))


def look(client: ConformingClient, cast: Cast) -> ConformingClient:
    """As the network's manager, through the eyes of the angel of the cast."""
    client.sign_in(cast.network_manager)
    sent = client.post(f"/angels/{own(cast).id}/view-as", data={"reason": "Cannot find the files"})
    assert sent.headers["Location"] == "/angels/mine"
    return client


def lines(act: Act) -> list[AuditEntry]:
    return [each for each in rows(AuditEntry) if each.act == act]


def test_n13_view_as_needs_a_reason_shows_a_banner_and_leaves_an_audit_row(
    cast: Cast, client: ConformingClient
) -> None:
    found = shown()
    client.sign_in(cast.network_manager)
    assert "View as this investor" in client.get(f"/angels/{own(cast).id}").text
    refused = client.post(f"/angels/{own(cast).id}/view-as", data={"reason": " "})
    assert 'href="#reason"' in refused.text
    assert BANNER not in client.get("/angels/all").text
    look(client, cast)
    for path in ("/angels/mine", "/pitches", f"/pitches/{found.id}", "/membership", "/"):
        page = client.get(path)
        assert page.status_code == 200
        assert BANNER in page.text
        assert f"You are viewing as {cast.angel.account.name}" in page.text
        assert 'action="/sign-out"' not in page.text
    (line,) = lines(Act.VIEW_AS)
    assert (line.actor_id, line.thing_id) == (cast.network_manager.id, str(own(cast).id))
    assert client.post("/angels/stop-viewing").headers["Location"] == f"/angels/{own(cast).id}"
    assert BANNER not in client.get(f"/angels/{own(cast).id}").text
    (line,) = lines(Act.STOP_VIEWING)
    assert line.actor_id == cast.network_manager.id
    assert client.post("/angels/stop-viewing").status_code == 409
    name = cast.network_manager.account.name
    assert f"{name} viewed as them" in client.get(f"/angels/{own(cast).id}").text
    told = client.sign_in(cast.angel).get("/angels/mine").text
    assert f"{name} viewed the network as you" in told
    assert "Reason: Cannot find the files" in told


def test_n13_what_is_looked_at_is_not_shown_to_the_investor(cast: Cast, client: ConformingClient) -> None:
    by = acting(cast.angel.account)
    found = network.whole(shown())
    browsing.mark(found, is_followed=True, note="Ask my brother", by=by)
    browsing.ask(found, "What does it cost?", by=by)
    look(client, cast)
    page = client.get(f"/pitches/{found.id}").text
    assert found.headline in page
    for private in ("Ask my brother", "What does it cost?"):
        assert private not in page
    assert "You are not following any pitches" in client.get("/pitches/following").text
    client.get("/pitches.csv")
    assert rows(Promotion) == []


@pytest.mark.engine("sqlite")
def test_n13_nothing_can_be_posted_while_looking(cast: Cast, client: ConformingClient, app: Flask) -> None:
    look(client, cast)
    before = len(rows(AuditEntry))
    posted = [rule for rule, method in doors(app) if method == "POST"]
    assert len(posted) > 100
    for rule in posted:
        if rule.endpoint == "looks.stop_viewing":
            continue
        values = {
            name: uuid4() if "uuid" in type(converter).__name__.lower() else 1
            for name, converter in rule._converters.items()
        }
        with app.test_request_context():
            _, path = rule.build(values) or ("", "")
        response = client.post(path)
        assert response.status_code == 403, rule
        assert ONLY_LOOKING in response.text
    assert len(rows(AuditEntry)) == before


def test_n13_no_verb_acts_through_somebody_elses_eyes(cast: Cast) -> None:
    seen = seen_as(cast.network_manager.actor, own(cast).id)
    assert seen is not None
    assert POLICY.allows(seen, Act.CERTIFY)
    with pytest.raises(NotAllowed, match="You cannot make changes"):
        POLICY.require(seen, Act.CERTIFY)


def test_n13_nothing_else_of_the_investor_is_lent(cast: Cast, client: ConformingClient, db: Session) -> None:
    business = factories.business(name="Theirs alone")
    db.add(
        RoleGrant(
            account_id=cast.angel.id,
            role=Role.FOUNDER,
            scope=Scope.BUSINESS,
            scope_id=str(business.id),
            standing=Standing.OWNER,
            valid_from=today(),
            granted_at=now(),
        )
    )
    db.flush()
    db.expire_all()
    look(client, cast)
    for path in (f"/businesses/{business.id}", "/desk", "/account", "/applications", "/angels/all"):
        assert client.get(path).status_code == 403, path
    assert "Theirs alone" not in client.get("/raises").text


def test_n13_looking_ends_by_itself_and_with_the_leave_to_look(
    cast: Cast, client: ConformingClient, clock: Clock, db: Session
) -> None:
    look(client, cast)
    clock.shift(timedelta(minutes=29))
    assert BANNER in client.get("/angels/mine").text
    clock.shift(timedelta(minutes=1))
    assert client.get("/angels/mine").status_code == 403
    look(client, cast)
    for each in rows(RoleGrant):
        if each.account_id == cast.network_manager.id:
            each.valid_to = today() - timedelta(days=1)
            each.valid_from = today() - timedelta(days=9)
    db.flush()
    db.expire_all()
    answer = client.get("/angels/mine")
    assert answer.status_code == 403
    assert BANNER not in answer.text


def test_n13_only_the_networks_people_look_and_only_through_anothers_eyes(
    cast: Cast, client: ConformingClient
) -> None:
    where = f"/angels/{own(cast).id}/view-as"
    for part in ("adviser", "auditor", "angel", "founder", "approver"):
        assert client.sign_in(cast[part]).get(where).status_code in {403, 404}
    client.sign_in(cast.network_manager)
    for status in (AngelStatus.APPLIED, AngelStatus.DECLINED, AngelStatus.LEFT):
        outside = network.angel(status=status)
        assert client.get(f"/angels/{outside.id}/view-as").status_code == 403
        assert "View as this investor" not in client.get(f"/angels/{outside.id}").text
    themselves = network.angel(cast.network_manager.account)
    assert client.get(f"/angels/{themselves.id}/view-as").status_code == 403


def test_n13_staff_who_look_sign_nothing_for_the_investor(cast: Cast, client: ConformingClient) -> None:
    look(client, cast)
    assert client.get("/angels/certify/net-worth").status_code == 200
    sent = {"has_income": "yes", "income": "120,000", "has_assets": "no", "none_applies": "no"}
    before = len(rows(network.Certification))
    refused = client.post("/angels/certify/net-worth", data=sent | {"signed_name": "Somebody else"})
    assert refused.status_code == 403
    assert len(rows(network.Certification)) == before


def test_n13_whoever_leaves_meanwhile_is_looked_through_no_more(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    look(client, cast)
    own(cast)._status = AngelStatus.LEFT
    db.flush()
    assert BANNER not in client.get("/angels/all").text
    assert client.post("/angels/stop-viewing").status_code == 409


def test_n13_whoever_is_suspended_is_looked_through_and_finds_it_closed(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    suspended = own(cast)
    suspended._status, suspended.reason = AngelStatus.SUSPENDED, "Made"
    db.flush()
    look(client, cast)
    assert BANNER in client.get("/pitches").text
    assert client.post("/angels/stop-viewing").status_code == 303
