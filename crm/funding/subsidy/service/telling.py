"""Letters about a subsidy to everybody at its business who has an account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm.accounts.queries import people_of_business
from crm.funding.subsidy.models import Subsidy
from crm.kernel.calendar import day_in_words
from crm.notices import service as notices
from crm.notices.service import Extras, Reader


def tell_business(kind: str, found: Subsidy, *, name: str, facts: Mapping[str, Any] | None = None) -> int:
    """Queue a letter about a subsidy to each person of the business called ``name``, and return how many get it."""
    said: dict[str, Any] = {"business": name, "amount": found.amount.in_full(), "giver": found.giver}
    said |= {"purpose": found.purpose, "day": day_in_words(found.given_on), "path": f"/subsidies/{found.id}"}
    said |= facts or {}
    readers = people_of_business(found.business_id)
    for each, _ in readers:
        having = Extras(context=said, about=("subsidy", found.id))
        notices.queue(kind, Reader(each.email, each.name, each.id), having=having)
    return len(readers)
