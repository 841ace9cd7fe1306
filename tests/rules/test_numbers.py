"""A number that is a link opens exactly its rows: on the desk of everybody in the demonstration, and on the front page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection

from crm.accounts.rules import DEMO_PEOPLE
from tests.client import ConformingClient
from tests.conforming import elements, elements_of, words
from tests.rules.people import actor_of, client_of, main_of

pytestmark = pytest.mark.engine("sqlite")
NUMBER = re.compile(r"\d[\d,]*")
MOST_PAGES = 40
# Numbers whose page shows more than their rows, by the words of the link, each with why. It only grows shorter.
SHOWN_AMONG_OTHERS = {
    "services, each with its source": "the demonstration adds examples of its own, which the front page does not count",
}


@dataclass(frozen=True)
class Counted:
    """A number of a page, the words beside it, and where it leads."""

    number: int
    label: str
    href: str


def numbers_on(page: str) -> Iterator[Counted]:
    """Each number of a page that has a link: what waits on a desk, and the figures of a front page."""
    for each in elements_of(page):
        names = each.attrs.get("class", "").split()
        if "app-todo" in names or "app-stat" in names:
            links = [one for one in elements(each) if one.name == "a"]
            number = NUMBER.match(words(each))
            if links and number:
                yield Counted(as_number(number.group()), words(links[0]), links[0].attrs["href"])


def as_number(text: str) -> int:
    return int(text.replace(",", ""))


def classed(node: Any, name: str) -> list[Any]:
    return [each for each in elements(node) if name in each.attrs.get("class", "").split()]


def rows_at(client: ConformingClient, address: str) -> int:
    """How many rows an address has: as many as its page says, or those of all its pages, or of the part that it names."""
    where, _, part = address.partition("#")
    rows = 0
    for _page in range(MOST_PAGES):
        main = main_of(client.get(where).text)[0]
        if part:
            return sum(rows_of(each) for each in elements(main) if each.attrs.get("id") == part)
        said = [NUMBER.search(words(each)) for each in classed(main, "app-list__count")]
        if said and said[0]:
            return as_number(said[0].group())
        rows += sum(rows_of(each) for each in classed(main, "app-rows")) or len(table_rows(main))
        onward = [each.attrs["href"] for each in elements(main) if each.attrs.get("rel") == "next"]
        if not onward:
            break
        where = onward[0]
    return rows


def rows_of(listing: Any) -> int:
    return sum(each.name == "li" for each in listing.children)


def table_rows(main: Any) -> list[Any]:
    bodies = [each for each in elements(main) if each.name == "tbody"]
    return [each for body in bodies for each in elements(body) if each.name == "tr"]


def wrong_numbers(client: ConformingClient, path: str) -> tuple[set[str], list[str]]:
    """The words of each number of a page, and those whose page has another number of rows."""
    found = list(numbers_on(client.get(path).text))
    wrong = [
        f"{each.label}: {each.number}, and {each.href} has {rows}"
        for each in found
        if not any(each.label.endswith(known) for known in SHOWN_AMONG_OTHERS)
        if (rows := rows_at(client, each.href)) != each.number
    ]
    return {each.label for each in found}, wrong


def test_k14_every_number_of_a_desk_opens_exactly_its_rows(demo: Flask, connection: Connection) -> None:
    seen, wrong = set[str](), list[str]()
    for email in ("", *(each.email for each in DEMO_PEOPLE)):
        labels, found = wrong_numbers(client_of(demo, actor_of(demo, email)), "/desk" if email else "/")
        seen |= labels
        wrong += [f"{email or 'a visitor'}: {each}" for each in found]

    assert not wrong, "\n".join(wrong)
