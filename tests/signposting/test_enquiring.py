"""Enquiring: kept step by step, sent once, open to whoever holds its key and to nobody else."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.accounts.models import Hub
from crm.kernel.clock import end_of, today
from crm.kernel.permissions import SYSTEM
from crm.kernel.references import LETTERS, new_reference
from crm.links import service as links
from crm.links.rules import Purpose
from crm.notices.models import Letter
from crm.signposting.models import Enquiry, EnquiryDraft
from crm.signposting.rules.enquiring import clock_in_words
from crm.signposting.service.enquiring import Told, forget_old_drafts, take_down
from crm.signposting.workflow import Way
from tests import factories
from tests.cast import DRAFT, Cast
from tests.client import ConformingClient

STEPS: dict[str, dict[str, Any]] = {
    "where": {"place": "b9 4aa"},
    "business": {"name": "Juniper Kiln", "form": "sole_trader", "number": ""},
    "work": {"groups": ["crafts"], "people": "2", "turnover": "85,000", "years": "3"},
    "help": {"needs": ["export", "finance"], "story": "We want to sell abroad"},
    "finance": {
        "seeks": "yes",
        "amount": "12,000",
        "instrument": "loan",
        "purpose": "A kiln",
        "medium": "other",
    },
    "you": {
        "name": "Ann Potter",
        "role": "Founder",
        "email": "Ann@X.example",
        "phone": "",
        "consents": ["news"],
    },
}


def begin(client: ConformingClient, query: str = "") -> str:
    answer = client.post(f"/enquire{query}")
    assert answer.status_code == 303
    found = re.match(r"/enquire/([0-9a-f-]{36})/", answer.headers["Location"])
    assert found
    return found[1]


def tell(client: ConformingClient, draft: str, **changed: dict[str, Any]) -> None:
    for name, told in (STEPS | changed).items():
        answer = client.post(f"/enquire/{draft}/{name}", data=told)
        assert answer.status_code == 303, answer.text


def test_an_enquiry_is_told_step_by_step_and_sent(client: ConformingClient, db: Session) -> None:
    draft = begin(client)
    tell(client, draft)
    check = client.get(f"/enquire/{draft}/check").text
    assert "£85,000" in check
    answer = client.post(f"/enquire/{draft}/check")
    assert answer.headers["Location"] == f"/enquire/{draft}/sent"
    made = db.scalars(select(Enquiry)).one()
    assert (made.business_name, made.email, made.postcode, made.outcode) == (
        "Juniper Kiln",
        "ann@x.example",
        "B9 4AA",
        "B9",
    )
    assert made.answers == {
        "groups": ["crafts"], "form": "sole_trader", "people": "2", "turnover": "85000", "months": "36",
        "needs": ["export", "finance"],
    }  # fmt: skip
    assert made.ask == {"amount": "12000", "instrument": "loan", "purpose": "A kiln", "medium": "other"}
    assert set(made.consents) == {"news"}
    hub = db.get(Hub, made.hub_id)
    assert hub is not None
    assert hub.code == "business-growth-west-midlands"
    assert made.reference in client.get(f"/enquire/{draft}/sent").text
    letter = db.scalars(select(Letter)).one()
    assert (letter.kind, letter.link_purpose) == ("enquiry_received", Purpose.ENQUIRY)


def test_sending_twice_makes_one_enquiry(client: ConformingClient, db: Session) -> None:
    draft = begin(client)
    tell(client, draft)
    assert client.post(f"/enquire/{draft}/check").status_code == 303
    assert client.post(f"/enquire/{draft}/check").headers["Location"] == f"/enquire/{draft}/sent"
    assert db.scalar(select(func.count()).select_from(Enquiry)) == 1


def test_what_the_finder_was_told_is_filled_in(client: ConformingClient, db: Session) -> None:
    draft = begin(
        client, "?postcode=B9+4AA&groups=crafts&people=2&turnover=85000&months=40&needs=export&stage=growth"
    )
    assert 'value="85000"' in client.get(f"/enquire/{draft}/work").text
    assert 'value="B9 4AA"' in client.get(f"/enquire/{draft}/where").text
    tell(client, draft)
    client.post(f"/enquire/{draft}/check")
    made = db.scalars(select(Enquiry)).one()
    assert (made.answers["stage"], made.answers["months"]) == ("growth", "40")


def test_a_step_that_is_missing_is_asked_before_it_is_sent(client: ConformingClient, db: Session) -> None:
    draft = begin(client)
    client.post(f"/enquire/{draft}/where", data=STEPS["where"])
    answer = client.post(f"/enquire/{draft}/check")
    assert answer.headers["Location"] == f"/enquire/{draft}/business"
    assert db.scalar(select(func.count()).select_from(Enquiry)) == 0


def test_outside_the_region_is_told_kindly_and_nothing_is_kept(client: ConformingClient, db: Session) -> None:
    draft = begin(client)
    answer = client.post(f"/enquire/{draft}/where", data={"place": "EH1 1AA"})
    assert answer.status_code == 422
    assert "You seem to work outside our area" in answer.text
    assert "Find Business Support" in answer.text
    kept = db.get(EnquiryDraft, UUID(draft))
    assert kept is not None
    assert kept.answers == {}


@pytest.mark.parametrize(
    ("step", "changed", "field"),
    [
        ("where", {"place": "B1 1A"}, "place"), ("where", {"place": ""}, "place"), ("where", {"place": "B１ 1AA"}, "place"),
        ("business", {"name": " "}, "name"), ("business", {"number": "12345"}, "number"),
        ("business", {"number": "ABCDEFGH"}, "number"), ("work", {"turnover": "1,23"}, "turnover"),
        ("work", {"turnover": "-5"}, "turnover"), ("work", {"people": "two"}, "people"),
        ("help", {"story": ""}, "story"), ("help", {"story": "x" * 10_001}, "story"),
        ("finance", {"purpose": ""}, "purpose"), ("finance", {"seeks": ""}, "seeks"),
        ("you", {"email": "nowhere"}, "email"), ("you", {"email": "", "phone": ""}, "email"), ("you", {"name": ""}, "name"),
    ],
)  # fmt: skip
def test_a69_bad_input_is_said_at_its_field_and_nothing_is_kept(
    client: ConformingClient, db: Session, step: str, changed: dict[str, str], field: str
) -> None:
    draft = begin(client)
    answer = client.post(f"/enquire/{draft}/{step}", data=STEPS[step] | changed)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    kept = db.get(EnquiryDraft, UUID(draft))
    assert kept is not None
    assert kept.answers == {}


def test_a69_markup_in_a_story_is_text(client: ConformingClient, cast: Cast, db: Session) -> None:
    draft = begin(client)
    tell(client, draft, help={"needs": [], "story": "<script>alert(1)</script> R&D <10 staff> 🎬 Ŵyn"})
    client.post(f"/enquire/{draft}/check")
    made = db.scalars(select(Enquiry)).one()
    page = client.sign_in(cast.administrator).get(f"/enquiries/{made.id}").text
    assert "<script>alert" not in page
    assert "R&amp;D &lt;10 staff&gt; 🎬 Ŵyn" in page


def test_two_windows_lose_nothing(client: ConformingClient, db: Session) -> None:
    draft = begin(client)
    page = client.get(f"/enquire/{draft}/help").text
    version = re.search(r'name="version" type="hidden" value="(\d+)"', page)
    assert version
    first = STEPS["help"] | {"version": version[1]}
    assert client.post(f"/enquire/{draft}/help", data=first).status_code == 303
    answer = client.post(f"/enquire/{draft}/help", data=first | {"story": "From the other window"})
    assert answer.status_code == 409
    assert "From the other window" in answer.text


def test_a_machine_that_fills_in_the_hidden_box_sends_nothing(client: ConformingClient, db: Session) -> None:
    draft = begin(client)
    tell(client, draft)
    client.post(f"/enquire/{draft}/check", data={"website": "spam"})
    assert db.scalar(select(func.count()).select_from(Enquiry)) == 0


def test_so_many_enquiries_an_hour_from_one_place(client: ConformingClient) -> None:
    for _ in range(10):
        begin(client)
    answer = client.post("/enquire")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_another_browser_does_not_get_in_but_the_link_does(
    client: ConformingClient, app: Flask, db: Session
) -> None:
    draft = begin(client)
    tell(client, draft)
    assert client.post(f"/enquire/{draft}/later", data={"email": "ann@x.example"}).status_code == 303
    assert "ann@x.example" in client.get(f"/enquire/{draft}/kept").text
    client.sign_out()
    assert "/sign-in" in client.get(f"/enquire/{draft}/check").headers["Location"]
    token = links.mint(Purpose.ENQUIRY_DRAFT, draft)
    before = db.get(EnquiryDraft, UUID(draft))
    assert client.get(f"/links/enquiry-draft/{token}").status_code == 200
    assert "/sign-in" in client.get(f"/enquire/{draft}/check").headers["Location"], "looking opens nothing"
    assert client.post(f"/links/enquiry-draft/{token}").headers["Location"] == f"/enquire/{draft}/check"
    assert client.get(f"/enquire/{draft}/check").status_code == 200
    assert before is not None


def test_a_key_opens_one_thing_alone(client: ConformingClient, cast: Cast) -> None:
    factories.draft(id=DRAFT)
    other = factories.draft()
    client.sign_in(cast.key_holder)
    assert client.get(f"/enquire/{DRAFT}/where").status_code == 200
    assert client.get(f"/enquire/{other.id}/where").status_code == 404


@pytest.mark.parametrize("kind", ["enquiry", "enquiry-draft", "plan"])
def test_a_dead_link_is_not_found_whatever_was_wrong_with_it(
    client: ConformingClient, clock: Any, kind: str
) -> None:
    purpose = Purpose(kind.replace("-", "_"))
    subject = str(factories.enquiry().id)
    replaced, _newest = links.mint(purpose, subject), links.mint(purpose, subject)
    foreign = links.mint(Purpose.SIGN_IN, subject)
    for token in (replaced, foreign, "never-minted", _newest[:-1]):
        assert client.get(f"/links/{kind}/{token}").status_code == 404
        assert client.post(f"/links/{kind}/{token}").status_code == 404
    clock.shift(timedelta(days=400))
    assert client.get(f"/links/{kind}/{_newest}").status_code == 404


def test_the_link_in_the_letter_shows_where_it_stands_and_no_note(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = factories.enquiry()
    client.sign_in(cast.administrator).post(f"/enquiries/{made.id}/note", data={"note": "between us"})
    client.sign_out()
    assert client.post(f"/links/enquiry/{links.mint(Purpose.ENQUIRY, str(made.id))}").status_code == 303
    page = client.get(f"/enquiries/{made.id}/status")
    assert page.status_code == 200
    assert "between us" not in page.text
    assert "Your enquiry is waiting for an adviser" in page.text


def test_an_enquiry_is_forgotten_after_so_many_days_without_a_change(
    reference: None, db: Session, clock: Any
) -> None:
    factories.draft()
    over = end_of(today() + timedelta(days=30))
    clock.move_to(over - timedelta(seconds=1))  # "kept for 30 days": all of the last one
    forget_old_drafts()
    assert db.scalar(select(func.count()).select_from(EnquiryDraft)) == 1
    clock.move_to(over)
    forget_old_drafts()
    assert db.scalar(select(func.count()).select_from(EnquiryDraft)) == 0


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 11, 24), date(2026, 11, 26)),  # a Tuesday
        (date(2026, 11, 27), date(2026, 12, 1)),  # over a weekend
        (
            date(2026, 12, 23),
            date(2026, 12, 29),
        ),  # over Christmas, Boxing Day on a Saturday and its substitute
        (date(2027, 3, 25), date(2027, 3, 31)),  # over Easter
        (date(2026, 12, 26), date(2026, 12, 30)),  # received on a holiday
    ],
)
def test_the_clock_runs_on_working_days_round_the_bank_holidays(
    reference: None, db: Session, clock: Any, day: date, due: date
) -> None:
    clock.move_to(day)
    told = Told(business_name="A", person_name="B", email="b@x.example", phone=None)
    assert take_down(told, Way.PHONE, by=SYSTEM).due_on == due


def test_the_clock_in_words() -> None:
    holidays = frozenset({date(2026, 12, 25), date(2026, 12, 28)})
    said = [
        clock_in_words(date(2026, 12, 29), on=date(2026, 12, day), bank_holidays=holidays)
        for day in (22, 24, 29, 30, 31)
    ]
    assert said == [
        *(
            "due in 3 working days",
            "due in 1 working day",
            "due today",
            "1 working day late",
            "2 working days late",
        ),
    ]


def test_references_cannot_be_misread() -> None:
    made = {new_reference("E") for _ in range(200)}
    assert all(re.fullmatch(rf"E-[{LETTERS}]{{6}}", each) for each in made)
    assert not set("AEIOUYLS01") & set(LETTERS)


def test_typing_a_number_that_is_known_tells_nothing(client: ConformingClient, db: Session) -> None:
    factories.business(name="Known Ltd", company_number="01234567")
    draft = begin(client)
    tell(client, draft, business={"name": "Mine", "form": "company", "number": "01234567"})
    assert client.post(f"/enquire/{draft}/check").status_code == 303
    assert "Known" not in client.get(f"/enquire/{draft}/sent").text
    assert db.scalars(select(Enquiry.business_id)).one() is None
