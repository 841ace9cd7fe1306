"""The usual items of due diligence, to start from: a list of our own, made from what angels told us they ask for."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

REFERENCE = Path(__file__).parent.parent / "reference" / "usual.csv"
SOURCE = "The network’s own list, November 2026"


@dataclass(frozen=True)
class Usual:
    """One usual item: its code, what it belongs to, and the question."""

    code: str
    group: str
    question: str


def _read() -> dict[str, Usual]:
    with REFERENCE.open(encoding="utf-8", newline="") as lines:
        return {row["code"]: Usual(**row) for row in csv.DictReader(lines)}


USUAL = _read()
