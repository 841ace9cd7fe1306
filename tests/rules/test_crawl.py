"""Everybody of the demonstration walks through the product: whatever a page offers them, they can open or do, and whatever
nonsense they send or ask for is answered in words.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask, got_request_exception
from flask.testing import FlaskClient
from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from crm.accounts.rules import DEMO_PEOPLE
from crm.db.session import session
from crm.kernel.permissions import Actor
from crm.web.permit import Door, door_of, is_open_to
from tests.client import ConformingClient
from tests.conforming import elements, elements_of, words
from tests.odd_input import HELD_STILL, Sendable, odd_query, sendables
from tests.rules.people import actor_of, client_of, raw_codes

pytestmark = pytest.mark.engine("sqlite")
# One person of each role walks. Of pages of one kind they open so many: what the others offer is of the same kind.
MOST_OF_A_KIND = 2
ASKS_FOR_MORE = 422  # such as the days, where dates of one's own are chosen


@dataclass
class Walk:
    """What one person has seen, what they were offered, and what of that failed them."""

    client: ConformingClient
    actor: Actor
    opened: Counter[str] = field(default_factory=Counter)
    offered: set[tuple[str, str]] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    loaded: dict[Any, Any] = field(default_factory=dict)  # what doors open on, of all who walk
    forms: dict[str, Sendable] = field(default_factory=dict)
    pages: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    choices: dict[tuple[str, str], list[str]] = field(default_factory=dict)  # of filters, by page and name

    def from_(self, *starts: str) -> None:
        waiting = deque(starts)
        while waiting:
            path = waiting.popleft()
            endpoint = endpoint_of(self.client.application, path, "GET")
            if endpoint is None or self.opened[endpoint] >= MOST_OF_A_KIND:
                continue
            self.opened[endpoint] += 1
            waiting += self.look_at(path)

    def look_at(self, path: str) -> list[str]:
        """Open a page, judge whatever it offers, and return where its links lead."""
        try:
            answer = self.client.get(path)
        except Exception as error:  # noqa: BLE001 whatever breaks is told with its address
            self.faults.append(f"{path} breaks: {type(error).__name__} {str(error)[:200]}")
            return []
        if answer.status_code >= 400:
            self.faults.append(f"{path} answers {answer.status_code}")
        if answer.status_code != 200 or answer.mimetype != "text/html":
            return [answer.headers["Location"]] if answer.status_code in {302, 303} else []
        self.note(answer.text, path)
        self.faults += [f"{path} says {code}" for code in raw_codes(answer.text)]
        links = []
        for method, target, name in offers(answer.text, path):
            if (method, target) not in self.offered:
                self.offered.add((method, target))
                if fault := self.fault_of(method, target):
                    self.faults.append(f"{path} offers {method} {target} ({name}): {fault}")
                elif method == "GET":
                    links.append(target)
        return links

    def note(self, page: str, path: str) -> None:
        """The forms of a page, the first to each door, and the page itself with what its own filters are called."""
        app, names = self.client.application, list[str]()
        for form in sendables(page, path):
            if form.method == "POST" and (door := endpoint_of(app, form.action, "POST")):
                self.forms.setdefault(door, form)
            elif form.method == "GET" and urlsplit(form.action).path == urlsplit(path).path:
                names += [box.name for box in form.boxes]
                self.choices |= choices_of(form, urlsplit(path).path)
        if at := endpoint_of(app, path, "GET"):
            self.pages.setdefault(at, (urlsplit(path).path, names))

    def fault_of(self, method: str, target: str) -> str | None:
        """Why this person cannot use what they are offered; None where they can."""
        app = self.client.application
        try:
            endpoint, values = app.url_map.bind("localhost").match(urlsplit(target).path, method)
        except HTTPException:
            return "there is no such address"
        door = door_of(app, endpoint)
        if door is None:
            return None
        if self.actor.account_id is None and not is_open_to(door, self.actor):
            return None  # a visitor is asked to sign in first
        thing = self.thing_of(door, values)
        if door.load and thing is None:
            return "there is nothing"
        return None if door.policy.allows(self.actor, door.act, thing) else "they may not"

    def thing_of(self, door: Door, values: Mapping[str, Any]) -> Any:
        """What a door opens on: loaded once for all doors that load it so, and for everybody, since a walk changes nothing."""
        if door.load is None:
            return None
        key = (door.load, *sorted(values.items()))
        if key not in self.loaded:
            with self.client.application.app_context():
                self.loaded[key] = door.load(**values)
            # What another door loads of the same row, it loads for itself: as each request does.
            session().expunge_all()
        return self.loaded[key]


def endpoint_of(app: Flask, path: str, method: str) -> str | None:
    try:
        return str(app.url_map.bind("localhost").match(urlsplit(path).path, method)[0])
    except HTTPException:
        return None


def offers(page: str, path: str) -> Iterator[tuple[str, str, str]]:
    """Each link and each form of a page: method, address of ours, and words."""
    for each in elements_of(page):
        target = each.attrs.get("href" if each.name == "a" else "action")
        if each.name == "a" and is_ours(target):
            yield "GET", str(target).partition("#")[0], words(each)
        if each.name == "form":
            buttons = [words(one) for one in elements(each) if one.name == "button"]
            yield each.attrs.get("method", "get").upper(), target or path, ", ".join(buttons)


def is_ours(target: Any) -> bool:
    return bool(target) and str(target).startswith("/") and not str(target).startswith(("//", "/static"))


def choices_of(form: Sendable, path: str) -> dict[tuple[str, str], list[str]]:
    """What a filter offers to choose: of each field the first two and the last, since all the others are of their kind."""
    offered = {box.name: [each for each in box.choices if each] for box in form.boxes if box.choices}
    return {
        (path, name): list(dict.fromkeys([*values[:2], *values[-1:]])) for name, values in offered.items()
    }


def choice_faults(walk: Walk, asked: set[tuple[str | None, str, str]]) -> list[str]:
    """Which choices of the filters that this person sees the product could not answer; ``asked`` are those of others before."""
    faults = []
    for (path, name), values in walk.choices.items():
        at = endpoint_of(walk.client.application, path, "GET")
        for value in (each for each in values if (at, name, each) not in asked):
            asked.add((at, name, value))
            where = f"{path}?{urlencode({name: value})}"
            try:
                status = walk.client.get(where).status_code
            except Exception as error:  # noqa: BLE001 whatever breaks is told with its address
                faults.append(f"{where} breaks: {type(error).__name__} {str(error)[:200]}")
            else:
                faults += [f"{where} answers {status}"] if status >= 400 and status != ASKS_FOR_MORE else []
    return faults


def odd_faults(walk: Walk, connection: Connection, *, times: float) -> list[str]:
    """What of this person's odd posts and questions the product could not answer; whatever comes of each is undone.

    Each form is sent ``times`` times on average, each page asked an eighth as often.
    """
    draw, faults = Random(len(walk.forms)), set[str]()
    asks: list[tuple[str, Sendable | None]] = [
        (f"{path}?{odd_query(names, draw)}", None)
        for path, names in walk.pages.values()
        for _ in range(_count(times / 8, draw))
    ]
    asks += [(form.action, form) for form in walk.forms.values() for _ in range(_count(times, draw))]
    session().commit()  # into the connection's transaction, which is undone: this person stays signed in
    for path, form in asks:
        point = connection.begin_nested()
        faults |= {fault for fault in (_odd_fault(walk.client, path, form and form.odd(draw)),) if fault}
        session().rollback()
        session().expunge_all()
        point.rollback()
    return sorted(faults)


def _count(times: float, draw: Random) -> int:
    return int(times) + (draw.random() < times % 1)


def _odd_fault(client: ConformingClient, path: str, sent: list[tuple[str, Any]] | None) -> str | None:
    """What broke when a browser like this one asked, or sent a form; None where it was answered."""
    browser, broken = FlaskClient(client.application, client.response_wrapper), list[BaseException]()
    browser._cookies = dict(client._cookies or {})

    def note(_sender: Any, exception: BaseException, **_given: Any) -> None:
        broken.append(exception)

    with got_request_exception.connected_to(note, client.application):
        answer = browser.get(path) if sent is None else browser.post(path, data=MultiDict(sent))
    assert "/sign-in?next=" not in answer.headers.get("Location", ""), "whoever walks stays signed in"
    status = answer.status_code
    if status < 500 and not broken:
        return None
    told = [(name, str(value)[:40]) for name, value in sent or [] if name not in HELD_STILL]
    return f"{path} {told} answers {status}: {broken and repr(broken[0])[:300]}"


@pytest.fixture(scope="module")
def loaded() -> dict[Any, Any]:
    """What the doors of the demonstration open on."""
    return {}


@pytest.fixture(scope="module")
def asked() -> set[tuple[str | None, str, str]]:
    """The choices of filters that somebody asked for already: each is asked once."""
    return set()


ONE_OF_EACH_ROLE = {each.role: each.email for each in reversed(DEMO_PEOPLE)}


@pytest.mark.parametrize("email", ["", *ONE_OF_EACH_ROLE.values()])
def test_whatever_a_page_offers_somebody_they_can_open_or_do(
    demo: Flask,
    connection: Connection,
    loaded: dict[Any, Any],
    asked: set[tuple[str | None, str, str]],
    email: str,
    pytestconfig: pytest.Config,
) -> None:
    actor = actor_of(demo, email)
    walk = Walk(client_of(demo, actor), actor, loaded=loaded)

    walk.from_("/", "/desk")

    assert walk.faults + choice_faults(walk, asked) == []
    assert odd_faults(walk, connection, times=pytestconfig.getoption("--odd")) == []
