"""What was submitted stays, as it was, whatever becomes of it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from crm.audit.queries import entries_about
from tests import rounds
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.judging import given_to, handed_in, judged
from tests.programme.pages import sent

FIRST, LATER = "The first reasons in words", "The later reasons in words"


def submit(client: ConformingClient, made: object, value: int, why: str) -> None:
    found = rounds.whole_assessment(made)  # type: ignore[arg-type]
    scores = {"score-0": str(value), "because-0": why, "comment": "", "version": str(found.version)}
    sent(client, f"/assessments/{found.id}/score", scores | {"hand_in": "yes"})


def test_k6_a_returned_assessment_stays_on_page_in_pack_and_in_the_trail(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    """Before, a return erased what was submitted: the scores and reasons were on no page."""
    found = handed_in(judged(assessors=2))
    rounds.scored(found, 4)
    made = given_to(cast, found)
    submit(client.sign_in(cast.assessor), made, 5, FIRST)
    client.sign_in(cast.lead_assessor)
    page = sent(client, f"/assessments/{made.id}/return", {"reason": "Read the costs again."})
    assert FIRST in page
    assert "Not submitted again yet" in page
    client.sign_in(cast.assessor)
    own = client.get(f"/assessments/{made.id}").text
    assert "Read the costs again" in own
    assert FIRST in own
    assert "Your version 1, submitted" in own
    assert "of You" not in own
    submit(client, made, 2, LATER)
    client.sign_in(cast.approver)
    for path in ("scores", "pack"):
        shown = client.get(f"/applications/{found.id}/{path}").text
        for words in (FIRST, LATER, "Read the costs again", cast.lead_assessor.account.name, "90.00"):
            assert words in shown
        assert "again.." not in shown
    pack = client.get(f"/applications/{found.id}/pack").text
    assert f"This version: 5 of 5: {FIRST}\nNext version: 2 of 5: {LATER}" in pack
    assert client.get(f"/applications/{found.id}/pack.pdf").status_code == 200
    db.expire_all()
    told = {each.act: each for each in entries_about(rounds.whole_assessment(made))}
    assert {"hand_in_assessment", "return_assessment"} <= set(told)


def test_k6_scores_confirmed_after_an_answer_changed_are_a_version_of_their_own(
    cast: Cast, client: ConformingClient
) -> None:
    found = handed_in(judged(assessors=2))
    rounds.scored(found, 4)
    made = given_to(cast, found)
    submit(client.sign_in(cast.assessor), made, 5, FIRST)
    for each in rounds.whole_assessment(made).scores:
        each.is_stale = True
    again = rounds.whole_assessment(made)
    scores = {"score-0": "2", "because-0": LATER, "version": str(again.version)}
    sent(client, f"/assessments/{made.id}/score", scores)
    shown = client.sign_in(cast.lead_assessor).get(f"/applications/{found.id}/scores").text
    assert FIRST in shown
    assert LATER in shown
    assert "Confirmed after the applicant changed an answer" in shown


def test_k6_opening_the_criteria_again_keeps_the_total_the_rank_and_the_reason_and_the_trail_says_only_the_new_scores(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    found = handed_in(judged(assessors=2))
    rounds.scored(found, 4)
    made = given_to(cast, found)
    submit(client.sign_in(cast.assessor), made, 5, FIRST)
    round_, page = f"/programme/rounds/{found.round_id}", f"/applications/{found.id}/scores"
    client.sign_in(cast.programme_manager)
    sent(client, f"{page}/finalise")
    sent(client, f"{round_}/criteria/open", {"reason": "The weights were the wrong way round"})
    sent(client, f"{round_}/criteria/close")
    submit(client.sign_in(cast.assessor), made, 2, LATER)
    shown = client.sign_in(cast.programme_manager).get(page).text
    for words in (FIRST, LATER, "The weights were the wrong way round", "The total was 90.00%, rank 1"):
        assert words in shown
    db.expire_all()
    told = {each.act: each for each in reversed(entries_about(rounds.whole_assessment(made)))}
    assert [each[-1] for each in told["hand_in_assessment"].values.changes["scores"][1]] == ["2"]
    assert "wrong way round" in told["return_assessment"].values.changes["why"][1]
    assert [each[-1] for each in told["return_assessment"].values.changes["scores"][0]] == ["5"]
