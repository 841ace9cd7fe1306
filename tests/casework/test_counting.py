"""Hours: exact in quarters, counted once the business confirms them, put right by a manager with a reason."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, true
from sqlalchemy.orm import Session

from crm.audit.queries import entries_about
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.casework import queries
from crm.casework.models import Conversation, SupportHours
from crm.casework.rules import hours_in_words, read_quarters
from crm.casework.service import conversing, counting
from crm.casework.service.counting import HoursAnswer
from crm.casework.workflow import Channel, ConversationStatus, HoursStatus
from crm.db.session import session
from crm.kernel.clock import now, today
from crm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from crm.links import service as links
from crm.links.rules import Purpose
from crm.notices.models import Letter
from crm.notices.service import Reader
from tests import factories, gatherings
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast
from tests.client import ConformingClient

READER = Reader("jo@x.example", "Jo")


@pytest.fixture
def owner(cast: Cast) -> Business:
    found = business(BUSINESS)
    assert found is not None
    factories.person(found, name="Jo", email=READER.address)
    return found


def again(each: SupportHours) -> SupportHours:
    found = queries.hours(each.id)
    assert found is not None
    session().refresh(found)
    return found


def complete(owner: Business, quarters: int | None, **fields: Any) -> Conversation:
    whole = {"kind_code": factories.support_kind().code, "channel": Channel.VIDEO, "completed_at": now()}
    status = {"_status": ConversationStatus.COMPLETE}
    made: Conversation = factories.conversation(owner, quarters=quarters, **whole, **status, **fields)
    return made


def test_a23_one_and_a_half_and_two_and_a_quarter_are_three_and_three_quarters(
    cast: Cast, owner: Business
) -> None:
    for typed in ("1.5", "2.25"):
        factories.hours(owner, quarters=read_quarters(typed))
    assert hours_in_words(queries.quarters_on(owner.id, today())) == "3.75"


def test_a24_only_what_the_business_confirmed_counts(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    confirmed = {"answered_at": now(), "answered_by": "Jo", "_status": HoursStatus.CONFIRMED}
    factories.hours(owner, quarters=47, **confirmed)
    factories.hours(owner, quarters=40)
    page = client.sign_in(cast.founder).get(f"/businesses/{BUSINESS}/hours").text
    assert "11.75 of 12 hours, 0.25 to go" in page


def test_a23_no_more_than_24_hours_in_a_day_whoever_gave_them(cast: Cast, owner: Business) -> None:
    factories.hours(owner, quarters=92)
    kind, person = factories.support_kind(), factories.person(owner)
    assert cast.adviser.id is not None
    details = conversing.ConversationDetails(
        today(), "More", (person.id,), (cast.adviser.id,), "", Channel.VIDEO, kind.code, 5
    )
    with pytest.raises(Invalid, match="24 hours in a day"):
        conversing.record(owner, details, by=cast.adviser.actor)


def asked(cast: Cast, owner: Business, db: Session) -> tuple[list[SupportHours], str]:
    """Two rows that the business was asked about, and the link in its letter."""
    rows = [factories.hours(owner, quarters=4), factories.hours(owner, quarters=6)]
    assert counting.ask(owner, READER, by=cast.adviser.actor) == 2
    letter = db.scalars(select(Letter).where(Letter.kind == "hours_asked")).one()
    assert letter.link_purpose == "hours"
    return rows, links.mint(Purpose.HOURS, letter.link_subject_id or "")


def test_asking_a_second_person_for_the_hours_leaves_the_first_letter_working(
    client: ConformingClient, cast: Cast, owner: Business, db: Session
) -> None:
    _, first = asked(cast, owner, db)
    factories.person(owner, name="Sam", email="sam@made.example")
    again_to = Reader("sam@made.example", "Sam")
    counting.ask(owner, again_to, by=cast.adviser.actor)
    subject = db.scalars(select(Letter).where(Letter.to_address == "sam@made.example")).one().link_subject_id
    second = links.mint(Purpose.HOURS, subject or "")
    told = on_page(client, f"/links/hours/{first}")
    assert client.post(f"/links/hours/{first}", data=told).status_code == 303
    thanks = client.get("/links/hours-thanks").text
    assert "If you have an account for your business" in thanks
    late = client.get(f"/links/hours/{second}").text
    assert "no hours left to confirm" in late
    assert "Confirmed by" in late
    assert "write to us</a>" in late
    gone = client.get(f"/links/hours/{first}")
    assert (gone.status_code, "sign in and confirm them" in gone.text) == (404, True)


def test_an_owner_who_is_signed_in_confirms_hours_that_no_email_asked_about(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    held = factories.hours(owner, quarters=6)
    client.sign_in(cast.founder)
    assert "Confirm\n    1 record of hours" in client.get(f"/businesses/{BUSINESS}/support").text
    where = f"/businesses/{BUSINESS}/hours"
    told = on_page(client, where)
    refused = client.post(f"{where}/confirm", data=told | {"name": "Somebody Else"})
    assert refused.status_code == 422
    assert f"Type your name as it is on your account: {cast.founder.actor.name}" in refused.text
    assert client.post(f"{where}/confirm", data=told | {"name": cast.founder.actor.name}).status_code == 303
    assert again(held).status is HoursStatus.CONFIRMED
    assert 'id="confirm"' not in client.get(where).text


def shown(*rows: SupportHours) -> str:
    """What the page says of the rows that it shows."""
    return " ".join(f"{each.id}:{each.mark}" for each in rows)


def on_page(client: ConformingClient, where: str) -> dict[str, Any]:
    """What the form of a page would send if nothing in it was touched."""
    text = client.get(where).text
    found = re.search('name="shown" value="([^"]*)"', text)
    assert found
    return {
        "shown": found[1],
        "confirmed": re.findall('name="confirmed"[^>]*value="([^"]+)"', text),
        "name": "Jo",
    }


@pytest.mark.parametrize("how", ["by link", "signed in"])
def test_k4_hours_asked_about_after_the_page_was_opened_are_not_answered_for(
    client: ConformingClient, cast: Cast, owner: Business, db: Session, how: str
) -> None:
    (right, wrong), token = asked(cast, owner, db)
    where = f"/links/hours/{token}" if how == "by link" else f"/businesses/{BUSINESS}/hours"
    told = {"name": "Jo"}
    if how == "signed in":
        client.sign_in(cast.founder)
        told = {"name": cast.founder.actor.name}
    told = on_page(client, where) | told | {"confirmed": [str(right.id)]}
    later = factories.hours(owner, quarters=8, asked_at=now())
    for each in (right, wrong):  # asked about again, and handed over: nothing that the page says has changed
        each.asked_at, each.asker_id = now() + timedelta(minutes=1), cast.hub_manager.id
    db.flush()
    to = where if how == "by link" else f"{where}/confirm"
    refused = client.post(to, data=told)
    assert refused.status_code == 422
    assert str(later.id) not in refused.text.partition("All hours")[0]
    assert client.post(to, data=told | {"dispute_note": "B was one hour"}).status_code == 303
    assert again(right).status is HoursStatus.CONFIRMED
    assert again(wrong).dispute_note == "B was one hour"
    assert (again(later).status, again(later).dispute_note) == (HoursStatus.STATED, "")


def test_k4_hours_that_were_corrected_after_the_page_was_opened_are_shown_anew(
    client: ConformingClient, cast: Cast, owner: Business, db: Session
) -> None:
    (right, _), token = asked(cast, owner, db)
    where = f"/links/hours/{token}"
    told = on_page(client, where)
    right.asked_at = None
    found = queries.hours(right.id)
    assert found is not None
    counting.correct(found, 2, reason="Typed twice", by=cast.hub_manager.actor)
    right.asked_at = now()
    db.flush()
    refused = client.post(where, data=told)
    assert refused.status_code == 409
    assert "changed after you opened this page" in refused.text
    assert again(right).status is HoursStatus.STATED


def test_k3_a_complete_conversation_is_voided_with_a_reason_and_gives_no_hours(
    client: ConformingClient, cast: Cast, owner: Business, db: Session
) -> None:
    made = complete(owner, 6, subject="Recorded twice")
    held = factories.hours(owner, quarters=6, conversation_id=made.id)
    client.sign_in(cast.adviser)
    page = f"/conversations/{made.id}"
    assert client.post(f"{page}/void", data={"reason": " "}).status_code == 422
    assert client.post(f"{page}/void", data={"reason": "The same as the one before"}).status_code == 303
    shown_after = client.get(page).text
    assert "Voided" in shown_after
    assert "The same as the one before" in shown_after
    assert "Void this conversation" not in shown_after
    assert client.get(f"{page}/edit").status_code == 409
    assert client.post(f"{page}/void", data={"reason": "Again"}).status_code == 409
    assert client.get(f"/hours/{held.id}/correct").status_code in (403, 404)
    assert queries.hours_of(owner.id) == []
    assert queries.quarters_on(owner.id, today()) == 0
    assert queries.complete_with(owner.id, most=5) == []
    assert queries.spoken_with(today(), today(), visible=true()) == ({}, 0)
    assert "void_conversation" in {each.act for each in entries_about(made)}


def test_k3_hours_that_the_business_confirmed_are_voided_by_a_manager_alone(
    client: ConformingClient, cast: Cast, owner: Business, db: Session
) -> None:
    made = complete(owner, 6)
    answered = {"answered_at": now(), "answered_by": "Jo", "_status": HoursStatus.CONFIRMED}
    factories.hours(owner, quarters=6, conversation_id=made.id, **answered)
    where = f"/conversations/{made.id}/void"
    assert client.sign_in(cast.adviser).post(where, data={"reason": "Twice"}).status_code == 409
    assert client.sign_in(cast.hub_manager).post(where, data={"reason": "Twice"}).status_code == 303
    assert queries.hours_of(owner.id) == []


def test_k22_a_conversation_stands_on_the_timeline_by_the_day_it_took_place(
    client: ConformingClient, cast: Cast, owner: Business, db: Session
) -> None:
    complete(owner, None, subject="The talk of October", happened_on=date(2026, 10, 19))
    client.sign_in(cast.adviser)
    before, _, after = client.get(f"/businesses/{BUSINESS}/activity").text.rpartition("The talk of October")
    assert "19 October 2026" in before[-900:] + after[:600]


def test_a_business_confirms_by_link_and_says_what_is_not_right(
    client: ConformingClient, cast: Cast, owner: Business, db: Session
) -> None:
    (right, wrong), token = asked(cast, owner, db)
    later = factories.hours(owner, quarters=8)
    where = f"/links/hours/{token}"
    page = client.get(where).text
    assert str(right.id) in page
    assert str(later.id) not in page
    assert "This link was emailed to Jo." in page
    other = {
        "confirmed": [str(right.id), str(wrong.id)],
        "name": "Somebody Else",
        "shown": shown(right, wrong),
    }
    refused = client.post(where, data=other)
    assert refused.status_code == 422
    assert "This link was emailed to Jo. Enter that name, or ask them to answer" in refused.text
    refused = client.post(
        where, data={"confirmed": [str(right.id)], "name": "Jo", "shown": shown(right, wrong)}
    )
    assert refused.status_code == 422
    assert 'id="dispute_note-error"' in refused.text
    told = {"confirmed": [str(right.id)], "name": "Jo", "dispute_note": "An hour, not more"}
    told["shown"] = shown(right, wrong)
    assert client.post(where, data=told).status_code == 303
    assert (again(right).status, again(right).answered_by) == (
        HoursStatus.CONFIRMED,
        "Jo, by the link emailed to them",
    )
    assert (again(wrong).status, again(wrong).dispute_note) == (HoursStatus.DISPUTED, "An hour, not more")
    assert again(later).status is HoursStatus.STATED
    assert client.get(where).status_code == client.post(where, data=told).status_code == 404
    assert "entry of hours is disputed" in client.sign_in(cast.hub_manager).get("/desk").text


def test_a68_looking_at_the_link_changes_nothing(
    client: ConformingClient, cast: Cast, owner: Business, db: Session
) -> None:
    (right, _), token = asked(cast, owner, db)
    for _ in range(3):
        assert client.get(f"/links/hours/{token}").status_code == 200
    assert again(right).status is HoursStatus.STATED
    assert len(entries_about(right)) == 0


def test_a68_a_newer_link_kills_the_older_and_one_of_another_kind_opens_nothing(
    client: ConformingClient, cast: Cast, owner: Business, db: Session, clock: Any
) -> None:
    _, old = asked(cast, owner, db)
    letter = db.scalars(select(Letter).where(Letter.kind == "hours_asked")).one()
    newer = links.mint(Purpose.HOURS, letter.link_subject_id or "")
    other = links.mint(Purpose.PLAN, str(owner.id))
    for dead in (old, other, newer[:-1] + "x", "nothing"):
        assert client.get(f"/links/hours/{dead}").status_code == 404
    assert client.get(f"/links/hours/{newer}").status_code == 200
    clock.shift(31 * 24 * 3600)
    assert client.get(f"/links/hours/{newer}").status_code == 404


def test_a_founder_confirms_signed_in_and_nobody_else_does(
    client: ConformingClient, cast: Cast, owner: Business, db: Session
) -> None:
    rows, _ = asked(cast, owner, db)
    told = {
        "confirmed": [str(each.id) for each in rows],
        "name": cast.founder.actor.name,
        "shown": shown(*rows),
    }
    assert (
        client.sign_in(cast.adviser).post(f"/businesses/{BUSINESS}/hours/confirm", data=told).status_code
        == 403
    )
    stranger = client.sign_in(cast.other_founder)
    assert stranger.post(f"/businesses/{BUSINESS}/hours/confirm", data=told).status_code == 404
    founder = client.sign_in(cast.founder)
    assert founder.post(f"/businesses/{BUSINESS}/hours/confirm", data=told).status_code == 303
    assert {again(each).status for each in rows} == {HoursStatus.CONFIRMED}
    assert founder.post(f"/businesses/{BUSINESS}/hours/confirm", data=told).status_code == 409


def test_a24_hours_that_were_answered_for_are_put_right_by_a_manager_with_a_reason(
    client: ConformingClient, cast: Cast, owner: Business, db: Session
) -> None:
    rows, _ = asked(cast, owner, db)
    counting.answer(
        owner, HoursAnswer({each.id for each in rows}, cast.founder.actor.name), by=cast.founder.actor
    )
    where = f"/hours/{rows[0].id}/correct"
    assert client.sign_in(cast.adviser).get(where).status_code == 403
    client.sign_in(cast.hub_manager)
    assert client.post(where, data={"quarters": "2", "reason": " "}).status_code == 422
    assert client.post(where, data={"quarters": "2", "reason": "Typed twice"}).status_code == 303
    found = again(rows[0])
    assert (found.quarters, found.status, found.answered_by) == (8, HoursStatus.STATED, None)
    assert "correct_hours" in {each.act for each in entries_about(found)}
    with pytest.raises(NotAllowed):
        counting.correct(found, 4, reason="x", by=cast.founder.actor)


def test_k5_hours_of_a_workshop_are_corrected_to_no_more_than_it_took(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    held = factories.hours(owner, quarters=6, workshop_id=gatherings.workshop(quarters=6).id)
    where = f"/hours/{held.id}/correct"
    refused = client.sign_in(cast.hub_manager).post(where, data={"quarters": "2.25", "reason": "Longer"})
    assert (refused.status_code, "The workshop takes 2 hours" in refused.text) == (422, True)
    assert client.post(where, data={"quarters": "2", "reason": "Longer"}).status_code == 303
    assert again(held).quarters == 8


def test_a24_a_record_whose_hours_were_confirmed_keeps_them(cast: Cast, owner: Business) -> None:
    kind, person = factories.support_kind(), factories.person(owner)
    assert cast.adviser.id is not None
    details = conversing.ConversationDetails(
        today(), "Talk", (person.id,), (cast.adviser.id,), "", Channel.VIDEO, kind.code, 4
    )
    made: Conversation = conversing.record(owner, details, by=cast.adviser.actor)
    queries.read_again(made)
    conversing.complete(made, by=cast.adviser.actor)
    counting.ask(owner, READER, by=cast.adviser.actor)
    held = queries.hours_from(made.id)
    assert held is not None
    counting.answer(owner, HoursAnswer({held.id}, cast.founder.actor.name), by=cast.founder.actor)
    more = conversing.ConversationDetails(
        today(), "Talk", (person.id,), (cast.adviser.id,), "", Channel.VIDEO, kind.code, 8
    )
    with pytest.raises(Conflict, match="A manager can correct them"):
        conversing.edit(made, more, version=None, by=cast.adviser.actor)


def test_nobody_is_asked_about_nothing(cast: Cast, owner: Business) -> None:
    with pytest.raises(Conflict):
        counting.ask(owner, READER, by=cast.adviser.actor)
    with pytest.raises(NotFound):
        counting.asked_by("nothing")


def test_a68_hours_of_another_business_are_not_answered_for(
    client: ConformingClient, cast: Cast, owner: Business, db: Session
) -> None:
    other = business(OTHER_BUSINESS)
    assert other is not None
    theirs = factories.hours(other, asked_at=now())
    _, token = asked(cast, owner, db)
    told = {"confirmed": [str(theirs.id)], "name": "Jo", "shown": shown(theirs)}
    assert client.post(f"/links/hours/{token}", data=told).status_code == 409
    assert again(theirs).status is HoursStatus.STATED
