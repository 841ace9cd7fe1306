"""A founder whose business has an adviser sends readiness answers to them from the page that recommends it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.casework.models import NextStep
from crm.casework.workflow import Channel, ConversationStatus
from crm.diagnostics.queries.opened import opened
from crm.diagnostics.rules.readiness import EXPORT
from crm.kernel.clock import now, today
from crm.notices.models import Letter
from tests import assessments, factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient

pytestmark = pytest.mark.engine("sqlite")


def _result(client: ConformingClient) -> str:
    """The public result of a visitor who answered every question of the export assessment the same way."""
    found = opened(EXPORT, "")
    assert found is not None
    answers = {each.key: "b" for each in found.asked.for_circumstances(found.of)}
    return f"/check-readiness/{EXPORT}/result?a={found.code(found.sheet.with_answers(answers))}"


def _has_adviser(cast: Cast) -> None:
    whole = {"kind_code": factories.support_kind().code, "channel": Channel.VIDEO, "completed_at": now()}
    factories.conversation(
        assessments.own(),
        cast.adviser.account,
        happened_on=today(),
        holder_id=cast.adviser.id,
        _status=ConversationStatus.COMPLETE,
        **whole,
    )


def test_k16_the_way_that_is_recommended_carries_the_answers_and_the_adviser_answers_them(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    _has_adviser(cast)
    client.sign_in(cast.founder)
    asked = re.search(r'href="(/enquire\?readiness=[^"]+)"', client.get(_result(client)).text)
    assert asked is not None
    page = client.get(asked[1]).text
    assert f"Send my answers to {cast.adviser.account.name}" in page
    assert "mailto:" not in page.split("<footer")[0]
    sent = {"business": str(BUSINESS), "to": "adviser"}

    done = client.post(asked[1], data=sent)

    assert done.headers["Location"].endswith(f"/businesses/{BUSINESS}/support")
    (step,) = db.scalars(select(NextStep)).all()
    assert step.is_asked
    support = client.get(f"/businesses/{BUSINESS}/support").text
    assert step.title in support
    assert client.post(asked[1], data=sent).status_code == 409
    assert len(db.scalars(select(NextStep)).all()) == 1, "the same answers wait already"

    client.sign_in(cast.adviser)
    form = client.get(f"/next-steps/{step.id}/change").text
    assert "Do you hold the rights you need to sell it abroad?" in form
    assert f'href="/next-steps/{step.id}/change"' in client.get("/desk").text
    words = "Let us meet on Tuesday about the rights"
    assert client.post(f"/next-steps/{step.id}/finish", data={"answer": words}).status_code == 303
    (letter,) = db.scalars(select(Letter).where(Letter.kind == "referral_ask_answered")).all()
    assert letter.context["answer"] == words
    assert words in client.sign_in(cast.founder).get(f"/businesses/{BUSINESS}/support").text


def test_k13_nobody_sends_answers_for_a_business_of_others(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    _has_adviser(cast)
    asked = re.search(r'href="(/enquire\?readiness=[^"]+)"', client.get(_result(client)).text)
    assert asked is not None
    client.sign_in(cast.other_founder)
    assert client.post(asked[1], data={"business": str(BUSINESS), "to": "adviser"}).status_code == 409
    assert db.scalars(select(NextStep)).all() == []


def test_k12_a_result_says_that_its_answers_are_saved_and_links_them(
    client: ConformingClient, cast: Cast
) -> None:
    client.sign_in(cast.founder)
    result = _result(client)
    save = re.search(r'action="(/businesses/[^"]+/bring\?[^"]+)"', client.get(result).text)
    assert save is not None
    saved = client.post(save[1].replace("&amp;", "&")).headers["Location"]
    page = " ".join(client.get(result).text.split())
    assert "These answers are saved in the record of" in page
    assert f'href="{saved}"' in page
