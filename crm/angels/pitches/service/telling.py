"""Letters of the network. To a business nothing that names an investor, to an investor nothing of a pitch, before both agree."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crm.accounts.models import Account
from crm.accounts.queries import people_of_business
from crm.angels.pitches.models import Pitch
from crm.kernel.roles import Standing
from crm.notices.service import Extras, Reader, queue


def tell_business(found: Pitch, kind: str, **more: Any) -> None:
    """A letter to the owners of a business about its own pitch. Its business must be loaded."""
    context = {
        "business": found.business.name,
        "headline": found.headline,
        "path": f"/raises/{found.id}",
    } | more
    for account, grant in people_of_business(found.business_id):
        if grant.standing is Standing.OWNER:
            queue(kind, Reader(account.email, account.name, account.id), having=Extras(context))


def tell_readers(found: Pitch, readers: Iterable[Account]) -> None:
    """A letter to investors that a pitch they follow, or asked to meet, has changed. It names no pitch: the gate is asked as
    it goes, and the ledger says which it was.
    """
    shown = {"id": str(found.id), "number": str(found.number), "instrument": str(found.instrument)}
    context = {"search": "A pitch that changed", "path": "/pitches/following", "pitches": [shown]}
    for each in readers:
        queue("pitch_changed", Reader(each.email, each.name, each.id), having=Extras(context))
