"""Pages of rows that are all at hand."""

from __future__ import annotations

from html import unescape

import pytest
from flask import Flask

from crm.web.paging import numbered
from tests.cast import Cast
from tests.client import ConformingClient
from tests.rules.test_lists_and_doors import LISTS, MORE_THAN_A_PAGE, NEXT, Listing


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


@pytest.mark.engine("sqlite")
@pytest.mark.parametrize("listing", LISTS, ids=lambda each: each.path)
def test_k29_names_in_an_address_never_become_arguments(
    client: ConformingClient, cast: Cast, listing: Listing
) -> None:
    if listing.more:
        for _ in range(MORE_THAN_A_PAGE):
            listing.more()
    client.sign_in(cast.angel if listing.path == "/pitches" else cast.administrator)
    start = f"{listing.path}{'&' if '?' in listing.path else '?'}"
    for query in ("endpoint=x", "_anchor=x", "_method=POST", "_scheme=x&_external=1", "values=x&self=y"):
        answer = client.get(start + query)
        assert answer.status_code == 200, query
        assert NEXT.search(answer.text) or not listing.more
        assert all(query in unescape(href) for href in NEXT.findall(answer.text)), query
