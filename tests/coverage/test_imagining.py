"""An imagined service changes the map as a real one would, is stored nowhere, and who asked in vain is named to staff."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from crm.coverage.queries.counting import count_region
from crm.coverage.queries.mapping import turns
from crm.coverage.service.counting import store
from crm.directory.models import Service
from crm.directory.queries import all_services
from crm.directory.service.keeping import close
from crm.directory.workflow import ServiceStatus
from crm.evidence.workflow import AskStatus, Instrument, UnmetReason
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role
from crm.signposting.workflow import PlanStatus
from tests import factories
from tests.cast import Cast
from tests.client import ConformingClient
from tests.coverage.test_pages import counted_now, row
from tests.statements import Statements

Count = Callable[[], AbstractContextManager[Statements]]
COVENTRY = "/coverage/what-if?need=labs&places=Coventry&most_people=9"


@pytest.fixture
def nothing(client: ConformingClient, cast: Cast, reference: None) -> ConformingClient:
    """The map of a region without any laboratory, as a hub manager reads it."""
    without_labs()
    counted_now()
    client.sign_in(cast.hub_manager)
    return client


def numbers(page: str) -> list[int]:
    return [int(each) for each in re.findall(r"app-stat__value[^>]*>\s*(?:<a[^>]*>)?([\d,]+)", page)]


def test_an_imagined_service_changes_the_map_exactly_as_a_real_one_does(nothing: ConformingClient) -> None:
    """What the page says that it would come to is what the map says once the service is there."""
    imagined = nothing.get(COVENTRY)
    assert imagined.status_code == 200
    assert row(imagined.text, "CV1") == ["0", "1", "100%"]
    assert row(imagined.text, "B1") == ["0", "0", "0%"]
    before, after = numbers(imagined.text)[:2]
    assert before > after > 0

    factories.service(needs=("labs",), lad_names=("Coventry",), max_employees=9)
    counted_now()
    page = nothing.get("/coverage?need=labs").text
    assert f"{after} of the" in page
    again = nothing.get(COVENTRY).text
    assert numbers(again)[:2] == [after, after]


def test_nothing_is_stored_of_what_is_imagined(nothing: ConformingClient, db: Session) -> None:
    stored = db.query(Service).count()
    nothing.get(COVENTRY)
    assert db.query(Service).count() == stored
    assert row(nothing.get("/coverage?need=labs").text, "CV1") == ["0", "0%"]


def test_a_size_that_it_is_not_for_is_told_so_and_nothing_changes(nothing: ConformingClient) -> None:
    page = nothing.get(f"{COVENTRY}&band=medium").text
    assert "would not be open to a business of 50 to 249 people" in page
    before, after = numbers(page)[:2]
    assert before == after


def test_the_businesses_that_it_would_serve_are_counted_by_share(nothing: ConformingClient) -> None:
    factories.business(trading_outcode="CV1", dcms_groups=("crafts",))
    factories.business(trading_outcode="B1", dcms_groups=("crafts",))
    assert numbers(nothing.get(COVENTRY).text)[2] == 1
    assert numbers(nothing.get("/coverage/what-if?need=labs").text)[2] == 2


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("need=", "Choose what it would help with"),
        ("need=labs&most_people=x", "number"),
        ("need=labs&most_turnover=lots", "Highest turnover"),
        ("need=labs&least_people=10&most_people=9", "Fewest people must be 9 or fewer"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field(nothing: ConformingClient, asked: str, said: str) -> None:
    answer = nothing.get(f"/coverage/what-if?{asked}")
    assert answer.status_code == 422
    assert said in answer.text


def test_visitors_imagine_nothing_and_funders_read_no_number_of_businesses(
    client: ConformingClient, cast: Cast, reference: None
) -> None:
    counted_now()
    assert client.get(COVENTRY).status_code in {302, 303, 404}
    assert "one more service change" not in client.get("/coverage").text
    funder = factories.account()
    factories.grant(funder, Role.FUNDER)
    client.sign_in(funder)
    page = client.get(COVENTRY).text
    assert len(numbers(page)) == 2
    assert "creative business" not in page


def test_who_asked_in_vain_is_named_to_staff_and_not_to_visitors(
    client: ConformingClient, cast: Cast, reference: None
) -> None:
    """As many as the list of the emptiest says."""
    owner = factories.business(name="Vain Pottery", trading_outcode="B12", dcms_groups=("crafts",))
    factories.ask(
        owner,
        instrument=Instrument.GRANT,
        _status=AskStatus.UNMET,
        unmet_reason=UnmetReason.NOTHING_EXISTS,
        settled_on=today(),
    )
    counted_now()
    assert "Vain Pottery" not in client.get("/coverage/B12/grant").text
    client.sign_in(cast.adviser)
    page = client.get("/coverage/B12/grant").text
    assert "1 business asked for this in vain" in page
    assert "Vain Pottery" in page
    assert "Asked for finance and did not find it" in page
    assert "asked for this in vain" not in client.get("/coverage/B12/loan").text


def test_a_trend_is_told_by_the_days_on_which_it_changed() -> None:
    days = [today() + timedelta(days=each) for each in range(4)]
    told = turns(list(zip(days, (500, 500, 400, 400), strict=True)))
    assert told == [(days[2], 400), (days[0], 500)]
    assert turns([]) == []


def test_the_pages_ask_eight_times_at_most(
    client: ConformingClient, count_queries: Count, cast: Cast, reference: None
) -> None:
    store(count_region())
    client.sign_in(cast.hub_manager)
    for path in (COVENTRY, "/coverage/B12/grant"):
        with count_queries() as asked:
            answer = client.get(path)
        assert len(asked) <= 8, asked.said
        assert len(answer.data) < 60_000


def without_labs() -> None:
    for each in all_services():
        if "labs" in each.needs and each.status is ServiceStatus.OPEN:
            close(each, "Made", by=SYSTEM)


def test_k14_the_number_of_who_asked_in_vain_opens_them(
    client: ConformingClient, cast: Cast, reference: None
) -> None:
    without_labs()
    owner = factories.business(name="Vain Lab", trading_outcode="B12", dcms_groups=("crafts",))
    factories.plan(owner, PlanStatus.SENT, unmet_needs=[{"name": "labs", "words": "A laboratory"}])
    counted_now()
    page = " ".join(client.sign_in(cast.hub_manager).get("/coverage?need=labs").text.split())
    found = re.search(r'<a class="govuk-link" href="([^"]+)">1 asked in vain', page)
    assert found is not None
    address, _, place = found[1].partition("#")
    opened = client.get(address).text
    assert "Vain Lab" in opened
    assert f'id="{place}"' in opened


def test_k10_where_no_gap_of_a_need_is_among_the_emptiest_no_district_is_said_to_have_a_service(
    nothing: ConformingClient,
) -> None:
    page = " ".join(nothing.get("/coverage?need=labs").text.split())
    assert "Every district has an open service" not in page
    assert "None of the emptiest places of the region is about this need." in page
