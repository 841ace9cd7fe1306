"""Whom a letter to a business goes to."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from crm.accounts.queries import people_at
from crm.businesses.queries.seeing import first_reader, people_by_business
from crm.notices.service import Reader


def readers_at(business_id: UUID) -> list[tuple[Reader, bool]]:
    """Everybody at a business with an account; where nobody has one, the first person there with an email address.

    Each with whether they have an account, and so can open the page that the letter speaks of. Nobody: an empty list.
    """
    return readers_by_business([business_id])[business_id]


def readers_by_business(business_ids: Collection[UUID]) -> dict[UUID, list[tuple[Reader, bool]]]:
    """The same of each of some businesses, in two queries, however many there are."""
    known = people_at(business_ids)
    others = people_by_business([each for each in business_ids if each not in known])
    found = {
        where: [(Reader(each.email, each.name, each.id), True) for each in own]
        for where, own in known.items()
    }
    for where in business_ids:
        if where not in known:
            to = first_reader(others.get(where, ()))
            found[where] = [(Reader(to["email"], to["name"]), False)] if to else []
    return found
