"""What a room says of money beside what the ledger says of it, thing by thing: for the reconciliation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crm.kernel.money import Money


@dataclass(frozen=True)
class Beside:
    """One kind of sum of a room beside the ledger: what is counted, what the two sums are called, and the list that they open.

    ``load`` gives both sums of each subject of the ledger, the room's and the ledger's. ``note`` explains the ledger's in a sentence.
    """

    title: str
    counted: tuple[str, str]
    ours: str
    ledger: str
    endpoint: str
    load: Callable[[], Mapping[Any, tuple[Money, Money]]]
    given: Mapping[str, Any] = field(default_factory=dict)
    note: Callable[[], str] | None = None
