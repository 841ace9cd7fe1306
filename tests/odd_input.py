"""What nobody means to send: the forms of a page filled in as a person would, but for a field or two that hold nonsense."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from random import Random
from typing import Any
from urllib.parse import urlencode

from tests.conforming import elements, elements_of

LONG = 5_000
LONGEST_ADDRESS = 1_000  # the server answers 400 by itself to a request line of more than 4,094 bytes
ODD = (
    *("", " ", "\x00", "\u202e", "|", "|" * 200, "x" * 200, "x" * 70_000, "😀" * 3),
    *(
        "9" * 11,
        "9" * LONG,
        "-1",
        "0",
        "-0.005",
        "1e9",
        "1e400",
        "NaN",
        "Infinity",
        "٣",
        "25,000.005",
        "£",
        "２５０００",
    ),
    *(
        "None",
        "null",
        "[]",
        "{}",
        "true",
        "0x10",
        "1_000",
        "1;2",
        "a,b",
        "%s%d%n",
        "{{ 7*7 }}",
        "’; --",
        "=1+1",
    ),
    *(
        "<script>alert(1)</script>",
        "../../etc/passwd",
        "\r\nBcc: x@example.org",
        "https://[",
        "http://localhost:1/",
    ),
    *("31/02/2026", "2026-13-45", "0001-01-01", "9999-12-31", "24:00", "25:61", "a@b", "@", "x@" + "y" * 300),
    *("00000000-0000-0000-0000-000000000000", "00000000", "AB1", "GB00", "ZZ99 9ZZ", "07700 900", "١٢٣٤٥٦٧٨"),
)
"""Empty and invisible, too long and too large, other scripts' digits, other languages' words, marks that mean something
to somebody else, days and times that are not, addresses, numbers and postcodes of nobody.
"""
TRUE_TO_TYPE = {
    "email": "somebody@example.org",
    "tel": "0121 496 0000",
    "url": "https://example.org",
    "number": "2",
}
IN_ITS_NAME = {
    "day": "14",
    "month": "3",
    "year": "2027",
    "time": "10:30",
    "amount": "1000",
    "postcode": "B1 1AA",
}
HELD_STILL = frozenset({"csrf_token", "once"})


@dataclass(frozen=True)
class Box:
    """One field of a form: what it may be, and what it holds now."""

    name: str
    kind: str
    held: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sendable:
    """A form as it stands on a page. ``takes_files`` where a browser would send it in parts."""

    action: str
    method: str
    takes_files: bool
    boxes: tuple[Box, ...] = field(default_factory=tuple)

    def filled(self, draw: Random) -> list[tuple[str, Any]]:
        """What a person could send: what is there, and something of the right kind where nothing is."""
        return [(box.name, value) for box in self.boxes if (value := _filled(box, draw)) is not None]

    def odd(self, draw: Random) -> list[tuple[str, Any]]:
        """The same with one to three of its fields odd: another value, not sent at all, or sent twice."""
        sent = self.filled(draw)
        ours = [box for box in self.boxes if box.name not in HELD_STILL]
        for box in draw.sample(ours, k=min(len(ours), draw.randint(1, 3))):
            kept = [pair for pair in sent if pair[0] != box.name]
            sent = kept + [(box.name, _nonsense(box, draw)) for _ in range(draw.choice((0, 1, 1, 1, 2)))]
        return sent


def sendables(page: str, path: str) -> Iterator[Sendable]:
    """Each form of a page."""
    for form in elements_of(page):
        if form.name == "form":
            takes_files = form.attrs.get("enctype") == "multipart/form-data"
            method = (form.attrs.get("method") or "get").upper()
            boxes = tuple(_joined(_boxes(form)))
            yield Sendable(form.attrs.get("action") or path, method, takes_files, boxes)


def _boxes(form: Any) -> Iterator[Box]:
    for each in elements(form):
        name, kind = each.attrs.get("name"), (each.attrs.get("type") or each.name).lower()
        if not name:
            continue
        if each.name == "select":
            choices = tuple(one.attrs.get("value") or "" for one in elements(each) if one.name == "option")
            yield Box(name, "choice", choices=choices)
        elif kind in {"radio", "checkbox"}:
            yield Box(name, "choice", choices=(each.attrs.get("value") or "on",))
        elif each.name == "textarea":
            yield Box(name, "text", "".join(one.data or "" for one in each.children or ()))
        elif each.name == "input":
            yield Box(name, kind, each.attrs.get("value") or "")
        elif each.name == "button":
            yield Box(name, "choice", choices=(each.attrs.get("value") or "",))


def _joined(boxes: Iterator[Box]) -> Iterator[Box]:
    """The boxes to tick that bear one name are one field with a choice."""
    choices: dict[str, tuple[str, ...]] = {}
    for box in boxes:
        if box.kind == "choice":
            choices[box.name] = choices.get(box.name, ()) + box.choices
        else:
            yield box
    yield from (Box(name, "choice", choices=found) for name, found in choices.items())


def _filled(box: Box, draw: Random) -> Any:
    if box.kind == "choice":
        return draw.choice(box.choices) if box.choices else None
    if box.kind == "file":
        return (BytesIO(b"%PDF-1.4\n%%EOF"), "a paper.pdf")
    if box.held or box.kind == "hidden":
        return box.held
    told = next((value for part, value in IN_ITS_NAME.items() if part in box.name), "Some words about it")
    return TRUE_TO_TYPE.get(box.kind, told)


def _nonsense(box: Box, draw: Random) -> Any:
    if box.kind == "file":
        return draw.choice(
            ((BytesIO(b""), "x.pdf"), (BytesIO(b"<svg/>"), "../x.svg"), (BytesIO(b"MZ"), "x" * 300))
        )
    return draw.choice(ODD)


def odd_query(names: Mapping[str, Any] | list[str], draw: Random) -> str:
    """The names of a page's own filters, and some of Flask's, with odd values: as long as a server takes an address at all."""
    known = [*names, "endpoint", "_external", "_anchor", "page", "after", "before", "sort"]
    short = [each for each in ODD if len(each) < LONGEST_ADDRESS]
    return urlencode([(name, draw.choice(short)) for name in draw.sample(known, k=min(3, len(known)))])
