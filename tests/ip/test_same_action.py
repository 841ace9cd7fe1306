"""The same question of a later assessment is the same action: where it is done, an old result, and one that is to take another."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from crm.diagnostics.rules.readiness import EXPORT, IP
from crm.ip.actions import queries, service
from crm.ip.actions.service import ActionDetails
from crm.kernel.clock import now, today
from crm.kernel.permissions import SYSTEM
from tests import assessments, factories
from tests.cast import Cast
from tests.client import ConformingClient
from tests.ip import bed

pytestmark = pytest.mark.engine("sqlite")


def _flat(text: str) -> str:
    return " ".join(text.split())


def test_k8_an_action_of_an_older_result_is_done_where_it_is_pressed_and_the_older_result_says_that_it_is_old_k32(
    client: ConformingClient, cast: Cast
) -> None:
    owner = bed.owner()
    old = assessments.readiness_check(owner, is_finished=True, finished_at=now() - timedelta(days=40))
    new = assessments.readiness_check(owner, is_finished=True, finished_at=now() - timedelta(minutes=5))
    action = queries.next_action(old.id, question_key="own1")
    assert action is not None
    details = ActionDetails(today() + timedelta(days=7), factories.person(owner).id)
    made = service.plan(action, details, by=SYSTEM)
    page = f"/readiness/{new.id}"
    client.sign_in(cast.founder)
    assert f"/readiness-actions/{made.id}/finish?on={new.id}" in client.get(page).text
    for way in ("change", "drop"):
        assert f'href="{page}"' in client.get(f"/readiness-actions/{made.id}/{way}?on={new.id}").text

    done = client.post(f"/readiness-actions/{made.id}/finish?on={new.id}")

    assert done.headers["Location"] == page
    shown = _flat(client.get(page).text)
    assert 'id="own1"' not in shown, "the next action moves up"
    assert "Done or dropped: 1" in shown
    assert "Reopen it on the result" in client.get(f"{page}/actions/own1/plan").text
    older = _flat(client.get(f"/readiness/{old.id}").text)
    assert "This is an older result" in older
    assert f'href="{page}"' in older
    assert "This is an older result" not in shown
    assert client.get(f"/readiness/{old.id}/report").status_code == 200
    again = client.post(f"/readiness-actions/{made.id}/reopen?on={new.id}")
    assert again.headers["Location"] == page
    assert 'id="own1"' in client.get(page).text


def test_k8_what_was_done_before_a_result_was_finished_is_to_do_again_by_its_answers(cast: Cast) -> None:
    owner = bed.owner()
    old = assessments.readiness_check(owner, is_finished=True, finished_at=now() - timedelta(days=40))
    action = queries.next_action(old.id, question_key="own1")
    assert action is not None
    details = ActionDetails(today() + timedelta(days=7), factories.person(owner).id)
    made = queries.planned(service.plan(action, details, by=SYSTEM).id)
    assert made is not None
    service.finish(made, by=SYSTEM)
    made.ended_at = now() - timedelta(days=20)
    new = assessments.readiness_check(owner, is_finished=True, finished_at=now() - timedelta(days=1))
    assert "own1" in {each.drag.question.key for each in queries.helps_for(assessments.again(new))}


def test_k17_an_action_that_is_to_take_an_assessment_knows_that_it_was_finished_and_what_it_lacks(
    client: ConformingClient, cast: Cast, clock: Any
) -> None:
    owner = bed.owner()
    export = assessments.finished(owner, EXPORT, "a")
    page = f"/readiness/{export.id}"
    client.sign_in(cast.founder)
    assert "Take the IP readiness assessment</a>" in _flat(client.get(page).text)
    taken = assessments.taken(owner, IP, "b")
    assessments.readiness.answer(taken, {"own2": "unsure"}, by=SYSTEM)
    done = assessments.readiness.finish(assessments.again(taken), by=SYSTEM)

    shown = _flat(client.get(page).text)
    assert f'href="/readiness/{done.id}"' in shown
    assert "1 question of these parts is not answered yet" in shown
    assert "Take the IP readiness assessment again" in shown

    clock.move_to(now() + timedelta(minutes=5))
    again = assessments.finished(owner, IP, "b")
    shown = _flat(client.get(page).text)
    assert 'id="ex05"' not in shown, "answered, so the next action moves up"
    assert f'href="/readiness/{again.id}"' in shown
    assert client.get(f"{page}/report").status_code == 200
