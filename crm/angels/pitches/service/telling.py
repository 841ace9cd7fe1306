"""Letters of the network. To a business nothing that names an investor, to an investor nothing of a pitch, before both agree."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crm.accounts.models import Account
from crm.accounts.queries import account
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.queries.people import people_told
from crm.angels.pitches.queries.pitches import unanswered
from crm.notices.service import Extras, Reader, queue

ABOUT = {"pitch_changed": "A pitch that changed", "pitch_answered": "An answer to a question"}
"""What the ledger says was shown by each of these letters."""


def tell_business(found: Pitch, kind: str, *, people: Iterable[Account] | None = None, **more: Any) -> None:
    """A letter to a business about its own pitch: to these of its people, else to its owners. Its business must be loaded."""
    context = {
        "business": found.business.name,
        "headline": found.headline,
        "path": f"/raises/{found.id}",
    } | more
    for each in people_told(found.business_id) if people is None else people:
        queue(kind, Reader(each.email, each.name, each.id), having=Extras(context))


def tell_readers(found: Pitch, kind: str, *, readers: Iterable[Account]) -> None:
    """A letter to investors about a pitch that names no pitch: the gate is asked as it goes, and the ledger says which it was."""
    shown = {"id": str(found.id), "number": str(found.number), "instrument": str(found.instrument)}
    context = {"search": ABOUT[kind], "path": "/pitches/following", "pitches": [shown]}
    for each in readers:
        queue(kind, Reader(each.email, each.name, each.id), having=Extras(context))


def tell_unanswered(found: Pitch) -> None:
    """A letter to each investor whose question stays unanswered since the raise has ended. It says nothing of the pitch."""
    for each in unanswered(found.id):
        asker = account(each.account_id)
        if asker is not None:
            context = {"question": each.question, "path": "/pitches/following"}
            queue("question_closed", Reader(asker.email, asker.name, asker.id), having=Extras(context))
