"""A moderation judges scores as they are: where these change, it counts no longer until it is confirmed or made again (K8)."""

from __future__ import annotations

from crm.db.session import session
from crm.programme.assessing.workflow import AssessmentStatus
from tests import rounds
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.judging import WORDS, given_to, handed_in, judged, total
from tests.programme.pages import sent


def test_k8_a_moderation_counts_until_the_scores_that_it_judged_change(
    cast: Cast, client: ConformingClient
) -> None:
    """Not while one is returned, nor when both agree at last; confirmed, it counts again."""
    found = handed_in(judged(assessors=2))
    own = given_to(cast, found, status=AssessmentStatus.SUBMITTED)
    criterion = rounds.whole_application(found).round.criteria[0]
    rounds.score(own, criterion, 2)
    rounds.scored(found, 5)
    page, ranked = f"/applications/{found.id}/scores", f"/programme/rounds/{found.round_id}/ranking"
    moderating = f"/applications/{found.id}/criteria/{criterion.id}/parts/1/moderate"
    client.sign_in(cast.lead_assessor)
    sent(client, moderating, {"value": "3", "reason": "Agreed in a call", "version": "0"})
    assert (total(found), "1 moderated" in client.get(ranked).text) == ("60.00%", True)
    sent(
        client,
        f"/assessments/{own.id}/return",
        {"reason": "Look again", "version": str(rounds.whole_assessment(own).version)},
    )
    assert "does not count until it is confirmed" in client.get(page).text
    client.sign_in(cast.assessor)
    again = {"score-0": "5", "because-0": WORDS, "comment": "", "hand_in": "yes"}
    sent(
        client, f"/assessments/{own.id}/score", again | {"version": str(rounds.whole_assessment(own).version)}
    )
    assert total(found) == "100.00%"
    client.sign_in(cast.lead_assessor)
    for path in (page, ranked):
        assert "oderation out of date" in client.get(path).text
    assert "It was moderated to 3: Agreed in a call" in client.get(f"/applications/{found.id}/pack").text
    shown = client.get(moderating).text
    assert "Save the same score to confirm it" in shown
    version = shown.split('name="version"')[1].split('value="')[1].split('"')[0]
    confirmed = {"value": "3", "reason": "Agreed in a call", "version": version, "is_outside": "y"}
    sent(client, moderating, confirmed)
    assert (total(found), "out of date" in client.get(ranked).text) == ("60.00%", False)


def test_k8_scores_that_lie_apart_anew_are_moderated_anew(cast: Cast, client: ConformingClient) -> None:
    """On the desk of whoever moderates, and the assessment cannot be closed before."""
    found = handed_in(judged(assessors=2))
    criterion = rounds.whole(found.round).criteria[0]
    rounds.scored(found, 5, 1)
    made = rounds.moderation(found, criterion)
    client.sign_in(cast.lead_assessor)
    moderate = f"Moderate the scores of {found.reference}"
    assert moderate not in client.get("/desk").text
    made.judged = "2:7:2:5"
    session().flush()
    assert moderate in client.get("/desk").text
    refused = client.post(f"/applications/{found.id}/scores/finalise")
    assert (refused.status_code, "too far apart" in refused.text) == (409, True)
