"""Standard Industrial Classification codes, read as people type them, and the creative industry each belongs to."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from crm.kernel.errors import BadInput

REFERENCE = Path(__file__).parent.parent / "reference"
MOST_CODES = 4
CODE = re.compile(r"\d{2}\.?\d{2}\.?/?\d?|\d{5}")


def read_codes(text: str) -> tuple[str, ...]:
    """Up to four codes as typed: "59.11", "59111", "59111 - Motion picture production". Raises `BadInput`."""
    codes = [_read_code(part) for part in re.split(r"[;,|\n]", text) if part.strip()]
    if len(codes) > MOST_CODES:
        raise BadInput("A business has four SIC codes at most")
    return tuple(dict.fromkeys(codes))


def _read_code(part: str) -> str:
    typed = part.strip().split(" ", 1)[0]
    digits = typed.replace(".", "").replace("/", "")
    if not CODE.fullmatch(typed) or not digits.isascii() or len(digits) not in (4, 5):
        raise BadInput(f"“{part.strip()[:40]}” is not a SIC code. It has five figures, like 59111")
    return digits


@cache
def _groups_by_code() -> dict[str, str]:
    with (REFERENCE / "creative_sectors.csv").open(encoding="utf-8", newline="") as stream:
        return {
            code: row["dcms_group"]
            for row in csv.DictReader(stream)
            for code in row["companies_house_sic5"].split("|")
            if code
        }


def groups_of(codes: Iterable[str]) -> tuple[str, ...]:
    """The creative industries of some codes, in their order. Only five figures count.

    Four figures at Companies House are the classification of 2003, in which 7420 is no photographer and 9001 is
    sewage: they are never mapped.
    """
    known = _groups_by_code()
    return tuple(dict.fromkeys(known[code] for code in codes if len(code) == 5 and code in known))
