"""No text that somebody may send keeps a pattern busy: the time that each takes grows with the text, not with its square."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import crm

USES = {"search", "fullmatch", "match", "sub", "subn", "split", "findall", "finditer"}
AS_A_SEARCH = USES - {"fullmatch", "match"}
PIECES = (
    *("a", "A", "1", "_", "ä", " ", "\n", "-", ".", "@", "#", ",", "<", "(", "'", "/", "+", "=", "\xff"),
    *(
        "a ",
        "1 ",
        "a\n",
        "a.",
        "a@",
        "a-",
        "1-",
        "a1",
        "£1",
        ": ",
        "a: ",
        "{{",
        "at ",
        "at-",
        "www.",
        "https://",
    ),
    *("1,111,", "double ", "a_", "a'", "a,"),
)
ENDS = ("", "\n", "!", "a", "@", "1")
SHORT, LONG = 1_000, 8_000
LONG_ENOUGH = 0.03
"""Seconds of work for the long text: a pattern that needs less is not measured against the short one."""
STEEPEST = 20
"""Eight times the text should take eight times as long; sixty-four times, where it grows with the square."""


def patterns() -> dict[str, tuple[re.Pattern[Any], set[str]]]:
    """Each pattern that a module keeps by name, and how it is used, by where it stands."""
    return {where: (found, used) for where, found, used in _walked() if used}


def _walked() -> Iterator[tuple[str, re.Pattern[Any], set[str]]]:
    for each in pkgutil.walk_packages(crm.__path__, "crm."):
        module = importlib.import_module(each.name)
        kept = {name: value for name, value in vars(module).items() if isinstance(value, re.Pattern)}
        uses = _uses(Path(str(module.__file__))) if kept else {}
        for name, value in kept.items():
            yield f"{each.name}.{name}", value, uses.get(name, set())


def _uses(path: Path) -> dict[str, set[str]]:
    """Which methods a module calls of which names: ``NAME.search(…)``."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in USES:
            found.setdefault(node.value.id, set()).add(node.attr)
    return found


def took(look: Callable[[Any], object], text: Any) -> float:
    """Seconds of this process's work; the better of two, since another may have been let in between."""
    found = []
    for _ in range(2):
        began = time.process_time()
        look(text)
        found.append(time.process_time() - began)
    return min(found)


def steep(pattern: re.Pattern[Any], used: set[str]) -> str | None:
    """The first text that keeps a pattern busy out of proportion to its length; None where there is none."""
    look = pattern.search if used & AS_A_SEARCH else pattern.fullmatch
    for piece, end in product(PIECES, ENDS):
        short, long = (_text(pattern, piece, end, each) for each in (SHORT, LONG))
        began = time.process_time()
        look(long)
        if time.process_time() - began > LONG_ENOUGH and took(look, long) > STEEPEST * took(look, short):
            return f"{look.__name__} of {piece!r}…{end!r}"
    return None


def _text(pattern: re.Pattern[Any], piece: str, end: str, length: int) -> Any:
    text = piece * (length // len(piece)) + end
    return text.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else text


PATTERNS = patterns()


@pytest.mark.parametrize("where", sorted(PATTERNS))
def test_no_text_keeps_a_pattern_busy(where: str) -> None:
    assert steep(*PATTERNS[where]) is None


def test_a_pattern_that_tries_every_beginning_anew_is_found() -> None:
    assert steep(re.compile(r"\w{2,}\s+\w{2,}"), {"search"}) is not None
    assert steep(re.compile(r"\w\w\s+\w\w"), {"search"}) is None
