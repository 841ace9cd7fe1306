"""The company of an offer is checked as its page showed it, and an offer that nobody answers is sent again."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.businesses.models import Business
from crm.kernel.calendar import day_in_words
from crm.notices.models import Letter
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.awards.test_offering import NAME, by_hand, offered, prepared, told
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
