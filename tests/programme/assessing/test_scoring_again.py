"""What has to be scored again reaches its assessor by email and desk; who leads is told what is late and what can be closed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.workflow import AccountStatus
from crm.kernel.clock import now
from crm.notices.models import Letter
from crm.programme.applications.service import querying
from crm.programme.applications.service.querying import QueryDetails
from crm.programme.assessing.rules.versions import differences
from crm.programme.assessing.workflow import AssessmentStatus
from crm.programme.rounds.workflow import RoundStatus
from tests import factories, rounds
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.programme.applicants import own
from tests.programme.judging import WORDS, given_to, handed_in, judged
from tests.programme.pages import sent, typed

pytestmark = pytest.mark.engine("sqlite")


def letters_to(db: Session, name: str) -> list[str]:
    return list(db.scalars(select(Letter.kind).where(Letter.to_name == name).order_by(Letter.kind)))


def test_k15_a_returned_assessment_is_on_its_assessors_desk_with_a_letter_and_time_to_score_it_again(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    """Before, it reached nobody: the list said "Submitted", and after the end it could not be submitted at all."""
    over = judged(assess_until=now() - timedelta(days=1))
    found = handed_in(over)
    made = given_to(cast, found, status=AssessmentStatus.SUBMITTED)
    rounds.score(made, found.round.criteria[0], 4)
    client.sign_in(cast.lead_assessor)
    path = f"/assessments/{made.id}/return"
    until = now() + timedelta(days=7)
    assert f"can submit until {until.day} December 2026" in " ".join(client.get(path).text.split())
    sent(client, path, {"reason": "Read the costs", "version": str(made.version)})
    assert "Returned" in client.get(f"/applications/{found.id}/scores").text
    assert letters_to(db, cast.assessor.account.name) == ["assessment_returned"]
    desk = client.sign_in(cast.assessor).get("/desk").text
    assert f"Score again: {found.reference}" in desk
    assert "waits for your assessment" not in desk
    listed = client.get("/assessments").text
    assert "Returned" in listed
    assert "Submitted" not in listed
    again = rounds.whole_assessment(made)
    page = client.get(f"/assessments/{made.id}").text
    assert "Returned to you: Read the costs" in page
    scores = {"score-0": "3", "because-0": WORDS, "version": str(again.version), "hand_in": "yes"}
    assert "Assessment submitted." in sent(client, f"/assessments/{made.id}/score", scores)
    assert "Score again" not in client.get("/desk").text


def test_k15_scores_out_of_date_are_on_their_assessors_desk_with_a_letter(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    found = rounds.filled_in(handed_in())
    made = given_to(cast, found, status=AssessmentStatus.SUBMITTED)
    rounds.score(made, found.round.criteria[0], 4)
    cost = next(each for each in found.round.questions if each.label == "Cost")
    asked = QueryDetails("How?", (cost.id,), now() + timedelta(days=2))
    query = querying.ask(rounds.whole_application(found), asked, by=cast.lead_assessor.actor)
    client.sign_in(cast.founder)
    given = {f"q-{cost.id}": "90,000", "reply": "", "version": str(query.version)}
    sent(client, f"/queries/{query.id}/answer", given)
    assert letters_to(db, cast.assessor.account.name) == ["assessment_out_of_date"]
    client.sign_in(cast.assessor)
    assert f"Score again: {found.reference}" in client.get("/desk").text
    listed = client.get("/assessments").text
    assert "Out of date" in listed
    assert "Submitted" not in listed


def test_new_criteria_and_new_dates_are_told_to_those_who_assess(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    """The refusal promised a letter "when you can score again", and none was sent."""
    found = handed_in()
    made = given_to(cast, found)
    round_page = f"/programme/rounds/{found.round_id}"
    client.sign_in(cast.programme_manager)
    sent(client, f"{round_page}/criteria/open", {"reason": "A slip"})
    sent(client, f"{round_page}/criteria/close")
    later = now() + timedelta(days=40)
    dates = {
        name: getattr(found.round, column)
        for name, column in (("deadline", "deadline_at"), ("assess_from", "assess_from"))
    } | {"assess_until": later}
    told = {
        key: value
        for name, each in dates.items()
        for key, value in typed(f"{each:%d %m %Y}", name=name).items()
    }
    told |= {f"{name}_hour": f"{each:%H:%M}" for name, each in dates.items()}
    sent(client, f"{round_page}/postpone", told | {"reason": "A bank holiday"})
    wanted = ["assessment_dates", "criteria_closed", "criteria_opened"]
    assert letters_to(db, cast.assessor.account.name) == wanted
    sent(client.sign_in(cast.lead_assessor), f"/assessments/{made.id}/take-back")
    assert "assessment_taken_back" in letters_to(db, cast.assessor.account.name)


def test_k15_late_assessments_and_scores_that_are_ready_to_close_are_on_the_leads_desk(
    cast: Cast, client: ConformingClient
) -> None:
    found = judged(assess_until=now() + timedelta(days=3))
    first = handed_in(found)
    rounds.scored(first, 4, 4)
    second = rounds.application(factories.business(), rounds.whole(found), status=first.status)
    rounds.assessment(second)
    desk = client.sign_in(cast.lead_assessor).get("/desk").text
    assert "Chase an assessment" in desk
    assert "Ready to close: scores of an application" in desk
    assert f"/applications/{first.id}/scores" in desk
    ranking = client.get(f"/programme/rounds/{found.id}/ranking").text
    assert ranking.count("Ready to close") == 1
    sent(client, f"/applications/{first.id}/scores/finalise", {"total": "80.00%"})
    assert "Ready to close" not in client.get("/desk").text
    rounds.bare_round(RoundStatus.DRAFT, name="Not yet out")
    managers = client.sign_in(cast.programme_manager).get("/desk").text
    assert "Publish or delete the draft round" in managers
    assert "Chase" not in client.sign_in(cast.auditor).get("/desk").text


def test_k13_the_scores_show_only_buttons_that_can_be_pressed(cast: Cast, client: ConformingClient) -> None:
    """The approver saw "Give more time", which answered 403, and everybody a button to show scores that were not all in."""
    found = handed_in()
    rounds.scored(found, 4)
    waiting = rounds.assessment(found)
    shown = client.sign_in(cast.approver).get(f"/applications/{found.id}/scores").text
    assert "Give more time" not in shown
    assert client.get(f"/assessments/{waiting.id}/allow-late").status_code == 403
    lead = client.sign_in(cast.lead_assessor).get(f"/applications/{found.id}/scores").text
    assert "Give more time" in lead
    assert "Show the scores to its assessors" not in lead
    assert client.post(f"/applications/{found.id}/scores/reveal").status_code == 409


def test_k12_an_application_is_allocated_only_where_somebody_can_have_it(
    cast: Cast, client: ConformingClient
) -> None:
    found = handed_in()
    client.sign_in(cast.lead_assessor)
    path, adding = f"/applications/{found.id}/allocate", f"/programme/rounds/{found.round_id}/assessors/add"
    empty = client.get(path).text
    assert "This round has no assessors yet." in empty
    assert f'href="{adding}"' in empty
    assert f'action="{path}"' not in empty
    panel = client.get(f"/programme/rounds/{found.round_id}/assessors").text
    assert f'href="{path}"' not in panel
    assert "/assessors/spread" not in panel
    given_to(cast, found)
    taken = client.get(path).text
    assert "Already has this application" in taken
    assert "No assessor of this round can take this application." in taken
    while (names := client.get(adding).text).count('<option value="') > 0:
        sent(client, adding, {"account": names.split('<option value="')[1].split('"')[0], "most": "5"})
    assert "Everyone who holds the assessor role is on the panel already." in names


def test_a_return_and_a_later_end_are_decided_on_what_was_shown(cast: Cast, client: ConformingClient) -> None:
    found = handed_in()
    made = given_to(cast, found, status=AssessmentStatus.SUBMITTED)
    rounds.score(made, found.round.criteria[0], 4)
    seen = str(rounds.whole_assessment(made).version)
    client.sign_in(cast.lead_assessor)
    assert f'type="hidden" value="{seen}"' in client.get(f"/assessments/{made.id}/return").text
    made = rounds.whole_assessment(made)
    made.comment = "Changed"
    rounds.whole_assessment(made)
    late = client.post(f"/assessments/{made.id}/return", data={"reason": "Say more", "version": seen})
    assert late.status_code == 409
    assert "This was changed after you opened the page" in late.text
    now_seen = str(rounds.whole_assessment(made).version)
    assert f'type="hidden" value="{now_seen}"' in late.text
    sent(client, f"/assessments/{made.id}/return", {"reason": "Say more", "version": now_seen})
    accepting = rounds.assessment(
        rounds.whole_application(handed_in(judged())),
        cast.assessor.account,
        status=AssessmentStatus.ALLOCATED,
    )
    client.sign_in(cast.assessor)
    for act, data in (("accept", {"is_free": "y"}), ("decline", {"why": "capacity", "words": ""})):
        answer = client.post(f"/assessments/{accepting.id}/{act}", data=data | {"version": "9"})
        assert answer.status_code == 409


def row(criterion: str, part: str, value: int, key: str | None = None) -> dict[str, object]:
    told = {"criterion": criterion, "part": part, "value": value, "highest": 5, "rationale": ""}
    return told | ({"id": key} if key else {})


def test_versions_with_parts_of_one_name_are_told_apart_by_their_criterion() -> None:
    before = [row("People", "Evidence", 4, "a"), row("Plan", "Evidence", 2, "b"), row("Plan", "Cost", 1, "b")]
    after = [row("Plan", "Evidence", 2, "b"), row("People", "Evidence", 4, "a"), row("Plan", "Cost", 3, "b")]
    assert differences(before, after) == [
        ("Evidence (People)", "4 of 5", "4 of 5"),
        ("Evidence (Plan)", "2 of 5", "2 of 5"),
        ("Cost", "1 of 5", "3 of 5"),
    ]
    same_title = [row("Plan", "Evidence", 4, "a"), row("Plan", "Evidence", 2, "b")]
    assert [each[1:] for each in differences(same_title, same_title)] == [("4 of 5",) * 2, ("2 of 5",) * 2]
    superseded = [row("People", "Evidence", 5, "new")]
    assert differences([row("People", "Evidence", 4, "old")], superseded) == [
        ("Evidence", "4 of 5", "5 of 5")
    ]
    assert differences([row("People", "Evidence", 4)], superseded) == [("Evidence", "4 of 5", "5 of 5")]


@pytest.mark.parametrize("why", ["stake", "ended"])
def test_k12_an_assessment_is_not_returned_to_somebody_who_could_not_submit_it_again(
    cast: Cast, client: ConformingClient, why: str
) -> None:
    """Before, they filled in the whole form and were refused at its end."""
    found = handed_in(judged(assessors=2))
    rounds.scored(found, 4)
    made = given_to(cast, found, status=AssessmentStatus.SUBMITTED)
    page, returning = f"/applications/{found.id}/scores", f"/assessments/{made.id}/return"
    client.sign_in(cast.programme_manager)
    assert returning in client.get(page).text
    if why == "stake":
        factories.connection(own(BUSINESS), account_id=cast.assessor.id)
    else:
        factories.stand(cast.assessor.account.id, AccountStatus.DEACTIVATED)
    assert returning not in client.get(page).text
    for refused in (client.get(returning), client.post(returning, data={"reason": "Say more"})):
        assert (refused.status_code, "could not submit it again" in refused.text) == (409, True)
