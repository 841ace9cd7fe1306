"""What an application says to its database, overheard: how many statements, which ones write, which come late."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from flask import Flask, before_render_template, template_rendered
from sqlalchemy import Engine, event

from tests.houses import database

NOISE = re.compile(r"\s*(SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|PRAGMA)\b", re.IGNORECASE)
WRITING = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)


@dataclass
class Statements:
    """The statements of one stretch of time, in order, without those that only begin and end transactions."""

    said: list[str] = field(default_factory=list)
    while_rendering: list[str] = field(default_factory=list)
    is_rendering: bool = False

    def __len__(self) -> int:
        return len(self.said)

    @property
    def writes(self) -> list[str]:
        """The table of each statement that writes, in order."""
        return [found.group(1) for each in self.said if (found := WRITING.match(each))]

    def hear(self, _connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        if NOISE.match(statement):
            return
        self.said.append(statement)
        if self.is_rendering:
            self.while_rendering.append(statement)

    def begin_rendering(self, *_sender: Any, **_given: Any) -> None:
        self.is_rendering = True

    def end_rendering(self, *_sender: Any, **_given: Any) -> None:
        self.is_rendering = False


_hearers: WeakKeyDictionary[Engine, list[Statements]] = WeakKeyDictionary()


def hearers_of(engine: Engine) -> list[Statements]:
    """Who overhears an engine just now. To listen to it anew for each request is slow: one ear stays with it."""
    if engine not in _hearers:
        heard: list[Statements] = []
        event.listen(engine, "before_cursor_execute", lambda *said: [each.hear(*said) for each in heard])
        _hearers[engine] = heard
    return _hearers[engine]


@contextmanager
def recording(app: Flask) -> Iterator[Statements]:
    """Overhear an application until the end of the block."""
    heard, hearers = Statements(), hearers_of(database(app).engine)
    hearers.append(heard)
    try:
        with (
            before_render_template.connected_to(heard.begin_rendering, app),
            template_rendered.connected_to(heard.end_rendering, app),
        ):
            yield heard
    finally:
        hearers[:] = [each for each in hearers if each is not heard]
