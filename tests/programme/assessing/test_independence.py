"""Independence is asked at the moment of reading and of deciding, whatever somebody's roles became meanwhile."""

from __future__ import annotations

import pytest

from crm.kernel.roles import Role
from crm.programme.applications.models import Application
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.assessing.models import Assessment
from crm.programme.assessing.workflow import AssessmentStatus
from tests import factories, rounds
from tests.cast import OTHER_BUSINESS, Cast
from tests.client import ConformingClient
from tests.programme.judging import WORDS, given_to, handed_in, judged
from tests.programme.pages import sent

REASON = {"reason": "Both spoke, and agree"}


def of_two() -> tuple[Application, Application]:
    """Two applications of one round, the first scored by two others."""
    first = handed_in(judged(assessors=2))
    rounds.scored(first, 5, 1)
    second = handed_in(rounds.whole(first.round), OTHER_BUSINESS)
    return rounds.whole_application(first), rounds.whole_application(second)


def scores_shown(found: Application) -> tuple[str, ...]:
    page, round_ = f"/applications/{found.id}", f"/programme/rounds/{found.round_id}"
    return (
        f"{page}/scores",
        f"{page}/pack",
        f"{page}/pack.pdf",
        f"{round_}/ranking",
        f"{round_}/ranking.csv",
        f"{round_}/pack.pdf",
    )


@pytest.mark.parametrize("role", [Role.APPROVER, Role.AUDITOR, Role.PROGRAMME_MANAGER, Role.LEAD_ASSESSOR])
def test_k7_a_role_granted_to_an_assessor_opens_no_score_before_they_submitted(
    cast: Cast, client: ConformingClient, role: Role
) -> None:
    """Not of the application that they still assess, nor of any other of its round."""
    first, second = of_two()
    made = given_to(cast, second)
    factories.grant(cast.assessor.account, role)
    client.sign_in(cast.assessor)
    for path in scores_shown(first):
        assert client.get(path).status_code in {403, 404}
    assert "Ranking" not in client.get(f"/programme/rounds/{first.round_id}/composition").text
    assert "Scores" not in client.get(f"/applications/{first.id}").text
    scores = {"score-0": "3", "because-0": WORDS, "comment": "", "version": str(made.version)}
    sent(client, f"/assessments/{made.id}/score", scores | {"hand_in": "yes"})
    for path in scores_shown(first):
        assert client.get(path).status_code == 200


def own_and_another(cast: Cast) -> tuple[Application, Assessment]:
    """An application that the lead assessed, and another, who lies far apart from the lead."""
    found = handed_in(judged(assessors=2))
    own = rounds.assessment(found, cast.lead_assessor.account, status=AssessmentStatus.SUBMITTED)
    rounds.score(own, found.round.criteria[0], 5)
    rounds.scored(found, 1)
    return rounds.whole_application(found), own


def test_p25_a_lead_neither_moderates_nor_closes_nor_returns_what_they_assessed(
    cast: Cast, client: ConformingClient
) -> None:
    found, own = own_and_another(cast)
    page = f"/applications/{found.id}"
    moderating = f"{page}/criteria/{found.round.criteria[0].id}/parts/1/moderate"
    client.sign_in(cast.lead_assessor)
    shown = client.get(f"{page}/scores")
    assert shown.status_code == 200
    assert "Moderate" not in shown.text
    assert "Close the assessment" not in shown.text
    for path in (moderating, f"{page}/scores/finalise", f"/assessments/{own.id}/return"):
        assert client.post(path, data={"value": "3", "version": "0"} | REASON).status_code == 403
    client.sign_in(cast.approver)
    assert "Moderated score saved." in sent(client, moderating, {"value": "3", "version": "0"} | REASON)
    assert "Assessment closed." in sent(client, f"{page}/scores/finalise")


def test_p24_where_nobody_disagrees_nothing_is_moderated(cast: Cast, client: ConformingClient) -> None:
    found = handed_in(judged(assessors=2, spread=2))
    rounds.scored(found, 4, 3)
    found = rounds.whole_application(found)
    client.sign_in(cast.lead_assessor)
    assert "Moderate" not in client.get(f"/applications/{found.id}/scores").text
    path = f"/applications/{found.id}/criteria/{found.round.criteria[0].id}/parts/1/moderate"
    refused = client.post(path, data={"value": "5", "version": "0"} | REASON)
    assert refused.status_code == 409
    assert "nothing to moderate" in refused.text


def test_opened_criteria_open_what_was_closed_and_its_assessors_can_score_again(
    cast: Cast, client: ConformingClient
) -> None:
    found = handed_in(judged(assessors=2))
    own = given_to(cast, found, status=AssessmentStatus.SUBMITTED)
    rounds.score(own, found.round.criteria[0], 4)
    rounds.scored(found, 4)
    client.sign_in(cast.programme_manager)
    sent(client, f"/applications/{found.id}/scores/finalise")
    round_ = f"/programme/rounds/{found.round_id}"
    sent(client, f"{round_}/criteria/open", {"reason": "A part was missing"})
    sent(client, f"{round_}/criteria/close")
    assert rounds.whole_application(found).status is ApplicationStatus.SUBMITTED
    own = rounds.whole_assessment(own)
    client.sign_in(cast.assessor)
    scores = {"score-0": "3", "because-0": WORDS, "comment": "", "version": str(own.version)}
    assert "Scores saved." in sent(client, f"/assessments/{own.id}/score", scores)


def test_k7_whoever_could_see_the_scores_of_others_is_not_given_the_application(
    cast: Cast, client: ConformingClient
) -> None:
    """A lead who declined it sees what the other submitted: neither the form nor a fair allocation offers it to them again."""
    found = handed_in(judged(assessors=2))
    rounds.scored(found, 4)
    own = given_to(cast, found)
    factories.grant(cast.assessor.account, Role.LEAD_ASSESSOR)
    client.sign_in(cast.assessor)
    assert client.get(f"/applications/{found.id}/scores").status_code == 403
    sent(client, f"/assessments/{own.id}/decline", {"why": "capacity"})
    assert client.get(f"/applications/{found.id}/scores").status_code == 200
    allocating = f"/applications/{found.id}/allocate"
    for each in (cast.assessor, cast.programme_manager):
        page = client.sign_in(each).get(allocating).text
        assert "can or could see by another role: cannot assess this application" in page
        assert "No assessor of this round can take this application." in page
    refused = client.post(allocating, data={"assessor": str(cast.assessor.id), "override": ""})
    assert refused.status_code == 422
    assert "0 assessments allocated." in sent(client, f"/programme/rounds/{found.round_id}/assessors/spread")


def test_k7_an_assessor_who_declined_and_could_see_nothing_is_given_it_again(
    cast: Cast, client: ConformingClient
) -> None:
    found = handed_in(judged(assessors=2))
    rounds.scored(found, 4)
    own = given_to(cast, found)
    client.sign_in(cast.assessor)
    sent(client, f"/assessments/{own.id}/decline", {"why": "capacity"})
    client.sign_in(cast.programme_manager)
    allocated = {"assessor": str(cast.assessor.id), "override": ""}
    assert "Application allocated." in sent(client, f"/applications/{found.id}/allocate", allocated)
