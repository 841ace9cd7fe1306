"""An award of less than was asked for: why, wherever it is read."""

from __future__ import annotations

from sqlalchemy.orm import Session

from crm.kernel.money import Money
from tests import cohorts, rounds
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.cohort.test_confirming import page, proposed, says_on_paper
from tests.programme.cohort.test_deciding import decision_on, two_rounds_of_people
from tests.programme.cohort.test_drafting import at
from tests.programme.pages import sent

PART = "Made: the second machine is not part of this project"


def test_P28_a_part_award_says_why_in_the_draft_the_pack_the_decision_its_letter_and_its_history(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    theirs, _ = two_rounds_of_people()
    found = cohorts.cohort(rounds.whole_application(theirs).round)
    draft = cohorts.draft(found)
    client.sign_in(cast.programme_manager)
    part = {"amount": "45,000.00", "part": ""}
    refused = client.post(at(draft, theirs, "choose"), data=part)
    assert (refused.status_code, "This is less than the £50,000 asked for" in refused.text) == (422, True)
    assert client.post(at(draft, theirs, "choose"), data=part | {"part": "x"}).status_code == 422
    assert PART in sent(client, at(draft, theirs, "choose"), part | {"part": PART})
    # Where all of it is awarded again nothing is to be explained, and what was written does not stay behind.
    sent(client, at(draft, theirs, "choose"), {"amount": "50,000.00", "part": PART})
    assert cohorts.whole_draft(draft).places[0].part_reason == ""
    sent(client, at(draft, theirs, "choose"), part | {"part": PART})

    assert PART in client.get(f"{page(draft)}/propose").text
    proposed(client, cast, cohorts.whole_draft(draft))
    assert PART in client.get(f"{page(draft)}/confirm").text
    assert PART in client.get(f"{page(draft)}/pack").text
    sent(client, f"{page(draft)}/confirm")
    says_on_paper(client, draft, "Awarded less than asked for", PART)
    one = decision_on(db, theirs)
    shown = client.get(f"/decisions/{one.id}").text
    assert f"Why it is less than asked for: {PART}" in shown.split(">History<")[1]
    assert "a part of the £50,000 you asked for" in shown
    client.sign_in(cast.programme_manager)
    sent(client, f"/decisions/{one.id}/notify")
    client.sign_in(cast.founder)
    assert PART in client.get(f"/applications/{theirs.id}").text


def test_P28_a_sum_that_became_less_than_what_is_asked_for_is_explained_before_it_is_proposed(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = cohorts.cohort(cohorts.judged())
    (only,) = cohorts.ranked(found.round, 80)
    draft = cohorts.draft(found)
    cohorts.place(draft, only, amount=Money.pounds(45_000)).part_reason = ""
    db.flush()
    client.sign_in(cast.programme_manager)

    there = f"{page(draft)}/propose"
    for answer in (client.get(there), client.post(there, data={"reserves": "0"})):
        assert "Awarded less than asked for without a reason" in answer.text
        assert "Propose to an approver</button>" not in answer.text
