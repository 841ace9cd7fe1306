"""A list asks the database as often for thirty rows as for three, and a page asks nothing while it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm.kernel.roles import Role
from tests import factories
from tests.cast import Cast
from tests.client import ConformingClient
from tests.statements import Statements

FEW, MANY = 3, 30
Count = Callable[[], AbstractContextManager[Statements]]


def more_people(_cast: Cast) -> None:
    factories.grant(factories.account(), Role.AUDITOR)


def more_hubs(_cast: Cast) -> None:
    factories.area(factories.hub())


def more_lines_about(part: str) -> Callable[[Cast], Any]:
    return lambda cast: factories.entry(cast[part].account, name=("before", "after"))


def more_services(_cast: Cast) -> None:
    factories.service(needs=("grant",))


def more_sessions(cast: Cast) -> None:
    factories.login_session(cast.administrator.account)


# Every page that lists rows, and what makes its list longer.
PAGES: dict[str, Callable[[Cast], Any]] = {
    "/people": more_people,
    "/people?q=made&role=auditor": more_people,
    "/people/{administrator}": more_lines_about("administrator"),
    "/hubs": more_hubs,
    "/letters": lambda _cast: factories.letter(),
    "/audit": more_lines_about("founder"),
    "/figures": lambda _cast: factories.figure(),
    "/figures/enquiry.reply_days": lambda _cast: factories.figure(),
    "/directory": more_services,
    "/directory?q=made&need=grant": more_services,
    "/directory/needs-checking": more_services,
    "/account": more_sessions,
    "/desk": more_services,
    "/find-support/results?postcode=B1+1AA": more_services,
    "/find-support/results?show=all": more_services,
}
# The most that any page may ask, the signed-in actor included.
MOST = 12


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_as_often_for_many_rows_as_for_few(
    client: ConformingClient, cast: Cast, db: Session, count_queries: Count, path: str
) -> None:
    client.sign_in(cast.administrator)
    where = path.format(administrator=cast.administrator.id)
    asked = {}
    made = 0
    for wanted in (FEW, MANY):
        while made < wanted:
            PAGES[path](cast)
            made += 1
        db.flush()
        db.expunge_all()
        with count_queries() as heard:
            assert client.get(where).status_code == 200
        assert heard.while_rendering == []
        asked[wanted] = len(heard)

    assert asked[FEW] == asked[MANY]
    assert asked[MANY] <= MOST


def test_a_visitor_costs_no_query_where_nothing_is_asked(
    client: ConformingClient, count_queries: Count
) -> None:
    with count_queries() as heard:
        client.get("/healthz")

    assert heard.said == []
