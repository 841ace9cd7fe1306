"""What can go wrong, in words for people: bad input at a field, and acts that are refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Self

WORD = re.compile(r"[^\W\d_].*[^\W\d_]|\d", re.DOTALL)
PREVIEWED = (
    "This was changed after you opened the page, so nothing was done. Read what it says now, then decide."
)
Trace = Callable[[], None]
CHANGED = "This was changed after you opened the page, so nothing was saved. Check what it says now, then save again."


class BadInput(ValueError):
    """Text that cannot be read as what it should be; the message is shown at the field as it stands."""


class Refusal(Exception):
    """An act that is refused. Nothing of it is kept but the declared trace, which only the web layer runs.

    ``message`` is for people. ``field`` names the form field it belongs to, if there is one. ``about`` is the thing whose
    page says more, or the address of that page, where that is not what was asked for. ``others`` are refused with it.
    """

    status = 422
    others: tuple[Refusal, ...] = ()

    def __init__(
        self, message: str, *, field: str | None = None, trace: Trace | None = None, about: object = None
    ) -> None:
        super().__init__(message)
        self.about = about
        self.message = message
        self.field = field
        self.trace = trace


class Invalid(Refusal):
    """What was given breaks a rule."""

    status = 422


def refuse_all(faults: Iterable[Refusal]) -> None:
    """Refuse with everything that is wrong, so that it is said at once and not one thing after the other.

    Of a field only the first is said. Nothing happens where nothing is wrong.
    """
    found: dict[str, Refusal] = {}
    for each in faults:
        found.setdefault(each.field or each.message, each)
    if found:
        first, *others = found.values()
        first.others = tuple(others)
        raise first


def require_all(*checks: Callable[[], object]) -> None:
    """Run every check, and refuse with what all of them found. Raises the first `Refusal`, which carries the others."""
    refuse_all(each for check in checks for each in refused_by(check))


def refused_by(check: Callable[[], object]) -> Iterator[Refusal]:
    """Everything that a check refuses, each by itself."""
    try:
        check()
    except BadInput as error:
        yield Refusal(str(error))
    except Refusal as refusal:
        others, refusal.others = refusal.others, ()
        yield from (refusal, *others)


def says_something(words: str) -> bool:
    """Whether a text says anything: two letters at least, or a number. A mark or a letter alone says nothing."""
    return bool(WORD.search(words))


def require_reason(words: str | None, *, field: str = "reason") -> str:
    """The reason that was given, without blanks around it. Raises `Invalid` where there is none, or nothing but a mark."""
    if not words or not says_something(words):
        raise Invalid("Say why in a few words", field=field)
    return words.strip()


class NotAllowed(Refusal):
    """The actor may not do this."""

    status = 403


class NotFound(Refusal):
    """There is no such thing, or none that this actor may know of."""

    status = 404


class DeadLink(NotFound):
    """A link of a letter that was used, replaced or has expired. ``onward`` says what its reader does now."""

    def __init__(self, message: str, *, onward: str) -> None:
        super().__init__(message)
        self.onward = onward


class Conflict(Refusal):
    """The thing has moved on since it was read: somebody else was first, or the move is not possible now."""

    status = 409


class DoneAlready(Conflict):
    """What is asked for is done: its reader is led to where that stands, with these words above."""


class Done(str):
    """A reason why something cannot be done now: it is done already. Whoever asks for it again is led to it."""

    __slots__ = ()


class Elsewhere(str):
    """A reason why something cannot be done now, with the thing whose page its reader needs next."""

    __slots__ = ("about",)
    about: object

    def __new__(cls, words: str, about: object) -> Self:
        made = super().__new__(cls, words)
        made.about = about
        return made


def conflict(reason: str) -> Conflict:
    """The refusal of an act for a reason in words."""
    if isinstance(reason, Done):
        return DoneAlready(str(reason))
    return Conflict(str(reason), about=getattr(reason, "about", None))


class Moved(Conflict):
    """The thing is in a state in which the act is not possible. The web says to staff who acted on it after their page was shown."""


class Changed(Conflict):
    """What the page showed was changed after it was opened. The web says so to whoever did it in another tab."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or CHANGED)


class Unavailable(Refusal):
    """Something outside of us that is needed for this cannot be reached."""

    status = 503


class TooMany(Refusal):
    """Too many tries in too short a time. ``retry_after`` is in seconds."""

    status = 429

    def __init__(self, message: str, *, retry_after: int, trace: Trace | None = None) -> None:
        super().__init__(message, trace=trace)
        self.retry_after = retry_after
