"""Letters to investors about their requests: by reference alone, with no word of the pitch."""

from __future__ import annotations

from typing import Any

from crm.angels.introductions import queries
from crm.angels.introductions.models import Introduction
from crm.angels.investors.rules.gate import Closed
from crm.angels.investors.rules.labels import CLOSED, REMEDIES
from crm.angels.pitches.service.telling import tell_business
from crm.notices.service import Extras, Reader, call_back, queue

WITHDRAWN = "The investor withdrew the request before this letter was sent"


def tell_investor(found: Introduction, kind: str, **more: Any) -> None:
    """A letter to an investor about their own request: by its reference, with no word of the pitch."""
    met = queries.earlier_meeting(found.account_id, found.pitch.business_id) is not None
    context = {"reference": found.reference, "path": f"/introductions/{found.id}", "met": met} | more
    reader = Reader(found.account.email, found.account.name, found.account.id)
    queue(kind, reader, having=Extras(context))


def named_in(found: Introduction) -> dict[str, Any]:
    """How a letter to a business says which of several requests it is about, and where it is."""
    return {"reference": found.reference, "path": f"/introductions/{found.id}"}


def said_of(held: Closed | None) -> dict[str, str]:
    """Why an introduction is on hold, and what the investor can do about it, for a letter."""
    return {"why": CLOSED[held] if held else "", "remedy": REMEDIES[held] if held else ""}


def tell_of_withdrawal(found: Introduction) -> None:
    """A letter to those at the business who were told of a request, that its investor has withdrawn it.

    Whoever has not been told yet gets no letter at all: the first is cancelled.
    """
    people, path = queries.told_of(found), f"/introductions/{found.id}"
    ids = [each.id for each in people]
    untold = call_back("introduction_requested", path=path, to=ids, reason=WITHDRAWN)
    told = [each for each in people if each.id not in untold]
    tell_business(found.pitch, "introduction_withdrawn", people=told, **named_in(found))
