"""What the rooms above have decided to give to businesses before a ledger below knows of it: declared in their manifests."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from crm.db.remembering import remembered
from crm.db.session import PROMISES, session
from crm.kernel.money import Money


@dataclass(frozen=True)
class Promised:
    """A sum that was decided for a business on a day and is not in the ledger yet.

    ``about`` is what it is about, such as "S-3X6KWD"; ``table`` and ``thing_id`` are the row that decided it. ``is_told`` says that the
    business knows: before that, no page of the business counts it.
    """

    business_id: UUID
    amount: Money
    decided_on: date
    about: str
    table: str
    thing_id: UUID
    is_told: bool


Promises = Callable[[Collection[UUID]], Sequence[Promised]]
"""What one room has decided for some businesses, by their ids."""


@remembered
def promised_to(business_ids: Collection[UUID]) -> list[Promised]:
    """What was decided for some businesses in all rooms above, the earliest day first."""
    declared: Sequence[Promises] = session().info.get(PROMISES, ())
    found = [each for promises in declared for each in promises(business_ids)]
    return sorted(found, key=lambda each: (each.decided_on, each.about, str(each.thing_id)))
