"""Letters about a subsidy to everybody at its business who has an account; where nobody has one, to its contacts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from crm.accounts.queries import people_of_business
from crm.businesses.models import Person
from crm.db.session import session
from crm.funding.subsidy.models import Subsidy
from crm.kernel.calendar import day_in_words
from crm.notices import service as notices
from crm.notices.service import Extras, Reader


def readers_of(business_id: UUID) -> list[Reader]:
    """Who gets letters about the subsidies of a business: who has an account; where nobody has one, who is on its record with an email
    address, and answers by reply. Nobody, where there is no such person: then the paper is sent by hand.
    """
    own = [Reader(each.email, each.name, each.id) for each, _ in people_of_business(business_id)]
    return own or [Reader(each.email, each.name) for each in contacts_of(business_id) if each.email]


def contacts_of(business_id: UUID) -> list[Person]:
    """The people on the record of a business now, by name."""
    query = select(Person).where(Person.business_id == business_id, Person.left_on.is_(None))
    return list(session().scalars(query.order_by(Person.name, Person.id)))


def tell_business(kind: str, found: Subsidy, *, name: str, facts: Mapping[str, Any] | None = None) -> int:
    """Queue a letter about a subsidy to each reader at the business called ``name``, and return how many get it."""
    said: dict[str, Any] = {"business": name, "amount": found.amount.in_full(), "giver": found.giver}
    said |= {"purpose": found.purpose, "day": day_in_words(found.given_on), "path": f"/subsidies/{found.id}"}
    said |= facts or {}
    readers = readers_of(found.business_id)
    for each in readers:
        context = said | {"by_reply": each.account_id is None}
        notices.queue(kind, each, having=Extras(context=context, about=("subsidy", found.id)))
    return len(readers)
