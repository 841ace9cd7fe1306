"""The company of an offer is checked as its page showed it, and an offer that nobody answers is sent again."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crm.businesses.models import Business
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.notices.models import Letter
from crm.programme.awards.models import Award, AwardMilestone
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.awards.test_offering import NAME, by_hand, offered, offered_as, prepared, told
from tests.programme.pages import sent, typed


def test_a_check_of_the_company_replaces_no_other_unread_and_where_the_register_cannot_say_a_person_does(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = prepared(client, told(client, cast, db), db)
    here, seen = f"/awards/{made.id}", {"version": str(made.version)}
    about = db.get_one(Business, made.business_id)
    about.company_number = "09876543"
    db.flush()
    failed = client.post(f"{here}/check-company", data=seen)
    assert (failed.status_code, f'action="{here}/company-by-hand"' in failed.text) == (422, True)
    assert "record its status by hand" in failed.text.lower()
    about.company_number = None
    db.flush()
    client.sign_in(cast.approver)
    by_hand(client, made, "dissolved")
    client.sign_in(cast.programme_manager)
    stale = client.post(f"{here}/company-by-hand", data=seen | {"status": "active", "reason": NAME})
    assert stale.status_code == 409
    assert client.post(f"{here}/check-company", data=seen).status_code == 409
    by_hand(client, made)
    page = client.get(here).text
    for each in ("Active", "Dissolved"):
        assert re.search(rf"<li>{each}, .*, by .* Recorded by hand: {NAME}", page)


def test_an_offer_is_sent_again_with_a_later_last_day_and_nothing_else_changes(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = offered(client, cast, db)
    here, last = f"/awards/{made.id}", made.offer_expires_on
    assert "If you hear nothing, ring the owner, or send the offer again" in client.get(here).text
    again, version = f"{here}/send-again", str(made.version)
    assert day_in_words(last) in client.get(again).text
    for days, said in ((-1, "or later: the business was told so"), (400, "when the grant ends")):
        day = typed(f"{last + timedelta(days=days):%d %m %Y}", name="offer_expires_on")
        refused = client.post(again, data=day | {"version": version})
        assert (refused.status_code, said in refused.text) == (422, True)
    later = last + timedelta(days=10)
    day = typed(f"{later:%d %m %Y}", name="offer_expires_on")
    assert client.post(again, data=day | {"version": "99"}).status_code == 409
    assert "Offer sent again" in sent(client, again, day | {"version": version})
    assert f"until the end of\n  {day_in_words(later)}" in client.get(here).text
    assert db.scalars(select(Letter.kind).where(Letter.kind == "award_offer_again")).all()
    client.sign_in(cast.founder)
    assert f"You now have longer to answer: the last day was {day_in_words(last)}" in client.get(here).text
    assert client.get(again).status_code in (403, 404)


def test_k20_no_milestone_is_due_before_the_last_day_to_accept_when_an_offer_is_prepared_and_when_it_is_sent(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    one = told(client, cast, db)
    where, last = f"/decisions/{one.id}/offer", today() + timedelta(days=20)
    early = client.post(where, data=offered_as(**typed(f"{last - timedelta(days=1):%d %m %Y}", name="due_1")))
    words = f"The due date of milestone 1 must be {day_in_words(last)}, the last day to accept, or later"
    assert (early.status_code, words in early.text) == (422, True)
    assert 'href="#due_1' in early.text
    sent(client, where, offered_as(**typed(f"{last:%d %m %Y}", name="due_1")))
    made = db.scalars(select(Award).where(Award.decision_id == one.id)).one()
    by_hand(client, made)
    client.sign_in(cast.approver)
    assert client.get(f"/awards/{made.id}/send").status_code == 200
    db.execute(update(AwardMilestone).values(due_on=last - timedelta(days=1)))
    db.expire_all()
    assert "is due before the last day to accept" in client.get(f"/awards/{made.id}").text
    assert client.get(f"/awards/{made.id}/send").status_code == 409


def test_k20_an_offer_is_not_sent_again_until_after_its_first_milestone_is_due(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = offered(client, cast, db)
    dues = select(AwardMilestone.due_on).where(AwardMilestone.award_id == made.id)
    first, again = min(db.scalars(dues)), f"/awards/{made.id}/send-again"
    version = {"version": str(made.version)}
    late = typed(f"{first + timedelta(days=1):%d %m %Y}", name="offer_expires_on")
    refused = client.post(again, data=late | version)
    assert (refused.status_code, "when the first milestone is due" in refused.text) == (422, True)
    sent(client, again, typed(f"{first:%d %m %Y}", name="offer_expires_on") | version)
