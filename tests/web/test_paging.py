"""Pages of rows that are all at hand."""

from __future__ import annotations

import pytest
from flask import Flask

from crm.web.paging import numbered


@pytest.mark.parametrize(
    ("asked", "rows", "beside"),
    [
        ("", (1, 2), ("2", None)),
        ("?page=2", (3, 4), ("3", "1")),
        ("?page=3", (5,), (None, "2")),
        ("?page=4", (1, 2), ("2", None)),
        ("?page=0", (1, 2), ("2", None)),
        ("?page=-1", (1, 2), ("2", None)),
        ("?page=99999999", (1, 2), ("2", None)),
        ("?page=²", (1, 2), ("2", None)),
        ("?page=eyJ", (1, 2), ("2", None)),
    ],
)
def test_a_page_by_number_shows_its_rows_and_its_neighbours(
    app: Flask, asked: str, rows: tuple[int, ...], beside: tuple[str | None, str | None]
) -> None:
    with app.test_request_context(f"/accessibility{asked}"):
        page = numbered([1, 2, 3, 4, 5], size=2)
    assert page.rows == rows
    hrefs = (page.next_href, page.previous_href)
    assert tuple(each and each.partition("page=")[2] for each in hrefs) == beside


def test_no_rows_are_one_empty_page(app: Flask) -> None:
    with app.test_request_context("/accessibility?page=2"):
        page = numbered([], size=2)
    assert (page.rows, page.next_href, page.previous_href) == ((), None, None)
