"""Enquiries through their pages: withdrawn by their link, refused where nobody could answer, asked for their place."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.accounts.models import Hub
from crm.diagnostics.models import Diagnosis
from crm.diagnostics.queries.triage import open_diagnosis
from crm.diagnostics.service import triage as diagnoses
from crm.diagnostics.workflow import AnsweredBy
from crm.kernel.clock import now, today
from crm.notices.models import Letter
from crm.signposting.models import Absence, Enquiry, EnquiryDraft, EnquiryNote
from crm.signposting.queries import planning
from crm.signposting.service import absences, queueing
from crm.signposting.service.absences import AwayWanted
from crm.signposting.workflow import CloseReason, EnquiryStatus, Way
from crm.throttles.rules import LETTERS_BY_RECEIVER
from tests import factories
from tests.cast import BUSINESS, ENQUIRY, OTHER_HUB, Cast
from tests.client import ConformingClient
from tests.rules.test_budgets import cast_business
from tests.signposting.test_enquiring import STEPS, begin, tell


@pytest.mark.parametrize(
    "status", [EnquiryStatus.WAITING, EnquiryStatus.CLAIMED, EnquiryStatus.ANSWERED], ids=str
)
def test_an_enquiry_is_withdrawn_by_its_link(
    status: EnquiryStatus, client: ConformingClient, cast: Cast, db: Session
) -> None:
    fields: dict[str, Any] = {"_status": status}
    if status is not EnquiryStatus.WAITING:
        fields["claimed_by_id"] = cast.adviser.id
    if status is EnquiryStatus.ANSWERED:
        fields["answered_at"] = factories.now()
    made = factories.enquiry(id=ENQUIRY, **fields)
    client.sign_in(cast.key_holder)
    assert "Withdraw this enquiry" in client.get(f"/enquiries/{made.id}/status").text
    answer = client.post(f"/enquiries/{made.id}/withdraw")
    page = client.get(answer.headers["Location"]).text
    db.refresh(made)
    assert "You have withdrawn your enquiry." in page
    assert "Withdraw this enquiry" not in page
    assert (made.status, made.close_reason) == (EnquiryStatus.CLOSED, CloseReason.NOT_WANTED)
    told = db.scalars(select(Letter).where(Letter.kind == "enquiry_withdrawn")).all()
    assert [each.to_address for each in told] == (
        [] if status is EnquiryStatus.WAITING else [cast.adviser.email]
    )
    assert client.post(f"/enquiries/{made.id}/withdraw").status_code == 409

    page = client.sign_in(cast.hub_manager).get(f"/enquiries/{made.id}").text
    assert "withdrew it, so it cannot be reopened" in page
    assert f"/enquiries/{made.id}/reopen" not in page
    refused = client.post(f"/enquiries/{made.id}/reopen", data={"why": "They called"})
    assert refused.status_code == 409
    assert "withdrew it" in refused.text


def test_another_visitor_withdraws_nothing(client: ConformingClient, cast: Cast, db: Session) -> None:
    made = factories.enquiry()
    assert client.sign_in(cast.key_holder).post(f"/enquiries/{made.id}/withdraw").status_code in (403, 404)
    assert made.status is EnquiryStatus.WAITING


@pytest.mark.parametrize("phone", ["", "x", "call me", "07", "0121", "1234 567"])
def test_an_enquiry_that_nobody_could_answer_is_refused_on_both_ways_in(
    phone: str, client: ConformingClient, cast: Cast, db: Session
) -> None:
    draft = begin(client)
    answer = client.post(f"/enquire/{draft}/you", data=STEPS["you"] | {"email": "", "phone": phone})
    assert answer.status_code == 422
    assert "telephone number" in answer.text
    told = {"way": "phone", "business_name": "Kiln", "story": "Help", "name": "Ann", "phone": phone}
    assert client.sign_in(cast.adviser).post("/enquiries/new", data=told).status_code == 422
    assert db.scalar(select(func.count()).select_from(Enquiry)) == 0


@pytest.mark.parametrize("phone", ["0121 496 0001", "+44 (0)121 496-0001 ext. 12", "07700 900123"])
def test_a_telephone_number_alone_is_a_way_to_answer(
    phone: str, client: ConformingClient, db: Session
) -> None:
    draft = begin(client)
    tell(client, draft, you=STEPS["you"] | {"email": "", "phone": phone})
    assert client.post(f"/enquire/{draft}/check").status_code == 303
    assert "We will call you" in client.get(f"/enquire/{draft}/sent").text


@pytest.mark.parametrize("query", ["", "?postcode=HR1+2AA", "?postcode=EH1+1AA&groups=crafts&needs=export"])
def test_an_enquiry_begun_from_the_finder_is_asked_for_its_place_and_stops_outside_the_region(
    query: str, client: ConformingClient, db: Session
) -> None:
    draft = begin(client, query)
    place = {"place": "EH1 1AA" if "EH1" in query else "HR1 2AA"}
    page = client.get(f"/enquire/{draft}/where").text
    assert not query or f'value="{place["place"]}"' in page
    answer = client.post(f"/enquire/{draft}/where", data=place)
    assert answer.status_code == 422
    assert "You seem to work outside our area" in answer.text


def test_an_enquiry_from_outside_the_region_that_was_begun_before_is_not_sent(
    client: ConformingClient, db: Session
) -> None:
    draft = begin(client)
    tell(client, draft)
    kept = db.get(EnquiryDraft, UUID(draft))
    assert kept is not None
    kept.answers = {**kept.answers, "where": {"place": "EH1 1AA"}}
    answer = client.post(f"/enquire/{draft}/check")
    assert answer.status_code == 422
    assert "only help businesses that work in the West Midlands" in answer.text
    assert db.scalar(select(func.count()).select_from(Enquiry)) == 0


def test_an_enquiry_promises_a_hub_that_exists(client: ConformingClient, db: Session) -> None:
    draft = begin(client, "?postcode=B9+4AA")
    tell(client, draft)
    client.post(f"/enquire/{draft}/check")
    made = db.scalars(select(Enquiry)).one()
    made.hub_id = None
    page = client.get(f"/enquire/{draft}/sent").text
    assert "No single Growth Hub looks after the place you gave" in page


@pytest.mark.parametrize("button", ["answer", "close", "release", "hand-over"])
def test_a_note_that_was_typed_is_added_whichever_button_is_pressed(
    button: str, client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = factories.enquiry(claimed_by_id=cast.adviser.id, _status=EnquiryStatus.CLAIMED)
    other = db.scalars(select(Hub.id).where(Hub.code == OTHER_HUB)).one()
    typed = {"note": "Prefers mornings", "said": "Rang them", "close_reason": "helped", "hub_id": str(other)}
    client.sign_in(cast.adviser)
    answer = client.post(
        f"/enquiries/{made.id}/{button}", data=typed | {"why_them": "Nearer", "close_note": ""}
    )
    assert answer.status_code == 303
    assert (
        "Prefers mornings"
        in db.scalars(select(EnquiryNote.text).where(EnquiryNote.enquiry_id == made.id)).all()
    )


def test_a_note_that_was_typed_is_shown_again_where_an_answer_is_refused(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = factories.enquiry(claimed_by_id=cast.adviser.id, _status=EnquiryStatus.CLAIMED)
    client.sign_in(cast.adviser)
    assert "Prefers mornings" not in client.get(f"/enquiries/{made.id}").text
    answer = client.post(f"/enquiries/{made.id}/answer", data={"note": "Prefers mornings", "said": ""})
    assert answer.status_code == 422
    assert "Prefers mornings" in answer.text
    assert db.scalars(select(EnquiryNote)).all() == []


@pytest.mark.parametrize("way", [Way.PHONE, Way.WEB], ids=str)
def test_k04_an_enquiry_that_was_not_asked_about_finance_does_not_say_no(
    way: Way, client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = factories.enquiry(way=way, business_id=BUSINESS)
    client.sign_in(cast.adviser)
    is_asked = way is Way.WEB
    assert ("Not looking for finance" in client.get(f"/enquiries/{made.id}").text) is is_asked
    assert client.post(f"/enquiries/{made.id}/triage").status_code == 303
    begun = db.scalars(select(Diagnosis)).one()
    answers = begun.answers
    assert begun.answered_by is AnsweredBy.BUSINESS, "what an enquiry told is the business's own answer"
    assert answers.get("seeks_finance") == ("no" if is_asked else None)


@pytest.mark.parametrize(
    ("button", "field"), [("answer", "said"), ("hand-over", "why_them"), ("close", "close_note")]
)
def test_k18_what_was_typed_on_an_enquiry_that_a_colleague_closed_is_shown_to_copy(
    button: str, field: str, client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = factories.enquiry(
        _status=EnquiryStatus.CLOSED, closed_at=factories.now(), close_reason=CloseReason.HELPED
    )
    typed = {field: "I rang them about kilns & glazes", "note": "Prefers mornings"}
    answer = client.sign_in(cast.adviser).post(f"/enquiries/{made.id}/{button}", data=typed)
    assert answer.status_code == 409
    assert "What you typed" in answer.text
    assert "I rang them about kilns &amp; glazes" in answer.text
    assert "Prefers mornings" in answer.text


def test_k12_an_adviser_whose_hands_are_full_is_told_so_on_the_page_of_the_enquiry(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = factories.enquiry()
    queueing.set_capacity(cast.adviser.account, 0, by=cast.hub_manager.actor)
    answer = client.sign_in(cast.adviser).post(
        f"/enquiries/{made.id}/claim", data={"note": "Prefers mornings"}
    )
    assert answer.status_code == 422
    assert "You can hold no enquiries" in answer.text
    assert f"/enquiries/{made.id}/note" in answer.text
    assert "Prefers mornings" in answer.text
    db.refresh(made)
    assert made.claimed_by_id is None


@pytest.mark.parametrize(
    ("field", "typed", "at"),
    [("business_name", "\u200b", "business_name"), ("phone", "x", "phone"), ("story", "\u2060 ", "story")],
)
def test_k20_what_nobody_can_see_or_call_is_refused_when_an_enquiry_is_recorded(
    field: str, typed: str, at: str, client: ConformingClient, cast: Cast, db: Session
) -> None:
    told = {
        "way": "phone",
        "business_name": "Kiln",
        "story": "Help",
        "name": "Ann",
        "form": "",
        "email": "a@kiln.example",
    }
    answer = client.sign_in(cast.adviser).post("/enquiries/new", data=told | {"phone": "", field: typed})
    assert answer.status_code == 422
    assert f'id="{at}-error"' in answer.text
    assert db.scalar(select(func.count()).select_from(Enquiry)) == 0


def _away(person: Any, first: date, last: date, cover: Any = None) -> dict[str, Any]:
    days = {"first_day": first, "last_day": last}
    parts = {
        f"{name}-{part}": getattr(day, part)
        for name, day in days.items()
        for part in ("day", "month", "year")
    }
    return {"account_id": str(person), "covered_by_id": str(cover or ""), **parts}


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (-9, -2, "must be today or later"),
        (0, 9999, "18 months"),
        (12, 20, "away already"),
    ],
)
def test_k20_an_absence_that_is_over_or_endless_or_recorded_already_is_refused(
    first: int, last: int, words: str, client: ConformingClient, cast: Cast, db: Session
) -> None:
    day = today()
    client.sign_in(cast.adviser)
    known = _away(cast.adviser.id, day + timedelta(10), day + timedelta(14))
    assert client.post("/enquiries/absences/new", data=known).status_code == 303
    asked = _away(cast.adviser.id, day + timedelta(first), day + timedelta(last))
    answer = client.post("/enquiries/absences/new", data=asked)
    assert answer.status_code == 422
    assert words in answer.text
    made = db.scalars(select(Absence)).one()
    same = client.post(f"/enquiries/absences/{made.id}", data=known)
    assert same.status_code == 303, "an absence is no overlap of itself"


def test_k20_nobody_stands_in_who_is_away_on_those_days(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    day = today()
    assert cast.adviser.id is not None
    assert cast.hub_manager.id is not None
    own = AwayWanted(cast.hub_manager.id, day + timedelta(4), day + timedelta(6))
    absences.record_absence(own, by=cast.hub_manager.actor)
    asked = _away(cast.adviser.id, day + timedelta(1), day + timedelta(4), cast.hub_manager.id)
    answer = client.sign_in(cast.adviser).post("/enquiries/absences/new", data=asked)
    assert answer.status_code == 422
    assert 'id="covered_by_id-error"' in answer.text


def test_the_next_step_of_an_enquiry_follows_its_diagnosis_and_its_plan(
    client: ConformingClient, cast: Cast
) -> None:
    owner = cast_business()
    made = factories.enquiry(
        hub_id=owner.hub_id,
        business_id=owner.id,
        claimed_by_id=cast.adviser.id,
        _status=EnquiryStatus.CLAIMED,
    )
    where = f"/enquiries/{made.id}"
    client.sign_in(cast.adviser)
    assert "Diagnose needs" in client.get(where).text
    answer = client.post(f"{where}/triage", data={"note": "Prefers mornings"})
    assert answer.status_code == 303
    page = client.get(where).text
    assert "Continue the diagnosis" in page
    assert "Prefers mornings" in page
    begun = open_diagnosis(owner.id)
    assert begun is not None
    diagnoses.answer(begun, {"growth_ambition": "3"}, version=None, by=cast.adviser.actor)
    diagnoses.finish(begun, by=cast.adviser.actor)
    page = client.get(where).text
    assert "See what the business needs" in page
    assert "Diagnose needs" not in page
    assert "Continue the diagnosis" not in page
    answer = client.post(f"{where}/make-plan", data={"note": "Plan it"})
    assert answer.status_code == 303
    assert client.get(answer.location).status_code == 200
    draft = planning.draft_of(owner.id)
    assert draft is not None
    assert draft.enquiry_id == made.id
    assert "Continue the action plan" in client.get(where).text


@pytest.mark.parametrize("act", ["release", "hand-over", "reopen"])
def test_the_clock_of_an_answered_enquiry_begins_again_where_it_waits_again(
    act: str, client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = cast_business()
    made = factories.enquiry(
        hub_id=owner.hub_id,
        claimed_by_id=cast.adviser.id,
        due_on=date(2026, 11, 2),
        answered_at=now(),
        _status=EnquiryStatus.ANSWERED,
    )
    other = db.scalars(select(Hub.id).where(Hub.code == OTHER_HUB)).one()
    client.sign_in(cast.administrator if act == "hand-over" else cast.hub_manager)
    assert "working day" not in client.get(f"/enquiries/{made.id}").text
    if act == "reopen":
        client.post(f"/enquiries/{made.id}/close", data={"close_reason": "helped", "close_note": ""})
    told = {"hub_id": str(other), "why_them": "Nearer", "why": "They wrote again"}
    assert client.post(f"/enquiries/{made.id}/{act}", data=told).status_code == 303
    assert "Due in 2 working days" in client.get(f"/enquiries/{made.id}").text
    assert "Due in 2 working days" in client.get("/enquiries?show=waiting").text
    assert made.business_name not in client.get("/enquiries?show=overdue").text


def test_an_enquiry_that_was_sent_promises_an_email_only_where_one_is_on_its_way(
    client: ConformingClient, db: Session
) -> None:
    said = []
    for _ in range(LETTERS_BY_RECEIVER.tries + 1):
        draft = begin(client)
        tell(client, draft)
        client.post(f"/enquire/{draft}/check")
        said.append("We are emailing" in client.get(f"/enquire/{draft}/sent").text)
    letters = db.scalar(select(func.count()).select_from(Letter).where(Letter.kind == "enquiry_received"))
    assert said.count(True) == letters
    assert said[-1] is False


def test_k17_a_founder_who_is_signed_in_is_not_asked_again_what_we_know(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    """Postcode, name, email and the facts of their own business are filled in; what is told now stands before them."""
    owner = cast_business()
    changed = {"trading_postcode": "B9 4AA", "trading_outcode": "B9", "legal_form": "freelancer"}
    for name, value in (changed | {"dcms_groups": ("crafts",), "stage": "growth"}).items():
        setattr(owner, name, value)
    factories.person(owner, name="Ann", email=cast.founder.email, role="Maker", phone="0121 496 0000")
    db.flush()
    client.sign_in(cast.founder)
    page = client.get("/enquire").text
    assert f"We fill in what your record says of {owner.name}" in " ".join(page.split())
    begun = client.post("/enquire?people=7", data={"business": str(BUSINESS)})
    draft = begun.headers["Location"].split("/")[2]
    shown = {
        name: client.get(f"/enquire/{draft}/{name}").text for name in ("where", "business", "work", "you")
    }
    assert 'value="B9 4AA"' in shown["where"]
    assert f'value="{owner.name}"' in shown["business"]
    assert re.search(r'value="freelancer"[^>]* checked', shown["business"])
    assert re.search(r'value="crafts"[^>]* checked', shown["work"])
    assert 'value="7"' in shown["work"]
    for known in (cast.founder.account.name, cast.founder.email, "Maker", "0121 496 0000"):
        assert f'value="{known}"' in shown["you"]

    other = client.sign_in(cast.other_founder).post("/enquire", data={"business": str(BUSINESS)})
    page = client.get(other.headers["Location"].replace("where", "you")).text
    assert cast.founder.email not in page
    assert 'value="B9 4AA"' not in client.get(other.headers["Location"]).text


def test_no_page_promises_an_adviser_to_somebody_whose_postcode_lies_outside_the_region(
    client: ConformingClient,
) -> None:
    results = client.get("/find-support/results?postcode=HR1+2AA").text
    assert "Talk to an adviser" not in results
    assert "you are</a>" in results or "helplines on GOV.UK" in results
    begun = client.get("/enquire?postcode=HR1+2AA").text
    assert "no adviser\n  would answer from there" in begun
    assert "We fill in what you told the support finder" not in begun
    assert "Talk to an adviser" in client.get("/find-support/results?postcode=B1+1AA").text
    assert "would answer from there" not in client.get("/enquire?postcode=B1+1AA").text
