"""Nothing of a pitch reaches whoever may not be shown it, and every showing rests on a statement."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pypdf
import pytest
from flask import Flask
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from crm.angels.investors.models import BlockedPromotion
from crm.angels.investors.queries import angels as queries
from crm.angels.pitches.jobs.visiting import visit
from crm.angels.pitches.models import Promotion
from crm.angels.pitches.workflow import Channel, PitchStatus
from crm.audit.models import AuditEntry
from crm.db.session import session
from crm.kernel.clock import now
from crm.kernel.errors import NotFound
from crm.kernel.permissions import Audience
from tests import factories, network
from tests.angels.people import rows
from tests.cast import Cast, Member
from tests.client import ConformingClient
from tests.rules.samples import doors
from tests.rules.test_doors import BLUEPRINT, declared

HEADLINE = "A headline that nobody else would write"


def shown(**fields: object) -> network.Pitch:
    return network.pitch(network.legal(factories.business()), headline=HEADLINE, **fields)


def outsiders(cast: Cast) -> list[object]:
    """Everybody but the angel, and angels to whom the gate is closed in one way each."""
    uncertified, unpaid, late = (network.investor() for _ in range(3))
    for each in (uncertified, unpaid, late):
        network.angel(each)
    network.membership(uncertified)
    network.certification(unpaid)
    network.membership(late)
    network.certification(late, signed_on=date(2025, 11, 24))
    members = [each for each in cast if each.part != "angel"]
    return [*members, uncertified, unpaid, late]


PROMOTIONS = [
    (rule, method) for rule, method in doors(BLUEPRINT) if declared(rule).audience is Audience.PROMOTION
]


def test_n01_there_are_doors_to_promotions_to_walk() -> None:
    assert len(PROMOTIONS) >= 10


def test_n01_n02_n03_whoever_may_not_see_it_gets_byte_for_byte_what_does_not_exist(
    cast: Cast, client: ConformingClient
) -> None:
    found, nothing = shown(), uuid4()
    file = factories.document("pitch", found.id)
    for person in outsiders(cast):
        client.sign_in(person)  # type: ignore[arg-type]
        for rest in ("", f"/files/{file.id}"):
            answers = []
            for key in (found.id, nothing):
                response = client.get(f"/pitches/{key}{rest}")
                told = {
                    name: value
                    for name, value in response.headers
                    if name not in {"X-Request-ID", "Set-Cookie"}
                }
                body = re.sub(r'name="csrf_token" value="[^"]+"', "", response.text)
                answers.append((response.status_code, told, body))
            assert answers[0] == answers[1]
            assert answers[0][0] == 404
            assert answers[0][1]["Cache-Control"] == "no-store"
            assert answers[0][1]["X-Robots-Tag"] == "noindex, nofollow"


def test_n01_a_strangers_answer_is_the_same_to_the_last_byte(cast: Cast, client: ConformingClient) -> None:
    found = shown()
    client.sign_in(cast.visitor)
    here, nowhere = client.get(f"/pitches/{found.id}"), client.get(f"/pitches/{uuid4()}")
    assert here.data == nowhere.data
    assert here.status_code == nowhere.status_code == 404


@pytest.mark.engine("sqlite")
def test_n01_n02_no_page_of_anybodys_names_it(cast: Cast, client: ConformingClient) -> None:
    found = shown()
    pages = [rule for rule, method in doors(BLUEPRINT) if method == "GET" and not rule.arguments]
    closed = next(rule for rule in pages if rule.endpoint == "people.people")
    staff = {"administrator", "second_administrator", "auditor", "network_manager", "hub_manager", "adviser"}
    staff |= {"other_adviser"}  # their hubs, or no hub yet, care for the business: they may read its raise
    for person in outsiders(cast):
        if getattr(person, "part", "") in staff:
            continue
        client.sign_in(person)  # type: ignore[arg-type]
        for page in (*(each for each in pages if lets_in(each, person)), closed):
            text = client.get(page.rule).data.decode(errors="replace")  # some are files
            assert HEADLINE not in text, page
            assert str(found.id) not in text, page


def lets_in(rule: Rule, person: object) -> bool:
    """Whether a page is made for one of the cast: who is refused gets the one answer that all refusals are."""
    door = declared(rule)
    return (
        not isinstance(person, Member) or bool(door.load) or door.policy.allows(person.actor, door.act, None)
    )


def test_n02_n03_the_closed_page_says_why(cast: Cast, client: ConformingClient) -> None:
    *_, uncertified, unpaid, late = outsiders(cast)
    for person, words in (
        (cast.visitor, "Only members of the angel network"),
        (uncertified, "not certified yet"),
        (unpaid, "Your membership is not paid for"),
        (late, "Your certification has expired"),
    ):
        assert words in client.sign_in(person).get("/pitches").text  # type: ignore[arg-type]


def test_a_member_who_has_not_signed_in_is_led_there_and_back(cast: Cast, client: ConformingClient) -> None:
    assert "/sign-in?next=/pitches?saved%3D1" in client.sign_in(cast.visitor).get("/pitches?saved=1").text
    assert "Are you a member?" not in client.sign_in(cast.founder).get("/pitches").text


@pytest.mark.parametrize("status", [each for each in PitchStatus if each is not PitchStatus.PUBLISHED])
def test_only_a_published_pitch_is_shown_to_an_angel(
    cast: Cast, client: ConformingClient, status: PitchStatus
) -> None:
    found = network.pitch(network.legal(factories.business()), status, headline=HEADLINE)
    client.sign_in(cast.angel)
    assert client.get(f"/pitches/{found.id}").status_code == 404
    assert HEADLINE not in client.get("/pitches").text


def test_every_showing_leaves_a_row_that_rests_on_the_statement(cast: Cast, client: ConformingClient) -> None:
    found = shown()
    file = factories.document("pitch", found.id)
    other = shown()
    client.sign_in(cast.angel)
    for where in (
        "/pitches",
        f"/pitches/{found.id}",
        f"/pitches/{found.id}/files/{file.id}",
        f"/pitches/compare?pitch={found.id}&pitch={other.id}",
    ):
        assert client.get(where).status_code == 200
    (signed,) = queries.certifications_of(cast.angel.account.id)
    kept = [each for each in rows(Promotion) if each.pitch_id == found.id]
    assert [each.channel for each in kept] == [Channel.LIST, Channel.PAGE, Channel.FILE, Channel.COMPARISON]
    assert {each.certification_id for each in kept} == {signed.id}
    assert kept[2].item == file.name
    assert "article 48" in client.get("/angels/mine/promotions").text
    client.sign_in(cast.network_manager)
    assert "Opened by investors 1 time" in client.get(f"/raises/{found.id}").text
    assert HEADLINE in client.get(f"/raises/{found.id}/versions/1").text
    lines = client.get(f"/raises/{found.id}/promotions.csv").get_data(as_text=True).splitlines()
    assert len(lines) == 5
    assert signed.sha256 in lines[1]
    own = (
        session()
        .scalars(queries.select(queries.Angel.id).where(queries.Angel.account_id == cast.angel.id))
        .one()
    )
    assert "Full page" in client.get(f"/angels/{own}/promotions").text
    assert len(client.get(f"/angels/{own}/promotions.csv").get_data(as_text=True).splitlines()) == 7
    for where in (f"/angels/{own}/promotions.pdf", f"/raises/{found.id}/promotions.pdf"):
        paper = client.get(where)
        assert paper.mimetype == "application/pdf"
        words = words_of_paper(paper.data)
        assert signed.sha256 in words.replace("\n", "")
        assert found.reference in words
        assert "article 48" in words


def test_a_paper_that_would_be_too_long_is_refused_and_not_noted_as_taken(
    cast: Cast, client: ConformingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.angels.pitches.views.ledger.MOST_ON_PAPER", 0)
    found, owner = shown(), network.admitted()
    network.promotion(found, network.certification(owner))
    client.sign_in(cast.network_manager)
    refused = client.get(f"/raises/{found.id}/promotions.pdf")
    assert refused.status_code == 409
    assert "Download the CSV instead" in refused.text
    assert [each for each in rows(AuditEntry) if each.act == "extract_promotions"] == []
    assert client.get(f"/raises/{found.id}/promotions.csv").status_code == 200
    assert len([each for each in rows(AuditEntry) if each.act == "extract_promotions"]) == 1


def words_of_paper(made: bytes) -> str:
    reader = pypdf.PdfReader(io.BytesIO(made))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    return "\n".join(page.extract_text() for page in reader.pages)


def refused(db: Session, **fields: object) -> str:
    """What the table itself says to a row that no statement carries."""
    point = db.begin_nested()
    try:
        with pytest.raises(DBAPIError) as said:
            network.promotion(**fields)  # type: ignore[arg-type]
        return str(said.value)
    finally:
        point.rollback()


def test_the_ledger_refuses_what_no_statement_carries(cast: Cast, db: Session) -> None:
    found, owner, other = shown(), network.admitted(), network.admitted()
    signed = network.certification(owner)
    assert "within_the_statement" in refused(db, found=found, signed=signed, shown_on=signed.valid_until)
    day_before = signed.signed_on - timedelta(days=1)
    assert "within_the_statement" in refused(db, found=found, signed=signed, shown_on=day_before)
    assert "FOREIGN KEY" in refused(db, found=found, signed=signed, account_id=other.id).upper()
    later = signed.valid_until + timedelta(days=30)
    assert "FOREIGN KEY" in refused(db, found=found, signed=signed, valid_until=later).upper()
    signed.revoked_at, signed.revoked_reason = now(), "Made"
    db.flush()
    assert "the statement was revoked" in refused(db, found=found, signed=signed)


def test_where_the_row_cannot_be_written_there_is_no_page(
    cast: Cast, client: ConformingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = shown()
    monkeypatch.setattr("crm.angels.pitches.service.showing.basis_on", lambda _day: None)
    with pytest.raises(NotFound):
        client.sign_in(cast.angel).get(f"/pitches/{found.id}")
    assert rows(Promotion) == []
    assert rows(BlockedPromotion) == []


def test_without_a_regulatory_basis_nothing_is_shown(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    found = shown()
    for each in queries.bases():
        each.valid_to = date(2026, 1, 1)
    db.flush()
    client.sign_in(cast.angel)
    assert client.get(f"/pitches/{found.id}").status_code == 404
    assert "closed at the moment" in client.get("/pitches").text


def test_the_nightly_visit_finds_every_door_closed_and_says_which_is_not(
    cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown()
    tried, faults = visit(app)
    assert tried > 20
    assert faults == []
    monkeypatch.setattr(
        "crm.angels.pitches.jobs.visiting._answer", lambda _client, _rule, key: (200, key.encode())
    )
    _, faults = visit(app)
    assert "/pitches/<uuid:pitch_id> tells that a pitch is there" in faults


def test_the_manager_sees_how_the_visits_went(cast: Cast, client: ConformingClient) -> None:
    network.visit()
    network.visit(faults=["/pitches/<uuid:pitch_id> tells that a pitch is there"])
    page = client.sign_in(cast.network_manager).get("/angels/law").text
    assert "Leak found" in page
    assert "No leaks" in page


def test_n17_every_route_declares_for_whom_it_is() -> None:
    assert all(declared(rule).audience in set(Audience) for rule, _ in doors(BLUEPRINT))
    assert all(
        declared(rule).audience is Audience.PROMOTION
        for rule, _ in doors(BLUEPRINT)
        if rule.rule.startswith("/pitches")
    )
