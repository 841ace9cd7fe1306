"""What a room says of money beside what the ledger says of it, for the reconciliation; and what it plans to pay, for the forecast."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Subquery

from crm.kernel.money import Money


@dataclass(frozen=True)
class Beside:
    """One kind of sum of a room beside the ledger: what is counted, and what the two sums are called.

    ``load`` gives the query of both sums of each subject of the ledger, the room's and the ledger's. ``note`` explains the ledger's in a
    sentence. ``alone`` gives the query of what the ledger has, by envelope and subject, about subjects that the room knows nothing of;
    ``alone_words`` name that, ``alone_moved`` between which accounts of the ledger it moved, and ``alone_why`` says how it comes.
    """

    title: str
    counted: tuple[str, str]
    ours: str
    ledger: str
    load: Callable[[], Subquery]
    note: Callable[[], str] | None = None
    alone: Callable[[], Subquery] | None = None
    alone_words: str = ""
    alone_moved: tuple[Any, Any] | None = None
    alone_why: str = ""

    @property
    def name(self) -> str:
        """What an address calls it: "Payments beside the ledger" is "payments"."""
        return self.title.partition(" beside ")[0].lower().replace(" ", "-")


@dataclass(frozen=True)
class Planned:
    """One payment that a room plans: out of which envelope, about which row of which table, by which day, and how much.

    ``claimed_on`` is the day on which it was claimed, if it was: a forecast expects it then.
    """

    envelope_id: UUID
    table: str
    row_id: UUID
    on: date
    amount: Money
    claimed_on: date | None = None
