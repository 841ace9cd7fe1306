"""Coverage as people meet it: the worker counts, the map shows where there is nothing, and a click explains it."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.coverage.models import CoverageCell, CoverageCount, CoverageGap, CoverageTotal
from crm.coverage.queries.counting import asked_in_vain, count_region, is_due
from crm.coverage.queries.mapping import trend_of
from crm.coverage.rules.bands import Band
from crm.coverage.service.counting import store
from crm.directory.queries import all_services
from crm.directory.service.keeping import close
from crm.directory.workflow import ServiceStatus
from crm.evidence.workflow import AskStatus, Instrument, UnmetReason
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM
from tests import factories
from tests.cast import Cast
from tests.client import ConformingClient
from tests.statements import Statements

Count = Callable[[], AbstractContextManager[Statements]]


def counted_now() -> None:
    store(count_region())


def row(page: str, outcode: str) -> list[str]:
    """The cells of a district in the table of every district."""
    found = re.search(rf">{outcode}</a></th>(.*?)</tr>", page, re.DOTALL)
    assert found is not None
    return re.findall(r"<td>(.*?)</td>", found[1])


def test_the_page_says_so_before_the_first_count(client: ConformingClient) -> None:
    assert "Not counted yet" in client.get("/coverage").text


def test_a_visitor_sees_where_a_need_has_nothing_and_a_click_explains_it(
    client: ConformingClient, reference: None
) -> None:
    for each in all_services():
        if "labs" in each.needs and each.status is ServiceStatus.OPEN:
            close(each, "Made", by=SYSTEM)
    factories.service(name="Coventry Labs", needs=("labs",), lad_names=("Coventry",))
    counted_now()

    page = client.get("/coverage?need=labs").text
    assert row(page, "CV1") == ["1", "100%"]
    assert row(page, "B1") == ["0", "0%"]
    assert 'href="/coverage/B1/labs"' in page
    there = client.get("/coverage/B1/labs").text
    assert "nothing is open in B1" in there
    assert "Coventry Labs" in there
    assert "based in Birmingham, needs Coventry" in there
    assert "1 service is open in CV1" in client.get("/coverage/CV1/labs").text


def test_k14_the_number_of_a_district_opens_exactly_its_services(
    client: ConformingClient, reference: None
) -> None:
    counted_now()

    for band in Band:
        page = client.get(f"/coverage?need=grant&band={band}").text
        there = client.get(f"/coverage/B1/grant?band={band}").text
        listed = there.partition('<h2 class="govuk-heading-m">Open here</h2>')[2].partition("<h2")[0]
        assert row(page, "B1")[0] == str(listed.count("app-rows__row"))


def test_a_count_is_due_when_a_service_changes_and_when_a_day_has_come(
    db: Session, time_machine: object
) -> None:
    counted_now()
    assert not is_due()

    made = factories.service(needs=("grant",))
    assert is_due()
    counted_now()
    close(made, "Made", by=SYSTEM)
    db.flush()
    assert is_due()


def test_of_one_day_the_last_count_is_kept_and_the_trend_has_a_point_for_each_day(db: Session) -> None:
    counted_now()
    factories.service(needs=("grant",))
    counted_now()
    first = db.scalars(select(CoverageCount)).one()
    first.on_day = today() - timedelta(days=1)
    db.flush()
    first.mark = "before"
    db.flush()
    counted_now()

    assert [on_day for on_day, _ in trend_of("grant", Band.MICRO)] == [today() - timedelta(days=1), today()]
    totals = db.scalar(select(func.count()).select_from(CoverageTotal)) or 0
    cells = db.scalar(select(func.count()).select_from(CoverageCell)) or 0
    assert totals == 2 * len(count_region().totals)
    assert cells == len(count_region().cells)


def test_a_second_worker_that_counted_the_same_writes_nothing(db: Session) -> None:
    found = count_region()
    store(found)
    first = db.scalars(select(CoverageCount.id)).one()
    store(found)

    assert db.scalars(select(CoverageCount.id)).one() == first


def test_asks_that_were_not_met_weigh_where_the_business_is(db: Session, cast: Cast) -> None:
    owner = factories.business(trading_outcode="B12", dcms_groups=("crafts",))
    factories.ask(
        owner,
        instrument=Instrument.GRANT,
        _status=AskStatus.UNMET,
        unmet_reason=UnmetReason.NOTHING_EXISTS,
        settled_on=today(),
    )
    factories.ask(factories.business(trading_outcode="B13"), instrument=Instrument.GRANT)

    found = asked_in_vain()

    assert found["B12", "grant"] == {owner.id}
    assert ("B13", "grant") not in found


def test_staff_read_how_many_are_there_and_visitors_do_not(client: ConformingClient, cast: Cast) -> None:
    factories.business(trading_outcode="B12", dcms_groups=("crafts",))
    counted_now()

    assert "business we know there" not in client.get("/coverage").text
    client.sign_in(cast.adviser)
    assert "1 creative business we know there" in client.get("/coverage").text


@pytest.mark.parametrize("path", ["/coverage/ZZ9", "/coverage/B1/nonsense", "/coverage/B1/grant/x"])
def test_there_is_no_page_of_a_district_or_need_that_is_not(client: ConformingClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/coverage", "/coverage?need=grant", "/coverage/B1", "/coverage/B1/grant"])
def test_the_pages_ask_eight_times_at_most_and_the_map_is_under_sixty_kilobytes(
    client: ConformingClient, count_queries: Count, reference: None, cast: Cast, path: str
) -> None:
    counted_now()
    client.sign_in(cast.adviser)
    with count_queries() as asked:
        answer = client.get(path)

    assert answer.status_code == 200
    assert len(asked) <= 8, asked.said
    assert len(answer.data) < 60_000


def test_the_emptiest_are_stored_in_order(db: Session) -> None:
    counted_now()

    for band in Band:
        query = select(CoverageGap.position).where(CoverageGap.band == band).order_by(CoverageGap.position)
        assert list(db.scalars(query)) == list(range(1, 31))
