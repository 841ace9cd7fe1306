"""Attaching an enquiry: likely businesses are offered first with the reason, and any other is found by a search."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.businesses.models import Business, Claim, Consent, Person
from crm.businesses.queries.seeing import holding_consent
from crm.businesses.workflow import ConsentPurpose
from crm.kernel.clock import now
from crm.notices.models import Letter
from crm.signposting.models import Enquiry
from crm.web.filters import moment
from tests import factories
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast
from tests.client import ConformingClient
from tests.signposting.test_queueing import hub_of


@pytest.fixture
def asked(cast: Cast) -> Enquiry:
    return factories.enquiry(
        hub_id=hub_of(BUSINESS),
        business_name="Quiet Loom",
        person_name="Rae Invented",
        email="rae@quietloom.example",
        phone="+44 (0)121 496 0999",
        outcode="B9",
        postcode="B9 4AA",
    )


@pytest.fixture
def adviser(client: ConformingClient, cast: Cast) -> ConformingClient:
    return client.sign_in(cast.adviser)


def known(name: str, **fields: object) -> UUID:
    """A business at the adviser's hub."""
    return factories.business(
        name=name, indexed=True, hub_id=hub_of(BUSINESS), trading_outcode="CV1", **fields
    ).id


def offered(client: ConformingClient, asked: Enquiry, words: str = "") -> list[str]:
    """The names offered, in order, each with its reason."""
    page = client.get(f"/enquiries/{asked.id}/business", query_string={"q": words} if words else {}).text
    labels = re.findall(r'govuk-radios__label"[^>]*>([^<]+)</label>(?:\s*<div[^>]*>([^<]*)</div>)?', page)
    return [f"{name.split(',')[0]}: {why.strip()}" for name, why in labels if "," in name]


def test_the_senders_address_is_already_a_persons_of_a_business_and_the_page_says_so(
    adviser: ConformingClient, asked: Enquiry, db: Session
) -> None:
    factories.business(name="The Quiet Loom Ltd", hub_id=hub_of(BUSINESS), trading_outcode="B9")
    owner = known("Loom Holdings")
    factories.person(db.get_one(Business, owner), name="Rae I.", email="rae@quietloom.example")
    assert offered(adviser, asked) == [
        "Loom Holdings: rae@quietloom.example is the address of Rae I. there",
        "The Quiet Loom Ltd: Same name",
    ]
    answer = adviser.post(f"/enquiries/{asked.id}/business", data={"business_id": str(owner)})
    assert answer.status_code == 303
    db.refresh(asked)
    assert asked.business_id == owner


def test_k16_after_attaching_the_enquiry_says_who_was_added_and_who_was_known_and_nobody_asked_for_access(
    adviser: ConformingClient, asked: Enquiry, db: Session
) -> None:
    owner, where = db.get_one(Business, known("Loom Holdings")), f"/enquiries/{asked.id}/business"
    factories.person(owner, name="Ann Other", email="rae@quietloom.example")
    answer = adviser.post(where, data={"business_id": str(owner.id)})
    assert answer.headers["Location"] == f"/enquiries/{asked.id}"
    page = " ".join(adviser.get(answer.headers["Location"]).text.split())
    assert "Attached to Loom Holdings. Rae Invented was not added to its people" in page
    assert "rae@quietloom.example is the address of Ann Other there" in page
    other = factories.enquiry(hub_id=hub_of(BUSINESS), person_name="Bo New", email="bo@made.example")
    answer = adviser.post(f"/enquiries/{other.id}/business?q=Holdings", data={"business_id": str(owner.id)})
    assert "Bo New is now one of its people." in adviser.get(answer.headers["Location"]).text
    names = db.scalars(select(Person.name).where(Person.business_id == owner.id)).all()
    assert sorted(names) == ["Ann Other", "Bo New"]
    assert db.scalars(select(Claim)).all() == []


def test_k11_access_is_asked_for_where_they_asked_and_its_refusal_names_the_adviser_who_is_written_back_to(
    adviser: ConformingClient, asked: Enquiry, cast: Cast, db: Session
) -> None:
    owner = known("Loom Holdings")
    chosen = {"business_id": str(owner), "asks_access": "y"}
    assert adviser.post(f"/enquiries/{asked.id}/business?q=Holdings", data=chosen).status_code == 303
    (claim,) = db.scalars(select(Claim))
    assert adviser.post(f"/claims/{claim.id}/refuse", data={"reason": "Not a director"}).status_code == 303
    letter = db.scalars(select(Letter).where(Letter.kind == "claim_refused")).one()
    assert (letter.reply_to, letter.context["by_name"]) == (cast.adviser.email, cast.adviser.account.name)
    history = adviser.sign_in(cast.administrator).get(f"/audit?kind=business&thing_id={owner}").text
    assert "Reason: Not a director" in " ".join(history.split())


def test_a_consent_of_an_enquiry_holds_from_its_moment_and_one_withdrawn_since_is_not_given_again(
    adviser: ConformingClient, asked: Enquiry, db: Session
) -> None:
    owner = db.get_one(Business, known("Loom Holdings"))
    factories.person(owner, name="Rae I.", email="rae@quietloom.example")
    asked.received_at = now() - timedelta(days=3)
    asked.consents = {"news": "2026-11", "keep_in_touch": "2026-11"}
    before = {"given_by": "Rae", "way": "told to an adviser", "wording_version": "2026-11"}
    before |= {"given_at": now() - timedelta(days=9), "withdrawn_at": now() - timedelta(days=1)}
    db.add(Consent(business_id=owner.id, purpose=ConsentPurpose.NEWS, **before))
    db.flush()
    answer = adviser.post(f"/enquiries/{asked.id}/business", data={"business_id": str(owner.id)})
    assert answer.status_code == 303
    held = holding_consent(owner.id, ConsentPurpose.KEEP_IN_TOUCH)
    assert held is not None
    assert (held.given_by, held.given_at) == ("Rae Invented", asked.received_at)
    assert holding_consent(owner.id, ConsentPurpose.NEWS) is None
    page = adviser.get(f"/businesses/{owner.id}/details").text
    said = f"Rae Invented, with enquiry {asked.reference}, {moment(asked.received_at)}"
    assert said in " ".join(page.split())


