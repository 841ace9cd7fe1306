"""Who asked in vain for a need in a district, for those who may see the businesses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from crm.businesses.models import Business
from crm.businesses.policy import visible_to
from crm.coverage.queries.counting import every_vain
from crm.coverage.queries.mapping import Cell
from crm.coverage.rules.gaps import HOW, How
from crm.db.session import session
from crm.kernel.permissions import Actor

MOST_SHOWN = 200


@dataclass(frozen=True)
class AskedHere:
    """The businesses of a district that asked in vain, with how that is known; ``unseen`` is how many more the reader may not see."""

    rows: Sequence[tuple[Business, tuple[str, ...]]]
    unseen: int

    @property
    def businesses(self) -> int:
        """How many there are in all."""
        return len(self.rows) + self.unseen


def asked_here(found: Cell, actor: Actor) -> AskedHere:
    """Who asked in vain for the need of a cell, by name."""
    hows: dict[object, set[How]] = {}
    for each in every_vain(found.outcode):
        if each.need == found.need:
            hows.setdefault(each.owner_id, set()).add(each.how)
    query = select(Business).where(Business.id.in_(list(hows)), visible_to(actor)).order_by(Business.name)
    seen = session().scalars(query.limit(MOST_SHOWN)).all() if hows else []
    rows = [(each, tuple(words for how, words in HOW.items() if how in hows[each.id])) for each in seen]
    return AskedHere(rows, len(hows) - len(rows))
