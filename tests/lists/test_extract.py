"""The list as a file: the same rows in the same order, days as days and numbers as numbers, for those with the right, and logged."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.audit.models import AuditEntry, AuditValue
from crm.businesses.models import Business, YearlyFigures
from crm.kernel.clock import today
from crm.kernel.money import Money
from tests import factories
from tests.cast import Cast
from tests.client import ConformingClient
from tests.lists.test_list import shown, spoken
from tests.rules.caseload_samples import a_tag, lead, tagged
from tests.spreadsheets import Book


def rows_in(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def made_many(owner: Business, cast: Cast) -> None:
    for number in range(30):
        made = factories.business(name=f"Made {number:02}", hub_id=owner.hub_id)
        lead(made, account_id=cast.hub_manager.id)
        if number % 2:
            spoken(made, number)


def test_a59_the_file_has_the_rows_of_the_list_in_its_order(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    made_many(owner, cast)
    client.sign_in(cast.hub_manager)
    for asked in ("lead=me", "lead=me&sort=-contact", "lead=me&quiet=10&sort=contact", "sort=-name"):
        answer = client.get(f"/caseload.csv?{asked}")
        assert answer.data.startswith(b"\xef\xbb\xbf")
        assert [each["Business"] for each in rows_in(answer.text)] == shown(client, f"/caseload?{asked}")


def test_a59_what_is_typed_runs_nothing_and_days_and_numbers_are_such(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    made = factories.business(name="=1+1", hub_id=owner.hub_id)
    lead(made, account_id=cast.hub_manager.id)
    spoken(made, 5)
    tagged(made, a_tag(owner.hub_id, "@net zero"))
    factories.person(made, name="Ann", phone="+441210000000", email="ann@made.example")
    factories.hours(made, quarters=6)
    factories.kept(
        YearlyFigures(business_id=made.id, year_end=today(), turnover=Money.pounds(1_200), source="made")
    )
    client.sign_in(cast.hub_manager)

    (row,) = rows_in(client.get("/caseload.csv?lead=me").text)

    assert (row["Business"], row["Tags"], row["Contact telephone"]) == (
        "'=1+1",
        "'@net zero",
        "'+441210000000",
    )
    assert (row["Last contact"], row["Days since contact"]) == (
        (today() - timedelta(days=5)).isoformat(),
        "5",
    )
    assert (row["Hours of support"], row["Turnover"]) == ("1.5", "1200.00")
    book = Book(client.get("/caseload.xlsx?lead=me").data)
    assert book["Sheet1", "A2"] == "=1+1"
    assert book["Sheet1", "D2"] == (today() - timedelta(days=5) - date(1899, 12, 30)).days
    assert (book["Sheet1", "R2"], book["Sheet1", "S2"]) == (1.5, 1200)


def test_a41_who_sees_the_list_and_may_not_take_it_out_is_refused_and_each_file_is_logged(
    client: ConformingClient, cast: Cast, owner: Business, db: Session
) -> None:
    made_many(owner, cast)
    assert client.sign_in(cast.adviser).get("/caseload.csv").status_code == 403
    assert "Download CSV" not in client.get("/caseload").text
    client.sign_in(cast.hub_manager)
    assert "Download for Excel" in client.get("/caseload?lead=me").text

    client.get("/caseload.xlsx?lead=me&quiet=3")

    entry = db.scalars(select(AuditEntry).where(AuditEntry.act == "extract_caseload")).one()
    changes = db.scalars(select(AuditValue.changes).where(AuditValue.entry_id == entry.id)).one()
    assert entry.actor_id == cast.hub_manager.id
    assert changes["filters"] == {"lead": ["me"], "quiet": ["3"]}
    assert changes["rows"] > 0


def test_a_file_of_filters_that_there_are_not_is_refused(client: ConformingClient, cast: Cast) -> None:
    client.sign_in(cast.hub_manager)
    for asked in ("sort=evil", "place=evil", "quiet=x", "tag=evil"):
        assert client.get(f"/caseload.csv?{asked}").status_code == 422
