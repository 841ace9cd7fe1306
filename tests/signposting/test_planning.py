"""Action plans: nobody is sent to a closed door, one is sent at a time, and its reader opens and ticks it by link."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pypdf
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.audit.queries import entries_about
from crm.businesses.queries.seeing import business
from crm.businesses.service import people
from crm.directory.models import Service
from crm.directory.workflow import ServiceStatus
from crm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, VISITOR
from crm.links import service as links
from crm.links.rules import Purpose
from crm.notices.models import Letter
from crm.notices.service import Reader
from crm.signposting.models import ActionPlan
from crm.signposting.papers.leaving import plan_pdf
from crm.signposting.queries import planning as queries
from crm.signposting.queries.enquiring import enquiry
from crm.signposting.service import planning, queueing
from crm.signposting.service.planning import StepDetails
from crm.signposting.workflow import EnquiryStatus, PlanStatus, StepOwner
from crm.web.typesetting import printable
from tests import factories
from tests.cast import BUSINESS, PLAN, Cast
from tests.client import ConformingClient

READER = Reader("jo@x.example", "Jo")


@pytest.fixture
def open_service(db: Session) -> Service:
    return factories.service(name="Open Door")


@pytest.fixture
def draft(cast: Cast) -> ActionPlan:
    found = business(BUSINESS)
    assert found is not None
    return again(planning.draft_plan(found, by=cast.adviser.actor))


def again(found: ActionPlan) -> ActionPlan:
    whole = queries.plan(found.id)
    assert whole is not None
    return whole


def test_choosing_a_service_says_why_and_adds_a_first_step(
    cast: Cast, draft: ActionPlan, open_service: Service
) -> None:
    for _ in range(2):
        planning.choose(draft, open_service.id, by=cast.adviser.actor)
    (signpost,), (step,) = draft.signposts, draft.steps
    assert signpost.why.endswith(".")
    assert step.title.endswith(": Open Door")
    assert (step.owner, step.due_on) == (StepOwner.BUSINESS, date(2026, 12, 8))


@pytest.mark.parametrize("status", [each for each in ServiceStatus if each is not ServiceStatus.OPEN])
def test_a_service_that_is_not_open_is_never_chosen(
    cast: Cast, draft: ActionPlan, status: ServiceStatus
) -> None:
    closed = factories.service(status)
    with pytest.raises(Invalid, match="cannot be chosen"):
        planning.choose(draft, closed.id, by=cast.adviser.actor)
    planning.rule_out(draft, closed.id, by=cast.adviser.actor)
    assert draft.ruled_out[0].why != "Others fit better for now."


def test_a_service_that_is_not_open_to_them_is_ruled_out_in_words(cast: Cast, draft: ActionPlan) -> None:
    found = business(BUSINESS)
    assert found is not None
    people.record_figures(
        found, people.YearDetails(date(2026, 3, 31), turnover=Money.pounds(1_200_000)), by=SYSTEM
    )
    closed = factories.service(min_turnover=Money.pounds(5_000_000))
    queries.read_again(draft)
    with pytest.raises(Invalid, match="not open to them"):
        planning.choose(draft, closed.id, by=cast.adviser.actor)
    planning.rule_out(draft, closed.id, by=cast.adviser.actor)
    assert draft.ruled_out[0].why == "Turnover £1.2m, needs £5m or more."


def test_what_is_chosen_can_be_taken_out_ruled_out_and_said_in_other_words(
    cast: Cast, draft: ActionPlan, open_service: Service
) -> None:
    by = cast.adviser.actor
    planning.choose(draft, open_service.id, by=by)
    planning.reword(draft, open_service.id, why="Because we said so", by=by)
    assert draft.signposts[0].why == "Because we said so"
    planning.rule_out(draft, open_service.id, why="Others fit better for now.", by=by)
    assert (draft.signposts, len(draft.ruled_out)) == ([], 1)
    planning.rule_in(draft, open_service.id, by=by)
    assert draft.ruled_out == []
    planning.remove_step(draft, draft.steps[0].id, by=by)
    assert draft.steps == []


def test_an_empty_plan_is_not_sent(cast: Cast, draft: ActionPlan) -> None:
    with pytest.raises(Conflict, match="empty plan"):
        planning.send_plan(draft, READER, by=cast.adviser.actor)


def test_a_step_in_the_past_is_refused(cast: Cast, draft: ActionPlan) -> None:
    step = planning.StepDetails("x", StepOwner.ADVISER, date(2026, 11, 23))
    with pytest.raises(Invalid) as refused:
        planning.add_step(draft, step, by=cast.adviser.actor)
    assert refused.value.field == "due_on"


def sent(cast: Cast, draft: ActionPlan) -> ActionPlan:
    planning.add_step(draft, planning.StepDetails("Do it", StepOwner.BUSINESS), by=cast.adviser.actor)
    planning.send_plan(draft, READER, by=cast.adviser.actor)
    return again(draft)


def test_sending_stops_the_clock_of_the_enquiry_and_leaves_a_letter(cast: Cast, db: Session) -> None:
    found = business(BUSINESS)
    assert found is not None
    asked = factories.enquiry(hub_id=found.hub_id, business_id=BUSINESS)
    whole = enquiry(asked.id)
    assert whole is not None
    queueing.claim(whole, by=cast.adviser.actor)
    draft = again(planning.draft_plan(found, enquiry_id=asked.id, by=cast.adviser.actor))
    sent(cast, draft)
    db.refresh(asked)
    assert (asked.status, asked.answered_at is not None) == (EnquiryStatus.ANSWERED, True)
    letter = db.scalars(select(Letter).where(Letter.kind == "plan_sent")).one()
    assert (letter.to_address, letter.link_purpose, letter.link_subject_id) == (
        "jo@x.example", Purpose.PLAN, str(draft.id),
    )  # fmt: skip


def test_a_newer_plan_takes_the_place_of_the_older(cast: Cast, draft: ActionPlan) -> None:
    first = sent(cast, draft)
    found = business(BUSINESS)
    assert found is not None
    second = sent(cast, again(planning.draft_plan(found, by=cast.adviser.actor)))
    first = again(first)
    assert (first.status, first.superseded_by_id) == (PlanStatus.SUPERSEDED, second.id)
    assert (second.status, second.number) == (PlanStatus.SENT, first.number + 1)
    assert "supersede_plan" in [entry.act for entry in entries_about(first)]


def test_a_plan_that_was_sent_stays_as_it_is(cast: Cast, draft: ActionPlan, open_service: Service) -> None:
    made, by = sent(cast, draft), cast.adviser.actor
    for act in (
        lambda: planning.choose(made, open_service.id, by=by),
        lambda: planning.add_step(made, planning.StepDetails("x", StepOwner.ADVISER), by=by),
        lambda: planning.write_opening(made, "x", version=None, by=by),
        lambda: planning.send_plan(made, READER, by=by),
        lambda: planning.discard(made, by=by),
    ):
        with pytest.raises(Conflict):
            act()


def test_two_who_write_the_opening_lose_nothing(cast: Cast, draft: ActionPlan, db: Session) -> None:
    seen = draft.version
    planning.write_opening(draft, "First", version=seen, by=cast.adviser.actor)
    db.flush()
    with pytest.raises(Conflict):
        planning.write_opening(draft, "Second", version=seen, by=cast.adviser.actor)


def test_other_hubs_and_strangers_make_no_plans(cast: Cast, draft: ActionPlan) -> None:
    for member in (cast.other_adviser, cast.founder, cast.visitor, cast.auditor):
        with pytest.raises(NotAllowed):
            planning.send_plan(draft, READER, by=member.actor)


def test_a_plan_is_opened_by_link_ticked_and_the_adviser_sees_it(
    client: ConformingClient, cast: Cast, draft: ActionPlan, open_service: Service, db: Session
) -> None:
    planning.choose(draft, open_service.id, by=cast.adviser.actor)
    made = sent(cast, draft)
    token, step = links.mint(Purpose.PLAN, str(made.id)), made.steps[0]
    assert client.get(f"/links/plan/{token}").status_code == 200
    db.refresh(made)
    assert made.opened_at is None, "looking at a link does nothing"
    for _ in range(2):
        assert client.post(f"/links/plan/{token}").headers["Location"] == f"/plans/{made.id}"
    page = client.get(f"/plans/{made.id}")
    assert "Open Door" in page.text
    for _ in range(2):
        assert client.post(f"/plans/{made.id}/steps/{step.id}/tick").status_code == 303
    assert "done by Jo" in client.get(f"/plans/{made.id}").text
    assert client.get(f"/plans/{made.id}/services/{made.signposts[0].id}").status_code == 303
    staff = client.sign_in(cast.adviser).get(f"/plans/{made.id}").text
    assert "1 of 2 steps" in staff
    assert staff.count("Open Door") >= 2
    acts = [entry.act for entry in entries_about(again(made))]
    assert acts.count("tick_step") == 1
    client.sign_out()
    client.post(f"/links/plan/{token}")
    assert client.post(f"/plans/{made.id}/steps/{step.id}/untick").status_code == 303
    assert "Tick off" in client.get(f"/plans/{made.id}").text


def test_a42_a_plan_shows_nothing_of_what_advisers_note(
    client: ConformingClient, cast: Cast, draft: ActionPlan
) -> None:
    found = business(BUSINESS)
    assert found is not None
    asked = factories.enquiry(hub_id=found.hub_id, business_id=BUSINESS)
    whole = enquiry(asked.id)
    assert whole is not None
    queueing.note(whole, "between us advisers", by=cast.adviser.actor)
    made = sent(cast, draft)
    client.sign_in(cast.founder)
    for where in (f"/plans/{made.id}", f"/businesses/{BUSINESS}", "/desk", f"/enquiries/{asked.id}/status"):
        answer = client.get(where)
        assert answer.status_code == 200
        assert "between us" not in answer.text
    assert client.get(f"/enquiries/{asked.id}").status_code == 404


def test_a_draft_is_shown_to_nobody_outside(client: ConformingClient, cast: Cast, draft: ActionPlan) -> None:
    assert client.sign_in(cast.founder).get(f"/plans/{draft.id}").status_code == 404
    assert client.get(f"/plans/{draft.id}.pdf").status_code == 404


def test_a68_whoever_has_no_key_and_no_business_there_finds_nothing(
    client: ConformingClient, cast: Cast
) -> None:
    found = business(BUSINESS)
    assert found is not None
    made = factories.plan(found, PlanStatus.SENT)
    for member in (cast.other_founder, cast.key_holder, cast.other_adviser, cast.angel):
        assert client.sign_in(member).get(f"/plans/{made.id}").status_code == 404
    client.sign_in(cast.visitor)
    assert "/sign-in" in client.get(f"/plans/{made.id}").headers["Location"]


def test_opening_with_a_link_about_something_else_is_refused(cast: Cast, db: Session) -> None:
    with pytest.raises(NotFound):
        planning.open_plan(links.mint(Purpose.PLAN, str(PLAN)), by=VISITOR)


def test_a_founders_desk_says_what_their_plan_asks_of_them(
    client: ConformingClient, cast: Cast, draft: ActionPlan, clock: Any
) -> None:
    planning.add_step(
        draft, StepDetails("Write the budget", StepOwner.BUSINESS, date(2026, 12, 1)), by=SYSTEM
    )
    planning.add_step(draft, StepDetails("Ask around", StepOwner.ADVISER), by=SYSTEM)
    factories.enquiry(business_id=BUSINESS, reference="E-ASKED1")
    made = sent(cast, again(draft))
    desk = client.sign_in(cast.founder).get("/desk").text
    assert desk.count("Write the budget") == 1
    assert "Ask around" not in desk
    assert "Overdue" not in desk
    assert "E-ASKED1" in desk
    clock.move_to(datetime(2026, 12, 2, 10, tzinfo=UTC))
    assert "Overdue" in client.sign_in(cast.founder).get("/desk").text
    client.post(f"/plans/{made.id}/steps/{made.steps[0].id}/tick")
    assert "Write the budget" not in client.get("/desk").text
    assert "Write the budget" not in client.sign_in(cast.other_founder).get("/desk").text


def test_a_reason_says_what_is_so_and_not_what_would_be_needed(cast: Cast, draft: ActionPlan) -> None:
    fitting = factories.service(name="For Brum", lad_names=("Birmingham",))
    planning.choose(draft, fitting.id, by=cast.adviser.actor)
    assert "Based in Birmingham" in draft.signposts[0].why
    assert "needs" not in draft.signposts[0].why


def test_a_superseded_plan_says_so_and_leads_on(
    client: ConformingClient, cast: Cast, draft: ActionPlan
) -> None:
    first = sent(cast, draft)
    found = business(BUSINESS)
    assert found is not None
    second = sent(cast, again(planning.draft_plan(found, by=cast.adviser.actor)))
    page = client.sign_in(cast.founder).get(f"/plans/{first.id}").text
    assert "A newer plan has taken the place of this one" in page
    assert f"/plans/{second.id}" in page
    assert "Tick off" not in page


HOSTILE = 'Ŵyn & <Sons> *bold* _x_ #read("/etc/passwd") $x$ \\ @ref `code` 🎬'


def test_a_pdf_is_tagged_and_takes_words_for_words(cast: Cast, draft: ActionPlan, db: Session) -> None:
    draft.business.name = HOSTILE
    planning.write_opening(draft, f"{HOSTILE}\n\nSecond line", version=None, by=SYSTEM)
    planning.add_step(draft, planning.StepDetails(HOSTILE, StepOwner.PROVIDER, date(2027, 1, 4)), by=SYSTEM)
    planning.choose(draft, factories.service(name=HOSTILE, url="https://x.example/#a").id, by=SYSTEM)
    reader = pypdf.PdfReader(
        io.BytesIO(plan_pdf(again(draft), service_name="A service", contact="a@x.example"))
    )
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert reader.metadata is not None
    assert str(reader.metadata.title).startswith("Action plan for Ŵyn & <Sons> *bold*")
    text = " ".join(page.extract_text() for page in reader.pages).replace("\n", " ")
    assert '#read("/etc/passwd") $x$' in text
    assert "root:" not in text
    assert "by 4 January 2027" in text


def test_what_the_typeface_lacks_is_left_out_of_the_paper() -> None:
    assert printable({"a": ["🎬 Ŵ é – ’", 1, True]}) == {"a": [" Ŵ é – ’", 1, True]}


def test_the_pdf_is_for_whoever_may_read_the_plan(
    client: ConformingClient, cast: Cast, draft: ActionPlan
) -> None:
    made = sent(cast, draft)
    answer = client.sign_in(cast.founder).get(f"/plans/{made.id}.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert client.sign_in(cast.other_founder).get(f"/plans/{made.id}.pdf").status_code == 404


def test_what_sending_lacks_is_said_at_its_field(
    client: ConformingClient, cast: Cast, draft: ActionPlan
) -> None:
    planning.add_step(draft, planning.StepDetails("x", StepOwner.ADVISER), by=SYSTEM)
    client.sign_in(cast.adviser)
    answer = client.post(f"/plans/{draft.id}/send", data={"name": "", "email": "nowhere"})
    assert answer.status_code == 422
    assert 'id="name-error"' in answer.text
    assert 'id="email-error"' in answer.text
    assert 'value="nowhere"' in answer.text
    assert (
        client.post(f"/plans/{draft.id}/send", data={"name": "Jo", "email": "jo@x.example"}).status_code
        == 303
    )


def test_a_link_runs_out_after_a_year(
    client: ConformingClient, cast: Cast, draft: ActionPlan, clock: Any
) -> None:
    made = sent(cast, draft)
    token = links.mint(Purpose.PLAN, str(made.id))
    clock.shift(timedelta(days=366))
    assert client.post(f"/links/plan/{token}").status_code == 404
