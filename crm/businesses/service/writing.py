"""Whom a letter to a business goes to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from crm.accounts.models import Account
from crm.accounts.queries import account, account_of, people_at
from crm.businesses.models import Business, Person
from crm.businesses.queries.seeing import first_reader, people_by_business
from crm.kernel.calendar import day_in_words
from crm.kernel.emails import mailbox
from crm.kernel.permissions import Actor
from crm.notices.service import Extras, Reader, queue


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


def owner_reader(of_ours: Account | None, person: Person | None) -> Reader | None:
    """Who is written to about what a colleague of ours, or a person at a business, is to do; None without an email address."""
    if of_ours is not None:
        return Reader(of_ours.email, of_ours.name, of_ours.id)
    return Reader(person.email, person.name) if person and person.email and not person.left_on else None


def tell_owner(
    owner: Reader | None, title: str, *, business: Business, due_on: date, path: str, by: Actor
) -> None:
    """A letter to whom somebody else gave something to do: what it is, by when, and where to change it."""
    giver = account(by.account_id) if by.account_id else None
    if owner is None or (giver and mailbox(giver.email) == mailbox(owner.address)):
        return
    context: dict[str, Any] = {"title": title, "business_name": business.name, "day": day_in_words(due_on)}
    context |= {"by_name": by.name, "is_known": _has_account(owner), "path": path}
    queue("task_given", owner, having=Extras(context))


def whom_to_tell(owner: Reader, business_id: UUID) -> dict[str, Any]:
    """What a letter says to whoever has something to do: with an account, its page; else who has one there."""
    if _has_account(owner):
        return {"is_known": True, "whom": ""}
    named = people_at([business_id]).get(business_id, ())
    return {"is_known": False, "whom": named[0].name if named else ""}


def _has_account(owner: Reader) -> bool:
    return bool(owner.account_id or account_of(owner.address.lower()))
