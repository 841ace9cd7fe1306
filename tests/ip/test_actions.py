"""What a readiness assessment leads to: who can help, whether they can, and a referral in one click."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.businesses.models import Business
from crm.businesses.queries.seeing import business, holding_consent
from crm.businesses.rules.labels import current_version
from crm.casework.models import NextStep
from crm.casework.queries import in_charge_of, steps_for, steps_of
from crm.casework.rules import CHECK_FIRST
from crm.diagnostics.models import ReadinessCheck
from crm.diagnostics.rules.readiness import EXPORT
from crm.diagnostics.service import readiness
from crm.directory.rules.labels import ASK_FIRST, UNCONFIRMED
from crm.ip.actions import queries, service
from crm.ip.actions.models import ReadinessAction
from crm.ip.actions.queries import helps_for
from crm.ip.actions.service import ActionDetails
from crm.ip.actions.workflow import ActionStatus
from crm.ip.testbed.service import taking_part
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import now, today
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role
from crm.referrals.models import Referral
from crm.referrals.service.sending import SHARING
from crm.referrals.workflow import ReferralStatus
from tests import assessments, covers, factories
from tests.assessments import again
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.ip import acting, bed
from tests.referrals.made import letters

pytestmark = pytest.mark.engine("sqlite")


def test_an_adviser_refers_from_an_action_in_one_click_and_a_founder_sees_who_can_help(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    made = assessments.readiness_check(owner, is_finished=True)
    owner.dcms_groups = ("film_tv_radio_photo",)
    db.flush()
    none_yet = client.sign_in(cast.founder).get(f"/readiness/{made.id}").text
    assert "We have not confirmed a service for this yet" in none_yet
    assert "Action 6" not in none_yet
    assessments.open_service("ipo_audit")
    page = client.sign_in(cast.founder).get(f"/readiness/{made.id}").text
    assert "Adopt one signed freelancer agreement" in page
    assert "IP or media solicitor" in page
    assert "/directory/services/ipo_audit" in page
    assert "May be eligible" in page
    refer = f"/readiness/{made.id}/actions/own1/ipo_audit/refer"
    assert "To ask to be referred" in page
    assert refer not in page
    assert client.post(refer).status_code == 403

    without = client.sign_in(cast.adviser).get(f"/readiness/{made.id}").text
    assert "a referral names the person whom the provider should contact" in without
    assert refer not in without
    assert client.post(f"/readiness/{made.id}/actions/own1/bipc/refer").status_code == 404
    nobody = client.post(refer)
    assert nobody.status_code == 409
    assert "Add a person to the business first" in nobody.text
    person = factories.person(owner)
    assert refer in client.get(f"/readiness/{made.id}").text
    where = client.post(refer).headers["Location"]
    drafted = db.scalars(select(Referral)).one()
    assert where == f"/referrals/{drafted.id}"
    assert (drafted.status, drafted.person_id) == (ReferralStatus.DRAFT, person.id)
    assert "Answer: Nothing in writing" in drafted.message
    assert "Check it, then tell the business" in client.get(where).text


def test_while_the_rights_gate_is_shut_no_market_mission_is_suggested_and_the_gate_is_the_first_action(
    client: ConformingClient, cast: Cast
) -> None:
    owner = business(BUSINESS)
    check = assessments.taken(owner, EXPORT, "c")
    readiness.answer(check, {"ex05": "a", "ex11": "a"}, by=SYSTEM)
    shut = assessments.again(readiness.finish(assessments.again(check), by=SYSTEM))
    assert shut.band == "ready"
    page = client.sign_in(cast.founder).get(f"/readiness/{shut.id}").text
    next_up = page.partition("What to do next")[2]
    assert 0 < next_up.index("Answer the ownership and licensing parts") < next_up.index("Score by area")
    assert "A trade mission" not in page
    assert "These wait until you have done the first action" in page
    assert page.index("These wait until") < page.index("Choose one event that the buyers")
    assert client.get(f"/readiness/{shut.id}/actions/ex11/plan").status_code == 404
    assert client.get(f"/readiness/{shut.id}/report").data.startswith(b"%PDF")
    opened = assessments.finished(owner, EXPORT, "c")
    assert "A trade mission" in client.get(f"/readiness/{opened.id}").text


def test_asking_to_be_referred_gives_no_consent_and_what_is_not_confirmed_is_said_the_same_everywhere(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    check = _may_use_the_audit(owner, db)
    page, ask = f"/readiness/{check.id}", f"/readiness/{check.id}/actions/own1/ipo_audit/ask"
    client.sign_in(cast.founder)
    refused = client.get(page).text
    assert f"/businesses/{BUSINESS}/details?next={page}#consents" in refused
    assert ask not in refused
    answer = client.post(ask)
    assert answer.status_code == 409
    assert "has not agreed" in answer.text
    assert holding_consent(owner.id, SHARING) is None
    agreed = {"purpose": SHARING.value, "version": current_version(SHARING)}
    client.post(f"/businesses/{BUSINESS}/consents/give", data=agreed)
    offered = client.get(page).text
    for words in (ask, "Not confirmed", UNCONFIRMED, ASK_FIRST):
        assert words in offered, words
    directory = client.get("/directory/services/ipo_audit").text
    assert (UNCONFIRMED in directory, ASK_FIRST in directory) == (True, True), "the directory says the same"
    audit = next(each for each in helps_for(again(check)) if each.drag.question.key == "own1")
    assert any("not confirmed. " + UNCONFIRMED in line for line in audit.on_paper), "and so does the report"
    assert client.get(f"{page}/report").data.startswith(b"%PDF")


def test_a_founder_asks_for_a_service_that_nobody_confirmed_and_the_adviser_confirms_it_and_refers(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    check = _may_use_the_audit(owner, db)
    page, ask = f"/readiness/{check.id}", f"/readiness/{check.id}/actions/own1/ipo_audit/ask"
    client.sign_in(cast.founder)
    agreed = {"purpose": SHARING.value, "version": current_version(SHARING)}
    client.post(f"/businesses/{BUSINESS}/consents/give", data=agreed)
    assert client.post(ask).headers["Location"].endswith(page)
    assert f"Asked on {day_in_words(today())}" in client.get(page).text
    again = client.post(ask)
    assert again.status_code == 303, (
        "who asks in a second tab is led to the result, which says when it was asked"
    )
    assert f"You asked for this on {day_in_words(today())}. " in client.get(again.headers["Location"]).text
    step = _is_asked_of_the_adviser(client, cast, db, owner)
    cover = covers.checked(owner, covers.MAY_FIT)
    assert client.post(f"/export-cover/{cover.id}/ukef_seb/ask").status_code == 303
    assert len(steps_of(owner.id)) == 2

    client.sign_in(cast.adviser)
    for where, words in (
        (f"/next-steps/{step.id}/change", CHECK_FIRST),
        (page, "Confirm that it is running"),
    ):
        assert words in client.get(where).text
    refer = f"/readiness/{check.id}/actions/own1/ipo_audit/refer"
    assert refer not in client.get(page).text
    client.post("/directory/services/ipo_audit/confirm", data={"source": "Rang the provider"})
    assert client.post(refer).headers["Location"] == f"/referrals/{db.scalars(select(Referral.id)).one()}"
    _waits_until_it_is_answered(client, cast, db, step=step, page=page, refer=refer)
    assert client.sign_in(cast.other_founder).post(ask).status_code == 404


def _waits_until_it_is_answered(
    client: ConformingClient, cast: Cast, db: Session, *, step: NextStep, page: str, refer: str
) -> None:
    """What was asked is open until the business is told, and an answer without a referral goes by letter."""
    db.refresh(step)
    assert step.done_at is None, "the business waits until it is told"
    assert "Referral prepared on" in client.get(page).text
    assert client.post(refer).status_code == 409, "the same referral is open already"
    assert "Answer the business" in client.get(f"/next-steps/{step.id}/finish").text
    assert client.post(f"/next-steps/{step.id}/finish", data={"answer": " "}).status_code == 422
    assert "asked for this on" in db.scalars(select(Referral.message)).one()
    assert f"Asked on {day_in_words(today())}" in client.sign_in(cast.founder).get(page).text
    client.post(f"/businesses/{BUSINESS}/consents/withdraw", data={"purpose": SHARING.value})
    support = client.get(page).text, client.sign_in(cast.adviser).get(f"/businesses/{BUSINESS}/support").text
    assert all("since withdrawn its agreement" in each for each in support)
    client.post(f"/next-steps/{step.id}/finish", data={"answer": "Not now: you withdrew your agreement."})
    (told,) = letters(db, "referral_ask_answered")
    assert (told.to_address, told.context["answer"][:7]) == (cast.founder.email, "Not now")


def _may_use_the_audit(owner: Business, db: Session) -> ReadinessCheck:
    """A finished assessment of a business with a person, which the IPO’s audit may help; nobody has confirmed the audit."""
    owner.dcms_groups = ("film_tv_radio_photo",)
    factories.person(owner)
    db.flush()
    return assessments.readiness_check(owner, is_finished=True)


def _is_asked_of_the_adviser(client: ConformingClient, cast: Cast, db: Session, owner: Business) -> NextStep:
    """What a founder asked for: on the desk at once, in a letter that says what it is about, and on their own page."""
    (step,) = steps_of(owner.id)
    assert step.title.startswith("Refer to IP Audit grant")
    assert not step.title.endswith("."), "it stands within sentences of letters"
    assert {each.account_id for each in step.assignees} == set(in_charge_of(owner))
    assert step.created_by_id == cast.founder.id
    told = letters(db, "referral_asked")
    assert {each.context["by_name"] for each in told} == {cast.founder.account.name}
    assert all("Answer: Nothing in writing" in each.context["note"] for each in told)
    assert f"You asked on {day_in_words(today())}" in client.get(f"/businesses/{BUSINESS}/support").text
    queue = steps_for(step.assignees[0].account_id, until=today())
    assert step.id in [each.id for each in queue], "on the desk from the day on which it was asked"
    assert db.scalars(select(Referral)).all() == [], "nothing leaves before the adviser has drafted it"
    return step


def test_the_test_bed_manager_sees_finished_ip_assessments_of_the_whole_region(
    client: ConformingClient, cast: Cast
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    done, going = assessments.readiness_check(owner, is_finished=True), assessments.readiness_check(owner)
    person = factories.account()
    factories.grant(person, Role.TEST_BED_MANAGER)
    client.sign_in(person)
    page = client.get("/readiness").text
    assert f"/readiness/{done.id}" in page
    assert f"/readiness/{going.id}" not in page
    result = client.get(f"/readiness/{done.id}").text
    assert "Exposed" in result
    assert f'href="/businesses/{BUSINESS}"' not in result
    assert client.get(f"/readiness/{going.id}").status_code == 404
    assert "Copy to a draft" in client.get(f"/question-sets/readiness/{done.set_id}").text


def test_an_action_gets_an_owner_and_a_day_waits_on_the_desk_and_is_done(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    check = assessments.readiness_check(owner, is_finished=True)
    person = factories.person(owner)
    page, plan = f"/readiness/{check.id}", f"/readiness/{check.id}/actions/own1/plan"
    client.sign_in(cast.founder)
    assert plan in client.get(page).text
    day = today() + timedelta(days=3)
    asked = {"owner": f"person:{person.id}", **_day(today() - timedelta(days=1))}
    late = client.post(plan, data=asked)
    assert late.status_code == 422
    assert "The date must be today or later" in late.text
    stranger = factories.person(factories.business())
    assert "Choose" in client.post(plan, data={**_day(day), "owner": f"person:{stranger.id}"}).text
    assert client.post(plan, data=asked | _day(day)).headers["Location"].endswith(page)
    made = db.scalars(select(ReadinessAction)).one()
    assert f"{person.name}, by {day_in_words(day)}" in client.get(page).text
    assert made.title in client.get("/desk").text
    again = client.post(plan, data=asked | _day(day))
    assert again.status_code == 409
    assert f"{person.name} has this action already, by {day_in_words(day)}" in again.text


def test_an_action_is_changed_done_dropped_with_a_reason_and_reopened(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    made = acting.action(owner)
    page, day = f"/readiness/{made.readiness_id}", today() + timedelta(days=3)
    client.sign_in(cast.adviser)
    assert made.title in client.get(f"/businesses/{BUSINESS}/ip").text
    change = f"/readiness-actions/{made.id}/change"
    own = {"version": made.version, "owner": f"account:{cast.adviser.account.id}", **_day(day)}
    assert client.post(change, data=own).headers["Location"].endswith(page)
    assert client.post(change, data=own | _day(today())).status_code == 409
    assert made.title in client.get("/desk").text
    check = made.check
    first = [each.drag.question.key for each in helps_for(check)]
    client.post(f"/readiness-actions/{made.id}/finish")
    assert "Done or dropped: 1" in client.get(page).text
    db.expire_all()
    left = [each.drag.question.key for each in helps_for(again(check))]
    assert (len(first), len(left)) == (3, 3), "the next one moves up"
    assert set(first) - set(left) == {"own1"}
    assert made.title not in client.get("/desk").text
    assert client.post(f"/readiness-actions/{made.id}/finish").status_code == 409
    assert "Reopen it first" in client.get(change).text
    client.post(f"/readiness-actions/{made.id}/reopen")
    drop = f"/readiness-actions/{made.id}/drop"
    assert "Say why it is dropped" in client.post(drop, data={"reason": " "}).text
    client.post(drop, data={"reason": "Our distributor does this"})
    assert "Our distributor does this" in client.get(page).text
    client.post(f"/readiness-actions/{made.id}/reopen")
    db.refresh(made)
    assert (made.status, made.reason) == (ActionStatus.TO_DO, "")


def test_an_action_still_to_do_is_carried_into_the_next_assessment_and_an_overdue_one_is_said_k17(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    made = acting.action(owner)
    made.due_on = today() - timedelta(days=1)
    later = assessments.readiness_check(owner, is_finished=True)
    page, plan = f"/readiness/{later.id}", f"/readiness/{later.id}/actions/own1/plan"
    shown = client.sign_in(cast.adviser).get(page).text
    assert f"1 action is overdue: {made.title.removesuffix('.')}." in " ".join(shown.split())
    assert f'action="/readiness-actions/{made.id}/finish?on={later.id}"' in shown
    assert f'href="/readiness/{made.readiness_id}"' in shown
    assert plan not in shown
    refused = client.get(plan)
    assert (refused.status_code, "has this action already" in refused.text) == (409, True)
    client.post(f"/readiness-actions/{made.id}/finish")
    assert "Done or dropped: 1" in client.get(page).text, (
        "done since this result was finished: it is the same action"
    )
    assert "overdue" not in client.get(page).text
    db.refresh(made)
    made.ended_at = now() - timedelta(hours=1)
    db.flush()
    found = queries.next_action(later.id, question_key="own1")
    assert found is not None
    service.plan(found, ActionDetails(today(), factories.person(owner).id), by=SYSTEM)
    twice = client.post(f"/readiness-actions/{made.id}/reopen")
    assert (twice.status_code, "is to do already" in twice.text) == (409, True)
    better = assessments.finished(owner, pattern="d")
    assert "Still to do from before" in client.get(f"/readiness/{better.id}").text
    assert db.get(ReadinessAction, made.id) is not None


def test_its_owner_is_reminded_once_before_the_day_of_an_action_and_again_when_the_day_moves(
    cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    made = acting.action(owner)
    service.remind()
    service.remind()
    told = letters(db, "readiness_action")
    assert [each.to_address for each in told] == [made.person and made.person.email]
    assert made.title in told[0].context["title"]
    later = ActionDetails(today() + timedelta(days=4), made.person_id)
    service.change(made, later, version=None, by=SYSTEM)
    service.remind()
    assert len(letters(db, "readiness_action")) == 1
    made.due_on = today() - timedelta(days=1)
    db.flush()
    service.remind()
    assert sorted(each.context["has_passed"] for each in letters(db, "readiness_action")) == [False, True]


def _day(day: date) -> dict[str, int]:
    return {"due_on-day": day.day, "due_on-month": day.month, "due_on-year": day.year}


def test_a_test_bed_manager_confirms_a_service_asks_for_it_and_refers_a_business_in_a_project(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    check = _may_use_the_audit(owner, db)
    bed.taking(owner)
    client.sign_in(bed.manager())
    page = client.get(f"/readiness/{check.id}").text
    assert "/directory/services/ipo_audit/check" in page
    asked = client.get("/directory/services/ipo_audit/check")
    assert asked.status_code == 200
    told = {"source": "Rang the provider"}
    assert client.post("/directory/services/ipo_audit/confirm", data=told).status_code == 303
    refer = f"/readiness/{check.id}/actions/own1/ipo_audit/refer"
    assert refer in client.get(f"/readiness/{check.id}").text
    where = client.post(refer).headers["Location"]
    drafted = db.scalars(select(Referral)).one()
    assert (where, drafted.status) == (f"/referrals/{drafted.id}", ReferralStatus.DRAFT)
    assert client.get(where).status_code == 200
    assert where in client.get("/referrals?show=my_drafts").text
    assert "draft of a referral is not sent" in client.get("/desk").text
    listed = client.get("/test-bed/businesses").text
    assert "1 business takes part in a project now" in listed
    new = f"/businesses/{BUSINESS}/referrals/new"
    assert new in listed
    form = client.get(new).text
    assert f'href="/businesses/{BUSINESS}"' not in form
    assert 'name="conversations"' not in form
    assert client.get(f"/businesses/{BUSINESS}").status_code == 404
    drafted.created_by_id = drafted.holder_id = cast.adviser.id
    db.flush()
    assert client.get(where).status_code == 404, "a colleague's referral is not theirs to read"
    assert client.post(f"{where}/withdraw", data={"reason": "x"}).status_code == 404


@pytest.mark.engine("sqlite")
def test_a_test_bed_manager_reads_no_contact_and_refers_no_business_that_is_in_no_project_k13(
    client: ConformingClient, cast: Cast
) -> None:
    owner = bed.owner()
    factories.person(owner, name="Ann Made", email="ann@made.example")
    client.sign_in(bed.manager())
    new = f"/businesses/{BUSINESS}/referrals/new"
    invited = bed.invited(owner)
    for refused in (client.get(new), client.post(new, data={"subject": "Help"})):
        assert refused.status_code in (403, 404)
        assert "ann@made.example" not in refused.text
    assert "Businesses in projects" in client.get("/referrals").text
    taking_part.take_part(invited, by=SYSTEM)
    assert client.get(new).status_code == 200
