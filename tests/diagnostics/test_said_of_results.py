"""What pages say around a result: why actions have their order, when assessments were begun, and a state once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine

from crm.diagnostics.queries import readiness as queries
from crm.diagnostics.queries.results import result_of
from crm.diagnostics.rules.readiness import EXPORT, IP
from crm.diagnostics.service import readiness, sets
from crm.kernel.clock import now
from crm.kernel.permissions import SYSTEM
from crm.web.filters import moment
from tests.assessments import again, finished, own, taken
from tests.cast import Cast
from tests.client import ConformingClient

pytestmark = pytest.mark.engine("sqlite")
OTHERWISE = "“What to do next” has another order"


def text_of(client: ConformingClient, address: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", client.get(address).text))


def test_a_result_says_why_the_actions_are_not_those_that_cost_most_k11(
    cast: Cast, client: ConformingClient
) -> None:
    client.sign_in(cast.founder)
    for name, pattern in ((IP, "a"), (EXPORT, "a"), (IP, "d"), (EXPORT, "abcd")):
        made = finished(own(), name, pattern)
        result = result_of(made)
        known = [each for each in result.dearest if each.question.next_action and each not in result.waiting]
        is_other = result.actions != tuple(known[: len(result.actions)])
        assert (OTHERWISE in text_of(client, f"/readiness/{made.id}")) is is_other, (name, pattern)
    assert OTHERWISE in text_of(client, f"/readiness/{finished(own(), IP, 'a').id}")


def test_the_list_of_assessments_shows_the_moments_that_it_is_ordered_by_k11(
    cast: Cast, client: ConformingClient
) -> None:
    with time_machine.travel(now() - timedelta(days=3), tick=False):
        first = taken(own(), IP)
    with time_machine.travel(now() - timedelta(days=2), tick=False):
        finished(own(), EXPORT)
    readiness.finish(first, by=SYSTEM)
    page = text_of(client.sign_in(cast.founder), "/readiness")
    begun = [f"Started {moment(now() - timedelta(days=days))}. Finished" for days in (2, 3)]
    places = [page.find(each) for each in begun]
    assert -1 not in places
    assert places == sorted(places), "the one that was started last comes first"


def test_a_version_of_a_question_set_says_its_state_once_k11(cast: Cast, client: ConformingClient) -> None:
    client.sign_in(cast.administrator)
    known = again(finished(own(), IP)).question_set
    page = text_of(client, f"/question-sets/readiness/{known.id}")
    assert re.search(r"Published Since \d+ \w+ \d{4}", page)
    assert "Published Published" not in page
    latest = queries.latest_set(IP)
    assert latest is not None
    sets.retire(latest, by=SYSTEM)
    page = text_of(client, f"/question-sets/readiness/{latest.id}")
    assert re.search(r"Retired Since \d+ \w+ \d{4}", page)
    assert "Retired Retired" not in page


def test_an_assessment_offers_to_finish_only_once_enough_is_answered(
    cast: Cast, client: ConformingClient
) -> None:
    client.sign_in(cast.founder)
    finish = "Finish and see the result"
    for most, is_offered in ((5, False), (100, True)):
        check = taken(own(), most=most)
        assert (finish in client.get(f"/readiness/{check.id}").text) is is_offered
