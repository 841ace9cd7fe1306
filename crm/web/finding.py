"""What a search shows of what it found: a few of each kind, and the way to all of them."""

from __future__ import annotations

from collections.abc import Sequence

from crm.web.feature import Hit


def first_of(hits: Sequence[Hit], most: int, *, every: str) -> list[Hit]:
    """The first few that a search found and, where there are more, the way to all of them: ``every`` is their list's address."""
    if len(hits) <= most:
        return list(hits)
    kind = hits[0].kind
    return [
        *hits[:most],
        Hit(f"All {kind[:1].lower()}{kind[1:]} with these words", kind, every, f"Only {most} are shown here"),
    ]
