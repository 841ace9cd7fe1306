"""Letters about holdings: to a business about its papers and updates, to investors about what they hold."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crm.accounts.models import Account
from crm.angels.pitches.queries.people import people_told
from crm.businesses.models import Business
from crm.notices.service import Extras, Reader, queue


def tell_business(found: Business, kind: str, *, path: str, **more: Any) -> None:
    """A letter to the owners of a business that leads to one of its pages."""
    for each in people_told(found.id):
        context = {"business": found.name, "path": path} | more
        queue(kind, Reader(each.email, each.name, each.id), having=Extras(context))


def tell_investors(readers: Iterable[Account], kind: str, *, path: str, **more: Any) -> None:
    """A letter to investors about what they hold."""
    for each in readers:
        queue(kind, Reader(each.email, each.name, each.id), having=Extras({"path": path} | more))
