"""A short mark of what a page showed, so that what is sent can be told from what was previewed."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any


def mark_of(*shown: Any) -> str:
    """The mark of some values: the same for the same, whatever order a mapping has; dates and ids as they are written."""
    text = json.dumps(shown, sort_keys=True, default=str, ensure_ascii=True)
    return sha256(text.encode()).hexdigest()[:32]
