"""How an entry and a run of entries are digested, and how a kept value is said."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from crm.kernel.calendar import day_in_words
from crm.kernel.clock import to_local


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


def in_words(value: Any) -> str:
    """A value of the trail, as it is said: a day or a moment in words, yes or no, "nothing" where nothing was."""
    if value is None or value in ("", []):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(in_words(each) for each in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {in_words(each)}" for name, each in value.items())
    return _day_in_words(value) if isinstance(value, str) else str(value)


def _day_in_words(text: str) -> str:
    """Text as it stands, but for a day and a moment as JSON keeps them."""
    try:
        if len(text) == len("2026-11-24"):
            return day_in_words(date.fromisoformat(text))
        moment = to_local(datetime.fromisoformat(text)) if "T" in text and "+" in text else None
    except ValueError:
        return text
    return f"{moment.day} {moment:%B %Y at %H:%M}" if moment else text
