"""Who is told of a decision, and why it was refused: in the preview, in the letter, and on the applicant's own page."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from crm.kernel.roles import Role, Scope
from tests import cohorts, factories, rounds
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.applicants import own
from tests.programme.cohort.test_deciding import confirmed, decision_on, seen_on, two_rounds_of_people
from tests.programme.pages import sent
from tests.statements import recording

BELOW = "The total score was 45.00%. The application could not be awarded, because it was below the lowest total of 60%."
ABOVE = "The application reached the lowest scores that the round asks for. It is not among those chosen"


def in_words(client: ConformingClient, where: str) -> str:
    return " ".join(client.get(where).text.split())


def colleague(name: str, at: object) -> None:
    """One more person at a business."""
    factories.grant(factories.account(name=name), Role.FOUNDER, scope=Scope.BUSINESS, scope_id=str(at))


@pytest.mark.parametrize(("score", "why"), [(45, BELOW), (70, ABOVE)])
def test_k16_a_refusal_says_whether_the_total_was_below_the_lowest_with_both_figures(
    client: ConformingClient, cast: Cast, db: Session, score: int, why: str
) -> None:
    found = cohorts.judged(threshold=6_000)
    panel = [rounds.on_panel(found, most=99).account_id for _ in range(2)]
    theirs, other = cohorts.assessed(found, panel, score, own()), cohorts.ranked(found, 80)[0]
    cohort = confirmed(other)
    one = decision_on(db, theirs)
    client.sign_in(cast.programme_manager)
    for where in (f"/cohorts/{cohort.id}/letters", f"/decisions/{one.id}"):
        assert why in in_words(client, where), where
    sent(client, f"/decisions/{one.id}/notify")
    client.sign_in(cast.founder)
    page = in_words(client, f"/applications/{theirs.id}")
    assert page.count(why) == 2, "beside the decision, and in the letter"


def test_k24_the_preview_names_everyone_who_gets_each_letter_and_counts_the_emails(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    theirs, other = two_rounds_of_people(70)
    found = confirmed(other)
    colleague("Made Colleague", theirs.business_id)
    client.sign_in(cast.programme_manager)
    letters = in_words(client, f"/cohorts/{found.id}/letters")
    assert "To 2 people: Founder of the Cast, Made Colleague" in letters
    assert "2 emails leave: everyone at a business gets its letter." in letters
    assert "2 emails leave" in in_words(client, f"/cohorts/{found.id}/decisions")
    assert "To 2 people: Founder of the Cast, Made Colleague" in in_words(
        client, f"/decisions/{decision_on(db, theirs).id}"
    )
    early = seen_on(client, f"/cohorts/{found.id}/letters")
    colleague("Made Newcomer", theirs.business_id)
    notify = f"/cohorts/{found.id}/decisions/notify-all"
    assert client.post(notify, data=early).status_code == 409, "nobody is written to unseen"
    assert "on the way" in sent(client, notify, seen_on(client, f"/cohorts/{found.id}/letters"))


@pytest.mark.engine("sqlite")
def test_the_preview_of_letters_asks_as_often_for_one_decision_as_for_fifteen(
    app: Flask, client: ConformingClient, cast: Cast, db: Session
) -> None:
    counts = []
    client.sign_in(cast.programme_manager)
    for many in (2, 15):
        rows = cohorts.ranked(cohorts.judged(), *range(60, 60 + many))
        found = confirmed(rows[-1])
        for each in rows:
            colleague(f"Made {each.reference}", each.business_id)
        db.expire_all()
        with recording(app) as heard:
            assert client.get(f"/cohorts/{found.id}/letters").status_code == 200
        counts.append(len(heard))
    assert counts[0] == counts[1]


def test_k14_the_waiting_list_says_rank_score_and_what_is_asked_for(
    client: ConformingClient, cast: Cast
) -> None:
    rows = cohorts.ranked(cohorts.judged(), 90, 80)
    found = confirmed(rows[0], reserves=1)
    client.sign_in(cast.programme_manager)
    assert "Rank 2, score 80" in in_words(client, f"/cohorts/{found.id}/waiting-list")
