"""What two people decide: one proposes it, another confirms or refuses it, and the others read what became of it (decision 0111)."""

from __future__ import annotations

from enum import StrEnum
from typing import Generic, TypeVar

from crm.kernel.workflow import Machine, move

S = TypeVar("S", bound=StrEnum)


class TwoPeople(Generic[S]):
    """One kind of proposal as a table: the acts on it, and the machine that they move it by.

    ``start`` is the state of one that waits. The states of each kind are an enum of its own with the same four words:
    ``proposed``, ``confirmed``, ``refused`` and ``withdrawn``.
    """

    def __init__(
        self,
        name: str,
        *,
        start: S,
        confirm: StrEnum,
        refuse: StrEnum,
        withdraw: StrEnum,
        read: StrEnum,
    ) -> None:
        self.start, self.confirm, self.refuse = start, confirm, refuse
        self.withdraw, self.read = withdraw, read
        states = type(start)
        self.machine: Machine[S] = Machine(
            name,
            start=start,
            moves=[
                move(confirm, start, states("confirmed")),
                move(refuse, start, states("refused")),
                move(withdraw, start, states("withdrawn")),
            ],
        )


STATUSES = {
    "proposed": "Waits for another person",
    "confirmed": "Confirmed",
    "refused": "Refused",
    "withdrawn": "Proposal withdrawn",
}
COLOURS = {"proposed": "yellow", "confirmed": "green", "refused": "red", "withdrawn": "grey"}
"""How the states of every kind of proposal are said."""


def why_another(did: str, then: str, *, is_account: bool) -> str:
    """Why another person acts: this account did the first part, or one whose emails reach the same mailbox did (P45)."""
    who = f"You {did}" if is_account else f"The person who {did} shares your email address"
    return f"{who}, so another person {then}."
