"""K11: no sheet of a paper skips a level of headings, whatever it is given to say: such a paper could not be made at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SHEETS = sorted(Path("crm").rglob("*.typ"))
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*|^[ \t]*(=+) |[\[\]{}]', re.MULTILINE)


def skipped(sheet: str) -> Iterator[str]:
    """Headings for which none of the level above is certain: that one may stand in a part that is left out.

    What a function of the sheet writes counts where it is written, and not where the function is called.
    """
    inside: list[int] = []
    above: list[tuple[list[int], int]] = []
    for count, found in enumerate(TOKEN.finditer(sheet)):
        if found[0] in "[{":
            inside.append(count)
        elif found[0] in "]}":
            inside.pop()
        elif found[1]:
            level = len(found[1])
            certain = [each for where, each in above if where == inside[: len(where)]]
            line = sheet[: found.start(1)].count("\n")
            first = next((each for each in reversed(sheet.splitlines()[:line]) if each.startswith("#")), "")
            if level > 1 and not first.startswith("#let") and level - 1 not in certain:
                yield sheet.splitlines()[line]
            above.append((list(inside), level))


def test_there_are_sheets() -> None:
    assert len(SHEETS) > 5


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda each: each.parent.parent.name + "_" + each.stem)
def test_no_sheet_skips_a_level_of_headings(sheet: Path) -> None:
    assert list(skipped(sheet.read_text())) == []


def test_a_heading_under_one_that_may_be_left_out_is_found() -> None:
    assert list(skipped('= A\n#if x [\n  == B\n]\n#if y != "[" [\n  === C\n]\n')) == ["  === C"]
    assert list(skipped("= A\n== B\n#if y [\n  === C\n]\n")) == []
