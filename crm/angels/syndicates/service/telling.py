"""Letters about syndicates: to an investor by reference alone, with no word of the raise; to a business by name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crm.accounts.models import Account
from crm.accounts.queries import account
from crm.angels.pitches.service.telling import tell_business
from crm.angels.syndicates.models import Syndicate
from crm.notices.service import Extras, Reader, queue


def path_of(found: Syndicate) -> str:
    """Where everything about a syndicate is read."""
    return f"/syndicates/{found.id}"


def tell_investor(found: Syndicate, kind: str, *, to: Account | None, **more: Any) -> None:
    """A letter to one investor about a syndicate: by its reference."""
    if to is not None:
        context = {"reference": found.reference, "path": path_of(found)} | more
        queue(kind, Reader(to.email, to.name, to.id), having=Extras(context))


def tell_owner(found: Syndicate, kind: str, **more: Any) -> None:
    """A letter to the business that raises the money."""
    tell_business(found.pitch, kind, path=path_of(found), reference=found.reference, **more)


def tell_lead(found: Syndicate, kind: str, **more: Any) -> None:
    """A letter to who leads a syndicate now, if anyone does."""
    lead = found.lead
    if lead is not None:
        tell_investor(found, kind, to=account(lead.account_id), **more)


def tell_all(found: Syndicate, kind: str, *, to: Iterable[Account], **more: Any) -> None:
    """A letter to several investors."""
    for each in to:
        tell_investor(found, kind, to=each, **more)
