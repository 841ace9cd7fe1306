"""E-mails written from the record: from a template, to somebody who can read them, kept, and answered to the adviser."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.businesses.models import Business
from crm.businesses.workflow import BusinessStatus
from crm.casework.models import WrittenEmail
from crm.casework.rules import filled, unknown_places
from crm.casework.service import writing
from crm.casework.service.writing import EmailDetails, TemplateDetails
from crm.kernel.clock import today
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.permissions import SYSTEM
from crm.notices.models import Letter
from tests import factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient

WORDS = TemplateDetails("Hello", "For {business}", "Hello {name}, from {adviser}")


def test_places_are_filled_and_other_braces_stay() -> None:
    assert (
        filled("{name} of {business}: {x} {", {"name": "Sam", "business": "Otter"}) == "Sam of Otter: {x} {"
    )
    assert unknown_places("{name} {nmae} {nmae} {}") == ["{nmae}", "{}"]


@given(st.text(), st.text())
def test_what_a_name_holds_is_never_read_as_a_place(before: str, name: str) -> None:
    text = before.replace("{", "(") + "{name}"
    assert filled(text, {"name": name}) == before.replace("{", "(") + name


def test_an_email_goes_out_with_the_act_and_is_answered_to_the_adviser(
    cast: Cast, db: Session, owner: Business
) -> None:
    reader = factories.person(owner, name="Robin Made", email="robin@made.example")
    details = EmailDetails(reader.id, "The list", "Here it is.")
    made = writing.write(owner, details, reply_to="adviser@hub.example", by=cast.adviser.actor)
    letter = db.get(Letter, made.letter_id)
    assert letter is not None
    assert (letter.kind, letter.to_address, letter.reply_to) == (
        "written",
        "robin@made.example",
        "adviser@hub.example",
    )
    assert letter.context["body"] == "Here it is."


@pytest.mark.parametrize("fields", [{"email": None}, {"left_on": today()}])
def test_nobody_writes_to_whoever_has_no_address_or_has_left(
    cast: Cast, owner: Business, fields: dict[str, Any]
) -> None:
    reader = factories.person(owner, **fields)
    with pytest.raises(Invalid) as refusal:
        writing.write(
            owner, EmailDetails(reader.id, "A", "B"), reply_to="a@hub.example", by=cast.adviser.actor
        )
    assert refusal.value.field == "person"


def test_nobody_writes_to_somebody_of_another_business(cast: Cast, owner: Business, db: Session) -> None:
    stranger = factories.person(factories.business(), email="else@made.example")
    with pytest.raises(Invalid):
        writing.write(
            owner, EmailDetails(stranger.id, "A", "B"), reply_to="a@hub.example", by=cast.adviser.actor
        )
    assert db.scalar(select(func.count()).select_from(WrittenEmail)) == 0


def test_a_template_begins_the_email_in_the_names_of_both(
    cast: Cast, client: ConformingClient, owner: Business
) -> None:
    reader = factories.person(owner, name="Robin Made", email="robin@made.example")
    template = factories.email_template(subject="For {business}", body="Hello {name}, from {adviser} {")
    client.sign_in(cast.adviser)
    page = f"/businesses/{BUSINESS}/emails/new"
    assert "Template" in client.get(page).text
    begun = client.get(f"{page}?person={reader.id}&template={template.id}").text
    assert f"For {owner.name}" in begun
    assert f"Hello Robin, from {cast.adviser.actor.name} {{" in begun
    assert client.get(f"{page}?person={uuid4()}&template=evil").status_code == 200


def test_what_was_written_is_kept_and_its_way_shown(
    cast: Cast, client: ConformingClient, owner: Business
) -> None:
    reader = factories.person(owner, name="Robin Made", email="robin@made.example")
    client.sign_in(cast.adviser)
    page = f"/businesses/{BUSINESS}/emails/new"
    lacking = client.post(page, data={"person": str(reader.id), "subject": "", "body": "<b>R&D</b>"})
    assert lacking.status_code == 422
    assert "&lt;b&gt;R&amp;D&lt;/b&gt;" in lacking.text
    sent = client.post(page, data={"person": str(reader.id), "subject": "Hi", "body": "<b>R&D</b>"})
    assert sent.status_code == 303
    shown = client.get(sent.location).text
    assert "On its way" in shown
    assert "&lt;b&gt;R&amp;D&lt;/b&gt;" in shown
    assert "Hi" in client.get(f"/businesses/{BUSINESS}").text


def test_a_template_with_a_place_that_stands_for_nothing_is_refused(cast: Cast) -> None:
    with pytest.raises(Invalid, match=r"\{nmae\}"):
        writing.add_template(TemplateDetails("A", "B", "Hello {nmae}"), by=cast.administrator.actor)


def test_two_templates_never_share_a_name(cast: Cast) -> None:
    made = writing.add_template(WORDS, by=cast.administrator.actor)
    with pytest.raises(Invalid) as refusal:
        writing.add_template(TemplateDetails("HELLO", "B", "C"), by=cast.administrator.actor)
    assert refusal.value.field == "name"
    writing.change_template(
        made, TemplateDetails("hello", "B", "C"), version=made.version, by=cast.administrator.actor
    )
    assert made.name == "hello"


def test_a_template_changed_meanwhile_is_not_written_over(cast: Cast) -> None:
    made = factories.email_template()
    with pytest.raises(Conflict):
        writing.change_template(made, WORDS, version=made.version + 1, by=SYSTEM)


def test_a_retired_template_is_offered_no_more(cast: Cast, client: ConformingClient, owner: Business) -> None:
    factories.person(owner, email="robin@made.example")
    made = factories.email_template(name="Old words")
    client.sign_in(cast.administrator)
    page = f"/businesses/{BUSINESS}/emails/new"
    assert "Old words" in client.get(page).text
    assert client.post(f"/email-templates/{made.id}/retire").status_code == 303
    assert client.post(f"/email-templates/{made.id}/retire").status_code == 409
    assert "Old words" not in client.get(page).text
    assert client.post(f"/email-templates/{made.id}/restore").status_code == 303
    assert "Old words" in client.get(page).text


def test_a34_nobody_writes_from_the_record_of_an_archived_business(cast: Cast, owner: Business) -> None:
    reader = factories.person(owner, email="robin@made.example")
    owner._status, owner.archived_reason = BusinessStatus.ARCHIVED, "Closed down"
    details = EmailDetails(reader.id, "A", "B")
    with pytest.raises(Conflict):
        writing.write(owner, details, reply_to="a@hub.example", by=cast.administrator.actor)


@pytest.mark.parametrize("mark", ["- ", "•", " –  "])
def test_k11_a_list_that_a_template_leaves_to_be_filled_in_is_not_sent_empty(
    client: ConformingClient, cast: Cast, owner: Business, db: Session, mark: str
) -> None:
    reader = factories.person(owner, email="robin@made.example")
    where, told = f"/businesses/{BUSINESS}/emails/new", {"person": str(reader.id), "subject": "Made"}
    client.sign_in(cast.adviser)
    body = "This is what comes next:\n\n{}\n\nYours"
    refused = client.post(where, data=told | {"body": body.format(mark)})
    assert refused.status_code == 422
    assert "Fill in the line that has a dash and nothing after it" in refused.text
    assert "This is what comes next:" in refused.text
    assert db.scalars(select(WrittenEmail)).all() == []
    assert client.post(where, data=told | {"body": body.format("- We meet")}).status_code == 303
