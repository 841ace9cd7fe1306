"""What is done before an act and takes long: while it is done, its request holds no transaction and no lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from flask import g
from werkzeug.wrappers import Response

from crm.kernel.errors import NotFound
from crm.web.once import claim_again
from crm.web.permit import NOT_THERE_NOW

B = TypeVar("B")


class Gone(NotFound):
    """What a form is about is gone since the form was sent: there is no page to show it on again."""


class Beforehand(Generic[B]):
    """What has to be done before an act, and what came of it."""

    def __init__(self, work: Callable[[], B]) -> None:
        self._work = work
        self._found: list[B] = []

    def __call__(self) -> None:
        self._found = [self._work()]

    @property
    def result(self) -> B:
        """What came of it. Raises IndexError before it was done."""
        return self._found[0]


def done_first(first: Callable[[], None]) -> Response | None:
    """Do what comes before an act; where nothing was held meanwhile, take the request up again as things are by then.

    The answer, where the same form was acted on meanwhile. Raises `Gone` where what it is about is gone.
    """
    first()
    if not g.pop("held_nothing", False):
        return None
    before = claim_again()
    if before is None and "load_again" in g and g.load_again() is None:
        g.pop("thing", None)
        raise Gone(NOT_THERE_NOW)
    return before
