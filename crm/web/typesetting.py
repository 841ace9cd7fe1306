"""Setting papers: a sheet of ours and words as data become a tagged PDF that everybody can read."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import normalize

FONTS = Path(__file__).parent / "typefaces"


def set_paper(sheet: Path, told: dict[str, Any]) -> bytes:
    """A paper as tagged PDF (PDF/UA-1). Its words go in as ``told``, so that nothing in them is taken for markup."""
    import typst  # a large library, loaded only where a paper is set

    made = typst.compile(
        str(sheet),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        sys_inputs={"told": json.dumps(printable(told))},
    )
    assert isinstance(made, bytes)
    return made


@cache
def _covered() -> frozenset[str]:
    """Every sign that the typeface has, from the list beside it; and the end of a line."""
    ranges = (line.split("-") for line in (FONTS / "covered.txt").read_text().split())
    return frozenset("\n").union(
        chr(code) for low, high in ranges for code in range(int(low, 16), int(high, 16) + 1)
    )


def printable(told: Any) -> Any:
    """The same words without the signs that the typeface lacks: a paper for everybody must not have a gap in it."""
    if isinstance(told, str):
        return "".join(sign for sign in normalize("NFC", told) if sign in _covered())
    if isinstance(told, dict):
        return {name: printable(each) for name, each in told.items()}
    return [printable(each) for each in told] if isinstance(told, list) else told
