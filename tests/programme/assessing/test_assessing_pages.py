"""Every form of assessing is sent as the right person sends it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.kernel.clock import now
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.assessing.models import Interest, RoundAssessor
from crm.programme.assessing.workflow import AssessmentStatus
from tests import rounds
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.judging import WORDS, given_to, handed_in, judged
from tests.programme.pages import sent, typed

REASON = {"reason": "Because both spoke"}


def test_a_lead_puts_a_panel_together_and_allocates(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    found = handed_in(judged())
    panel = f"/programme/rounds/{found.round_id}/assessors"
    client.sign_in(cast.lead_assessor)
    told = {"account": str(cast.assessor.id), "knows": [], "most": "5"}
    assert "Assessor added to the panel." in sent(client, f"{panel}/add", told)
    page = sent(client, f"/applications/{found.id}/allocate", {"assessor": str(cast.assessor.id)})
    assert "Application allocated." in page
    own = rounds.given(found.id, cast.assessor.id)
    assert "taken back" in sent(client, f"/assessments/{own.id}/take-back")
    member = db.scalars(select(RoundAssessor).where(RoundAssessor.round_id == found.round_id)).one()
    assert "is no longer an assessor" in sent(client, f"{panel}/{member.id}/remove")
    rounds.on_panel(found.round)
    told_of = sent(client, f"{panel}/spread")
    assert "1 assessment allocated." in told_of
    assert "1 could not be allocated" in told_of


def test_an_assessor_accepts_scores_and_submits_and_declines_another(
    cast: Cast, client: ConformingClient
) -> None:
    made = given_to(cast, handed_in(), status=AssessmentStatus.ALLOCATED)
    other = given_to(cast, handed_in(judged()), status=AssessmentStatus.ALLOCATED)
    client.sign_in(cast.assessor)
    assert "Assessment accepted." in sent(client, f"/assessments/{made.id}/accept", {"is_free": "y"})
    version = str(rounds.whole_assessment(made).version)
    scores = {"score-0": "3", "because-0": WORDS, "comment": "", "version": version}
    assert "Scores saved." in sent(client, f"/assessments/{made.id}/score", scores)
    scores["version"] = str(rounds.whole_assessment(made).version)
    page = sent(client, f"/assessments/{made.id}/score", scores | {"hand_in": "yes"})
    assert "Assessment submitted." in page
    told = {"why": "capacity", "words": "A busy month"}
    assert "Assessment declined." in sent(client, f"/assessments/{other.id}/decline", told)


def test_k18_reasons_typed_so_far_stay_where_declining_is_refused(
    cast: Cast, client: ConformingClient
) -> None:
    made = given_to(cast, handed_in(), status=AssessmentStatus.ACCEPTED)
    client.sign_in(cast.assessor)
    typed = {"because-0": "A long and careful reason", "version": str(rounds.whole_assessment(made).version)}
    refused = client.post(f"/assessments/{made.id}/decline", data=typed)
    assert refused.status_code == 422
    assert "Choose why you are declining" in refused.text
    assert "A long and careful reason" in refused.text
    assert refused.text.index("Save for later") < refused.text.index(">Decline<")


def test_k28_parts_without_a_score_are_named_in_the_list_of_errors(
    cast: Cast, client: ConformingClient
) -> None:
    found = judged()
    rounds.criterion(found)
    made = given_to(cast, handed_in(found), status=AssessmentStatus.ACCEPTED)
    client.sign_in(cast.assessor)
    form = {"because-0": WORDS, "because-1": WORDS}
    refused = client.post(f"/assessments/{made.id}/score", data=form)
    assert refused.status_code == 422
    assert refused.text.count(": score: Choose a score to go with your reasons") == 2


def test_an_assessor_declares_an_interest_and_ends_it(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    client.sign_in(cast.assessor)
    told = {"company_number": "01234567", "words": "I worked there"}
    declared = sent(client, "/assessments/interests/declare", told)
    assert "Interest declared." in declared
    assert "Company number 01234567" in declared
    made = db.scalars(select(Interest)).one()
    assert "Interest ended." in sent(client, f"/assessments/interests/{made.id}/end")


def test_a_lead_moderates_reveals_closes_and_opens_again(cast: Cast, client: ConformingClient) -> None:
    found = handed_in(judged())
    first, _ = rounds.scored(found, 1, 5)
    found = rounds.whole_application(found)
    criterion = found.round.criteria[0]
    page = f"/applications/{found.id}"
    client.sign_in(cast.lead_assessor)
    moderating = f"{page}/criteria/{criterion.id}/parts/1/moderate"
    assert "Moderated score saved." in sent(client, moderating, {"value": "3", "version": "0"} | REASON)
    assert "can now see" in sent(client, f"{page}/scores/reveal")
    assert "Assessment closed." in sent(client, f"{page}/scores/finalise")
    assert client.get(f"/assessments/{first.id}/return").status_code == 409
    assert client.get(moderating).status_code == 409
    assert "Assessment opened again." in sent(client, f"{page}/scores/assess-again", REASON)
    assert rounds.whole_application(found).status is ApplicationStatus.SUBMITTED
    assert "Assessment returned to" in sent(client, f"/assessments/{first.id}/return", REASON)
    later = now() + timedelta(days=60)
    told = typed(f"{later:%d %m %Y}") | {"hour": "12:00"} | REASON
    assert "has more time" in sent(client, f"/assessments/{first.id}/allow-late", told)
