"""Each form and button of casework, sent by the right person through its page, and where that leads."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.businesses.models import Business
from crm.businesses.service import keeping
from crm.casework.models import Conversation, NextStep
from crm.casework.workflow import Channel
from crm.kernel.clock import now
from tests import factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.programme.pages import sent


def test_a_draft_is_completed_or_deleted_by_its_button(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    ready = {"kind_code": factories.support_kind().code, "channel": Channel.VIDEO, "quarters": 6}
    draft, other = factories.conversation(owner, **ready), factories.conversation(owner)
    client.sign_in(cast.adviser)
    assert "Conversation recorded: 1.5 hours." in sent(client, f"/conversations/{draft.id}/complete")
    assert "Draft deleted." in sent(client, f"/conversations/{other.id}/discard")
    assert client.post(f"/conversations/{draft.id}/discard").status_code == 409


def test_k3_a_double_click_records_one_conversation(
    client: ConformingClient, cast: Cast, owner: Business, db: Session
) -> None:
    person = factories.person(owner)
    client.sign_in(cast.adviser)
    where = f"/businesses/{BUSINESS}/conversations/new"
    once = re.search('name="once" value="([^"]+)"', client.get(where).text)
    assert once
    told = {"happened_on-day": "24", "happened_on-month": "11", "happened_on-year": "2026"}
    told |= {"people": str(person.id), "advisers": str(cast.adviser.id), "subject": "Once", "then": "draft"}
    told["once"] = once[1]
    first, second = client.post(where, data=told), client.post(where, data=told)
    assert first.location == second.location
    assert db.scalar(select(func.count()).where(Conversation.subject == "Once")) == 1


def test_the_business_is_asked_to_confirm_its_hours(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    factories.hours(owner, quarters=6)
    client.sign_in(cast.adviser)
    where = f"/businesses/{BUSINESS}/hours/ask"
    factories.person(owner, name="Jo", email="jo@made.example")
    told = {"email": "jo@made.example"}
    assert "Jo, jo@made.example" in client.get(f"/businesses/{BUSINESS}/hours").text
    for _ in range(3):
        assert "We have asked jo@made.example by email" in sent(client, where, told)
    assert client.post(where, data=told).status_code == 429


def test_k26_only_people_at_the_business_are_asked_to_confirm_and_never_staff(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    factories.hours(owner, quarters=6)
    factories.person(owner, name="Adviser", email=cast.adviser.email)
    client.sign_in(cast.adviser)
    for address in (cast.adviser.email, "stranger@made.example"):
        answer = client.post(f"/businesses/{BUSINESS}/hours/ask", data={"email": address})
        assert answer.status_code == 422
        assert "Choose a person at this business" in answer.text
    assert f"Adviser, {cast.adviser.email}" not in answer.text


def test_k12_a_draft_of_more_hours_than_a_day_has_left_is_refused_when_saved(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    factories.hours(owner, quarters=92, happened_on=date(2026, 11, 24))
    person = factories.person(owner)
    told = {"happened_on-day": "24", "happened_on-month": "11", "happened_on-year": "2026", "quarters": "2"}
    told |= {"people": str(person.id), "advisers": str(cast.adviser.id), "subject": "Long", "then": "draft"}
    answer = client.sign_in(cast.adviser).post(f"/businesses/{BUSINESS}/conversations/new", data=told)
    assert answer.status_code == 422


def test_k6_the_same_number_of_hours_is_no_correction(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    held = factories.hours(owner, quarters=6)
    client.sign_in(cast.hub_manager)
    told = {"quarters": "1.5", "reason": "No reason"}
    answer = client.post(f"/hours/{held.id}/correct", data=told)
    assert answer.status_code == 422
    assert "Enter a different number of hours" in answer.text


@pytest.mark.parametrize("what", ["next-steps", "conversations", "referrals"])
def test_k12_nothing_is_begun_with_an_archived_business(
    client: ConformingClient, cast: Cast, owner: Business, what: str
) -> None:
    where = f"/businesses/{BUSINESS}/{what}/new"
    assert client.sign_in(cast.adviser).get(where).status_code == 200
    keeping.archive(owner, reason="Closed", by=cast.administrator.actor)
    answer = client.get(where)
    assert answer.status_code == 409
    assert "This business is archived" in answer.text


def test_hours_cannot_be_asked_about_where_none_are_stated(client: ConformingClient, cast: Cast) -> None:
    client.sign_in(cast.adviser)
    told = {"name": "Jo", "email": "jo@made.example"}
    assert client.post(f"/businesses/{BUSINESS}/hours/ask", data=told).status_code == 409


def test_a_step_comes_out_of_a_conversation(
    client: ConformingClient, cast: Cast, owner: Business, db: Session
) -> None:
    talk = factories.conversation(owner)
    client.sign_in(cast.adviser)
    told = {"title": "Send the list", "assignees": str(cast.adviser.id)}
    assert "Next step added." in sent(client, f"/conversations/{talk.id}/next-steps/new", told)
    assert (
        db.scalars(select(NextStep.conversation_id).where(NextStep.title == "Send the list")).one() == talk.id
    )


def test_a_step_that_is_done_is_refused_before_its_form(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    step = factories.next_step(owner, cast.adviser.account)
    client.sign_in(cast.adviser)
    assert "Next step done." in sent(client, f"/next-steps/{step.id}/finish")
    refused = client.get(f"/next-steps/{step.id}/change")
    assert refused.status_code == 409
    assert "done already" in refused.text


def test_k18_a_step_marked_as_done_on_its_page_is_saved_as_it_was_typed_there(
    client: ConformingClient, cast: Cast, owner: Business, db: Session
) -> None:
    step = factories.next_step(owner, cast.adviser.account)
    client.sign_in(cast.adviser)
    finish = f"/next-steps/{step.id}/finish"
    told = {"title": "", "assignees": str(cast.adviser.id), "version": str(step.version)}
    refused = client.post(finish, data=told)
    assert refused.status_code == 422
    assert f'action="/next-steps/{step.id}/change"' in refused.text
    assert "Next step done." in sent(client, finish, told | {"title": "Sent both papers"})
    db.expire_all()
    kept = db.get_one(NextStep, step.id)
    assert (kept.title, kept.done_at is not None) == ("Sent both papers", True)


def test_a_template_is_added_changed_retired_and_restored(client: ConformingClient, cast: Cast) -> None:
    kept = factories.email_template()
    client.sign_in(cast.hub_manager)
    told = {"name": "After a visit", "subject": "For {business}", "body": "Hello {name}"}
    assert "Template added." in sent(client, "/email-templates/new", told)
    changed = told | {"name": "Another", "version": str(kept.version)}
    assert "Template changed." in sent(client, f"/email-templates/{kept.id}/change", changed)
    assert "Another is no longer offered." in sent(client, f"/email-templates/{kept.id}/retire")
    assert "Another is offered again." in sent(client, f"/email-templates/{kept.id}/restore")


def test_a_kind_of_support_is_retired_and_restored(client: ConformingClient, cast: Cast) -> None:
    kind = factories.support_kind()
    client.sign_in(cast.administrator)
    assert f"{kind.label} is no longer offered." in sent(client, f"/support-kinds/{kind.code}/retire")
    assert f"{kind.label} is offered again." in sent(client, f"/support-kinds/{kind.code}/restore")
    assert client.post(f"/support-kinds/{kind.code}/restore").status_code == 409


def test_a_draft_is_not_corrected_to_more_than_24_hours_in_a_day(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    person = factories.person(owner)
    factories.hours(owner, quarters=90)
    draft = factories.conversation(owner, recorded_by_id=cast.adviser.id)
    client.sign_in(cast.adviser)
    told = {"happened_on-day": "24", "happened_on-month": "11", "happened_on-year": "2026"}
    told |= {"people": str(person.id), "advisers": str(cast.adviser.id), "subject": "Long", "then": "draft"}
    where = f"/conversations/{draft.id}/edit"
    refused = client.post(where, data=told | {"quarters": "2"})
    assert refused.status_code == 422
    assert "this would be more than 24 hours in a day" in refused.text
    assert "Draft saved." in sent(client, where, told | {"quarters": "1.5"})


def test_hours_are_asked_about_from_the_desk_and_each_number_opens_exactly_its_rows(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    talk = factories.conversation(
        owner,
        cast.adviser.account,
        recorded_by_id=cast.adviser.id,
        channel=Channel.VIDEO,
        quarters=6,
        kind_code=factories.support_kind().code,
    )
    factories.person(owner)
    client.sign_in(cast.adviser)
    assert (
        "you can ask the business to confirm the hours"
        in client.get(f"/businesses/{BUSINESS}/conversations/new").text
    )
    saved = sent(client, f"/conversations/{talk.id}/complete")
    assert f'href="/businesses/{BUSINESS}/hours">Ask the business to confirm the hours' in saved
    assert "1 entry of hours to ask the business about" in desk(client)
    page = client.get("/hours?show=unasked").text
    assert (page.count(talk.subject), page.count(">Ask the business<")) == (2, 1)
    other = factories.business(hub_id=owner.hub_id)
    for each in (owner, other):
        factories.hours(
            each,
            what=f"Disputed help for {each.name}",
            _status="disputed",
            answered_at=now(),
            answered_by="Ann",
            dispute_note="Shorter",
        )
    client.sign_in(cast.hub_manager)
    assert "2 entries of hours are disputed" in desk(client)
    page = client.get("/hours?show=disputed").text
    assert page.count("Disputed help for") == 4
    assert page.count(">Correct<") == 2
    assert client.get("/hours?show=x").status_code == 422


def desk(client: ConformingClient) -> str:
    """What the desk says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", client.get("/desk").text).split())
