"""How an entry and a run of entries are digested."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any


def digest_of(salt: str, changes: Mapping[str, Any]) -> str:
    """SHA-256 over the salt and the values as sorted JSON: the same on both engines."""
    packed = json.dumps(changes, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{salt}\n{packed}".encode()).hexdigest()


def seal_of(before: str, lines: Iterable[str]) -> str:
    """SHA-256 over the seal before and one line for each entry, in order of their ids."""
    running = hashlib.sha256(before.encode())
    for line in lines:
        running.update(b"\n" + line.encode())
    return running.hexdigest()
