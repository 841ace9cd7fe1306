"""First sales in a new country count by the day of the sale, are asked for where it is recorded, and open their record."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from html import unescape
from urllib.parse import urlencode
from uuid import uuid4

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection

from crm.db.session import session
from crm.db.types import UtcDateTime
from crm.exporting.plans import queries
from crm.exporting.plans.models import ExportCountry
from crm.exporting.plans.service import planning, visiting
from crm.exporting.plans.workflow import CountryStatus, VisitStatus
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.kernel.errors import Invalid
from crm.kernel.permissions import SYSTEM
from crm.reports.scoreboard.rules.periods import FREE
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.exporting import trade
from tests.exporting.test_markets import days
from tests.houses import Houses
from tests.ip import bed
from tests.rules.house import ROOT

PLAN = f"/businesses/{BUSINESS}/export-plan"
ROWS = "/reports/measures/{}/rows"
OPENS = re.compile(r'href="([^"]+)">Open<')


def shown(client: ConformingClient, address: str) -> str:
    return unescape(" ".join(client.get(address).text.split()))


def won(client: ConformingClient, code: str, ahead: int) -> ExportCountry:
    """A country of the plan that is sold to since a day, recorded on its page."""
    found = trade.country(trade.owner(BUSINESS), code, win_on=today() + timedelta(days=40))
    answer = client.post(f"/export-countries/{found.id}/win", data=days("won_on", ahead))
    assert answer.status_code == 303, answer.text
    session().refresh(found)
    return found


def test_k8_k22_a_first_sale_counts_on_its_day_whatever_day_was_expected(
    cast: Cast, client: ConformingClient
) -> None:
    client.sign_in(cast.hub_manager)
    here, before = won(client, "DE", -3), won(client, "NL", -150)
    assert (here.won_on, before.won_on) == tuple(today() - timedelta(days=each) for each in (3, 150))
    day = day_in_words(here.won_on)
    assert f"First sale on {day}." in shown(client, PLAN)
    assert f"First sale on {day}" in shown(client, "/export-plans")
    for since, listed in ((-10, {"Germany"}), (-200, {"Germany", "Netherlands"}), (-2, set())):
        within = {"period": FREE} | days("first", since) | days("last", 0)
        page = shown(client, f"{ROWS.format('countries_won')}?{urlencode(within)}")
        assert {each for each in ("Germany", "Netherlands") if each in page} == listed
        assert f"First sales in a new country: {len(listed)}" in page
    assert here.won_on.isoformat() in client.get("/export-plans.csv").text


def test_k10_the_day_of_the_sale_is_asked_for_is_today_if_nothing_else_and_is_never_ahead(
    cast: Cast, client: ConformingClient
) -> None:
    client.sign_in(cast.founder)
    found = trade.country(trade.owner(BUSINESS), "DE")
    where = f"/export-countries/{found.id}/win"
    assert f'href="{where}"' in shown(client, PLAN)
    page = shown(client, where)
    assert "When was the first sale?" in page
    assert f'value="{today().year}"' in page
    ahead = client.post(where, data=days("won_on", 1))
    assert (ahead.status_code, "must be today or earlier" in ahead.text) == (422, True)
    assert "Enter the day of the first sale" in client.post(where, data={"won_on-day": ""}).text
    with pytest.raises(Invalid, match="today or earlier"):
        planning.win_country(found, won_on=today() + timedelta(days=1), by=SYSTEM)
    with pytest.raises(Invalid, match="Enter the day"):
        planning.win_country(found, won_on=None, by=SYSTEM)
    assert client.post(where, data=days("won_on", 0)).status_code == 303
    assert client.post(f"/export-countries/{found.id}/resume").status_code == 303
    session().refresh(found)
    assert (found.status, found.won_on) == (CountryStatus.ACTIVE, None)


def test_k13_k14_rows_of_sales_visits_and_the_test_bed_open_for_whoever_sees_the_business(
    cast: Cast, client: ConformingClient
) -> None:
    client.sign_in(cast.hub_manager)
    sold = won(client, "DE", 0)
    visit = trade.visit(trade.owner(BUSINESS), trade.edition(days=-3))
    visiting.attend(visit, by=SYSTEM)
    part = bed.taking(trade.owner(BUSINESS))
    expected = {
        "countries_won": f"/export-countries/{sold.id}",
        "market_visits": f"/market-visits/{visit.id}",
        "test_bed_businesses": f"/test-bed/parts/{part.id}",
    }
    for who in (cast.hub_manager, cast.auditor):
        client.sign_in(who)
        for measure, address in expected.items():
            (opens,) = OPENS.findall(client.get(ROWS.format(measure)).text)
            assert opens == address
            assert client.get(opens, follow_redirects=True).status_code == 200
    assert "Germany" in shown(client, ROWS.format("countries_won"))
    page = client.get(PLAN).text
    assert f'id="country-{sold.id}"' in page
    assert f'id="visit-{visit.id}"' in page
    client.sign_in(cast.other_founder)
    for address in list(expected.values())[:2]:
        assert client.get(address).status_code == 404


def test_k12_a_visit_that_was_made_is_added_as_made(cast: Cast, client: ConformingClient) -> None:
    was, long_ago = trade.edition(days=-20), trade.edition(days=-500)
    off = trade.edition(days=-30)
    off.reason, off._status = "too few", "cancelled"  # type: ignore[assignment]
    client.sign_in(cast.founder)
    new = f"/businesses/{BUSINESS}/market-visits/new"
    page = shown(client, new)
    assert "Over: the business went" in page
    assert f"went:{was.id}" in page
    for missing in (long_ago, off):
        assert str(missing.id) not in page
        assert client.post(new, data={"edition": f"went:{missing.id}"}).status_code == 422
        with pytest.raises(Invalid):
            visiting.add_past(trade.owner(BUSINESS), missing, by=SYSTEM)
    sent = {"edition": f"went:{was.id}", "note": "Met two buyers"}
    assert client.post(new, data=sent).status_code == 303
    (made,) = queries.visits_of(BUSINESS)
    assert (made.status, made.note) == (VisitStatus.WENT, "Met two buyers")
    assert "is recorded already" in unescape(client.post(new, data=sent).text)


META = sa.MetaData()
COUNTRY = sa.Table(
    "export_country",
    META,
    sa.Column("id", sa.Uuid(), primary_key=True),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("win_on", sa.Date()),
    sa.Column("added_at", UtcDateTime()),
)
ENTRY = sa.Table(
    "audit_entry",
    META,
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("at", UtcDateTime()),
    *(sa.Column(each, sa.String(80)) for each in ("act", "thing_kind", "thing_id")),
)


@pytest.fixture
def before(houses: Houses, engine_name: str) -> Iterator[Connection]:
    """The two tables as they were, with no rows."""
    made = houses.empty(engine_name)
    with made.engine.begin() as connection:
        META.create_all(connection)
        yield connection
    made.engine.dispose()


def test_a_country_sold_to_already_counts_on_the_day_on_which_that_was_recorded_last(
    before: Connection,
) -> None:
    twice, unknown, working = (uuid4() for _ in range(3))
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # the first of July in London
    added = datetime(2026, 3, 1, 12, tzinfo=UTC)
    for row_id, status in ((twice, "won"), (unknown, "won"), (working, "active")):
        row = {"id": row_id, "status": status, "win_on": date(2027, 2, 1), "added_at": added}
        before.execute(sa.insert(COUNTRY).values(**row))
    for at, act, row_id in (
        (added, "win_export_country", twice),
        (late, "win_export_country", twice),
        (late + timedelta(days=9), "change_export_country", twice),
        (late, "win_export_country", working),
    ):
        entry = {"at": at, "act": act, "thing_kind": "export_country", "thing_id": str(row_id)}
        before.execute(sa.insert(ENTRY).values(**entry))
    path = ROOT / "migrations" / "versions" / "0134_day_of_the_first_sale.py"
    spec = importlib.util.spec_from_file_location("carried", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with Operations.context(MigrationContext.configure(before)):
        module.upgrade()
    days_of = sa.table("export_country", sa.column("id", sa.Uuid()), sa.column("won_on", sa.Date()))
    found = dict(before.execute(sa.select(days_of.c.id, days_of.c.won_on)).all())  # type: ignore[arg-type]
    assert found == {twice: date(2026, 7, 1), unknown: date(2026, 3, 1), working: None}
