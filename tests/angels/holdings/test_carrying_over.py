"""Papers that were recorded for a whole raise become those of its issues of shares."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection

from tests.houses import Houses
from tests.rules.house import ROOT

FIRST, SECOND, THIRD = date(2025, 5, 1), date(2025, 6, 1), date(2025, 9, 1)
SENT, ANSWERED = date(2025, 8, 1), date(2025, 10, 1)
META = sa.MetaData()
FILING = sa.Table(
    "relief_filing",
    META,
    *(sa.Column(each, sa.Uuid(), primary_key=each == "id") for each in ("id", "pitch_id")),
    *(sa.Column(each, sa.String(40), nullable=False) for each in ("relief", "uir")),
    *(
        sa.Column(each, sa.Date())
        for each in ("assured_on", "trading_from", "spent_on", "sent_on", "authorised_on")
    ),
    *(sa.Column(each, sa.DateTime(timezone=True)) for each in ("told_at", "reminded_at")),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Index("uq_relief_filing_once", "pitch_id", "relief", unique=True),
)
INVESTMENT = sa.Table(
    "investment",
    META,
    *(sa.Column(each, sa.Uuid(), primary_key=each == "id") for each in ("id", "pitch_id")),
    *(sa.Column(each, sa.String(60)) for each in ("relief", "status", "share_class")),
    sa.Column("issued_on", sa.Date()),
)
CERTIFICATE = sa.Table(
    "relief_certificate",
    META,
    sa.Column("investment_id", sa.Uuid()),
    sa.Column("removed_at", sa.DateTime(timezone=True)),
)


@pytest.fixture
def before(houses: Houses, engine_name: str) -> Iterator[Connection]:
    """The three tables as they were, with no rows."""
    made = houses.empty(engine_name)
    with made.engine.begin() as connection:
        META.create_all(connection)
        yield connection
    made.engine.dispose()


def filed(connection: Connection, **fields: Any) -> Any:
    pitch_id = uuid4()
    row = {"id": uuid4(), "pitch_id": pitch_id, "relief": "seis", "uir": "", "version": 3}
    connection.execute(sa.insert(FILING).values(**row | fields))
    return pitch_id


def bought(connection: Connection, pitch_id: Any, issued_on: date, **fields: Any) -> Any:
    row = {"id": uuid4(), "pitch_id": pitch_id, "relief": "seis", "status": "matched"}
    row |= {"share_class": "ordinary", "issued_on": issued_on}
    connection.execute(sa.insert(INVESTMENT).values(**row | fields))
    return row["id"]


def certified(connection: Connection, investment_id: Any, removed_at: datetime | None = None) -> None:
    row = {"investment_id": investment_id, "removed_at": removed_at}
    connection.execute(sa.insert(CERTIFICATE).values(**row))


def revise(connection: Connection, way: str) -> None:
    """The revision itself, up or down, on these tables alone."""
    (path,) = (ROOT / "migrations" / "versions").glob("*_issues_of_shares.py")
    spec = importlib.util.spec_from_file_location("issues_of_shares", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with Operations.context(MigrationContext.configure(connection)):
        getattr(module, way)()


AFTER = sa.table(
    "relief_filing",
    sa.column("pitch_id", sa.Uuid()),
    *(sa.column(each, sa.String()) for each in ("share_class", "uir")),
    *(sa.column(each, sa.Date()) for each in ("issued_on", "trading_from", "sent_on", "authorised_on")),
)


def kept(connection: Connection, pitch_id: Any, *columns: str) -> list[tuple[Any, ...]]:
    """The papers of a raise afterwards, by day and class."""
    named = [AFTER.c[each] for each in ("issued_on", "share_class", *columns)]
    query = sa.select(*named).where(AFTER.c.pitch_id == pitch_id).order_by(*named[:2])
    return [tuple(row) for row in connection.execute(query)]


def test_what_was_answered_is_of_the_first_day_and_of_those_whose_certificates_rest_on_it(
    before: Connection,
) -> None:
    whole = {"trading_from": date(2025, 1, 1), "assured_on": date(2024, 12, 1)}
    whole |= {"sent_on": SENT, "authorised_on": ANSWERED, "uir": "9990001"}
    pitch_id = filed(before, **whole)
    bought(before, pitch_id, FIRST, share_class="Ordinary shares")
    bought(before, pitch_id, FIRST)
    certified(before, bought(before, pitch_id, SECOND))
    certified(
        before, bought(before, pitch_id, SECOND, share_class="A ordinary"), datetime(2025, 11, 1, tzinfo=UTC)
    )
    certified(before, bought(before, pitch_id, THIRD))
    bought(before, pitch_id, date(2025, 7, 1), status="reversed")
    bought(before, pitch_id, date(2025, 7, 2), relief="eis")
    revise(before, "upgrade")
    began = date(2025, 1, 1)
    assert kept(before, pitch_id, "sent_on", "authorised_on", "uir", "trading_from") == [
        (FIRST, "ordinary", SENT, ANSWERED, "9990001", began),
        (SECOND, "a ordinary", None, None, "", began),
        (SECOND, "ordinary", SENT, ANSWERED, "9990001", began),
        (THIRD, "ordinary", None, None, "", began),
    ], (
        "a statement says nothing of shares that were issued after it was sent, whatever certificate was given for them"
    )
    revise(before, "downgrade")
    assert before.scalar(sa.select(sa.func.count()).select_from(FILING)) == 1
    assert before.scalar(sa.select(FILING.c.uir)) == "9990001"


def test_what_was_sent_for_shares_that_were_reversed_since_stays_on_record(before: Connection) -> None:
    pitch_id = filed(before, sent_on=SENT, trading_from=date(2025, 1, 1))
    bought(before, pitch_id, FIRST, status="reversed")
    empty = filed(before)
    revise(before, "upgrade")
    assert kept(before, pitch_id, "sent_on") == [(SENT, "", SENT)]
    assert kept(before, empty) == []
