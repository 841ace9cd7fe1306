"""Applicants are asked about some answers: these alone change, and what was scored by them is confirmed again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.kernel.clock import now, today
from crm.kernel.errors import Conflict, Invalid, NotAllowed
from crm.notices.models import Letter
from crm.programme.applications.models import ApplicantQuery, Application, QueriedQuestion
from crm.programme.applications.queries import applications, querying
from crm.programme.applications.service import querying as service
from crm.programme.applications.service.querying import QueryDetails
from crm.programme.applications.workflow import QueryStatus
from crm.programme.assessing.models import Score
from crm.programme.assessing.service import scoring
from crm.programme.assessing.service.scoring import Given, Judgement
from crm.programme.rounds.workflow import QuestionKind
from tests import rounds
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.judging import WORDS, all_parts, given_to, handed_in, judged, total
from tests.programme.pages import sent


def two_criteria() -> Application:
    """One criterion judges what they will do, the other what it costs; both were scored by two."""
    found = judged()
    by_label = {each.label: str(each.id) for each in found.questions}
    (first,) = found.criteria
    first.weight, first.reads = 5_000, [by_label["What will you do?"]]
    rounds.criterion(found, weight=5_000, parts=("Cost part",), reads=[by_label["Cost"], by_label["Sum"]])
    made = rounds.filled_in(handed_in(rounds.whole(found)))
    rounds.scored(made, 4)
    return rounds.whole_application(made)


def asked(found: Application, *names: str) -> tuple[Any, ...]:
    return tuple(each.id for each in found.round.questions if each.label in names)


def details(found: Application, *names: str, **fields: Any) -> QueryDetails:
    given = {
        "words": "How?",
        "question_ids": asked(found, *names),
        "due_at": now() + timedelta(days=5),
    } | fields
    return QueryDetails(**given)


def whole_query(made: ApplicantQuery) -> ApplicantQuery:
    found = querying.query(made.id)
    assert found is not None
    return found


def test_p14_only_what_is_asked_about_changes_and_its_scores_are_confirmed_again(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    found = two_criteria()
    mine = given_to(cast, found)
    scoring.save(mine, Judgement(all_parts(mine, 4), "", mine.version), by=cast.assessor.actor)
    scoring.hand_in(rounds.whole_assessment(mine), by=cast.assessor.actor)
    assert total(found) == "80.00%"
    made = service.ask(rounds.whole_application(found), details(found, "Cost"), by=cast.assessor.actor)
    page = client.sign_in(cast.founder).get(f"/queries/{made.id}/answer").text
    assert "Cost" in page
    assert "What will you do?" not in page
    (cost,) = asked(rounds.whole_application(found), "Cost")
    (other,) = asked(rounds.whole_application(found), "What will you do?")
    told = {f"q-{cost}": "90,000", f"q-{other}": "Something else", "reply": "We counted anew"}
    assert client.post(f"/queries/{made.id}/answer", data=told).status_code == 303

    latest = applications.latest_answers(found.id)
    answers = {key: value for each in latest.values() for key, value in each.answers.items()}
    assert answers[str(cost)] == 9_000_000
    assert answers[str(other)] == "Made words"
    seen = client.sign_in(cast.assessor).get(f"/queries/{made.id}").text
    assert "£80,000" in seen
    assert "£90,000" in seen
    stale = {(each.part, each.is_stale) for each in db.scalars(select(Score))}
    assert stale == {("Made part", False), ("Cost part", True)}
    assert total(found) == "incomplete (2 to confirm again)"

    page = client.get(f"/assessments/{mine.id}").text
    assert "Cost part: score" in page
    assert "Made part: score" not in page
    mine = rounds.whole_assessment(mine)
    confirmed = {"score-0": "5", "because-0": WORDS, "version": str(mine.version)}
    assert client.post(f"/assessments/{mine.id}/score", data=confirmed).status_code == 303
    assert total(found) == "incomplete (1 to confirm again)"
    kept = {each.part: each.value for each in rounds.whole_assessment(mine).scores}
    assert kept == {"Made part": 4, "Cost part": 5}


def test_p14_only_what_changed_is_confirmed_and_nothing_else(cast: Cast) -> None:
    found = two_criteria()
    mine = given_to(cast, found)
    scoring.save(mine, Judgement(all_parts(mine, 4), "", mine.version), by=cast.assessor.actor)
    scoring.hand_in(rounds.whole_assessment(mine), by=cast.assessor.actor)
    mine = rounds.whole_assessment(mine)
    with pytest.raises(Conflict, match="nothing to confirm"):
        scoring.confirm_again(mine, Judgement(all_parts(mine, 5), "", mine.version), by=cast.assessor.actor)
    one = next(each for each in mine.scores if each.part == "Cost part")
    one.is_stale = True
    mine = rounds.whole_assessment(mine)
    with pytest.raises(Invalid, match="and nothing else"):
        scoring.confirm_again(mine, Judgement(all_parts(mine, 5), "", mine.version), by=cast.assessor.actor)
    key = (str(mine.round.criteria[1].id), "Cost part")
    scoring.confirm_again(mine, Judgement({key: Given(5, WORDS)}, "", mine.version), by=cast.assessor.actor)


def test_an_answer_that_stays_makes_nothing_stale_and_the_asker_is_told(cast: Cast, db: Session) -> None:
    found = two_criteria()
    given_to(cast, found)
    made = service.ask(rounds.whole_application(found), details(found, "Cost"), by=cast.assessor.actor)
    (cost,) = asked(rounds.whole_application(found), "Cost")
    service.answer(whole_query(made), {str(cost): 8_000_000}, reply="It is right", by=cast.founder.actor)
    assert not any(each.is_stale for each in db.scalars(select(Score)))
    told = set(db.execute(select(Letter.kind, Letter.to_name)))
    assert told == {
        ("application_asked", cast.founder.account.name),
        ("query_answered", cast.assessor.account.name),
    }
    assert whole_query(made).status is QueryStatus.ANSWERED
    with pytest.raises(Conflict):
        service.answer(whole_query(made), {}, reply="", by=cast.founder.actor)


def test_who_assesses_it_not_or_has_a_bad_question_asks_nothing(cast: Cast, client: ConformingClient) -> None:
    found = two_criteria()
    with pytest.raises(NotAllowed):
        service.ask(found, details(found, "Cost"), by=cast.assessor.actor)
    lead = cast.lead_assessor.actor
    with pytest.raises(Invalid, match="Choose the answers"):
        service.ask(found, details(found, "A picture"), by=lead)
    with pytest.raises(Invalid, match="must be in the future"):
        service.ask(found, details(found, "Cost", due_at=now()), by=lead)
    client.sign_in(cast.lead_assessor)
    refused = client.post(f"/applications/{found.id}/queries/ask", data={"words": "", "day-day": "x"})
    assert refused.status_code == 422
    day = today() + timedelta(days=3)
    sent = {"words": "How?", "questions": [str(asked(found, "Cost")[0])]}
    sent |= {"day-day": str(day.day), "day-month": str(day.month), "day-year": str(day.year)}
    done = client.post(f"/applications/{found.id}/queries/ask", data=sent)
    assert done.status_code == 303
    where = done.headers["Location"]
    assert client.sign_in(cast.other_founder).get(where).status_code == 404
    desk = client.sign_in(cast.founder).get("/desk").text
    assert "Answer a query about your application" in desk
    assert "Demo-Lead" not in client.get(where).text
    client.sign_in(cast.lead_assessor)
    assert client.post(f"{where}/close").status_code == 303


def test_k8_k12_a_question_has_one_open_query_at_a_time_and_the_form_says_so_beforehand(
    cast: Cast, client: ConformingClient
) -> None:
    found = two_criteria()
    made = service.ask(found, details(found, "Cost"), by=cast.lead_assessor.actor)
    with pytest.raises(Invalid, match="already has an open query about “Cost”"):
        service.ask(found, details(found, "Cost"), by=cast.lead_assessor.actor)
    asking = f"/applications/{found.id}/queries/ask"
    page = client.sign_in(cast.lead_assessor).get(asking).text
    (cost,) = asked(found, "Cost")
    assert f'href="/queries/{made.id}">Cost</a>' in page
    assert f'value="{cost}"' not in page
    service.ask(found, details(found, "Sum", "What will you do?"), by=cast.lead_assessor.actor)
    full = client.get(asking)
    assert full.status_code == 409
    assert "an open query about every answer" in full.text


def test_an_answer_that_was_changed_in_another_tab_is_not_overwritten(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    """Two queries of earlier days are about one answer: the form shown before the first was answered is refused."""
    found = two_criteria()
    first = service.ask(found, details(found, "Sum"), by=cast.lead_assessor.actor)
    second = service.ask(found, details(found, "Cost"), by=cast.lead_assessor.actor)
    (sum_,), (cost,) = asked(found, "Sum"), asked(found, "Cost")
    db.add(QueriedQuestion(query_id=second.id, question_id=sum_, before=None, after=None))
    db.commit()
    client.sign_in(cast.founder)
    seen = {"version": str(second.version)}
    assert (
        f'name="version" type="hidden" value="{second.version}"'
        in client.get(f"/queries/{second.id}/answer").text
    )
    sent(client, f"/queries/{first.id}/answer", {f"q-{sum_}": "4,321", "reply": "Less", "version": "1"})
    given = {f"q-{sum_}": "20,000", f"q-{cost}": "80,000", "reply": "As it was"}
    late = client.post(f"/queries/{second.id}/answer", data=given | seen)
    assert late.status_code == 409
    assert "Sum: “£4,321” is saved now" in late.text
    assert applications.latest_by_question(found.id)[str(sum_)] == 432_100


def test_a_query_about_an_answer_opens_those_that_hang_on_it(cast: Cast, client: ConformingClient) -> None:
    """Before, a "no" that asks for more could not be answered: the question that it asks for was on no form."""
    round_ = judged()
    own = rounds.question(round_.sections[0], QuestionKind.YES_NO, label="Own it?")
    who = rounds.question(round_.sections[0], label="Who does?", asked_if_id=own.id, asked_if="no")
    found = handed_in(rounds.whole(round_))
    first, second = found.round.sections
    ids = {each.label: str(each.id) for each in found.round.questions}
    rounds.answers(found, first.id, {ids["What will you do?"]: "Made", str(own.id): "yes"})
    rounds.answers(found, second.id, {ids["Cost"]: 8_000_000, ids["Sum"]: 2_000_000})
    found = rounds.whole_application(found)
    made = service.ask(found, details(found, "Own it?"), by=cast.lead_assessor.actor)
    client.sign_in(cast.founder)
    path = f"/queries/{made.id}/answer"
    assert "Only if “Own it?” is no" in client.get(path).text
    given = {f"q-{own.id}": "no", f"q-{who.id}": "", "reply": "", "version": str(made.version)}
    lacking = client.post(path, data=given)
    assert lacking.status_code == 422
    assert f'href="#q-{who.id}"' in lacking.text
    page = sent(client, path, given | {f"q-{who.id}": "A licensee"})
    assert "Who does?" in page
    assert "A licensee" in page
    assert applications.latest_by_question(found.id)[str(who.id)] == "A licensee"


def test_an_assessment_is_not_closed_over_an_open_query_and_closing_the_query_tells_the_applicant(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    found = handed_in()
    rounds.scored(found, 4, 4)
    made = service.ask(rounds.whole_application(found), details(found, "Cost"), by=cast.lead_assessor.actor)
    client.sign_in(cast.lead_assessor)
    page = client.get(f"/applications/{found.id}/scores").text
    assert "The applicant has an open query, due by" in page
    assert "Close the assessment" not in page
    refused = client.post(f"/applications/{found.id}/scores/finalise")
    assert refused.status_code == 409
    assert "close the query first" in refused.text
    sent(client, f"/queries/{made.id}/close", {"version": str(made.version)})
    assert "Close the assessment" in client.get(f"/applications/{found.id}/scores").text
    stale = client.post(f"/applications/{found.id}/scores/finalise", data={"total": "12.00%"})
    assert stale.status_code == 409
    assert "Assessment closed." in sent(
        client, f"/applications/{found.id}/scores/finalise", {"total": "80.00%"}
    )
    assert "query_closed" in set(db.scalars(select(Letter.kind)))


def test_k4_a_second_query_begins_with_the_latest_answer_and_leaves_the_sum(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    found = two_criteria()
    first = service.ask(found, details(found, "Sum"), by=cast.lead_assessor.actor)
    second = service.ask(found, details(found, "Cost"), by=cast.lead_assessor.actor)
    (wanted,), (cost,) = asked(found, "Sum"), asked(found, "Cost")
    before = applications.latest_by_question(found.id)[str(wanted)]
    db.add(QueriedQuestion(query_id=second.id, question_id=wanted, before=before, after=None))
    db.commit()
    client.sign_in(cast.founder)
    client.post(f"/queries/{first.id}/answer", data={f"q-{wanted}": "4,321", "reply": "Less"})
    page = client.get(f"/queries/{second.id}/answer").text
    assert "4,321" in page
    sent = {f"q-{wanted}": "4,321", f"q-{cost}": "80,000", "reply": "Unchanged"}
    assert client.post(f"/queries/{second.id}/answer", data=sent).status_code == 303
    assert applications.latest_by_question(found.id)[str(wanted)] == 432_100
    assert str(rounds.whole_application(found).asked_for) == "£4,321"
    assert "Sum" in client.get(f"/queries/{second.id}").text
