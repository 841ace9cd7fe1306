"""What the history of an application says of its decision."""

from __future__ import annotations

from sqlalchemy.orm import Session

from crm.programme.cohort.service import confirming
from tests import cohorts, rounds
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.cohort.test_deciding import decision_on, explained, two_rounds_of_people
from tests.programme.pages import sent


def test_the_history_of_an_application_says_who_proposed_confirmed_and_sent_its_decision(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    theirs, other = two_rounds_of_people(70)
    found = cohorts.cohort(rounds.whole_application(other).round)
    draft = cohorts.draft(found, other)
    confirming.propose(draft, by=cast.programme_manager.actor)
    confirming.confirm(draft, by=cast.approver.actor)
    explained(found)
    client.sign_in(cast.programme_manager)
    sent(client, f"/decisions/{decision_on(db, theirs).id}/notify")
    history = client.get(f"/applications/{theirs.id}").text.split(">History<")[1]
    manager, approver = cast.programme_manager.known.name, cast.approver.known.name
    for line in (
        f"{manager} proposed the cohort",
        f"{approver} confirmed the cohort",
        f"{approver} decided on it",
        f"{manager} sent the decision",
    ):
        assert line in history
    client.sign_in(cast.founder)
    assert "confirmed the cohort" not in client.get(f"/applications/{theirs.id}").text
