"""How businesses stand beside similar ones and across a cohort: nobody is told apart, and every figure opens its rows."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine

from crm.diagnostics.queries import readiness as queries
from crm.diagnostics.rules.comparing import Similar, Taken, cohort, similar
from crm.diagnostics.rules.readiness import EXPORT
from crm.kernel.clock import now
from tests import factories
from tests.assessments import finished, own
from tests.cast import Cast
from tests.client import ConformingClient

SQLITE = pytest.mark.engine("sqlite")


def test_a_score_is_compared_with_the_last_one_and_with_five_similar_businesses_and_no_fewer(
    client: ConformingClient, cast: Cast
) -> None:
    sector = {"dcms_groups": ("crafts",)}
    owner = own()
    owner.dcms_groups = ("crafts",)
    finished(owner, EXPORT, "b")
    with time_machine.travel(now() + timedelta(days=30), tick=False):
        others = [factories.business(**sector) for _ in range(4)]
        for each in (*others, factories.business(dcms_groups=("publishing",))):
            finished(each, EXPORT, "d")
        found = finished(owner, EXPORT, "c")
        client.sign_in(cast.founder)
        page = client.get(f"/readiness/{found.id}").text
        assert "33.4 points more now" in page
        assert "once five others in the same sector" in page
    with time_machine.travel(now() + timedelta(days=31), tick=False):
        finished(others[0], EXPORT, "b")
        assert queries.similar_to(found) is None
        finished(factories.business(**sector), EXPORT, "d")
    client.sign_in(cast.founder)
    page = client.get(f"/readiness/{found.id}").text
    assert "The median of 5 other businesses in the same sector is 100." in page
    assert "Similar businesses (median)" in page
    before = queries.similar_to(found)
    finished(factories.business(**sector), EXPORT, "a")
    assert queries.similar_to(found) == before, "one business more shows what it scored"


def test_a_comparison_never_changes_by_fewer_than_five_businesses() -> None:
    rows = [Taken(owner, owner * 100, {"a": owner * 100}) for owner in (1, 2, 3, 4, 1, 1, 5, 6, 7, 8, 9)]
    for count in range(6):
        assert similar(rows[:count], ["a"]) is None
    first = similar(rows[:7], ["a", "b"])
    assert first == Similar(5, 30, {"a": 30})
    assert all(similar(rows[:count], ["a", "b"]) == first for count in range(7, 11))
    then = [*rows, Taken(10, 1000, {})]
    assert similar(then, ["a"]) == Similar(10, 55, {"a": 30}), "an area has batches of its own"


@SQLITE
def test_the_cohort_view_counts_each_business_once_and_every_figure_opens_its_rows(
    client: ConformingClient, cast: Cast
) -> None:
    owner = own()
    owner.dcms_groups = ("crafts",)
    with time_machine.travel(now() - timedelta(days=30), tick=False):
        finished(owner, EXPORT, "b")
    finished(owner, EXPORT, "c")
    finished(factories.business(dcms_groups=("publishing",)), EXPORT, "a")
    client.sign_in(cast.administrator)
    page = client.get("/readiness/cohort", query_string={"set": EXPORT}).text
    for words in (
        "2 businesses have finished\n  3 assessments",
        "Fewer than 5 businesses have taken it more than once",
    ):
        assert words in page
    assert "the first time and is" not in page
    linked = re.findall(r'href="(/readiness\?set=export_readiness&amp;(?:band|sector)=[^"]*)">([0-9]+)', page)
    assert len(linked) == 4
    for href, count in linked:
        opened = client.get(href.replace("&amp;", "&")).text
        assert opened.count("Finished ") == int(count)
    client.sign_in(cast.founder)
    assert client.get("/readiness/cohort").status_code == 403


def test_the_change_of_a_cohort_is_said_once_five_businesses_took_it_again() -> None:
    rows = [Taken(owner, score, {}) for score in (200, 500) for owner in range(5)]
    assert cohort(rows[:9]).change is None
    found = cohort(rows).change
    assert found is not None
    assert (found.count, found.first, found.latest, found.higher) == (5, 20, 50, 5)
