"""Scoring: what an assessor sees, what a score needs, and what counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.audit.service import record
from crm.kernel.errors import Conflict, Invalid, NotAllowed
from crm.programme.applications.service import submitting
from crm.programme.assessing.models import Score
from crm.programme.assessing.queries.totals import ranking
from crm.programme.assessing.service import moderating, scoring
from crm.programme.assessing.service.scoring import Given, Judgement
from crm.programme.assessing.workflow import Act, AssessmentStatus, DeclineReason
from tests import rounds
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.applicants import Clock
from tests.programme.judging import WORDS, all_parts, given_to, handed_in, judged, total


def test_a47_a_score_is_kept_as_a_draft_and_counts_once_it_is_handed_in(cast: Cast) -> None:
    found = handed_in(judged(assessors=2))
    made = given_to(cast, found)
    scoring.save(made, Judgement(all_parts(made, 4), "", made.version), by=cast.assessor.actor)
    assert total(found) == "incomplete (0 of 2 in)"
    scoring.hand_in(rounds.whole_assessment(made), by=cast.assessor.actor)
    assert total(found) == "incomplete (1 of 2 in)"
    rounds.scored(rounds.whole_application(found), 2)
    assert total(found) == "60.00%"


def test_scores_are_saved_and_handed_in_by_one_button(cast: Cast, client: ConformingClient) -> None:
    made = given_to(cast, handed_in())
    client.sign_in(cast.assessor)
    sent = {"score-0": "3", "because-0": WORDS, "comment": "Well made", "version": str(made.version)}
    done = client.post(f"/assessments/{made.id}/score", data=sent | {"hand_in": "yes"})
    assert done.status_code == 303
    again = rounds.whole_assessment(made)
    assert (again.status, again.comment) == (AssessmentStatus.SUBMITTED, "Well made")
    assert "60.00%" in client.get(f"/assessments/{made.id}").text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (Given(6, WORDS), "between 0 and 5"),
        (Given(-1, WORDS), "between 0 and 5"),
        (Given(2.5, WORDS), "between 0 and 5"),  # type: ignore[arg-type]
        (Given(3, ""), "3 more"),
        (Given(3, "too short"), "1 more"),
    ],
)
def test_p17_a_score_off_its_scale_or_without_reasons_is_refused(cast: Cast, given: Given, said: str) -> None:
    made = given_to(cast, handed_in())
    key = (str(made.round.criteria[0].id), "Made part")
    with pytest.raises(Invalid, match=said):
        scoring.save(made, Judgement({key: given}, "", made.version), by=cast.assessor.actor)


def test_p17_a_criterion_of_another_round_is_refused(cast: Cast) -> None:
    made = given_to(cast, handed_in())
    other = judged().criteria[0]
    made = rounds.whole_assessment(made)
    with pytest.raises(Invalid, match="not part of the criteria"):
        scoring.save(
            made,
            Judgement({(str(other.id), "Made part"): Given(3, WORDS)}, "", made.version),
            by=cast.assessor.actor,
        )


def test_p17_the_page_says_at_its_field_what_a_score_lacks(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    made = given_to(cast, handed_in())
    client.sign_in(cast.assessor)
    sent = {"score-0": "3", "because-0": "two words", "version": str(made.version)}
    refused = client.post(f"/assessments/{made.id}/score", data=sent)
    assert refused.status_code == 422
    assert 'href="#because-0"' in refused.text
    assert "two words" in refused.text
    off = client.post(f"/assessments/{made.id}/score", data=sent | {"score-0": "6", "because-0": WORDS})
    assert off.status_code == 422
    assert db.scalars(select(Score)).all() == []


def test_p19_a_second_window_is_told_what_the_first_saved(cast: Cast, client: ConformingClient) -> None:
    made = given_to(cast, handed_in())
    client.sign_in(cast.assessor)
    page = f"/assessments/{made.id}/score"
    seen = {"because-0": WORDS, "version": str(made.version)}
    assert client.post(page, data=seen | {"score-0": "4"}).status_code == 303
    refused = client.post(page, data=seen | {"score-0": "2"})
    assert refused.status_code == 409
    assert "Differences" in refused.text
    (kept,) = rounds.whole_assessment(made).scores
    assert kept.value == 4


def test_p20_nobody_sees_another_before_handing_in(cast: Cast, client: ConformingClient) -> None:
    found = handed_in()
    (other,) = rounds.scored(found, 4)
    mine = given_to(cast, rounds.whole_application(found))
    client.sign_in(cast.assessor)
    assert client.get(f"/assessments/{other.id}").status_code == 404
    assert client.get(f"/applications/{found.id}/scores").status_code == 403
    assert client.get(f"/programme/rounds/{found.round_id}/ranking").status_code == 404
    assert client.get(f"/programme/rounds/{found.round_id}/ranking.csv").status_code == 404
    assert client.get("/applications").status_code == 403
    assert client.get("/audit").status_code == 403
    assert "Made words enough" not in client.get(f"/applications/{found.id}").text
    assert "Made words enough" not in client.get(f"/assessments/{mine.id}").text

    mine = rounds.whole_assessment(mine)
    scoring.save(mine, Judgement(all_parts(mine, 2), "", mine.version), by=cast.assessor.actor)
    scoring.hand_in(rounds.whole_assessment(mine), by=cast.assessor.actor)
    assert client.get(f"/applications/{found.id}/scores").status_code == 403
    moderating.reveal(rounds.whole_application(found), by=cast.lead_assessor.actor)
    assert "Made words enough" in client.get(f"/applications/{found.id}/scores").text
    assert client.get(f"/assessments/{other.id}").status_code == 404


def test_p20_the_audit_log_shows_no_score_of_a_round_to_an_auditor_who_still_assesses_in_it(
    cast: Cast, client: ConformingClient
) -> None:
    found = handed_in()
    (other,) = rounds.scored(found, 4)
    other = rounds.whole_assessment(other)
    record(Act.HAND_IN, other, {"scores": (None, {"Made part": 4})}, by=cast.assessor.actor)
    record(Act.MODERATE, found, {"score": (None, 4)}, by=cast.lead_assessor.actor)
    paths = [f"/audit?kind={each.__tablename__}&thing_id={each.id}" for each in (other, found)]
    paths.append(paths[0].replace("/audit", "/audit.csv"))
    client.sign_in(cast.auditor)
    shown = ["Made part: 4", "Score: 4", "Made part: 4"]
    assert all(words in client.get(path).text for path, words in zip(paths, shown, strict=True))
    rounds.assessment(found, cast.auditor.account)
    for path, words in zip(paths, shown, strict=True):
        page = client.get(path).text
        assert "You still have an assessment to submit in this round" in page
        assert words not in page
    refused = client.get(f"/applications/{found.id}/scores")
    assert refused.status_code == 403
    assert "You still have an assessment to submit in this round" in refused.text


def test_p20_a_lead_who_still_assesses_is_blind_too(cast: Cast, client: ConformingClient) -> None:
    found = handed_in()
    rounds.scored(found, 4)
    lead = cast.lead_assessor
    own_ = rounds.assessment(found, lead.account)
    client.sign_in(lead)
    assert client.get(f"/applications/{found.id}/scores").status_code == 403
    assert client.get(f"/programme/rounds/{found.round_id}/ranking").status_code == 403
    own_ = rounds.whole_assessment(own_)
    own_._status = AssessmentStatus.CLOSED
    assert client.get(f"/applications/{found.id}/scores").status_code == 200


def test_scores_are_shown_only_once_nobody_scores_any_more(cast: Cast) -> None:
    found = handed_in()
    rounds.assessment(found)
    with pytest.raises(Conflict, match="still scoring this application"):
        moderating.reveal(rounds.whole_application(found), by=cast.lead_assessor.actor)


def test_p26_what_comes_after_the_window_is_let_in_only_with_a_reason(cast: Cast, clock: Clock) -> None:
    found = handed_in()
    made = given_to(cast, found)
    scoring.save(made, Judgement(all_parts(made, 3), "", made.version), by=cast.assessor.actor)
    until = rounds.whole_assessment(made).round.assess_until
    clock.move_to(until + timedelta(minutes=1))
    with pytest.raises(Conflict, match="The time to submit ended on"):
        scoring.hand_in(rounds.whole_assessment(made), by=cast.assessor.actor)
    later = until + timedelta(days=1)
    with pytest.raises(Invalid, match="Say why"):
        moderating.allow_late(rounds.whole_assessment(made), later, reason="", by=cast.lead_assessor.actor)
    with pytest.raises(NotAllowed):
        moderating.allow_late(rounds.whole_assessment(made), later, reason="Me", by=cast.assessor.actor)
    moderating.allow_late(rounds.whole_assessment(made), later, reason="Ill", by=cast.lead_assessor.actor)
    scoring.hand_in(rounds.whole_assessment(made), by=cast.assessor.actor)


def test_everything_is_scored_before_it_is_handed_in_and_not_before_the_window(
    cast: Cast, clock: Clock
) -> None:
    made = given_to(cast, handed_in())
    with pytest.raises(Conflict, match="Score these first: Made part"):
        scoring.hand_in(made, by=cast.assessor.actor)
    clock.move_to(rounds.whole_assessment(made).round.assess_from - timedelta(minutes=1))
    with pytest.raises(Conflict, match="You can submit your assessment from"):
        scoring.hand_in(rounds.whole_assessment(made), by=cast.assessor.actor)


def test_what_is_taken_on_or_declined_is_said_on_its_page(cast: Cast, client: ConformingClient) -> None:
    made = given_to(cast, handed_in(), status=AssessmentStatus.ALLOCATED)
    client.sign_in(cast.assessor)
    page = f"/assessments/{made.id}"
    assert client.post(f"{page}/accept", data={}).status_code == 422
    assert client.post(f"{page}/decline", data={"why": "interest"}).status_code == 422
    assert client.post(f"{page}/accept", data={"is_free": "y"}).status_code == 303
    done = client.post(f"{page}/decline", data={"why": "capacity"})
    assert done.status_code == 303
    again = rounds.whole_assessment(made)
    assert (again.status, again.declined_for) == (AssessmentStatus.DECLINED, DeclineReason.CAPACITY)
    assert client.get(f"/applications/{again.application_id}").status_code == 404


def test_p13_withdrawing_ends_what_is_open_and_leaves_the_ranking(cast: Cast, db: Session) -> None:
    found = handed_in()
    rounds.scored(found, 4)
    made = given_to(cast, rounds.whole_application(found))
    round_ = rounds.whole_application(found).round
    assert len(ranking(round_)) == 1
    submitting.withdraw(rounds.whole_application(found), reason="", by=cast.founder.actor)
    assert rounds.whole_assessment(made).status is AssessmentStatus.CLOSED
    assert ranking(rounds.whole(round_)) == []
    assert len(db.scalars(select(Score)).all()) == 1


def test_reasons_without_a_score_are_refused_and_kept_on_the_page(
    cast: Cast, client: ConformingClient
) -> None:
    made = given_to(cast, handed_in())
    client.sign_in(cast.assessor)
    sent = {"because-0": "Typed at length", "version": str(made.version)}
    refused = client.post(f"/assessments/{made.id}/score", data=sent)
    assert refused.status_code == 422
    assert "Choose a score" in refused.text
    assert "Typed at length" in refused.text
