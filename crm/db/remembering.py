"""An answer of the database that several parts of one page need is asked for once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from crm.db.session import is_read_only, session

ASKED = ParamSpec("ASKED")
ANSWER = TypeVar("ANSWER")
ANSWERS = "crm_answers"
"""Where a session that only reads holds what it was answered."""


def remembered(ask: Callable[ASKED, ANSWER]) -> Callable[ASKED, ANSWER]:
    """Let a query be asked once in a session that only reads: nothing changes in it before it ends.

    A session that writes asks each time. What is given must be equal or the very same object, as the actor of a request is.
    """

    @wraps(ask)
    def answered(*given: ASKED.args, **named: ASKED.kwargs) -> ANSWER:
        here = session()
        if not is_read_only(here):
            return ask(*given, **named)
        known = here.info.setdefault(ANSWERS, {})
        key = (ask, *map(_key, given), *((name, _key(each)) for name, each in sorted(named.items())))
        if key not in known:
            # What was given is held too, so that no other object comes to stand where it stood.
            known[key] = (ask(*given, **named), given, named)
        return known[key][0]  # type: ignore[no-any-return]

    return answered


def _key(given: object) -> object:
    if isinstance(given, (list, tuple)):
        return tuple(map(_key, given))
    if isinstance(given, set):
        return frozenset(map(_key, given))
    try:
        hash(given)
    except TypeError:
        return id(given)
    return given
