"""Beginning again: a new application offers what the business answered before, and copies it with its files."""

from __future__ import annotations

from io import BytesIO

from sqlalchemy.orm import Session

from crm.kernel.clock import now
from crm.programme.applications.models import Application
from crm.programme.applications.queries import applications as queries
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.rounds.workflow import QuestionKind
from tests import rounds
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.applicants import PDF, own
from tests.programme.pages import sent

OFFER = "Copy those answers into this application"


def answers(found: Application) -> dict[str, object]:
    whole = rounds.whole_application(found)
    latest = queries.latest_by_question(found.id)
    return {each.label: latest[str(each.id)] for each in whole.round.questions if str(each.id) in latest}


def test_k17_what_was_withdrawn_is_copied_into_the_next_application_with_its_files(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    first = rounds.filled_in(rounds.application(own()))
    client.sign_in(cast.founder)
    picture = next(each for each in first.round.questions if each.kind is QuestionKind.FILE)
    page = f"/applications/{first.id}"
    upload = {"data": {"file": (BytesIO(PDF), "Plan.pdf")}, "content_type": "multipart/form-data"}
    assert client.post(f"{page}/questions/{picture.id}/attach", **upload).status_code == 303
    told = sent(client, f"{page}/withdraw", {"reason": "", "version": str(first.version)})
    assert "Application withdrawn." in told
    reference, same = first.reference, first.round.id
    # Another application, begun later to another round, has answers to the same questions.
    rounds.filled_in(rounds.application(own(), begun_at=now()))
    second = rounds.application(own(), rounds.rounds.round_(same), begun_at=now())
    assert f"in application {reference}" in client.get(f"/applications/{second.id}").text
    assert "You answered 4 of these questions" in client.get(f"/applications/{second.id}").text
    shown = sent(client, f"/applications/{second.id}/take-over")
    assert "4 answers copied. Check each section." in shown
    assert OFFER not in shown
    assert answers(second) == answers(rounds.whole_application(first))
    (copied,) = queries.files_of(second.id)[picture.id]
    assert client.get(f"/applications/{second.id}/files/{copied.document_id}").data == PDF
    assert client.post(f"/applications/{second.id}/take-over").status_code == 409


def test_k17_of_another_round_only_questions_that_read_the_same_are_copied(
    cast: Cast, client: ConformingClient
) -> None:
    before = rounds.round_()
    chosen = rounds.question(before.sections[0], QuestionKind.CHOICE, label="Which?", choices=("Red", "Blue"))
    first = rounds.filled_in(
        rounds.application(own(), rounds.whole(before), status=ApplicationStatus.SUBMITTED)
    )
    latest = queries.latest_answers(first.id)[before.sections[0].id]
    latest.answers = latest.answers | {str(chosen.id): "Red"}
    later = rounds.round_()
    rounds.question(later.sections[0], QuestionKind.CHOICE, label="Which?", choices=("Green", "Blue"))
    rounds.question(later.sections[0], QuestionKind.NUMBER, label="Cost ")
    second = rounds.application(own(), rounds.whole(later))
    client.sign_in(cast.founder)
    assert OFFER in client.get(f"/applications/{second.id}").text
    assert OFFER not in client.sign_in(cast.adviser).get(f"/applications/{second.id}").text
    client.sign_in(cast.founder)
    sent(client, f"/applications/{second.id}/take-over")
    assert answers(second) == {"What will you do?": "Made words", "Cost": 8_000_000, "Sum": 2_000_000}
    stranger = rounds.application(own(), rounds.round_())
    assert (
        client.sign_in(cast.other_founder).post(f"/applications/{stranger.id}/take-over").status_code == 404
    )


def test_k3_who_withdraws_can_begin_again_at_once_with_the_same_answers(
    cast: Cast, client: ConformingClient
) -> None:
    found = rounds.round_()
    own()
    client.sign_in(cast.founder)
    start, told = f"/programme/rounds/{found.id}/start", {"postcode": "B1 1AA"}
    first = client.post(start, data=told).headers["Location"]
    assert client.post(start, data=told).headers["Location"] == first, "the one that is there goes on"
    assert "Application withdrawn." in sent(client, f"{first}/withdraw", {"reason": "", "version": "1"})
    assert client.post(start, data=told).headers["Location"] != first
