"""Hours that a manager corrects: one value on every page, with the reason and what the business had confirmed before."""

from __future__ import annotations

import re
from html import unescape

from sqlalchemy.orm import Session

from crm.businesses.models import Business
from crm.casework import queries
from crm.casework.models import ConversationAdviser, ConversationPerson
from crm.casework.service import counting
from crm.casework.service.counting import HoursAnswer
from tests import factories
from tests.casework.test_counting import again, complete, owner
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient

__all__ = ["owner"]


def test_k6_hours_that_a_manager_corrects_are_one_value_on_every_page_with_what_was_before(
    client: ConformingClient, cast: Cast, owner: Business, db: Session
) -> None:
    talk = complete(owner, 6, subject="The first subject", recorded_by_id=cast.adviser.id)
    person = factories.person(owner)
    db.add(ConversationPerson(conversation_id=talk.id, person_id=person.id))
    db.add(ConversationAdviser(conversation_id=talk.id, account_id=cast.adviser.id, team="Hub"))
    db.flush()
    counting.state(talk, by=cast.adviser.actor)
    held = queries.hours_from(talk.id)
    assert held is not None
    counting.answer(owner, HoursAnswer({held.id}, cast.founder.actor.name), by=cast.founder.actor)
    where = f"/conversations/{talk.id}"
    page = client.sign_in(cast.adviser).get(where).text
    assert "A manager can correct them, or void the conversation." in page
    assert "Void this conversation" not in page
    assert "A manager of your hub can correct the hours" in client.get(f"{where}/edit").text
    client.sign_in(cast.hub_manager)
    assert f"/hours/{held.id}/correct" in client.get(where).text
    told = {"quarters": "5", "reason": "The morning was left out"}
    assert client.post(f"/hours/{held.id}/correct", data=told).status_code == 303
    before = f"Before that, {cast.founder.actor.name} had confirmed 1.5 hours."
    for each in (where, f"/businesses/{BUSINESS}/hours"):
        page = unescape(client.get(each).text)
        assert "corrected 1.5 hours to 5 hours" in page
        assert before in page
        assert "The morning was left out." in page
    db.expire_all()
    client.sign_in(cast.adviser)
    form = {"happened_on-day": str(talk.happened_on.day), "happened_on-month": str(talk.happened_on.month)}
    form |= {"happened_on-year": str(talk.happened_on.year), "people": str(person.id), "channel": "video"}
    form |= {"advisers": str(cast.adviser.id), "subject": "The new subject", "kind_code": talk.kind_code}
    quarters = re.search('name="quarters"[^>]*value="([^"]*)"', client.get(f"{where}/edit").text)
    assert quarters
    assert client.post(f"{where}/edit", data=form | {"quarters": quarters[1]}).status_code == 303
    found = again(held)
    assert (found.quarters, found.what) == (20, "The new subject")
    assert "5 hours" in client.get(where).text
