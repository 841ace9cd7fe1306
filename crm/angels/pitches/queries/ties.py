"""The ties between a person and a business: with one, they neither screen its pitch nor are introduced to it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from crm.accounts.models import Account
from crm.accounts.queries import live_grant_at
from crm.businesses.models import Connection, Person
from crm.db.session import session
from crm.db.types import in_small_letters


def tie_between(account: Account, business_id: UUID, *, on: date) -> str | None:
    """The tie of an account to a business, in words: its account holder, a connection, or one of its people; or None.

    A connection is looked for by account and by name: directors are known by name from Companies House.
    """
    if live_grant_at(account.id, business_id) is not None:
        return "an account holder of the business"
    held = select(Connection.kind).where(
        Connection.business_id == business_id,
        or_(Connection.account_id == account.id, in_small_letters(Connection.who) == account.name.lower()),
        Connection.valid_from <= on,
        or_(Connection.valid_to.is_(None), Connection.valid_to >= on),
    )
    kind = session().scalar(held.order_by(Connection.valid_from).limit(1))
    if kind is not None:
        return f"{kind.value.replace('_', ' ')} of the business"
    works = select(Person.id).where(
        Person.business_id == business_id,
        or_(Person.account_id == account.id, Person.email == account.email),
        Person.left_on.is_(None),
    )
    return "a member of the business’s staff" if session().scalar(works.limit(1)) else None
