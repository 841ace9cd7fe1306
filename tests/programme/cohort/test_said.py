"""What pages and letters of a cohort say fits what happened, and names what to do."""

from __future__ import annotations

from sqlalchemy.orm import Session

from crm.kernel.permissions import SYSTEM
from crm.programme.cohort.service import confirming
from tests import cohorts
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.awards.test_offering import WHY, offered
from tests.programme.cohort.test_deciding import (
    confirmed,
    people_told,
    seen_on,
    two_rounds_of_people,
)
from tests.programme.pages import sent, two_withdraw


def test_k11_the_story_of_an_award_says_that_it_was_withdrawn(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = offered(client, cast, db)
    two_withdraw(client, cast, made.decision_id, why=WHY)
    page = client.sign_in(cast.programme_manager).get(f"/awards/{made.id}").text
    assert page.count("Decision sent") == 1
    assert "Told that the award is withdrawn" in page


def test_k28_a_tab_opened_before_a_part_was_sent_is_told_what_was_sent_and_what_waits(
    client: ConformingClient, cast: Cast
) -> None:
    theirs, other = two_rounds_of_people(70)
    found = confirmed(other, is_explained=False)
    people_told(found, but=theirs.business_id)
    client.sign_in(cast.programme_manager)
    letters = f"/cohorts/{found.id}/letters"
    early = seen_on(client, letters)
    sent(client, f"/cohorts/{found.id}/decisions/notify-all", early)
    again = client.post(f"/cohorts/{found.id}/decisions/notify-all", data=early)
    assert (
        again.status_code,
        "1 decision was sent already. Of the others: no decision can" in again.text,
    ) == (409, True)


def test_k28_a_reason_that_is_too_short_is_told_so(client: ConformingClient, cast: Cast) -> None:
    draft = cohorts.draft(cohorts.cohort(cohorts.judged()))
    (row,) = cohorts.ranked(cohorts.whole_draft(draft).round, 90)
    choosing = f"/cohort-drafts/{draft.id}/applications/{row.id}/choose"
    client.sign_in(cast.programme_manager)
    refused = client.post(choosing, data={"amount": "40,000", "part": "again"})
    assert (refused.status_code, "too short: use at least 10 characters" in refused.text) == (422, True)
    assert "too short" not in client.post(choosing, data={"amount": "40,000", "part": ""}).text


def test_k6_a_draft_that_was_compared_with_the_one_that_was_confirmed_stays(
    client: ConformingClient, cast: Cast
) -> None:
    found = cohorts.cohort(cohorts.judged())
    (row,) = cohorts.ranked(found.round, 90)
    draft, rival = cohorts.draft(found, row), cohorts.draft(found, row)
    confirming.propose(draft, by=SYSTEM)
    confirming.confirm(cohorts.whole_draft(draft), by=SYSTEM)
    client.sign_in(cast.programme_manager)
    page = client.get(f"/cohort-drafts/{rival.id}").text
    assert "Out of date" in page
    assert "Delete this draft" not in page
    assert client.post(f"/cohort-drafts/{rival.id}/delete").status_code == 409
    assert "another draft of this cohort was confirmed" in page
    late = client.sign_in(cast.approver).post(f"/cohort-drafts/{rival.id}/confirm").text
    assert ("confirmed another draft with applicants of this one on" in late, "changed it" in late) == (
        True,
        False,
    )


def test_k11_whoever_declines_an_offer_reads_that_they_did(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    made = offered(client, cast, db)
    client.sign_in(cast.founder)
    sent(client, f"/awards/{made.id}/decline", {"reason": WHY})
    db.expire_all()
    letter = made.letters[-1]["text"]
    assert "You declined the grant of £50,000.00" in letter
    assert "If you did not mean to decline it, write to us at once with your reference" in letter
