"""Two people answer one readiness assessment at the same moment: different answers are all kept, the same one is told."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask

from crm.businesses.queries.seeing import business
from crm.diagnostics.queries import readiness as queries
from crm.diagnostics.rules.readiness import IP
from crm.diagnostics.service import readiness
from crm.diagnostics.workflow import AnsweredBy
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role
from tests import factories
from tests.faults.test_two_at_once import put
from tests.faults.together import browser, in_threads, meet_in
from tests.houses import database


def begun(app: Flask) -> UUID:
    with database(app).transaction():
        owner = business(factories.business().id)
        assert owner is not None
        details = readiness.BeginDetails(AnsweredBy.TOGETHER)
        return readiness.begin(owner, IP, details=details, by=SYSTEM).id


def test_two_who_answer_at_one_moment_keep_both_and_of_one_question_one_is_told(
    furnished: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    readiness_id = begun(furnished)
    where = f"/readiness/{readiness_id}/ownership"
    one, other = (browser(furnished, put(furnished, Role.ADVISER)) for _ in range(2))
    meet_in(monkeypatch, readiness, "answer")
    answers = in_threads(
        lambda: one.send(where, {"version": "", "own1": "a"}),
        lambda: other.send(where, {"version": "", "own2": "b"}),
    )
    assert [each.status_code for each in answers] == [303, 303]
    meet_in(monkeypatch, readiness, "answer")
    answers = in_threads(
        lambda: one.send(where, {"version": "own1:1:a;own2:1:b", "own1": "a", "own2": "b", "own3": "c"}),
        lambda: other.send(where, {"version": "own1:1:a;own2:1:b", "own1": "a", "own2": "b", "own3": "d"}),
    )
    assert sorted(each.status_code for each in answers) == [303, 409]
    with database(furnished).reading():
        found = queries.assessment(readiness_id)
        assert found is not None
        assert {key: found.given[key] for key in ("own1", "own2")} == {"own1": "a", "own2": "b"}
        assert found.given["own3"] == ("c" if answers[0].status_code == 303 else "d")
