"""Posting as a person does: to where the page of the answer is, which opens."""

from __future__ import annotations

from typing import Any

from tests.client import ConformingClient


def sent(client: ConformingClient, path: str, data: dict[str, Any] | None = None, **fields: Any) -> str:
    """Send a form that is taken, and return the text of the page that it leads to."""
    answer = client.post(path, data=data or {}, **fields)
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200
    return page.text


def typed(day: str, *, name: str = "day") -> dict[str, str]:
    """A day in the three boxes of a field: "24 12 2026"."""
    return {f"{name}-{part}": each for part, each in zip(("day", "month", "year"), day.split(), strict=True)}
