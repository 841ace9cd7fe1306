"""What several parts of one page ask the database is asked once while nothing can change."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import literal, select

from crm.db.remembering import remembered
from crm.db.session import session
from tests.houses import database

asked: list[list[int]] = []


@remembered
def doubled(numbers: list[int]) -> int:
    asked.append(numbers)
    return (session().scalar(select(literal(sum(numbers)))) or 0) * 2


def test_a_session_that_only_reads_asks_once_and_one_that_writes_asks_each_time(app: Flask) -> None:
    asked.clear()
    with database(app).reading():
        assert [doubled([1, 2]), doubled([1, 2]), doubled([3])] == [6, 6, 6]
    assert asked == [[1, 2], [3]]
    with database(app).reading():
        doubled([1, 2])
    with database(app).transaction():
        doubled([1, 2])
        doubled([1, 2])
    assert asked == [[1, 2], [3], [1, 2], [1, 2], [1, 2]]
