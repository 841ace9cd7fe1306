"""How businesses stand beside similar ones and across a cohort: nobody is told apart, and every figure opens its rows."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pypdf
import pytest
import time_machine

from crm.accounts.queries import actor_of
from crm.diagnostics.queries import readiness as queries
from crm.diagnostics.rules.comparing import Similar, Taken, cohort, similar
from crm.diagnostics.rules.readiness import EXPORT, IP
from crm.diagnostics.rules.scoring import in_words
from crm.kernel.clock import now
from tests import factories
from tests.assessments import finished, own
from tests.cast import OTHER_BUSINESS, Cast, Member
from tests.client import ConformingClient
from tests.ip import bed

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
        assert "33.4 points higher now" in page
        assert "once five others in the same sector" in page
    with time_machine.travel(now() + timedelta(days=31), tick=False):
        finished(others[0], EXPORT, "b")
        assert queries.similar_to(found) is None
        finished(factories.business(**sector), EXPORT, "d")
    client.sign_in(cast.founder)
    page = client.get(f"/readiness/{found.id}").text
    assert "The middle score (the median) of other businesses in the same sector is 100." in page
    assert "It is worked out from 5 of them, and again only once 5 more have a new result" in page
    assert "Similar: the median of other businesses in the same sector." in page
    pages = pypdf.PdfReader(io.BytesIO(client.get(f"/readiness/{found.id}/report").data)).pages
    paper = " ".join(" ".join(each.extract_text() for each in pages).split())
    assert "Area Now Last time Similar" in paper, "the paper has the columns of the page (K10)"
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
        ">2 businesses</a>",
        ">3 assessments</a>",
        "These are the businesses of every hub.",
        "Fewer than 5 businesses have taken it more than once",
    ):
        assert words in page
    assert "the first time and is" not in page
    linked = re.findall(
        r'href="(/readiness\?set=export_readiness&amp;(?:band|sector|change)=[^"]*)">([0-9]+)', page
    )
    assert len(linked) == 5
    for href, count in linked:
        opened = client.get(href.replace("&amp;", "&")).text
        assert opened.count("Finished ") == int(count)
    client.sign_in(cast.hub_manager)
    told = client.get("/readiness/cohort", query_string={"set": EXPORT}).text
    assert "These are the businesses of your hub, those shared with it" in told, (
        "reports count every hub (K14)"
    )
    client.sign_in(cast.founder)
    assert client.get("/readiness/cohort").status_code == 403


@SQLITE
def test_the_change_of_a_cohort_opens_those_who_rose_stayed_and_fell_k14(
    client: ConformingClient, cast: Cast
) -> None:
    owners = [factories.business() for _ in range(5)]
    with time_machine.travel(now() - timedelta(days=30), tick=False):
        for each in owners:
            finished(each, EXPORT, "b")
    for each, pattern in zip(owners, "cccba", strict=True):
        finished(each, EXPORT, pattern)
    client.sign_in(cast.administrator)
    page = client.get("/readiness/cohort", query_string={"set": EXPORT}).text
    linked = re.findall(r'href="(/readiness\?set=export_readiness&amp;change=[^"]*)">([0-9]+)', page)
    assert [int(count) for _, count in linked] == [5, 5, 3, 1, 1]
    for href, count in linked:
        opened = client.get(href.replace("&amp;", "&")).text
        assert opened.count("Finished ") == int(count)
    assert "Latest results only: lower than the first time" in opened


def test_the_change_of_a_cohort_is_said_once_five_businesses_took_it_again() -> None:
    rows = [Taken(owner, score, {}) for score in (200, 500) for owner in range(5)]
    assert cohort(rows[:9]).change is None
    found = cohort(rows).change
    assert found is not None
    assert (found.count, found.first, found.latest, found.higher, found.across) == (5, 20, 50, 5, 0)
    moved = cohort([*rows[:5], *(each._replace(version=2 if each.owner else None) for each in rows[5:])])
    assert moved.change is not None
    assert (moved.versions, moved.change.across) == (2, 4), "scores of other questions are not of one measure"


@SQLITE
def test_a_set_that_is_retired_keeps_its_results_and_says_that_it_is_closed_k8_k11(
    client: ConformingClient, cast: Cast
) -> None:
    done = finished(own())
    shown = queries.published_set(IP)
    assert shown is not None
    where, start = (
        f"/question-sets/readiness/{shown.id}/retire",
        f"/businesses/{OTHER_BUSINESS}/readiness/{IP}/new",
    )
    client.sign_in(cast.administrator)
    told = client.get(where).text
    assert "No other version is published" in told
    assert "1 finished result stays" in told
    assert client.post(where).status_code == 303
    for path in (f"/readiness?set={IP}", f"/readiness/{done.id}", f"/readiness/cohort?set={IP}"):
        assert client.get(path).status_code == 200
    assert "closed for now" in client.get(f"/readiness/cohort?set={IP}").text
    refused = client.get(start)
    assert refused.status_code == 409
    assert "IP readiness is closed for now" in refused.text
    assert "assessment is closed for now" in client.sign_in(cast.founder).get("/readiness").text
    client.sign_in(cast.visitor)
    assert "This check is closed for now" in client.get("/check-readiness").text
    closed = client.get(f"/check-readiness/{IP}")
    assert (closed.status_code, "closed for now" in closed.text) == (409, True)
    assert 'href="/check-readiness">See what it says now' in closed.text, "K33"
    assert 'href="/enquire">ask an adviser</a>' in client.get("/check-readiness").text


@SQLITE
def test_a_result_keeps_its_name_across_businesses_when_a_later_version_calls_it_otherwise_k8(
    client: ConformingClient, cast: Cast
) -> None:
    finished(own(), pattern="b")
    client.sign_in(cast.administrator)
    shown = queries.published_set(IP)
    assert shown is not None
    draft = client.post(f"/question-sets/readiness/{shown.id}/draft").headers["Location"]
    version = queries.versions_of(IP)[0]
    bands = [
        {**each, "name": "Begun"} if each["id"] == "basic" else each for each in version.content["bands"]
    ]
    version.content = {**version.content, "bands": bands}
    client.post(f"{draft}/publish")
    assert "versions of the questions" not in client.get(f"/readiness/cohort?set={IP}").text
    finished(factories.business(), pattern="d")
    assert "given under 2 versions of the questions" in client.get(f"/readiness/cohort?set={IP}").text
    cohort_page = client.get(f"/readiness/cohort?set={IP}").text
    assert "Begun" in cohort_page
    assert "Basic (in an earlier version)" in cohort_page
    opened = client.get(f"/readiness?set={IP}&band=Basic").text
    assert "Latest results only: Basic" in opened
    assert "Basic, " in opened
    assert client.get(f"/readiness?set={IP}&band=basic").status_code == 422


@SQLITE
def test_results_are_downloaded_as_they_are_listed_and_a_set_that_nobody_here_sees_is_not_offered_k10(
    client: ConformingClient, cast: Cast
) -> None:
    made = bed.manager()
    finished(own(), EXPORT, "b")
    done = finished(own(), pattern="b")
    client.sign_in(Member("test-bed manager", actor_of(made), made.email))
    assert client.get(f"/readiness/cohort?set={EXPORT}").status_code == 422
    page = client.get("/readiness/cohort").text
    assert "Export readiness" not in page
    assert f"/readiness?set={IP}&amp;finished=yes" in page
    assert "Finished assessments only" in client.get(f"/readiness?set={IP}&finished=yes").text
    rows = client.get(f"/readiness.csv?set={IP}&finished=yes").get_data(as_text=True).splitlines()
    assert len(rows) == 2
    assert in_words(done.score or 0) in rows[1]
    file = client.get(f"/readiness/cohort.csv?set={IP}").get_data(as_text=True)
    assert "Result,Basic,1," in file
    assert client.sign_in(cast.founder).get("/readiness.csv").status_code == 403


def test_no_median_is_told_of_fewer_than_five_businesses_k10() -> None:
    rows = [Taken(owner, 300, {"plan": 200}) for owner in range(5)]
    assert (cohort(rows[:4]).score, cohort(rows[:4]).areas) == (None, {})
    assert (cohort(rows).score, cohort(rows).areas) == (30, {"plan": 20})
