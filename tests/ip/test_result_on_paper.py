"""The printed result of an assessment: there in every state of its page, and saying what the page says."""

from __future__ import annotations

import io
from datetime import timedelta
from itertools import product
from typing import Any

import pypdf
import pytest
import time_machine

from crm.businesses.models import Business
from crm.diagnostics.models import ReadinessCheck
from crm.diagnostics.queries.results import asked_of
from crm.diagnostics.rules.readiness import EXPORT, IP, UNSURE, Question
from crm.diagnostics.service import readiness
from crm.ip.actions import queries, service
from crm.ip.actions.service import ActionDetails
from crm.kernel.clock import now, today
from crm.kernel.permissions import SYSTEM
from tests import assessments, factories
from tests.cast import Cast
from tests.client import ConformingClient
from tests.ip import bed

pytestmark = pytest.mark.engine("sqlite")
NOTHING = "Nothing: every answer is at its best."


def _best(question: Question) -> str:
    scored = [each for each in question.options if each.score is not None]
    return max(scored, key=lambda each: each.score or 0).value


def _finished(owner: Business, name: str, *, asks: bool, is_open: bool, back: int = 0) -> ReadinessCheck:
    """An assessment at its best; one that ``asks`` has its last answer lowest, and critical questions can be open."""
    with time_machine.travel(now() - timedelta(days=back), tick=False):
        made = readiness.begin(owner, name, details=assessments.BY_ADVISER, by=SYSTEM)
        asked, of = asked_of(made)
        questions = asked.for_circumstances(of)
        given = {each.key: _best(each) for each in questions}
        given |= {questions[-1].key: "a"} if asks else {}
        given |= {each.key: UNSURE for each in questions if each.is_critical} if is_open else {}
        readiness.answer(made, given, by=SYSTEM)
        return assessments.again(readiness.finish(assessments.again(made), by=SYSTEM))


def _lowest(owner: Business, name: str, *, back: int = 0) -> ReadinessCheck:
    with time_machine.travel(now() - timedelta(days=back), tick=False):
        return assessments.finished(owner, name, "a")


def _plan(owner: Business, check: ReadinessCheck) -> Any:
    """The first action of an assessment, planned."""
    key = queries.result_of(check).doable[0].question.key
    found = queries.next_action(check.id, question_key=key)
    assert found is not None
    person = factories.person(owner, name="Ola Owner")
    return service.plan(found, ActionDetails(today() + timedelta(days=14), person.id), by=SYSTEM)


def _paper(client: ConformingClient, check: ReadinessCheck) -> str:
    answer = client.get(f"/readiness/{check.id}/report")
    assert answer.status_code == 200
    data: Any = answer.data
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    return " ".join(" ".join(each.extract_text() for each in pages).split())


@pytest.mark.parametrize(
    ("asks", "carried", "compared", "is_open"), list(product((False, True), repeat=4)), ids=str
)
@pytest.mark.parametrize("name", [IP, EXPORT])
def test_the_paper_is_there_in_every_state_of_the_result_k2_k11(
    client: ConformingClient, cast: Cast, name: str, asks: bool, carried: bool, compared: bool, is_open: bool
) -> None:
    owner = bed.owner()
    back = 5 if carried and not compared else 0
    before = _lowest(owner, name, back=5) if compared else None
    ours = _finished(owner, name, asks=asks, is_open=is_open, back=back)
    if carried:
        _plan(owner, before or _lowest(owner, name))
    client.sign_in(cast.founder)
    shown, paper = " ".join(client.get(f"/readiness/{ours.id}").text.split()), _paper(client, ours)
    assert ("Still to do from before</h3>" in shown) is carried
    assert ("Still to do from before." in paper) is carried
    assert paper.count("What to do next") == 1
    assert (NOTHING in paper) is (NOTHING in shown) is (not asks and not is_open)
    assert ("Nothing yet from the answers given" in paper) is (not asks and is_open)
    assert ("Last time: " in paper) is ("Last time, " in shown) is compared


def test_a_result_at_its_best_promises_no_better_score_and_one_whose_actions_are_done_does(
    client: ConformingClient, cast: Cast
) -> None:
    owner, again = bed.owner(), "Take the assessment again to see your new score."
    service.finish(_plan(owner, _lowest(owner, EXPORT, back=5)), by=SYSTEM)
    best = _finished(owner, EXPORT, asks=False, is_open=False)
    client.sign_in(cast.founder)
    for said in (client.get(f"/readiness/{best.id}").text, _paper(client, best)):
        assert NOTHING in said
        assert again not in said
    low = _finished(owner, EXPORT, asks=True, is_open=False)
    service.finish(_plan(owner, low), by=SYSTEM)
    for said in (client.get(f"/readiness/{low.id}").text, _paper(client, low)):
        assert again in " ".join(said.split())
        assert NOTHING not in said
