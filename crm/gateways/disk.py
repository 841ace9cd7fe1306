"""The disk: how much of it is free."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Disk:
    """The disk that a folder is on, in bytes."""

    free: int
    total: int


def disk_of(folder: Path) -> Disk:
    """The disk of a folder; where that was not made yet, of the nearest above it."""
    there = next(each for each in (folder, *folder.parents) if each.exists())
    found = shutil.disk_usage(there)
    return Disk(found.free, found.total)
