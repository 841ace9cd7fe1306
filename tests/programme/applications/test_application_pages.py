"""Every form of an application is sent as the right person sends it, and what comes next fits where it stands."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crm.accounts.models import RoleGrant
from crm.kernel.clock import now
from crm.kernel.roles import Role
from crm.programme.applications.models import ApplicantQuery, Application, ApplicationFile, QueriedQuestion
from crm.programme.applications.queries import querying
from crm.programme.applications.workflow import ApplicationStatus, ClearanceStatus, QueryStatus
from crm.programme.rounds.workflow import QuestionKind
from tests import factories, rounds
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.programme.applicants import PDF, own, page_of, section_page
from tests.programme.judging import handed_in, judged
from tests.programme.pages import sent, typed

REASON = {"reason": "Because we know now"}


def begun(**fields: Any) -> Application:
    return rounds.whole_application(rounds.application(own(), **fields))


def test_an_application_is_begun_filled_in_and_submitted_through_its_pages(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    found = rounds.round_()
    client.sign_in(cast.founder)
    page = sent(client, f"/programme/rounds/{found.id}/start", {"business": str(BUSINESS)})
    assert "What comes next" in page
    made = db.scalars(select(Application).where(Application.round_id == found.id)).one()
    fields = {each.label: f"q-{each.id}" for each in found.questions}
    kept = {fields["What will you do?"]: "Make more", "version": "0"}
    assert client.post(f"{section_page(made, 'You')}/keep", data=kept).json == {"version": 1}
    finished = kept | {"version": "1", "finish": "yes"}
    assert "Section “You” saved." in sent(client, section_page(made, "You"), finished)
    asked = client.get(section_page(made, "Money")).text
    assert "This must be at most 50% of “Cost”." in asked, "a limit is said before it is broken"
    sums = {fields["Cost"]: "80000", fields["Sum"]: "40,000", "version": "0", "finish": "yes"}
    assert "Section “Money” saved." in sent(client, section_page(made, "Money"), sums)
    asked = client.get(f"{page_of(made)}/submit").text
    assert 'value="Founder of the Cast"' not in asked, "signing is the person's own act"
    assert "As it is on your account: Founder of the Cast" in asked
    declared = {"declared_by": "Founder of the Cast", "is_declared": "y"}
    assert "Application submitted" in sent(client, f"{page_of(made)}/submit", declared)


def test_a_file_is_added_and_removed_through_its_pages(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    made = begun()
    (asked,) = [each for each in made.round.questions if each.kind is QuestionKind.FILE]
    client.sign_in(cast.founder)
    given = {"file": (BytesIO(PDF), "plan.pdf")}
    path = f"{page_of(made)}/questions/{asked.id}/attach"
    page = sent(client, path, given, content_type="multipart/form-data")
    assert "File plan.pdf added." in page
    kept = db.scalars(select(ApplicationFile).where(ApplicationFile.application_id == made.id)).one()
    assert "removed" in sent(client, f"{page_of(made)}/files/{kept.document_id}/remove")


def test_an_adviser_decides_whether_a_business_can_apply(cast: Cast, client: ConformingClient) -> None:
    made = begun()
    rounds.clearance(made)
    client.sign_in(cast.adviser)
    assert "can apply" in sent(client, f"{page_of(made)}/clear", REASON)
    page = sent(client, f"{page_of(made)}/deny", REASON)
    assert "cannot apply. We have written to the applicant with your reason." in page
    assert client.post(f"{page_of(made)}/deny", data=REASON).status_code == 409


def test_k13_search_finds_an_application_by_its_reference_and_by_its_business(
    cast: Cast, client: ConformingClient
) -> None:
    found = begun()
    client.sign_in(cast.programme_manager)
    for words in (found.reference, found.business.name):
        assert f"/applications/{found.id}" in client.get(f"/search?q={words}").text
    client.sign_in(cast.founder)
    assert f"Application of {found.business.name}" not in client.get(f"/search?q={found.reference}").text


def test_a_manager_extends_rules_out_and_readmits(cast: Cast, client: ConformingClient) -> None:
    made, other = begun(), handed_in()
    client.sign_in(cast.programme_manager)
    later = now() + timedelta(days=33)
    told = typed(f"{later:%d %m %Y}") | {"hour": "12:00"} | REASON
    assert "Deadline extended." in sent(client, f"{page_of(made)}/extend", told)
    assert "ruled out" in sent(client, f"{page_of(other)}/rule-out", REASON)
    assert "readmitted" in sent(client, f"{page_of(other)}/readmit", REASON)


def test_where_no_one_at_the_business_has_an_account_no_page_says_that_we_wrote_to_them(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    made, other = begun(), handed_in()
    db.execute(delete(RoleGrant).where(RoleGrant.role == Role.FOUNDER))
    rounds.clearance(made)
    client.sign_in(cast.programme_manager)
    told = typed(f"{now() + timedelta(days=33):%d %m %Y}") | {"hour": "12:00"} | REASON
    pages = [
        sent(client, f"{page_of(made)}/extend", told),
        sent(client, f"{page_of(other)}/rule-out", REASON),
    ]
    pages.append(sent(client, f"{page_of(other)}/readmit", REASON))
    client.sign_in(cast.adviser)
    pages.append(sent(client, f"{page_of(made)}/deny", REASON))
    pages.append(sent(client, f"{page_of(made)}/clear", REASON))
    assert ["no one at the business has an account here" in page for page in pages] == [True] * 5
    assert ["We have written to the applicant" in page for page in pages] == [False] * 5


def test_a_query_is_asked_answered_and_another_closed(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    made = rounds.filled_in(handed_in())
    asked = next(each for each in made.round.questions if each.label == "Cost")
    client.sign_in(cast.programme_manager)
    soon = now() + timedelta(days=5)
    told = {"words": "How much?", "questions": [str(asked.id)]} | typed(f"{soon:%d %m %Y}")
    assert "Query sent." in sent(client, f"{page_of(made)}/queries/ask", told)
    first = db.scalars(select(ApplicantQuery).where(ApplicantQuery.application_id == made.id)).one()
    client.sign_in(cast.founder)
    answered = {f"q-{asked.id}": "81000", "reply": "Two quotes"}
    page = sent(client, f"/queries/{first.id}/answer", answered)
    assert "£81,000" in page
    assert client.get(f"/queries/{first.id}/answer").status_code == 409
    other = rounds.query(made)
    client.sign_in(cast.programme_manager)
    assert "Query closed." in sent(client, f"/queries/{other.id}/close")


def asked_about(*names: str) -> Any:
    """A query about these questions of an application that asks for £20,000 of £80,000."""
    made = rounds.filled_in(handed_in())
    query = rounds.query(made)
    by_label = {each.label: each.id for each in made.round.questions}
    whole = querying.query(query.id)
    assert whole is not None
    for each in whole.questions:
        rounds.session().delete(each)
    for name in names:
        answered = {"Cost": 8_000_000, "Sum": 2_000_000}[name]
        factories.kept(
            QueriedQuestion(query_id=query.id, question_id=by_label[name], before=answered, after=None)
        )
    return query, by_label


def test_an_answer_to_a_query_is_held_to_the_checks_of_its_section(
    cast: Cast, client: ConformingClient
) -> None:
    """K5: half of the whole cost is the most, by whichever form it is typed."""
    query, ids = asked_about("Sum")
    client.sign_in(cast.founder)
    refused = client.post(f"/queries/{query.id}/answer", data={f"q-{ids['Sum']}": "41,000", "reply": ""})
    assert refused.status_code == 422
    assert "Ask for less" in refused.text
    assert 'value="41,000"' in refused.text


def test_an_answer_that_breaks_another_answer_says_which(cast: Cast, client: ConformingClient) -> None:
    query, ids = asked_about("Cost")
    client.sign_in(cast.founder)
    refused = client.post(f"/queries/{query.id}/answer", data={f"q-{ids['Cost']}": "10,000", "reply": ""})
    assert refused.status_code == 422
    assert "“Sum” no longer fits" in refused.text


def test_the_sum_that_is_asked_for_is_one_in_lists_ranking_and_pack(
    cast: Cast, client: ConformingClient
) -> None:
    """K8: an answer to a query renews the sum; the section stays finished."""
    query, ids = asked_about("Sum")
    client.sign_in(cast.founder)
    sent(client, f"/queries/{query.id}/answer", {f"q-{ids['Sum']}": "30,000", "reply": ""})
    found = rounds.whole_application(query.application)
    assert str(found.asked_for) == "£30,000"
    client.sign_in(cast.programme_manager)
    assert "In progress" not in client.get(page_of(found)).text
    for page in (f"{page_of(found)}/pack", f"/programme/rounds/{found.round_id}/ranking"):
        assert "£30,000" in client.get(page).text
        assert "£20,000" not in client.get(page).text


@pytest.mark.parametrize(
    "status", [each for each in ApplicationStatus if each is not ApplicationStatus.SUBMITTED]
)
def test_nobody_is_offered_to_ask_about_what_is_not_assessed(
    cast: Cast, client: ConformingClient, status: ApplicationStatus
) -> None:
    """K12: the form is refused when it is asked for, not after it was filled in."""
    made = begun(status=status)
    client.sign_in(cast.lead_assessor)
    assert client.get(f"{page_of(made)}/queries/ask").status_code == 409


def test_a_query_of_what_was_withdrawn_or_ruled_out_is_closed(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    first, second = rounds.query(handed_in()), rounds.query(handed_in(judged()))
    client.sign_in(cast.founder)
    sent(client, f"/applications/{first.application_id}/withdraw", {"reason": ""})
    client.sign_in(cast.programme_manager)
    sent(client, f"/applications/{second.application_id}/rule-out", REASON)
    db.expire_all()
    assert {each.status for each in (first, second)} == {QueryStatus.CLOSED}
    client.sign_in(cast.founder)
    assert "Answer a query" not in client.get("/desk").text
    assert client.get(f"/queries/{first.id}/answer").status_code == 409


def test_a_programme_manager_tries_a_dry_run_from_the_search_to_the_receipt(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    """Before, the search saw no business for a manager of the programme."""
    found, tried = rounds.round_(is_dry_run=True), factories.business(name="Trial Films", indexed=True)
    client.sign_in(cast.programme_manager)
    page = client.get(f"/programme/rounds/{found.id}/check?q=Trial+Films&checked=yes").text
    assert "Start your application" in page
    sent(client, f"/programme/rounds/{found.id}/start", {"business": str(tried.id)})
    made = rounds.filled_in(db.scalars(select(Application).where(Application.round_id == found.id)).one())
    shown = client.get(page_of(made)).text
    assert "Check and submit" in shown
    assert f'href="/businesses/{tried.id}"' not in shown
    declared = {"declared_by": cast.programme_manager.account.name, "is_declared": "y"}
    assert "Application submitted" in sent(client, f"{page_of(made)}/submit", declared)


@pytest.mark.parametrize(("part", "is_told"), [("adviser", True), ("auditor", False), ("approver", False)])
def test_what_waits_for_an_adviser_stands_on_desks_of_those_who_can_decide(
    cast: Cast, client: ConformingClient, part: str, is_told: bool
) -> None:
    rounds.clearance(begun())
    page = client.sign_in(cast[part]).get("/desk").text
    assert ("is waiting for an eligibility decision" in page) == is_told


WAYS = {
    "open": ({}, "Submit by"),
    "waiting": ({}, "An adviser checks"),
    "denied": ({}, "so this application cannot be submitted"),
    "closed": ({}, "was not submitted, so it will not be assessed"),
    "submitted": ({"status": ApplicationStatus.SUBMITTED}, "Independent assessors read it"),
    "assessed": ({"status": ApplicationStatus.ASSESSED}, "independent assessors have read and scored it"),
    "ineligible": ({"status": ApplicationStatus.RULED_OUT}, "has been ruled out and is not being assessed"),
    "withdrawn": ({"status": ApplicationStatus.WITHDRAWN}, "was withdrawn, so it will not be assessed"),
}
READS = "ndependent assessors"
WITH_READERS = {"open", "waiting", "submitted", "assessed"}


@pytest.mark.parametrize("way", WAYS)
def test_what_comes_next_fits_where_an_application_stands(
    cast: Cast, client: ConformingClient, way: str
) -> None:
    """K11: after a refusal nobody is promised a reader, and there are two ways on."""
    fields, said = WAYS[way]
    found = judged() if way == "closed" else rounds.round_()
    made = rounds.application(own(), found, **fields)
    if way in ("waiting", "denied"):
        decided = {"_status": ClearanceStatus.DENIED, "reason": "Too young", "decided_at": now()}
        rounds.clearance(made, **(decided if way == "denied" else {}))
    page = client.sign_in(cast.founder).get(page_of(made)).text
    told = page.partition("What comes next")[2].partition("</main>")[0]
    assert said in told
    assert (READS in told) == (way in WITH_READERS)
    if way not in WITH_READERS:
        assert 'href="/programme"' in told
        assert 'href="/find-support"' in told


def test_an_application_that_was_ruled_out_cannot_be_withdrawn_and_shows_no_way_to(
    cast: Cast, client: ConformingClient
) -> None:
    made = rounds.application(own(), rounds.round_(), status=ApplicationStatus.RULED_OUT)
    client.sign_in(cast.founder)
    assert "Withdraw the application" not in client.get(page_of(made)).text
    for refused in (client.get(f"{page_of(made)}/withdraw"), client.post(f"{page_of(made)}/withdraw")):
        assert refused.status_code == 409
        assert "This application is “Ruled out”." in refused.text
