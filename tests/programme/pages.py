"""Posting as a person does: to where the page of the answer is, which opens."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tests.cast import Cast
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


def two_withdraw(client: ConformingClient, cast: Cast, decision_id: UUID, *, why: str) -> str:
    """The page after a manager proposed to withdraw an award that its applicant knows of, and an approver did."""
    proposed = client.sign_in(cast.programme_manager).get(f"/decisions/{decision_id}/propose-withdrawal")
    assert proposed.status_code == 200
    sent(client, f"/decisions/{decision_id}/propose-withdrawal", {"reason": why})
    desk = client.sign_in(cast.approver).get("/desk").text
    assert "Decide whether an award is withdrawn" in desk
    return sent(client, f"/decisions/{decision_id}/withdraw")


def two_take_off(client: ConformingClient, cast: Cast, decision_id: UUID, *, why: str) -> str:
    """The page after a manager proposed to take an application off the waiting list that knows it is on it, and an approver did."""
    proposing = f"/decisions/{decision_id}/propose-release"
    answer = client.sign_in(cast.programme_manager).post(proposing, data={"reason": why, "kind": "taken_off"})
    where = answer.headers["Location"].partition("?")[0]
    return sent(client.sign_in(cast.approver), f"{where}/confirm")
