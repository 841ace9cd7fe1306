"""Letters about pledges and investments: to an investor by reference alone, with no word of a pitch."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from crm.accounts.queries import account
from crm.angels.deals.models import Investment, Pledge
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.queries.people import people_told
from crm.angels.pitches.service.telling import tell_business
from crm.notices.service import Extras, Reader, queue


def tell_pledger(found: Pledge, kind: str, **more: Any) -> None:
    """A letter to an investor about their own pledge: by its reference, with no word of the pitch."""
    own = account(found.account_id)
    context = {"reference": found.reference, "amount": str(found.amount), "path": f"/pledges/{found.id}"}
    if own is not None:
        queue(kind, Reader(own.email, own.name, own.id), having=Extras(context | more))


def tell_raiser(found: Pitch, kind: str, **more: Any) -> None:
    """A letter to a business about pledges to its raise."""
    tell_business(found, kind, path=f"/raises/{found.id}/deals", **more)


def tell_both(
    found: Investment, kind: str, *, but: str = "", actor: UUID | str | None = None, **more: Any
) -> None:
    """A letter about an investment to the business and the investor, but not to the side that acted itself.

    Where ``actor`` is named, their colleagues at the business are told of what they did. ``papers`` of a tax relief are for the
    business to see to: the investor waits for the certificate.
    """
    path = f"/investments/{found.id}"
    told = {"reference": found.reference, "amount": str(found.amount), "path": path} | more
    if but != "company":
        tell_business(found.pitch, kind, **told)
    elif actor is not None:
        others = [each for each in people_told(found.pitch.business_id) if each.id != actor]
        tell_business(found.pitch, kind, people=others, **told)
    own = account(found.account_id) if found.account_id else None
    if own is not None and but != "investor":
        told |= {"business": found.pitch.business.name, "papers": ""}
        queue(kind, Reader(own.email, own.name, own.id), having=Extras(told))
