"""What deals add to the page of a pitch night that was held."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm.angels.deals.queries.nights import came_of
from crm.angels.events.models import PitchNight
from crm.angels.investors.policy import READERS
from crm.angels.investors.rules.labels import INSTRUMENTS
from crm.kernel.permissions import Actor


def load_came_of(actor: Actor, found: PitchNight) -> Mapping[str, Any] | None:
    """The pledges and investments that came of a night, for the network's staff."""
    rows = came_of(found) if actor.has(*READERS) else []
    return {"rows": rows, "instruments": INSTRUMENTS} if rows else None