def test_a_telephone_a_website_and_a_postcode_are_recognised(
    adviser: ConformingClient, asked: Enquiry, db: Session
) -> None:
    by_phone = known("Phone Works")
    row = db.get_one(Enquiry, asked.id)
    factories.person(db.get_one(Business, by_phone), name="Bo", email=None, phone="0121 496 0999 ext 3")
    known("Site Works", website="https://quietloom.example", website_domain="quietloom.example")
    known("Loom House", trading_postcode="B9 4AA")
    known("Other House", trading_postcode="B9 4AA")
    assert offered(adviser, row) == [
        "Phone Works: +44 (0)121 496 0999 is the telephone number of Bo there",
        "Site Works: Its website is quietloom.example",
        "Loom House: Trades from B9 4AA under a similar name",
    ]


@pytest.mark.parametrize(
    "words",
    [
        *(
            "Lodz Film",
            "łódź film house limited",
            "Soren Oster",
            "søren",
            "soren@made.example",
            "made.example",
        ),
        *(
            "0121 496 0123",
            "+44 121 4960123",
            "(0121) 496 0123 ext 9",
            "CV1 2BB",
            "cv12bb",
            "01234567",
            "1234567",
        ),
    ],
)
def test_a_business_is_found_by_name_person_email_telephone_postcode_and_number(
    adviser: ConformingClient, asked: Enquiry, db: Session, words: str
) -> None:
    owner = known("Łódź Film House Ltd", company_number="01234567", trading_postcode="CV1 2BB")
    made = db.get_one(Business, owner)
    factories.person(made, name="Søren Øster", email="soren@made.example", phone="0121 496 0123")
    assert [each.split(":")[0] for each in offered(adviser, asked, words)] == ["Łódź Film House Ltd"]
    answer = adviser.post(f"/enquiries/{asked.id}/business?q=qqqq", data={"business_id": str(owner)})
    assert answer.status_code == 422
    answer = adviser.post(
        f"/enquiries/{asked.id}/business", query_string={"q": words}, data={"business_id": str(owner)}
    )
    assert answer.status_code == 303
    assert adviser.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    "words", ["%", "_", "\\", "'; DROP TABLE business; --", "zzzz", "x" * 5000, "0", "\u202e"]
)
def test_a_search_that_finds_nothing_says_so(adviser: ConformingClient, asked: Enquiry, words: str) -> None:
    page = adviser.get(f"/enquiries/{asked.id}/business", query_string={"q": words})
    assert page.status_code == 200
    assert offered(adviser, asked, words) == []


def test_nothing_is_found_that_the_adviser_may_not_see(
    adviser: ConformingClient, asked: Enquiry, db: Session
) -> None:
    hidden = db.get_one(Business, OTHER_BUSINESS)
    factories.person(hidden, name="Rae Hidden", email="rae@quietloom.example", phone="0121 496 0999")
    page = adviser.get(f"/enquiries/{asked.id}/business?q=rae@quietloom.example").text
    assert str(OTHER_BUSINESS) not in page
    assert "Rae Hidden" not in page
    assert "ask them to share it" in page
    answer = adviser.post(
        f"/enquiries/{asked.id}/business?q=rae@quietloom.example", data={"business_id": str(OTHER_BUSINESS)}
    )
    assert answer.status_code == 422


def test_the_same_firm_in_another_district_is_offered_and_a_new_record_is_never_chosen_beforehand(
    adviser: ConformingClient, cast: Cast, db: Session
) -> None:
    same = known("Lantern Otter Animation Ltd")
    factories.person(db.get_one(Business, known("Kiln")), name="Carl Demo", email="c@kiln.example")
    factories.person(db.get_one(Business, known("Press")), name="Scarlet Demo", email="s@press.example")
    told = {"business_name": "Lantern Otter Animation Limited", "person_name": "Carl", "postcode": None}
    phoned = factories.enquiry(hub_id=hub_of(BUSINESS), outcode="B5", phone="0121 496 0777", **told)
    assert offered(adviser, phoned) == ["Lantern Otter Animation Ltd: Same name", "Kiln: Carl Demo is there"]
    where = f"/enquiries/{phoned.id}/business"
    assert not re.search(r'value="new"[^>]* checked', adviser.get(where).text)
    assert adviser.post(where, data={"why_new": ""}).status_code == 422
    assert adviser.post(where, data={"business_id": str(same)}).status_code == 303
    db.refresh(phoned)
    assert phoned.business_id == same
    unlike = factories.enquiry(hub_id=hub_of(BUSINESS), business_name="Zzyzx", person_name="Qq", outcode="B5")
    assert re.search(r'value="new"[^>]* checked', adviser.get(f"/enquiries/{unlike.id}/business").text)


def test_k11_where_no_business_is_shown_nobody_is_asked_why_it_is_none_of_these(
    adviser: ConformingClient, asked: Enquiry
) -> None:
    where = f"/enquiries/{asked.id}/business"
    assert "none of these businesses" not in adviser.get(where).text
    known("Quiet Loom Ltd")
    assert "none of these businesses" in adviser.get(where).text
