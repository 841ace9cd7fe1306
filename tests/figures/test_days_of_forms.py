"""Every page on which a person enters a day that a dated figure is asked for: the earliest and the latest day that it allows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from crm.angels.deals.forms import EARLIEST as FIRST_ISSUE
from crm.complaints.rules import FIRST_DAY as FIRST_COMPLAINT
from crm.kernel.clock import today
from crm.kernel.days import EARLIEST, LATEST
from tests.angels.deals.test_investing import FORM as INVESTED
from tests.angels.deals.test_investing import met, raised
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.complaints.test_complaints import CAME
from tests.funding.subsidy.test_pages import HERE, given
from tests.programme.pages import typed
from tests.signposting.test_noted_later import PHONED

pytestmark = pytest.mark.engine("sqlite")
TODAY = date(2026, 11, 24)
ASKED = {
    f"{HERE}?on": (date(2023, 1, 4), LATEST),
    "/reports?period=dates&first": (TODAY - timedelta(days=3_652), TODAY),
    "/reports/fund-case?first": (EARLIEST, LATEST),
}
"""Addresses that ask about a day, each with the first and the last that it answers. Earlier ones are refused at their field."""
SENT = {
    "/complaints/record": (CAME, "received_on", FIRST_COMPLAINT, TODAY),
    "/enquiries/new": (PHONED, "came_on", TODAY - timedelta(days=60), TODAY),
    f"{HERE}/declare": (given("5", "1 1 2026"), "given_on", EARLIEST, TODAY),
    f"{HERE}/in-kind": (given("5", "1 1 2026"), "given_on", EARLIEST, TODAY),
    f"{HERE}/prepare": (given("5", "1 1 2026"), "given_on", TODAY, date(2029, 11, 24)),
}
"""Forms that record a day, each with the first and the last that can be recorded."""
ASKED_DAYS = [(where, day) for where, days in ASKED.items() for day in days]
SENT_DAYS = [(where, day) for where, (_, _, *days) in SENT.items() for day in days]


def said(day: date, name: str) -> dict[str, str]:
    return typed(f"{day.day} {day.month} {day.year}", name=name)


def address(where: str, day: date) -> str:
    """The address that asks about a day; where it takes two, from that day to that day."""
    path, _, name = where.rpartition("?" if where.count("=") == 0 else "&")
    words = said(day, name) | (said(day, "last") if name == "first" else {})
    mark = "&" if "=" in path else "?"
    return path + mark + "&".join(f"{key}={each}" for key, each in words.items())


@pytest.mark.parametrize(("where", "day"), ASKED_DAYS)
def test_k20_the_first_and_the_last_day_that_a_page_can_be_asked_about_are_answered(
    client: ConformingClient, cast: Cast, where: str, day: date
) -> None:
    assert today() == TODAY
    client.sign_in(cast.founder if BUSINESS.hex in where.replace("-", "") else cast.administrator)
    assert client.get(address(where, day)).status_code == 200
    assert client.get(address(where, EARLIEST)).status_code in (200, 422)


@pytest.mark.parametrize(("where", "day"), SENT_DAYS)
def test_k20_the_first_and_the_last_day_that_a_form_takes_are_recorded(
    client: ConformingClient, cast: Cast, where: str, day: date
) -> None:
    fields, name, *_ = SENT[where]
    who = {"/complaints/record": cast.administrator, "/enquiries/new": cast.adviser}
    client.sign_in(who.get(where, cast.programme_manager if "prepare" in where else cast.adviser))
    assert client.post(where, data={**fields, **said(day, name)}).status_code == 303


@pytest.mark.parametrize("relief", ["eis", "seis"])
@pytest.mark.parametrize("day", [FIRST_ISSUE, TODAY], ids=str)
def test_k20_shares_of_the_first_and_the_last_day_of_issue_are_counted_where_we_know_the_limits(
    client: ConformingClient, cast: Cast, day: date, relief: str
) -> None:
    found = raised()
    owner, _ = met(found)
    client.sign_in(cast.founder)
    told = INVESTED | said(day, "issued_on") | {"investor": str(owner.id), "relief": relief}
    answer = client.post(f"/raises/{found.id}/investments/new", data=told | {"shares": "20,000"})
    assert answer.status_code in (303, 422)
    assert answer.status_code == 422 or client.get(answer.headers["Location"]).status_code == 200
