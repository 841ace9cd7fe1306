"""The page of a plan: nothing typed is lost whichever button is pressed, and it says what nothing helps with."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pypdf
import pytest
from sqlalchemy.orm import Session

from crm.businesses.queries.seeing import business
from crm.directory.models import Service
from crm.directory.workflow import ServiceStatus
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM
from crm.signposting.models import ActionPlan
from crm.signposting.papers.leaving import plan_pdf
from crm.signposting.queries import planning as queries
from crm.signposting.service import planning
from crm.signposting.service.planning import StepDetails
from crm.signposting.workflow import PlanStatus, StepOwner
from tests import factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient

OPENING = "Dear Jo,\n\nthis is what we talked about."


@pytest.fixture
def open_service(db: Session) -> Service:
    return factories.service(name="Open Door")


@pytest.fixture
def draft(cast: Cast, client: ConformingClient) -> ActionPlan:
    found = business(BUSINESS)
    assert found is not None
    made = planning.draft_plan(found, by=cast.adviser.actor)
    client.sign_in(cast.adviser)
    return made


def now_is(draft: ActionPlan, db: Session) -> ActionPlan:
    db.flush()
    db.expire_all()
    found = queries.plan(draft.id)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "button", ["choose", "rule-out", "unchoose", "rule-in", "steps/remove", "edit", "steps/add"]
)
def test_opening_words_and_a_half_typed_step_survive_every_button_of_the_page(
    button: str, client: ConformingClient, draft: ActionPlan, open_service: Service, cast: Cast, db: Session
) -> None:
    planning.choose(draft, open_service.id, by=cast.adviser.actor)
    whole = now_is(draft, db)
    step = whole.steps[0].id
    typed = {"opening": OPENING, "version": str(whole.version), "title": "Ring the bank", "owner": "adviser"}
    typed |= {"service_id": str(open_service.id), "step_id": str(step), "other_id": ""}
    typed |= {f"why-{open_service.id}": "Because Jo asked for it"}
    answer = client.post(f"/plans/{draft.id}/{button}", data=typed)

    assert answer.status_code == 303
    found = now_is(draft, db)
    assert found.opening.split() == OPENING.split()
    page = client.get(f"/plans/{draft.id}/edit").text
    assert "this is what we talked about" in page
    if button == "steps/add":
        assert "Ring the bank" in [each.title for each in found.steps]
    else:
        assert 'value="Ring the bank"' in page
    if found.signposts:
        assert found.signposts[0].why == "Because Jo asked for it"


def test_what_cannot_be_done_is_said_on_the_page_with_everything_that_was_typed(
    client: ConformingClient, draft: ActionPlan, db: Session
) -> None:
    typed = {"opening": OPENING, "version": str(draft.version), "title": "Ring the bank", "other_id": ""}
    answer = client.post(f"/plans/{draft.id}/choose", data=typed)
    assert answer.status_code == 422
    assert "Choose a service first" in answer.text
    assert "this is what we talked about" in answer.text
    assert 'value="Ring the bank"' in answer.text


def test_opening_words_that_two_people_change_at_once_are_not_lost(
    client: ConformingClient, draft: ActionPlan, open_service: Service, cast: Cast, db: Session
) -> None:
    seen = draft.version
    planning.write_opening(draft, "First", version=seen, by=cast.adviser.actor)
    typed = {"opening": OPENING, "version": str(seen), "service_id": str(open_service.id)}
    answer = client.post(f"/plans/{draft.id}/choose", data=typed)
    assert answer.status_code == 409
    assert "this is what we talked about" in answer.text
    assert now_is(draft, db).signposts == []


def test_others_fit_better_is_said_only_where_a_person_chose_it(
    client: ConformingClient, draft: ActionPlan, open_service: Service, db: Session
) -> None:
    where = f"/plans/{draft.id}/rule-out"
    asked = client.post(where, data={"opening": OPENING, "service_id": str(open_service.id)})
    page = client.get(asked.headers["Location"]).text
    assert "Rule out Open Door" in page
    assert now_is(draft, db).ruled_out == []
    assert now_is(draft, db).opening.split() == OPENING.split()

    there = asked.headers["Location"]
    assert client.post(there, data={"reason": "other", "why": " "}).status_code == 422
    answer = client.post(there, data={"reason": "other", "why": "You asked us not to"})
    assert answer.status_code == 303
    assert [each.why for each in now_is(draft, db).ruled_out] == ["You asked us not to"]
    assert "Others fit better" not in client.get(f"/plans/{draft.id}/edit").text

    client.post(f"/plans/{draft.id}/rule-in", data={"service_id": str(open_service.id)})
    client.post(there, data={"reason": "Others fit better for now."})
    assert [each.why for each in now_is(draft, db).ruled_out] == ["Others fit better for now."]


def test_what_stands_against_a_service_is_the_reason_without_asking(
    client: ConformingClient, draft: ActionPlan, db: Session
) -> None:
    closed = factories.service(ServiceStatus.CLOSED, name="Closed Door")
    answer = client.post(f"/plans/{draft.id}/rule-out", data={"service_id": str(closed.id)})
    assert answer.headers["Location"] == f"/plans/{draft.id}/edit"
    (row,) = now_is(draft, db).ruled_out
    assert row.why
    assert "Others fit better" not in row.why


def test_the_plan_says_that_nothing_open_helps_with_an_urgent_need_and_keeps_it_as_unmet(
    client: ConformingClient, draft: ActionPlan, open_service: Service, cast: Cast, db: Session
) -> None:
    factories.diagnosis(draft.business, is_finished=True, needs={"antarctic_trade": 3, "grant": 2})
    page = " ".join(client.get(f"/plans/{draft.id}/edit").text.split())
    assert "Nothing that is open to them helps with this urgent need" in page
    assert "<li>antarctic trade</li>" in page
    planning.add_step(draft, StepDetails("Ring us", StepOwner.BUSINESS), by=cast.adviser.actor)
    to_them = "No service that is open to you now helps with this urgent need. We have recorded that:"
    assert to_them in " ".join(client.get(f"/plans/{draft.id}/send").text.split())
    client.post(f"/plans/{draft.id}/send", data={"name": "Jo", "email": "jo@made.example"})

    sent = now_is(draft, db)
    assert sent.unmet_needs == [{"name": "antarctic_trade", "words": "antarctic trade"}]
    assert to_them in " ".join(client.get(f"/plans/{draft.id}").text.split())
    paper = pypdf.PdfReader(io.BytesIO(plan_pdf(sent, service_name="Growth", contact="us@made.example")))
    text = " ".join(" ".join(each.extract_text() for each in paper.pages).split())
    assert "helps with this urgent need. We have recorded that: • antarctic trade" in text


def test_a_need_that_something_open_helps_with_is_not_unmet(
    client: ConformingClient, draft: ActionPlan, db: Session
) -> None:
    factories.service(name="Icebreaker", needs=("antarctic_trade",))
    factories.diagnosis(draft.business, is_finished=True, needs={"antarctic_trade": 3})
    assert "Nothing that is open to them" not in client.get(f"/plans/{draft.id}/edit").text


def test_a_plan_that_was_replaced_while_its_page_was_open_is_ticked_no_more(
    client: ConformingClient, draft: ActionPlan, cast: Cast, db: Session
) -> None:
    old = factories.plan(draft.business, PlanStatus.SENT)
    step = factories.step(old)
    old._status, old.superseded_by_id = PlanStatus.SUPERSEDED, draft.id
    db.flush()
    client.sign_in(cast.founder)
    answer = client.post(f"/plans/{old.id}/steps/{step.id}/tick")
    assert answer.status_code == 409
    assert "A newer plan has replaced this one" in answer.text


def test_a_sent_plan_is_not_edited(client: ConformingClient, cast: Cast, db: Session) -> None:
    found = business(BUSINESS)
    assert found is not None
    plan = factories.plan(found, PlanStatus.SENT)
    answer = client.sign_in(cast.adviser).get(f"/plans/{plan.id}/edit")
    assert answer.status_code == 409
    assert "Start a new plan" in answer.text


def test_a_plan_that_was_changed_after_its_preview_is_not_sent_unseen(
    client: ConformingClient, draft: ActionPlan, cast: Cast, db: Session
) -> None:
    planning.add_step(draft, StepDetails("Ring us", StepOwner.BUSINESS), by=cast.adviser.actor)
    where, reader = f"/plans/{draft.id}/send", {"name": "Jo", "email": "jo@made.example"}
    first = re.findall(r'name="seen"[^>]*value="([0-9a-f]{32})"', client.get(where).text)
    planning.add_step(
        now_is(draft, db), StepDetails("A second step", StepOwner.BUSINESS), by=cast.adviser.actor
    )

    refused = client.post(where, data=reader | {"seen": first[0]})
    assert refused.status_code == 409
    assert "A second step" in refused.text
    assert now_is(draft, db).status is PlanStatus.DRAFT
    again = re.findall(r'name="seen"[^>]*value="([0-9a-f]{32})"', refused.text)
    assert client.post(where, data=reader | {"seen": again[0]}).status_code == 303
    assert now_is(draft, db).status is PlanStatus.SENT


def test_see_it_and_send_it_saves_the_opening_words_first(
    client: ConformingClient, draft: ActionPlan, db: Session
) -> None:
    planning.add_step(draft, StepDetails("Ring us", StepOwner.BUSINESS), by=SYSTEM)
    page = client.get(f"/plans/{draft.id}/edit").text
    button = re.search(r"<button([^>]*)>See it and send it</button>", page)
    assert button is not None
    assert 'form="plan"' in button[1]
    assert 'name="then" value="send"' in button[1]
    typed = {"opening": OPENING, "version": str(draft.version), "then": "send"}
    answer = client.post(f"/plans/{draft.id}/edit", data=typed)
    assert answer.headers["Location"] == f"/plans/{draft.id}/send"
    assert "this is what we talked about" in client.get(answer.headers["Location"]).text
    assert now_is(draft, db).opening.split() == OPENING.split()


def test_a_plan_that_its_business_read_signed_in_was_opened_and_says_once_that_it_meets_what_is_asked(
    client: ConformingClient, draft: ActionPlan, cast: Cast, db: Session
) -> None:
    plan = factories.plan(draft.business, PlanStatus.SENT)
    for name in ("First", "Second"):
        planning.choose(draft, factories.service(name=name).id, by=cast.adviser.actor)
    assert "You meet what it asks" not in client.get(f"/plans/{draft.id}/edit").text
    assert client.get(f"/plans/{draft.id}/send").text.count("You meet what each of these asks") == 1
    assert "not opened yet" in client.get(f"/businesses/{BUSINESS}/support").text
    client.sign_in(cast.founder)
    assert client.get(f"/plans/{plan.id}").status_code == 200
    client.sign_in(cast.adviser)
    assert "not opened yet" not in client.get(f"/businesses/{BUSINESS}/support").text


def test_a_service_to_be_checked_is_called_that_in_the_list_of_the_plan(
    client: ConformingClient, draft: ActionPlan
) -> None:
    factories.service(ServiceStatus.CHECK, name="Perhaps")
    factories.service(ServiceStatus.CLOSED, name="Closed Door")
    page = client.get(f"/plans/{draft.id}/edit").text
    assert "Perhaps (to be checked)" in page
    assert "Closed Door (closed)" in page
    assert "(not on offer)" not in page


def test_k15_the_advisers_own_step_of_a_plan_is_on_their_desk_and_only_a_colleague_says_that_it_is_done(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    made = factories.plan(owner, PlanStatus.SENT, made_by_id=cast.adviser.id, holder_id=cast.adviser.id)
    late = {"due_on": today() - timedelta(days=1)}
    mine = factories.step(made, title="Ring the bank", **late)
    mine.owner = StepOwner.ADVISER
    db.flush()
    theirs = factories.step(made, title="Send the plans")
    client.sign_in(cast.founder)
    assert client.post(f"/plans/{made.id}/steps/{mine.id}/tick").status_code in (403, 404)
    page = client.get(f"/plans/{made.id}").text
    assert f"/steps/{theirs.id}/tick" in page
    assert f"/steps/{mine.id}/tick" not in page
    assert "has 1 late case" in client.sign_in(cast.hub_manager).get("/desk").text
    line = f'href="/plans/{made.id}#step-{mine.id}"'
    desk = client.sign_in(cast.adviser).get("/desk").text
    assert line in desk
    assert f"Action plan of {owner.name}" in desk
    assert theirs.title not in desk
    at_business = client.get(f"/businesses/{owner.id}").text
    assert line in at_business[at_business.index("Next steps of the adviser in the action plan") :]
    assert client.post(f"/plans/{made.id}/steps/{mine.id}/tick").status_code == 303
    assert line not in client.get("/desk").text


def test_k12_an_empty_plan_is_not_sent_and_says_so_before_a_reader_is_typed(
    client: ConformingClient, draft: ActionPlan, db: Session
) -> None:
    page = client.get(f"/plans/{draft.id}/edit").text
    assert "See it and send it" not in page
    assert "You can send it once it has a service or a step." in page
    typed = {"opening": OPENING, "version": str(draft.version), "then": "send"}
    answer = client.post(f"/plans/{draft.id}/edit", data=typed)
    assert answer.headers["Location"] == f"/plans/{draft.id}/edit"
    assert "Choose a service or add a step first" in client.get(answer.headers["Location"]).text
    assert now_is(draft, db).opening.split() == OPENING.split()
    assert client.get(f"/plans/{draft.id}/send").status_code == 409
