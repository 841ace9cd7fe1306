"""Published criteria: changed only once they are opened with a reason, and never under scores that count."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.workflow import AccountStatus
from crm.audit.queries import entries_about
from crm.kernel.errors import Conflict, Invalid, NotAllowed
from crm.notices.models import Letter
from crm.programme.assessing.service import scoring
from crm.programme.assessing.service.scoring import Judgement
from crm.programme.assessing.workflow import AssessmentStatus
from crm.programme.rounds import queries
from crm.programme.rounds.service import composing, superseding
from crm.programme.rounds.service.composing import CriterionDetails
from tests import rounds
from tests.cast import Cast
from tests.client import ConformingClient
from tests.factories import stand
from tests.programme.judging import all_parts, given_to, handed_in, judged, total
from tests.programme.pages import sent

ALL = CriterionDetails(1, "All", 10_000, ("Anew",), 10)


def test_p15_criteria_that_were_scored_by_are_superseded_and_every_score_is_given_anew(cast: Cast) -> None:
    found = handed_in()
    first, second = rounds.scored(found, 4, 5)
    assert total(found) == "90.00%"
    by = cast.programme_manager.actor
    round_ = rounds.whole(found.round)
    with pytest.raises(Invalid, match="Say why"):
        superseding.open_criteria(round_, reason=" ", by=by)
    superseding.open_criteria(round_, reason="A part was missing", by=by)
    assert entries_about(round_)[0].act == "open_criteria"
    assert {rounds.whole_assessment(each).status for each in (first, second)} == {AssessmentStatus.ACCEPTED}
    assert [each.value for each in rounds.whole_assessment(first).scores] == [4]
    assert total(found) == "incomplete (0 of 2 in)"

    (copied,) = rounds.whole(round_).criteria
    composing.change_criterion(_criterion(copied.id), ALL, version=None, by=by)
    superseding.close_criteria(rounds.whole(round_), by=by)
    assert [each.parts for each in rounds.whole(round_).criteria] == [("Anew",)]


def _criterion(criterion_id: object) -> object:
    found = queries.criterion(criterion_id)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_criteria_as_they_were_published_are_kept_beside_those_that_take_their_place(cast: Cast) -> None:
    found = judged()
    before = found.criteria[0]
    superseding.open_criteria(found, reason="A slip", by=cast.programme_manager.actor)
    assert before.superseded_at is not None
    assert [each.title for each in rounds.whole(found).criteria] == [before.title]
    assert rounds.whole(found).criteria[0].id != before.id


def test_nobody_scores_while_the_criteria_are_open(cast: Cast) -> None:
    made = given_to(cast, handed_in())
    superseding.open_criteria(rounds.whole(made.round), reason="A slip", by=cast.programme_manager.actor)
    made = rounds.whole_assessment(made)
    with pytest.raises(Conflict, match="are being changed"):
        scoring.save(made, Judgement(all_parts(made, 3), "", made.version), by=cast.assessor.actor)


def test_weights_that_make_no_whole_do_not_hold(cast: Cast, client: ConformingClient) -> None:
    found = judged()
    client.sign_in(cast.programme_manager)
    assert (
        client.post(f"/programme/rounds/{found.id}/criteria/open", data={"reason": "A slip"}).status_code
        == 303
    )
    criterion = rounds.whole(found).criteria[0]
    sent = {"title": "All", "weight": "99.99", "parts": "One", "highest": "5", "position": "1"}
    assert client.post(f"/criteria/{criterion.id}/change", data=sent).status_code == 303
    assert client.post(f"/programme/rounds/{found.id}/criteria/close").status_code == 409
    assert "Close the criteria" in client.get(f"/programme/rounds/{found.id}/composition").text
    assert client.post(f"/criteria/{criterion.id}/change", data=sent | {"weight": "100"}).status_code == 303
    assert client.post(f"/programme/rounds/{found.id}/criteria/close").status_code == 303


def test_opening_is_for_those_who_run_the_programme(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        superseding.open_criteria(judged(), reason="Mine", by=cast.lead_assessor.actor)


def test_k10_an_assessor_reads_that_scoring_is_stopped_and_then_that_every_part_is_scored_again(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    """Whose account is closed gets no letter about it."""
    found = handed_in(judged(assessors=2))
    made = given_to(cast, found, status=AssessmentStatus.SUBMITTED)
    round_ = rounds.whole_application(found).round
    rounds.score(made, round_.criteria[0], 4)
    (gone,) = rounds.scored(rounds.whole_application(found), 4)
    stand(gone.assessor_id, AccountStatus.DEACTIVATED)
    by = cast.programme_manager.actor
    superseding.open_criteria(rounds.whole(round_), reason="A slip", by=by)
    page = client.sign_in(cast.assessor).get(f"/assessments/{made.id}").text
    assert "The criteria of this round are being changed" in page
    for words in ("Save and submit", "Submit by", "Your scores are saved"):
        assert words not in page
    superseding.close_criteria(rounds.whole(round_), by=by)
    page = client.get(f"/assessments/{made.id}").text
    assert "Score every part again. What you submitted before is at the end of this page." in page
    assert "Your scores are saved" not in page
    told = db.scalars(select(Letter.account_id).where(Letter.kind.like("criteria_%"))).all()
    assert set(told) == {cast.assessor.id}


def test_k16_applicants_are_told_what_changed_criteria_count_now_and_before(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    found = handed_in()
    page, round_ = f"/programme/rounds/{found.round_id}", found.round
    was = round_.criteria[0].title
    client.sign_in(cast.programme_manager)
    assert "everyone who applied gets an email" in client.get(f"{page}/criteria/open").text
    sent(client, f"{page}/criteria/open", {"reason": "The name of it was wrong"})
    assert "These criteria are being changed" in client.get(page).text
    (copied,) = rounds.whole(round_).criteria
    composing.change_criterion(_criterion(copied.id), ALL, version=None, by=cast.programme_manager.actor)
    sent(client, f"{page}/criteria/close")
    letters = db.scalars(select(Letter).where(Letter.kind == "application_criteria")).all()
    assert {each.to_address for each in letters} >= {cast.founder.account.email}
    assert {(each.context["before"], each.context["after"]) for each in letters} == {
        (f"- {was}: 100%", "- All: 100%")
    }
    client.sign_out()
    public = client.get(page).text
    assert "The criteria were changed on" in public
    assert f"{was}: 100%" in public
    assert "The name of it was wrong" in public


def test_k16_criteria_that_read_the_same_are_no_news_to_applicants(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    page = f"/programme/rounds/{handed_in().round_id}"
    client.sign_in(cast.programme_manager)
    sent(client, f"{page}/criteria/open", {"reason": "To look at them"})
    sent(client, f"{page}/criteria/close")
    assert not db.scalars(select(Letter).where(Letter.kind == "application_criteria")).all()
    assert "The criteria were changed on" not in client.get(page).text
