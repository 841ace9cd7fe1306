"""Pitches: written from what is known, locked until the law is met, screened with reasons, ended as evidence."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from crm.accounts.models import Account
from crm.angels.investors.models import RegulatoryBasis, StatementWording
from crm.angels.investors.workflow import Instrument
from crm.angels.pitches.jobs.ending import end_daily
from crm.angels.pitches.models import PitchVersion
from crm.angels.pitches.queries import pitches as queries
from crm.angels.pitches.service import pitching as service
from crm.angels.pitches.service import screening
from crm.angels.pitches.service.pitching import Outcome, PitchDetails
from crm.angels.pitches.service.screening import Opinion
from crm.angels.pitches.workflow import ClosedAs, PitchStatus, Verdict
from crm.businesses.workflow import ConnectionKind
from crm.evidence.models import Ask
from crm.evidence.workflow import AskStatus, UnmetReason
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.money import Money
from crm.kernel.roles import Role, Scope
from tests import factories, network
from tests.angels.deals.made import investment
from tests.angels.people import letters, own_business, rows
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.applicants import Clock

SENT = {
    "headline": "A second series",
    "summary": "Series for children",
    "amount": "100,000",
    "instrument": "equity",
    "min_ticket": "5,000",
    "terms": "Ordinary shares",
    "use_of_funds": "People",
    "team": "Two founders",
    "market": "Four buyers",
    "contact": "us@made.example",
    "seis": "no",
    "eis": "no",
}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def test_a_founder_begins_with_what_was_told_before_and_hands_in(
    cast: Cast, client: ConformingClient
) -> None:
    own = network.legal(own_business())
    own.description, own.website = "We animate.", "https://made.example"
    client.sign_in(cast.founder)
    form = client.get(f"/businesses/{own.id}/pitches/begin").text
    assert "We animate." in form
    assert "https://made.example" in form
    done = client.post(f"/businesses/{own.id}/pitches/begin", data=SENT)
    assert done.status_code == 303
    where = done.headers["Location"]
    assert "Draft" in client.get(where).text
    assert client.post(f"{where}/submit").status_code == 303
    assert "You do not need to do anything now" in client.get(where).text
    (version,) = rows(PitchVersion)
    assert version.content["headline"] == "A second series"
    assert version.content["business"]["registered_postcode"] == "B1 1AA"
    (ask,) = rows(Ask)
    assert (ask.amount, ask.status) == (Money.pounds(100_000), AskStatus.OPEN)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"headline": ""}, "headline"),
        ({"amount": ""}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "25,000.005"}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"amount": "9" * 40}, "amount"),
        ({"min_ticket": "200,000"}, "min_ticket"),
        ({"eis_year": "5"}, "eis_year"),
        ({"video_url": "http://made.example/v"}, "video_url"),
        ({"video_url": "javascript:alert(1)"}, "video_url"),
        ({"instrument": "magic"}, "instrument"),
        ({"closes_on-day": "1", "closes_on-month": "1", "closes_on-year": "2026"}, "closes_on-day"),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_is_stored(
    cast: Cast, client: ConformingClient, typed: dict[str, str], field: str
) -> None:
    own = own_business()
    refused = client.sign_in(cast.founder).post(f"/businesses/{own.id}/pitches/begin", data=SENT | typed)
    assert refused.status_code == 422
    assert f'href="#{field}"' in refused.text
    assert "Series for children" in refused.text
    assert queries.live_pitch_of(own.id) is None


def test_two_windows_do_not_write_over_each_other(cast: Cast, client: ConformingClient) -> None:
    found = network.pitch(own_business(), PitchStatus.DRAFT)
    client.sign_in(cast.founder)
    sent = SENT | {"version": str(found.version)}
    assert client.post(f"/raises/{found.id}/write", data=sent).status_code == 303
    refused = client.post(f"/raises/{found.id}/write", data=sent | {"headline": "From the other window"})
    assert refused.status_code == 409
    assert "From the other window" in refused.text


def test_a_business_has_one_pitch_at_a_time(cast: Cast) -> None:
    own = own_business()
    network.pitch(own, PitchStatus.PAUSED)
    with pytest.raises(Conflict, match="already has a pitch"):
        service.begin(own, PitchDetails("Made", Instrument.EQUITY, Money.pounds(1)), by=cast.founder.actor)


def test_n16_without_its_number_and_office_a_pitch_is_not_taken(cast: Cast) -> None:
    found = network.pitch(own_business(), PitchStatus.DRAFT)
    with pytest.raises(Conflict, match=r"company number.*registered office"):
        service.submit(found, by=cast.founder.actor)


def screened(owner: network.Business | None = None, **fields: object) -> network.Pitch:
    own = owner or factories.business()
    factories.grant(factories.account(), Role.FOUNDER, scope=Scope.BUSINESS, scope_id=str(own.id))
    made = network.pitch(network.legal(own), PitchStatus.SCREENING, **fields)
    network.review(made)
    return made


def test_n16_without_a_basis_or_approved_words_nothing_is_published(cast: Cast, db: Session) -> None:
    by, found = cast.network_manager.actor, screened()
    db.execute(update(RegulatoryBasis).values(valid_to=date(2026, 1, 1)))
    with pytest.raises(Conflict, match="No legal basis"):
        screening.publish(found, by=by)
    db.execute(update(RegulatoryBasis).values(valid_to=None))
    db.execute(update(StatementWording).values(approved_on=None, approved_by="", approved_reference=""))
    db.expire_all()
    with pytest.raises(Conflict, match="No lawyer"):
        screening.publish(network.whole(found), by=by)
    network.signed_off()
    db.expire_all()
    screening.publish(network.whole(found), by=by)
    assert network.whole(found).status is PitchStatus.PUBLISHED


@pytest.mark.parametrize("instrument", ["loan", "revenue_share", "production", "other"])
def test_n33_what_may_fall_under_other_rules_is_held_for_advice(cast: Cast, instrument: str) -> None:
    found = screened(instrument=Instrument(instrument))
    with pytest.raises(Conflict, match="held until the network has taken advice"):
        screening.publish(found, by=cast.network_manager.actor)


def test_a_pitch_is_published_after_others_have_read_it(cast: Cast, client: ConformingClient) -> None:
    found = network.pitch(network.legal(own_business()), PitchStatus.SCREENING)
    client.sign_in(cast.network_manager)
    assert "1 more person with no tie to the business" in client.get(f"/raises/{found.id}").text
    assert client.post(f"/raises/{found.id}/publish").status_code == 409
    assert client.post(f"/raises/{found.id}/review", data={"verdict": "for", "words": ""}).status_code == 422
    assert (
        client.post(f"/raises/{found.id}/review", data={"verdict": "for", "words": "Clear"}).status_code
        == 303
    )
    assert (
        client.post(f"/raises/{found.id}/review", data={"verdict": "for", "words": "Again"}).status_code
        == 409
    )
    assert client.post(f"/raises/{found.id}/publish").status_code == 303
    assert "Published" in client.get(f"/raises/{found.id}").text


def test_whoever_has_an_interest_has_no_say(cast: Cast) -> None:
    by, found = cast.network_manager.actor, screened()
    screening.review(found, Opinion(Verdict.INTEREST, "My cousin's company"), by=by)
    for act in (
        lambda: screening.publish(found, by=by),
        lambda: screening.send_back(found, reason="No", by=by),
        lambda: screening.refuse(found, UnmetReason.COLLATERAL, note="No", by=by),
    ):
        with pytest.raises(Conflict, match="declared an interest"):
            act()


def test_an_interest_that_is_known_counts_as_declared(cast: Cast) -> None:
    found = screened()
    factories.connection(found.business, kind=ConnectionKind.DIRECTOR, account_id=cast.network_manager.id)
    with pytest.raises(Conflict, match="director of the business"):
        screening.review(found, Opinion(Verdict.FOR, "Fine"), by=cast.network_manager.actor)
    with pytest.raises(Conflict, match="director of the business"):
        screening.publish(found, by=cast.network_manager.actor)


def test_k7_an_account_holder_of_the_business_cannot_review_its_pitch(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    found = screened()
    where = {"scope": Scope.BUSINESS, "scope_id": str(found.business_id)}
    factories.grant(db.get_one(Account, cast.network_manager.id), Role.FOUNDER, **where)
    client.sign_in(cast.network_manager)
    refused = client.post(f"/raises/{found.id}/review", data={"verdict": "for", "words": "Clear"})
    assert refused.status_code == 409
    assert "an account holder of the business" in refused.text


def test_n51_a_refusal_is_never_without_a_reason_and_is_kept_as_an_unmet_ask(
    cast: Cast, client: ConformingClient
) -> None:
    own = network.legal(own_business())
    found = network.pitch(own, PitchStatus.DRAFT)
    service.submit(found, by=cast.founder.actor)
    client.sign_in(cast.network_manager)
    refused = client.post(f"/raises/{found.id}/refuse", data={"note": "No"})
    assert refused.status_code == 422
    assert 'href="#why"' in refused.text
    sent = {"why": "collateral", "note": "Nothing secures it yet"}
    assert client.post(f"/raises/{found.id}/refuse", data=sent).status_code == 303
    (ask,) = rows(Ask)
    assert (ask.status, ask.unmet_reason) == (AskStatus.UNMET, UnmetReason.COLLATERAL)
    page = client.sign_in(cast.founder).get(f"/raises/{found.id}").text
    assert "There is too little security for the money. Nothing secures it yet" in page
    assert "guarantees and lenders" in page
    assert len(letters("pitch_refused")) == 1
    with pytest.raises(Invalid):
        screening.refuse(found, None, note="No", by=cast.network_manager.actor)


def test_investors_read_the_company_and_the_rights_that_were_screened(
    cast: Cast, client: ConformingClient
) -> None:
    own = network.legal(own_business())
    network.right(own, title="The first series")
    found = network.pitch(own, PitchStatus.DRAFT)
    service.submit(found, by=cast.founder.actor)
    network.review(found)
    screening.publish(found, by=cast.network_manager.actor)
    network.right(own, title="Something entered since")
    own.company_number = own.registered_postcode = None
    page = client.sign_in(cast.angel).get(f"/pitches/{found.id}").text
    assert "The first series" in page
    assert "Something entered since" not in page
    assert "company 08" in page
    version = client.sign_in(cast.network_manager).get(f"/raises/{found.id}/versions/1").text
    assert "The first series" in version


def test_what_is_sent_back_says_what_to_change(cast: Cast, client: ConformingClient) -> None:
    found = network.pitch(network.legal(own_business()), PitchStatus.SCREENING)
    client.sign_in(cast.network_manager)
    assert client.post(f"/raises/{found.id}/send-back", data={"reason": "Add the terms"}).status_code == 303
    assert "Add the terms" in client.sign_in(cast.founder).get(f"/raises/{found.id}").text


def test_paused_revised_and_handed_in_again_it_is_another_version(
    cast: Cast, client: ConformingClient
) -> None:
    found = network.pitch(network.legal(own_business()))
    client.sign_in(cast.founder)
    for act in ("pause", "resume", "revise", "submit"):
        assert client.post(f"/raises/{found.id}/{act}").status_code == 303
    whole = network.whole(found)
    assert (whole.status, whole.number) == (PitchStatus.SCREENING, 2)
    assert client.post(f"/raises/{found.id}/pause").status_code == 409


@pytest.mark.parametrize(
    ("outcome", "field"),
    [
        (Outcome(ClosedAs.UNFUNDED), "why"),
        (Outcome(ClosedAs.PART_FUNDED, Money(0), UnmetReason.OTHER), "raised"),
        (Outcome(ClosedAs.PART_FUNDED, Money.pounds(100_000), UnmetReason.OTHER), "raised"),
    ],
)
def test_n51_a_raise_is_not_closed_without_what_came_of_it(cast: Cast, outcome: Outcome, field: str) -> None:
    found = network.pitch(network.legal(own_business()))
    with pytest.raises(Invalid) as refused:
        service.close(found, outcome, by=cast.founder.actor)
    assert refused.value.field == field


def test_a_funded_raise_meets_its_ask(cast: Cast, client: ConformingClient) -> None:
    found = network.pitch(network.legal(own_business()), PitchStatus.DRAFT)
    service.submit(found, by=cast.founder.actor)
    network.review(found)
    screening.publish(found, by=cast.network_manager.actor)
    client.sign_in(cast.founder)
    refused = client.post(f"/raises/{found.id}/close", data={"closed_as": "funded"})
    assert refused.status_code == 422
    assert "the investments recorded come to £0" in refused.text
    investment(found, amount=Money.pounds(100_000))
    assert client.post(f"/raises/{found.id}/close", data={"closed_as": "funded"}).status_code == 303
    (ask,) = rows(Ask)
    assert (ask.status, ask.met_amount) == (AskStatus.MET, Money.pounds(100_000))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("page.html", b"<html><script>alert(1)</script></html>"),
        ("deck.pdf", b"<html>%PDF-1.4 polyglot</html>"),
        ("bomb.zip", b"PK\x03\x04" + b"\x00" * 100),
        ("empty.pdf", b""),
    ],
)
def test_n54_what_is_no_plain_document_is_refused(
    cast: Cast, client: ConformingClient, name: str, data: bytes
) -> None:
    found = network.pitch(own_business(), PitchStatus.DRAFT)
    client.sign_in(cast.founder)
    refused = client.post(f"/raises/{found.id}/attach", data={"file": (BytesIO(data), name)})
    assert refused.status_code in {413, 422}
    assert queries.pitch(found.id) is not None
    assert "No files." in client.get(f"/raises/{found.id}").text


def test_n54_a_file_is_saved_under_a_clean_name_and_can_be_taken_away(
    cast: Cast, client: ConformingClient
) -> None:
    found = network.pitch(own_business(), PitchStatus.DRAFT)
    client.sign_in(cast.founder)
    sent = {"file": (BytesIO(PDF), "../../etc/deck.pdf")}
    assert client.post(f"/raises/{found.id}/attach", data=sent).status_code == 303
    page = client.get(f"/raises/{found.id}").text
    assert "deck.pdf" in page
    assert ".." not in page
    where = page.split(f'href="/raises/{found.id}/files/')[1].split('"')[0]
    answer = client.get(f"/raises/{found.id}/files/{where}")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert client.post(f"/raises/{found.id}/files/{where}/detach").status_code == 303
    assert "No files." in client.get(f"/raises/{found.id}").text


def test_n18_a42_another_founder_and_the_angel_do_not_see_the_workings(
    cast: Cast, client: ConformingClient
) -> None:
    found = network.pitch(network.legal(own_business()))
    for person in (cast.other_founder, cast.angel):
        client.sign_in(person)
        assert client.get(f"/raises/{found.id}").status_code == 404
        assert client.post(f"/raises/{found.id}/withdraw", data={"reason": "No"}).status_code == 404


def test_a_raise_past_its_last_day_is_paused_and_the_business_told(
    cast: Cast, client: ConformingClient, clock: Clock, db: Session
) -> None:
    found = network.pitch(network.legal(own_business()), closes_on=date(2026, 11, 25))
    clock.move_to(datetime(2026, 11, 25, 23, tzinfo=UTC))
    end_daily()
    assert network.whole(found).status is PitchStatus.PUBLISHED
    clock.move_to(datetime(2026, 11, 26, 1, tzinfo=UTC))
    for _ in range(2):
        end_daily()
        db.flush()
    assert network.whole(found).status is PitchStatus.PAUSED
    assert len(letters("pitch_over")) == 1
    client.sign_in(cast.founder)
    assert client.post(f"/raises/{found.id}/resume").status_code == 409
    assert client.post(f"/raises/{found.id}/revise").status_code == 303


def test_a_draft_asks_for_what_is_missing_and_a_whole_one_to_be_submitted(
    cast: Cast, client: ConformingClient
) -> None:
    found = network.pitch(network.legal(own_business()), status=PitchStatus.DRAFT, market="")
    client.sign_in(cast.founder)
    page = " ".join(client.get(f"/raises/{found.id}").text.split())
    assert "the market" in page
    assert "the legal name" not in page
    assert "on your business’s page" not in page.replace("&#8217;", "’")
    found.market = "A market"
    page = client.get(f"/raises/{found.id}").text
    assert "submit it for screening" in page
    assert "missing information" not in page.casefold()
