"""What a letter about an award promises, and where its day is kept."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from crm.kernel.calendar import day_in_words
from crm.kernel.clock import now, today
from crm.programme.cohort.queries.sending import offer_promised
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.cohort.test_deciding import confirmed, decision_on, two_rounds_of_people
from tests.programme.pages import sent


def test_P35_an_award_letter_says_by_when_the_offer_comes_and_desks_have_that_day(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    theirs, _ = two_rounds_of_people(90)
    found = confirmed(theirs)
    client.sign_in(cast.programme_manager)
    due = day_in_words(today() + timedelta(days=14))
    said = f"We will send you an offer letter with the terms by {due}."
    assert said in client.get(f"/cohorts/{found.id}/letters").text
    sent(client, f"/decisions/{decision_on(db, theirs).id}/notify")
    assert said in client.get(f"/decisions/{decision_on(db, theirs).id}").text
    kept = decision_on(db, theirs)
    assert offer_promised(kept) == today() + timedelta(days=14)
    desk = client.get("/desk").text
    assert "Prepare the grant offer" in desk
    assert "verdue" not in desk
    kept.letters = [{**each, "at": (now() - timedelta(days=15)).isoformat()} for each in kept.letters]
    db.flush()
    assert "verdue" in client.get("/desk").text
