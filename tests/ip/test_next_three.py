"""What comes next after an assessment, what later, what the business asked for, and which adviser it is sent to."""

from __future__ import annotations

import html
import io
import re
from datetime import timedelta
from typing import Any

import pypdf
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crm.businesses.models import Business
from crm.casework.models import NextStep
from crm.diagnostics.models import ReadinessCheck
from crm.diagnostics.rules.readiness import IP
from crm.directory.models import Service
from crm.ip.actions import queries, service
from crm.ip.actions.rules import LATER
from crm.ip.actions.service import ActionDetails
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM
from tests import assessments, factories
from tests.cast import Cast
from tests.client import ConformingClient
from tests.ip import bed
from tests.referrals.made import agree

pytestmark = pytest.mark.engine("sqlite")
MARK = "The business asked for this on"


def _checked(cast: Cast) -> tuple[Business, ReadinessCheck]:
    """A business that agrees to be referred, with a finished assessment; no service of it is confirmed."""
    owner = bed.owner()
    factories.person(owner, name="Fi Founder", email=cast.founder.email)
    agree(owner)
    return owner, assessments.readiness_check(owner, is_finished=True)


def _planned(owner: Business, check: ReadinessCheck, key: str) -> None:
    found = queries.next_action(check.id, question_key=key)
    assert found is not None
    person = factories.person(owner, name="Ola Owner")
    service.plan(found, ActionDetails(today() + timedelta(days=14), person.id), by=SYSTEM)


def _keys(check: ReadinessCheck) -> list[str]:
    return [each.question.key for each in queries.result_of(assessments.again(check)).doable]


def _nothing_is_confirmed(db: Session) -> None:
    db.execute(update(Service.__table__).values(status="check"))
    db.expire_all()


def _flat(text: str) -> str:
    return " ".join(text.split())


def _of_action(page: str, key: str) -> str:
    """What the page says of one action."""
    return _flat(page.split(f'<li id="{key}">')[1].split("<li id=", maxsplit=1)[0])


def test_the_adviser_sees_which_service_the_business_asked_for_also_before_it_is_confirmed_k13(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner, check = _checked(cast)
    page, at = f"/readiness/{check.id}", f"/readiness/{check.id}/actions"
    also = next(key for key in _keys(check) if key != "own1" and _names_audit(check, key))
    _planned(owner, check, also)
    client.sign_in(cast.founder)
    assert client.post(f"{at}/own1/ipo_audit/ask").status_code == 303
    client.sign_in(cast.adviser)
    shown = client.get(page).text
    asked = _of_action(shown, "own1")
    assert f"{MARK} {day_in_words(today())}" in asked
    assert "Confirm that it is running" in asked
    assert "/directory/services/ipo_audit" in _of_action(shown, also)
    assert MARK not in _of_action(shown, also), "the same service under another action was not asked for"
    first = _flat(shown.partition("What to do next")[2])
    assert f"The business asked on {day_in_words(today())} to be referred to" in first
    assert '<a class="govuk-link" href="#own1">' in first

    _planned(owner, check, "own1")
    (action,) = (each for each in queries.planned_by(owner.id, IP) if each.question_key == "own1")
    service.drop(action, reason="Made: done by the distributor", by=SYSTEM)
    step = db.scalars(select(NextStep)).one()
    gone = _flat(client.get(page).text)
    assert "It is not among the actions any more" in gone
    assert f'href="/next-steps/{step.id}/change"' in gone
    assert "The business asked" not in client.sign_in(cast.founder).get(page).text


def _names_audit(check: ReadinessCheck, key: str) -> bool:
    asked, _ = queries.asked_of(assessments.again(check))
    question = next(
        each for each in queries.result_of(assessments.again(check)).doable if each.question.key == key
    )
    return any("ipo_audit" in asked.providers[kind].services for kind in question.question.providers)


def test_three_actions_come_next_and_what_else_has_an_owner_stands_under_later_on_page_and_paper_k16(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner, check = _checked(cast)
    keys = _keys(check)
    _planned(owner, check, keys[4])
    page = client.sign_in(cast.founder).get(f"/readiness/{check.id}").text
    following, later = page.partition("What to do next")[2].split(">Later</h3>")
    assert [f'<li id="{key}">' in following for key in keys[:5]] == [True, True, True, False, False]
    assert [f'<li id="{key}">' in later for key in keys[:5]] == [False, False, False, False, True]
    assert f"Ola Owner, by {day_in_words(today() + timedelta(days=14))}" in _flat(later)

    text = _paper(client, check)
    following, later = text.split(" Later ")[0], text.split(" Later ")[1]
    assert [LATER in _flat(each) for each in (page, text)] == [True, True]
    title = {
        each.question.key: each.question.next_action
        for each in queries.result_of(assessments.again(check)).doable
    }
    start = [title[key][:25] for key in keys[:5]]
    assert [words in following for words in start] == [True, True, True, False, False]
    assert start[4] in later
    assert f"Ola Owner, by {day_in_words(today() + timedelta(days=14))}: to do." in later
    assert f"/readiness/{check.id}/actions/{keys[4]}/plan" not in page
    ask = f"/readiness/{check.id}/actions/own1/ipo_audit/ask"
    assert client.post(ask).status_code == 303


def _paper(client: ConformingClient, check: ReadinessCheck) -> str:
    data: Any = client.get(f"/readiness/{check.id}/report").data
    return _flat(" ".join(each.extract_text() for each in pypdf.PdfReader(io.BytesIO(data)).pages))


def test_nothing_stands_under_later_where_only_three_actions_come_next(
    client: ConformingClient, cast: Cast
) -> None:
    _owner, check = _checked(cast)
    assert ">Later</h3>" not in client.sign_in(cast.founder).get(f"/readiness/{check.id}").text
    assert " Later " not in _paper(client, check)


def test_a_founder_with_an_adviser_of_their_own_is_sent_to_that_adviser_and_others_to_an_enquiry_k17(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner, check = _checked(cast)
    _nothing_is_confirmed(db)
    page = f"/readiness/{check.id}"
    client.sign_in(cast.founder)
    without = client.get(page).text
    ask = re.compile(r'href="(/enquire\?readiness=[^"]+)">Ask an adviser')
    assert ask.search(without), "what the business answered is not told again"
    assert "mailto:" not in client.get("/enquire").text
    factories.conversation(owner, cast.adviser.account, holder_id=cast.adviser.id)
    adviser = cast.adviser.account
    (carried, *_) = ask.findall(client.get(page).text)
    assert "IP readiness" in _flat(client.get(html.unescape(carried)).text)
    begin = _flat(client.get("/enquire").text)
    assert f"{adviser.name} looks after {owner.name}. You do not need to start an enquiry" in begin
    assert f'href="mailto:{adviser.email}"' in begin
    assert "Start an enquiry" in begin, "for something else one still can"
    assert "mailto:" not in _flat(client.sign_in(cast.other_founder).get("/enquire").text)
    client.sign_out()
    assert "You do not need to start" not in client.get("/enquire").text


def test_who_left_is_nobody_s_adviser_any_more(client: ConformingClient, cast: Cast, db: Session) -> None:
    owner, check = _checked(cast)
    _nothing_is_confirmed(db)
    gone = factories.account(name="Gone Adviser")
    factories.conversation(owner, gone, holder_id=gone.id)
    shown = client.sign_in(cast.founder).get(f"/readiness/{check.id}").text
    assert "Gone Adviser" not in shown.partition("What to do next")[2].partition("Score by area")[0]
    assert re.search(r'href="/enquire\?readiness=[^"]+">Ask an adviser', shown)
