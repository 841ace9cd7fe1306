"""What a business asked for from one action is said of that action alone; and what is done where it no longer agrees."""

from __future__ import annotations

import html
import io
import re
from datetime import timedelta
from typing import Any

import pypdf
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.casework.models import NextStep
from crm.casework.service.stepping import remind
from crm.diagnostics.models import ReadinessCheck
from crm.directory.models import Service
from crm.ip.actions import queries, service
from crm.ip.actions.queries import helps_for
from crm.ip.actions.service import ActionDetails
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM
from crm.referrals.models import Referral
from crm.referrals.service import telling
from crm.referrals.service.preparing import ReferralDetails
from crm.referrals.service.sending import SHARING, withdraw
from tests import assessments, factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.referrals.made import again, agree, announced, letters

pytestmark = pytest.mark.engine("sqlite")
SENT = {"name": "Desk", "email": "desk@provider.example"}
MARK = "The business asked for this on"


def _two_actions(cast: Cast, db: Session) -> tuple[Business, ReadinessCheck, str, str]:
    """A business that agrees to be referred, and two actions of its assessment that the same open service can help with."""
    owner = business(BUSINESS)
    assert owner is not None
    owner.dcms_groups = ("film_tv_radio_photo",)
    factories.person(owner, name="Fi Founder", email=cast.founder.email)
    agree(owner)
    db.flush()
    assessments.open_service("ipo_audit")
    check = assessments.readiness_check(owner, is_finished=True)
    asked = assessments.again(check)
    keys = [
        key
        for key in (each.question.key for each in queries.result_of(asked).doable)
        if "ipo_audit" in _services_of(asked, key)
    ]
    for key in keys[:2]:
        found = queries.next_action(check.id, question_key=key)
        assert found is not None
        person = factories.person(owner)
        service.plan(found, ActionDetails(today() + timedelta(days=14), person.id), by=SYSTEM)
    shown = [each for each in helps_for(assessments.again(check)) if each.drag.question.key in keys[:2]]
    assert len(shown) == 2, "both are on the page, since both have an owner"
    return owner, check, keys[0], keys[1]


def _services_of(check: ReadinessCheck, key: str) -> set[str]:
    asked, _ = queries.asked_of(check)
    drag = next(each for each in queries.result_of(check).doable if each.question.key == key)
    return {name for kind in drag.question.providers for name in asked.providers[kind].services}


def _of_action(page: str, key: str) -> str:
    """What the page says of one action."""
    found = re.search(rf'<li id="{key}">.*?(?=<li id="|</ol>)', page, re.DOTALL)
    assert found is not None
    return " ".join(found[0].split())


