"""What a room says of money beside what the ledger says of it, thing by thing: for the reconciliation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from crm.kernel.money import Money


@dataclass(frozen=True)
class Beside:
    """One kind of sum of a room beside the ledger: what is counted, and what the two sums are called.

    ``load`` gives both sums of each subject of the ledger, the room's and the ledger's. ``note`` explains the ledger's in a sentence.
    """

    title: str
    counted: tuple[str, str]
    ours: str
    ledger: str
    load: Callable[[], Mapping[Any, tuple[Money, Money]]]
    note: Callable[[], str] | None = None

    @property
    def name(self) -> str:
        """What an address calls it: "Payments beside the ledger" is "payments"."""
        return self.title.partition(" beside ")[0].lower().replace(" ", "-")
