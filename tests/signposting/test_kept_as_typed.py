"""A call for another hub's place is told on, and what was typed on an enquiry is saved whichever button is pressed."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.models import Hub
from crm.signposting.models import Enquiry
from crm.signposting.workflow import EnquiryStatus
from tests import factories
from tests.cast import BUSINESS, HUB, Cast
from tests.client import ConformingClient


def test_a_call_for_a_place_of_another_hub_says_which_hub_has_it_by_when_it_answers_and_the_reference(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    told = {"way": "phone", "business_name": "Kiln", "story": "Help", "name": "Ann", "phone": "0121 496 0001"}
    answer = client.sign_in(cast.other_adviser).post(
        "/enquiries/new", data=told | {"place": "B9 4AA", "form": ""}
    )
    assert answer.status_code == 303
    made = db.scalars(select(Enquiry)).one()
    hub = db.get_one(Hub, made.hub_id)
    assert hub.code == HUB
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200
    assert f"{hub.name} serves this place" in page.text
    assert f"it answers by {made.due_on.day} {made.due_on:%B %Y}" in page.text
    assert f"Tell the caller this reference: {made.reference}" in page.text


@pytest.mark.parametrize("button", ["release", "triage", "note", "close"])
def test_an_answer_that_was_typed_is_saved_as_a_note_where_another_button_is_pressed(
    button: str, client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = factories.enquiry(
        business_id=BUSINESS, claimed_by_id=cast.adviser.id, _status=EnquiryStatus.CLAIMED
    )
    typed = {
        "said": "Rang them about kilns",
        "note": "Mornings",
        "close_reason": "helped",
        "close_note": "Bye",
    }
    answer = client.sign_in(cast.adviser).post(f"/enquiries/{made.id}/{button}", data=typed)
    assert answer.status_code == 303
    page = client.get(f"/enquiries/{made.id}").text
    assert "Typed as the answer, not marked as answered: Rang them about kilns" in page
    assert ("Typed as the closing note, not closed: Bye" in page) is (button != "close")
    assert ("Your note was kept." in page) is (button != "note")
    db.refresh(made)
    assert made.answered_at is None


def test_whoever_claims_an_enquiry_with_a_note_reads_that_it_was_kept(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = factories.enquiry(business_id=BUSINESS, _status=EnquiryStatus.WAITING)
    client.sign_in(cast.adviser).post(f"/enquiries/{made.id}/claim", data={"note": "Mornings"})
    page = client.get(f"/enquiries/{made.id}").text

    assert "This enquiry is now assigned to you. Your note was kept." in page
    assert "Mornings" in page