def test_only_the_action_that_was_asked_from_says_so_and_the_letter_of_another_says_nothing_of_an_asking_k16(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    _owner, check, first, second = _two_actions(cast, db)
    page, at = f"/readiness/{check.id}", f"/readiness/{check.id}/actions"
    client.sign_in(cast.founder).post(f"{at}/{second}/ipo_audit/ask")
    shown = client.get(page).text
    assert "Asked on" in _of_action(shown, second)
    elsewhere = _of_action(shown, first)
    assert f"{at}/{first}/ipo_audit/ask" not in elsewhere, "one request for a service is open at a time"
    title = next(each for each in helps_for(assessments.again(check)) if each.drag.question.key == second)
    said = title.drag.question.next_action.removesuffix(".")
    told = " ".join(html.unescape(elsewhere).split())
    assert f'under <a class="govuk-link" href="{page}#{second}">“{said}”</a>.' in told, "which action"
    client.post(f"{at}/{first}/ipo_audit/ask")
    (step,) = db.scalars(select(NextStep)).all()
    assert said in step.title
    assert step.path == f"{page}#{second}", "the way from the desk leads to the action itself"

    client.sign_in(cast.adviser)
    shown = client.get(page).text
    assert MARK in _of_action(shown, second)
    assert MARK not in _of_action(shown, first)
    other = client.post(f"{at}/{first}/ipo_audit/refer").headers["Location"]
    assert "asked for this" not in db.scalars(select(Referral.message)).one()
    assert client.post(f"{other}/announce", data=SENT).status_code == 303
    (letter,) = letters(db, "referral_told")
    assert letter.context["asked"] == ""
    db.refresh(step)
    assert step.done_at is not None, "a referral to the service settles what was asked of it elsewhere"
    (settled,) = letters(db, "referral_ask_answered")
    assert "It answers this request too" in settled.context["answer"]
    assert step.answer == settled.context["answer"]
    assert step.answer in client.get(f"/businesses/{BUSINESS}/support").text


def test_k15_what_a_business_waits_for_stays_on_the_desk_until_it_is_answered_and_the_answer_stays_to_be_read(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    _owner, check, _first, second = _two_actions(cast, db)
    page, at = f"/readiness/{check.id}", f"/readiness/{check.id}/actions"
    client.sign_in(cast.founder).post(f"{at}/{second}/ipo_audit/ask")
    (step,) = db.scalars(select(NextStep)).all()
    form = f"/next-steps/{step.id}/change"

    client.sign_in(cast.adviser)
    assert "Dismiss reminder" not in client.get(form).text
    assert client.post(f"/next-steps/{step.id}/dismiss").status_code == 409
    typed = {"title": step.title, "assignees": [str(cast.adviser.id)], "version": str(step.version)}
    typed |= {"due_on-day": "", "due_on-month": "", "due_on-year": ""}
    assert "Enter the day by which you answer" in client.post(form, data=typed).text
    step.dismissed_for = step.due_on  # one that was put away before this was refused
    db.flush()
    client.sign_in(cast.hub_manager)
    assert f'href="{form}"' in client.get("/desk").text

    words = "You were referred in March. The audit takes each business once"
    assert client.post(f"/next-steps/{step.id}/finish", data={"answer": words}).status_code == 303
    assert f'href="{form}"' not in client.get("/desk").text
    assert words in client.get(f"/businesses/{BUSINESS}").text
    client.sign_in(cast.founder)
    assert words in _of_action(client.get(page).text, second)
    support = " ".join(client.get(f"/businesses/{BUSINESS}/support").text.split())
    assert words in support
    assert f"answered on {day_in_words(today())}" in support


def test_a_referral_for_another_action_is_linked_and_shuts_nothing(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    _owner, check, first, second = _two_actions(cast, db)
    page, at = f"/readiness/{check.id}", f"/readiness/{check.id}/actions"
    client.sign_in(cast.adviser)
    made = client.post(f"{at}/{first}/ipo_audit/refer").headers["Location"]
    shown = _of_action(client.get(page).text, second)
    assert "for something else: IP readiness:" in shown
    assert f'href="{made}"' in shown
    assert f"{at}/{second}/ipo_audit/refer" in shown
    client.post(f"{made}/announce", data=SENT)
    client.sign_in(cast.founder)
    own = _of_action(client.get(page).text, second)
    assert f'href="/businesses/{BUSINESS}/support"' in own
    assert "Ask to be referred for this too" in own
    assert client.post(f"{at}/{second}/ipo_audit/ask").status_code == 303
    assert client.post(f"{at}/{first}/ipo_audit/ask").status_code == 303, "under way: led to the page"
    assert len(db.scalars(select(NextStep)).all()) == 1


def test_a_closed_referral_from_elsewhere_stands_once_and_one_under_way_beside_each_action_k23(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner, check, first, second = _two_actions(cast, db)
    audit = db.scalars(select(Service).where(Service.service_id == "ipo_audit")).one()
    person = factories.person(owner)
    by_hand = ReferralDetails(person.id, "Made by hand", "Made", service_id=audit.id, needs=())
    made = announced(cast, owner, by_hand)
    client.sign_in(cast.adviser)
    page = f"/readiness/{check.id}"
    assert all("Made by hand" in _of_action(client.get(page).text, key) for key in (first, second))
    withdraw(again(made), reason="Made: no longer wanted", by=SYSTEM)
    assert client.get(page).text.count("for something else: Made by hand") == 1


def test_where_the_agreement_is_withdrawn_the_to_do_and_the_page_say_so_and_what_can_be_done_k12(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    _owner, check, first, second = _two_actions(cast, db)
    page, at = f"/readiness/{check.id}", f"/readiness/{check.id}/actions"
    client.sign_in(cast.founder).post(f"{at}/{second}/ipo_audit/ask")
    client.post(f"/businesses/{BUSINESS}/consents/withdraw", data={"purpose": SHARING.value})
    step = db.scalars(select(NextStep)).one()
    client.sign_in(cast.adviser)
    shown = client.get(page).text
    asked, other = _of_action(shown, second), _of_action(shown, first)
    refer, answer = f"{at}/{second}/ipo_audit/refer", f"/next-steps/{step.id}/finish"
    assert "has since withdrawn its agreement to be referred, so you cannot refer it" in asked
    assert (refer in asked, answer in asked, "#consents" in asked) == (False, True, True)
    assert f"{at}/{first}/ipo_audit/refer" not in other, "nor is what was not asked for"
    why = "has withdrawn its agreement to be referred to others, so you cannot refer it from here"
    assert why in " ".join(shown.split())
    assert client.post(f"{at}/{first}/ipo_audit/refer").status_code == 409
    refused = client.post(refer)
    assert refused.status_code == 409
    assert f'href="/next-steps/{step.id}/change"' in refused.text, "not back to the button"
    change = " ".join(client.get(f"/next-steps/{step.id}/change").text.split())
    assert "has since withdrawn its agreement to be referred" in change
    assert "Answer without referring" in change
    assert "Go to the page from which to refer" not in change
    desk = client.sign_in(cast.hub_manager).get("/desk").text
    assert "Answer the business: it has withdrawn its agreement to be referred" in desk
    step.due_on = today()
    db.flush()
    remind()
    assert any(
        "withdrawn its agreement" in line
        for letter in letters(db, "reminders")
        for line in letter.context["lines"]
    )
    client.sign_in(cast.hub_manager)
    assert client.post(answer, data={"answer": "You withdrew your agreement."}).status_code == 303
    assert "withdrawn its agreement" not in client.get("/desk").text


def test_the_printed_result_says_who_does_each_action_by_when_and_what_was_asked_for_k31(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    _owner, check, first, second = _two_actions(cast, db)
    at = f"/readiness/{check.id}/actions"
    client.sign_in(cast.founder).post(f"{at}/{second}/ipo_audit/ask")
    text = _paper(client, check)
    assert f", by {day_in_words(today() + timedelta(days=14))}: to do." in text
    assert f"The business asked on {day_in_words(today())} to be referred to" in text
    client.sign_in(cast.adviser).post(f"{at}/{first}/ipo_audit/refer")
    assert "prepared on" in _paper(client, check)
    client.sign_in(cast.founder)
    assert "prepared on" not in _paper(client, check), "a draft is nothing yet"


def test_a_referral_that_was_sent_is_said_once_on_paper(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    _owner, check, first, _second = _two_actions(cast, db)
    client.sign_in(cast.adviser)
    drafted = client.post(f"/readiness/{check.id}/actions/{first}/ipo_audit/refer").headers["Location"]
    client.post(f"{drafted}/announce", data=SENT)
    (made,) = db.scalars(select(Referral))
    telling.agree(again(made), by=SYSTEM)
    paper = _paper(client.sign_in(cast.founder), check)
    assert f", sent on {day_in_words(today())}." in paper
    assert f"sent on {day_in_words(today())}: sent" not in paper


def _paper(client: ConformingClient, check: ReadinessCheck) -> str:
    data: Any = client.get(f"/readiness/{check.id}/report").data
    return " ".join(" ".join(each.extract_text() for each in pypdf.PdfReader(io.BytesIO(data)).pages).split())


def test_who_confirms_a_service_from_a_result_comes_back_to_the_result_k33(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    factories.person(owner)
    check = assessments.readiness_check(owner, is_finished=True)
    page = f"/readiness/{check.id}"
    shown = client.sign_in(cast.adviser).get(page).text
    confirm = f"/directory/services/ipo_audit/check?next=/readiness/{check.id}"
    assert confirm in shown
    form = client.get(confirm).text
    assert f'formaction="/directory/services/ipo_audit/confirm?next=/readiness/{check.id}"' in form
    unsaid = client.post(f"/directory/services/ipo_audit/confirm?next={page}", data={"source": ""})
    assert unsaid.status_code == 422
    assert f"/confirm?next=/readiness/{check.id}" in unsaid.text
    told = {"source": "Rang the provider"}
    where = client.post(f"/directory/services/ipo_audit/confirm?next={page}", data=told).headers["Location"]
    assert where == page
    assert "IP Audit" in client.get(where).text


def test_what_a_business_does_by_itself_is_not_called_somebody_who_can_help_k25(
    client: ConformingClient, cast: Cast
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    check = assessments.readiness_check(owner, is_finished=True)
    page = client.sign_in(cast.founder).get(f"/readiness/{check.id}").text
    assert "Without help: do it in-house with published guidance" in page
    assert "Others who can help: Do it in-house" not in page
    lines = [line for each in helps_for(assessments.again(check)) for line in each.on_paper]
    assert "Without help: do it in-house with published guidance." in lines


def test_an_older_result_asks_for_nothing_and_leads_to_the_newest_k10(
    client: ConformingClient, cast: Cast, db: Session, clock: Any
) -> None:
    _owner, check, first, second = _two_actions(cast, db)
    page, at = f"/readiness/{check.id}", f"/readiness/{check.id}/actions"
    client.sign_in(cast.founder).post(f"{at}/{second}/ipo_audit/ask")
    clock.shift(60)
    newest = f"/readiness/{assessments.finished(assessments.own()).id}"
    assert "Asked on" in _of_action(client.get(page).text, second), "what was asked there is still to be read"
    client.sign_in(cast.hub_manager)
    (step,) = db.scalars(select(NextStep)).all()
    client.post(f"/next-steps/{step.id}/finish", data={"answer": "Not this year"})
    shown = client.sign_in(cast.founder).get(page).text
    for key in (first, second):
        assert f"{at}/{key}/ipo_audit/ask" not in shown
        assert f'href="{newest}">See the newest result' in _of_action(shown, key)
        refused = client.post(f"{at}/{key}/ipo_audit/ask")
        assert (refused.status_code, f'href="{newest}"' in refused.text) == (409, True)
