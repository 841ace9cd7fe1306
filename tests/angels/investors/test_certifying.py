"""Certifying: the investor alone, with details; what opens nothing is kept with its reason."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from crm.angels.investors.jobs.reminding import remind_daily
from crm.angels.investors.models import Certification, CertificationAttempt, StatementWording
from crm.angels.investors.queries import angels as queries
from crm.angels.investors.queries.gate import admission_of
from crm.angels.investors.rules.certifying import NetWorth
from crm.angels.investors.rules.gate import Closed, may_see_promotions, why_closed
from crm.angels.investors.rules.statements import digest
from crm.angels.investors.service import certifying as service
from crm.angels.investors.service.certifying import Signing
from crm.angels.investors.workflow import AngelStatus, Ground
from crm.db.session import session
from crm.kernel.clock import today
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.money import Money
from tests import factories, network
from tests.angels.people import acting, letters, rows
from tests.cast import Cast
from tests.client import ConformingClient
from tests.houses import run
from tests.programme.applicants import Clock

SIGNING = Signing("Ann Investor", "192.0.2.1", "Firefox on Linux")
RICH = NetWorth(has_income=True, income=Money.pounds(120_000))
SENT = {
    "has_income": "yes",
    "income": "120,000",
    "has_assets": "no",
    "assets": "",
    "none_applies": "no",
    "signed_name": "Ann Investor",
}
NONE = {
    "has_worked": "no",
    "has_directed": "no",
    "has_invested": "no",
    "is_in_network": "no",
    "none_applies": "no",
}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def fresh(client: ConformingClient) -> network.Account:
    """Somebody in the network who signed nothing yet, signed in."""
    owner = network.investor(name="Ann Investor")
    network.angel(owner)
    network.membership(owner)
    client.sign_in(owner)
    return owner


def test_what_is_signed_is_kept_word_for_word_with_its_digest(cast: Cast, client: ConformingClient) -> None:
    owner = fresh(client)
    assert client.get("/angels/certify").status_code == 200
    done = client.post("/angels/certify/net-worth", data=SENT)
    assert done.status_code == 303
    (made,) = queries.certifications_of(owner.id)
    assert made.sha256 == digest(made.text)
    assert "To the nearest £10,000 it was £120,000." in made.text
    assert "Signed by Ann Investor on 24 November 2026." in made.text
    assert made.particulars["income"] == "£120,000"
    page = client.get(done.headers["Location"])
    assert made.sha256 in page.text
    assert may_see_promotions(admission_of(owner.id, on=today()), on=today())


def test_n07_a_contradiction_is_refused_and_the_attempt_kept(cast: Cast, client: ConformingClient) -> None:
    owner = fresh(client)
    refused = client.post("/angels/certify/net-worth", data=SENT | {"none_applies": "yes"})
    assert refused.status_code == 422
    assert "Choose one of the two" in refused.text
    assert 'value="120,000"' in refused.text
    assert queries.certifications_of(owner.id) == []
    (tried,) = queries.attempts_of(owner.id)
    assert (tried.ground, tried.particulars["none_applies"]) == (Ground.HIGH_NET_WORTH, True)
    assert "none does" in tried.reason


def test_n08_a_ground_without_its_details_is_refused(cast: Cast, client: ConformingClient) -> None:
    owner = fresh(client)
    sent = NONE | {"has_directed": "yes", "company": "Made Ltd", "signed_name": "Ann Investor"}
    refused = client.post("/angels/certify/experience", data=sent)
    assert 'href="#company_number"' in refused.text
    sent = NONE | {"has_invested": "yes", "investments": "1", "signed_name": "Ann Investor"}
    refused = client.post("/angels/certify/experience", data=sent)
    assert 'href="#investments"' in refused.text
    assert len(queries.attempts_of(owner.id)) == 2
    assert client.post("/angels/certify/experience", data=sent | {"investments": "2"}).status_code == 303


def test_n12_the_day_is_the_servers_whatever_is_posted(cast: Cast, client: ConformingClient) -> None:
    owner = fresh(client)
    client.post(
        "/angels/certify/net-worth", data=SENT | {"signed_on": "2027-11-24", "signed_at": "2027-11-24"}
    )
    (made,) = queries.certifications_of(owner.id)
    assert (made.signed_on, made.valid_until) == (date(2026, 11, 24), date(2027, 11, 24))


def test_n13_staff_cannot_certify_for_others(cast: Cast, client: ConformingClient) -> None:
    owner = network.investor()
    found = network.angel(owner)
    client.sign_in(cast.network_manager)
    assert client.post("/angels/certify/net-worth", data=SENT).status_code in {403, 404}
    assert "Sign a statement" not in client.get(f"/angels/{found.id}").text
    with pytest.raises(Conflict, match="Only the investor"):
        service.certify_net_worth(found, RICH, signing=SIGNING, by=acting(network.admitted()))


def test_nobody_signs_words_that_no_lawyer_signed_off(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    owner = fresh(client)
    db.execute(update(StatementWording).values(approved_on=None, approved_by="", approved_reference=""))
    page = client.get("/angels/certify/net-worth")
    assert "A lawyer has not approved it yet" in page.text
    refused = client.post("/angels/certify/net-worth", data=SENT)
    assert refused.status_code == 409
    assert queries.certifications_of(owner.id) == []


def test_who_is_not_accepted_cannot_certify(cast: Cast) -> None:
    owner = network.investor()
    found = network.angel(owner, AngelStatus.SUSPENDED)
    with pytest.raises(Conflict, match="once the network has accepted you"):
        service.certify_net_worth(found, RICH, signing=SIGNING, by=acting(owner))


def test_n09_a_statement_on_the_dead_form_is_kept_and_never_valid(
    cast: Cast, client: ConformingClient
) -> None:
    owner = network.investor()
    found = network.angel(owner)
    network.membership(owner)
    form = network.wording(historic=True)
    client.sign_in(cast.network_manager)
    where = f"/angels/{found.id}/keep-paper"
    sent = {"wording": str(form.id), "kept_at": "Folder 7"}
    sent |= {"signed_on-day": "20", "signed_on-month": "3", "signed_on-year": "2024"}
    assert 'href="#kept_at"' in client.post(where, data=sent | {"kept_at": " "}).text
    for year, said in (("2025", "not in use on that date"), (str(today().year + 1), "today or in the past")):
        refused = client.post(where, data=sent | {"signed_on-year": year})
        assert said in refused.text
        assert "Folder 7" in refused.text
    assert client.post(where, data=sent).status_code == 303
    (made,) = queries.certifications_of(owner.id)
    assert (made.valid_until, made.kept_at) == (date(2025, 1, 31), "Folder 7")
    page = client.get(f"/angels/{found.id}").text
    assert "Record only" in page
    assert "Signed 20 March 2024 on paper. Does not open pitches" in page
    assert "Folder 7" in client.get(f"/certifications/{made.id}").text
    assert (
        why_closed(admission_of(owner.id, on=date(2024, 4, 1)), on=date(2024, 4, 1)) is Closed.NOT_CERTIFIED
    )
    assert not may_see_promotions(admission_of(owner.id, on=today()), on=today())
    paper = service.OnPaper(form, date(2024, 5, 1), "Folder 7")
    with pytest.raises(Invalid, match="not in use on that date"):
        service.keep_historic(found, paper, by=cast.network_manager.actor)


def test_n14_a_certificate_counts_once_it_was_seen_and_only_for_its_kinds(
    cast: Cast, client: ConformingClient
) -> None:
    owner = fresh(client)
    sent = {"firm": "Made Advisers", "frn": "123456", "signed_name": "Ann Investor", "kinds": "loan_note"}
    sent |= {"issued_on-day": "1", "issued_on-month": "2", "issued_on-year": "2026"}
    bad = client.post("/angels/certify/certificate", data=sent | {"frn": "12"} | upload())
    assert 'href="#frn"' in bad.text
    without = client.post("/angels/certify/certificate", data=sent)
    assert "Choose the file of the certificate" in without.text
    assert client.post("/angels/certify/certificate", data=sent | upload()).status_code == 303
    (made,) = queries.certifications_of(owner.id)
    assert why_closed(admission_of(owner.id, on=today()), on=today()) is Closed.UNCONFIRMED
    client.sign_in(cast.network_manager)
    assert client.get(f"/certifications/{made.id}/certificate").status_code == 200
    assert client.post(f"/certifications/{made.id}/confirm").status_code == 303
    session().expire_all()
    assert may_see_promotions(admission_of(owner.id, on=today()), on=today())
    own = network.legal(factories.business())
    shares, notes = network.pitch(own), network.pitch(own, instrument="loan_note")
    client.sign_in(owner)
    assert client.get(f"/pitches/{shares.id}").status_code == 404
    assert client.get(f"/pitches/{notes.id}").status_code == 200
    listed = client.get("/pitches").text
    assert notes.headline in listed
    assert shares.headline not in listed


def upload() -> dict[str, object]:
    return {"file": (BytesIO(PDF), "certificate.pdf")}


def test_n15_revoked_by_the_investor_the_next_request_is_refused(
    cast: Cast, client: ConformingClient
) -> None:
    shown = network.pitch(network.legal(factories.business()))
    client.sign_in(cast.angel)
    assert client.get(f"/pitches/{shown.id}").status_code == 200
    (made,) = queries.certifications_of(cast.angel.account.id)
    refused = client.post(f"/certifications/{made.id}/revoke", data={"reason": " "})
    assert refused.status_code == 422
    assert client.post(f"/certifications/{made.id}/revoke", data={"reason": "Abroad"}).status_code == 303
    assert client.get(f"/pitches/{shown.id}").status_code == 404
    assert "was withdrawn" in client.get("/pitches").text


def test_n04_n05_a_page_open_at_midnight_leads_nowhere_afterwards(
    cast: Cast, client: ConformingClient, clock: Clock
) -> None:
    owner = network.investor()
    network.angel(owner)
    network.membership(owner, days=(-10, 700))
    network.certification(owner, signed_on=date(2025, 11, 25))
    shown = network.pitch(network.legal(factories.business()))
    file = factories.document("pitch", shown.id)
    clock.move_to(datetime(2026, 11, 24, 23, 58, tzinfo=UTC))
    client.sign_in(owner)
    assert client.get(f"/pitches/{shown.id}").status_code == 200
    assert client.get(f"/pitches/{shown.id}/files/{file.id}").status_code == 200
    clock.shift(timedelta(minutes=3))
    assert client.get(f"/pitches/{shown.id}/files/{file.id}").status_code == 404
    assert "Your certification has expired" in client.get("/pitches").text


def test_what_was_signed_cannot_be_changed_by_anybody(cast: Cast, db: Session) -> None:
    (made,) = queries.certifications_of(cast.angel.account.id)
    point = db.begin_nested()
    with pytest.raises(DBAPIError, match="stays as it was signed"):
        db.execute(update(Certification).where(Certification.id == made.id).values(text="Other words"))
    point.rollback()
    assert rows(CertificationAttempt) == []


def test_an_investor_is_reminded_once_unless_they_have_signed_again(
    cast: Cast, clock: Clock, db: Session
) -> None:
    late, again = network.investor(), network.investor()
    for each in (late, again):
        network.angel(each)
        network.certification(each, signed_on=date(2025, 12, 20))
    network.certification(again)
    for day in (23, 24, 25):
        clock.move_to(datetime(2026, 11, day, 9, tzinfo=UTC))
        remind_daily()
        db.flush()
    (letter,) = letters("statement_ends")
    assert (letter.to_address, letter.context["last_day"]) == (late.email, "19 December 2026")


def test_an_operators_words_are_added_beside_ours_and_never_change_one(
    committing_app: Flask, tmp_path: Path
) -> None:
    ours = json.loads(
        files("crm.angels.investors").joinpath("reference/statements.json").read_text(encoding="utf-8")
    )
    theirs = tmp_path / "statements.json"
    theirs.write_text(json.dumps([ours[0] | {"version": "counsel-2026-1"}]), encoding="utf-8")
    assert run(committing_app, "network", "load-wordings", str(theirs)) == "Added 1 wording.\n"
    assert run(committing_app, "network", "load-wordings", str(theirs)) == "Added 0 wordings.\n"
    theirs.write_text('[{"ground": "nonsense"}]', encoding="utf-8")
    with pytest.raises(RuntimeError, match="Nothing was kept"):
        run(committing_app, "network", "load-wordings", str(theirs))
