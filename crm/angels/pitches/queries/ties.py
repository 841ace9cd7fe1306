"""The ties between a person and a business: with one, they neither screen its pitch nor are introduced to it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Row, or_, select

from crm.accounts.models import Account
from crm.accounts.queries import people_of_business
from crm.businesses.models import Connection, Person
from crm.businesses.workflow import ConnectionKind
from crm.db.session import session
from crm.db.types import in_small_letters
from crm.kernel.clock import has_come, is_past

MOST = 1_000


def tie_between(
    account: Account, business_id: UUID, *, on: date, but: Collection[ConnectionKind] = ()
) -> str | None:
    """The tie of an account to a business, in words: its account holder, a connection, or one of its people; or None."""
    return ties_between([account], business_id, on=on, but=but).get(account.id)


def tie_of_investor(account: Account, business_id: UUID, *, on: date) -> str | None:
    """The tie that keeps an investor from a business's raise. To have been introduced, or to have invested, is none."""
    return tie_between(account, business_id, on=on, but=(ConnectionKind.INVESTOR,))


def ties_between(
    accounts: Collection[Account], business_id: UUID, *, on: date, but: Collection[ConnectionKind] = ()
) -> dict[UUID, str]:
    """The tie of each of several accounts that has one, by account, in three questions however many they are.

    A connection is looked for by account and by name: directors are known by name from Companies House.
    Connections of the kinds in ``but`` are no tie.
    """
    if not accounts:
        return {}
    staff, connections = _staff_of(accounts, business_id), _connections_of(accounts, business_id, on=on)
    holders = {held.account_id for _, held in people_of_business(business_id)}
    ties = {}
    for each in accounts:
        kind = next(
            (
                kind
                for who, name, kind in connections
                if kind not in but and (who == each.id or name == _lowered(each))
            ),
            None,
        )
        if each.id in holders:
            ties[each.id] = "an account holder of the business"
        elif kind:
            ties[each.id] = f"{kind.value.replace('_', ' ')} of the business"
        elif any(who == each.id or email == each.email for who, email in staff):
            ties[each.id] = "a member of the business’s staff"
    return ties


def _lowered(account: Account) -> str:
    return account.name.lower()


def _connections_of(
    accounts: Collection[Account], business_id: UUID, *, on: date
) -> Sequence[Row[UUID | None, str, ConnectionKind]]:
    """The connections of any of the accounts that hold on a day, the oldest first: account, name in small letters, kind."""
    name = in_small_letters(Connection.who)
    held = select(Connection.account_id, name, Connection.kind).where(
        Connection.business_id == business_id,
        or_(
            Connection.account_id.in_([each.id for each in accounts]),
            name.in_([_lowered(each) for each in accounts]),
        ),
        has_come(Connection.valid_from, on=on),
        or_(Connection.valid_to.is_(None), ~is_past(Connection.valid_to, on=on)),
    )
    return session().execute(held.order_by(Connection.valid_from, Connection.id).limit(MOST)).all()


def _staff_of(accounts: Collection[Account], business_id: UUID) -> Sequence[Row[UUID | None, str | None]]:
    """The people of a business who are any of the accounts, and have not left: account and email address."""
    works = select(Person.account_id, Person.email).where(
        Person.business_id == business_id,
        or_(
            Person.account_id.in_([each.id for each in accounts]),
            Person.email.in_([each.email for each in accounts]),
        ),
        Person.left_on.is_(None),
    )
    return session().execute(works.order_by(Person.id).limit(MOST)).all()
