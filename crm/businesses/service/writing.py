"""Whom a letter to a business goes to."""

from __future__ import annotations

from uuid import UUID

from crm.accounts.queries import people_of_business
from crm.businesses.queries.seeing import first_reader, people_of
from crm.notices.service import Reader


def readers_at(business_id: UUID) -> list[tuple[Reader, bool]]:
    """Everybody at a business with an account; where nobody has one, the first person there with an email address.

    Each with whether they have an account, and so can open the page that the letter speaks of. Nobody: an empty list.
    """
    own = [account for account, _ in people_of_business(business_id)]
    if own:
        return [(Reader(each.email, each.name, each.id), True) for each in own]
    to = first_reader(people_of(business_id))
    return [(Reader(to["email"], to["name"]), False)] if to else []
