"""Pages by key: every row on just one page, forwards and back, over ties, on both engines."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.db.paging import Order, Slice, slice_of
from tests.db.beads import Bead, thread

COLUMNS = Bead.__table__.c
FIRST = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
ORDERS = {
    "by name": Order((COLUMNS.name, COLUMNS.id), lambda bead: (bead.name, bead.id)),
    "by place": Order((COLUMNS.place, COLUMNS.id), lambda bead: (bead.place, bead.id)),
    "by day": Order((COLUMNS.day, COLUMNS.id), lambda bead: (bead.day, bead.id)),
    "newest first": Order((COLUMNS.at, COLUMNS.id), lambda bead: (bead.at, bead.id), is_descending=True),
}
LETTERS = st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"])
BEADS = st.lists(
    st.builds(
        lambda name, number: {
            "name": name,
            "place": number,
            "day": date(2026, 11, 1) + timedelta(days=number),
            "at": FIRST + timedelta(microseconds=number),
        },
        st.text(LETTERS, max_size=4),
        st.integers(0, 3),
    ),
    max_size=25,
)
ON_ROWS = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def beads(db: Session) -> Session:
    thread(db)
    return db


@contextmanager
def strung(db: Session, rows: list[dict[str, Any]]) -> Iterator[None]:
    """These beads, until the end of the block."""
    point = db.begin_nested()
    db.add_all(Bead(**row) for row in rows)
    db.flush()
    try:
        yield
    finally:
        point.rollback()
        db.expunge_all()


def forwards(order: Order, size: int) -> list[Slice[Bead]]:
    pages = [slice_of(select(Bead), order, size=size)]
    while pages[-1].after:
        pages.append(slice_of(select(Bead), order, cursor=pages[-1].after, size=size))
        assert len(pages) < 60
    return pages


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
@ON_ROWS
@given(rows=BEADS, size=st.integers(1, 7))
def test_every_row_is_on_just_one_page_and_the_way_back_is_the_same(
    beads: Session, order: Order, rows: list[dict[str, Any]], size: int
) -> None:
    with strung(beads, rows):
        pages = forwards(order, size)
        found = [bead.id for page in pages for bead in page.rows]

        assert len(found) == len(set(found)) == len(rows)
        assert all(len(page.rows) == size for page in pages[:-1])
        assert pages[0].before is None
        keys = [order.key(bead)[0] for page in pages for bead in page.rows]
        if not any(isinstance(key, str) for key in keys):  # words are sorted as the database sorts them
            assert keys == sorted(keys, reverse=order.is_descending)
        back = pages[-1]
        for page in reversed(pages[:-1]):
            assert back.before
            back = slice_of(select(Bead), order, cursor=back.before, size=size)
            assert [bead.id for bead in back.rows] == [bead.id for bead in page.rows]
        assert back.before is None


@pytest.mark.parametrize("letter", ["a", "é", "語", "🎭", '"', "\\"])
def test_the_longest_name_leads_on(beads: Session, letter: str) -> None:
    with strung(beads, [{"name": letter * 200, "place": number} for number in range(3)]):
        pages = forwards(ORDERS["by name"], 1)

        assert [len(page.rows) for page in pages] == [1, 1, 1]


def test_a_row_that_is_gone_still_marks_its_place(beads: Session) -> None:
    with strung(beads, [{"place": number} for number in range(4)]):
        first = slice_of(select(Bead), ORDERS["by place"], size=2)
        beads.delete(first.rows[-1])
        beads.flush()

        onward = slice_of(select(Bead), ORDERS["by place"], cursor=first.after, size=2)
        assert [bead.place for bead in onward.rows] == [2, 3]


def minted(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "%%%",
        "é",
        "a" * 10_000,
        minted(),
        minted("after"),
        minted("after", "1"),
        minted("sideways", "1", "00000000-0000-0000-0000-000000000000"),
        minted("after", "one", "00000000-0000-0000-0000-000000000000"),
        minted("after", "1", "no id"),
        minted("after", None, None),
        minted("after", {"a": 1}, []),
        minted("after", "9" * 40, "00000000-0000-0000-0000-000000000000"),
        base64.urlsafe_b64encode(b"[" * 400).decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
)
def test_a_cursor_that_nobody_minted_is_the_first_page(beads: Session, cursor: str) -> None:
    with strung(beads, [{"place": number} for number in range(3)]):
        found = slice_of(select(Bead), ORDERS["by place"], cursor=cursor, size=2)

        assert [bead.place for bead in found.rows] == [0, 1]


@ON_ROWS
@given(
    cursor=st.one_of(
        st.text(max_size=40), st.binary(max_size=60).map(lambda raw: base64.urlsafe_b64encode(raw).decode())
    )
)
def test_no_cursor_breaks_a_list(beads: Session, cursor: str) -> None:
    for order in ORDERS.values():
        assert slice_of(select(Bead), order, cursor=cursor).rows == ()
