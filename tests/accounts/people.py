"""Accounts made as a test needs them, with the roles they hold."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from crm.accounts import queries
from crm.accounts.models import Account, RoleGrant
from crm.accounts.rules import hasher
from crm.accounts.workflow import AccountStatus
from crm.db.session import session
from crm.kernel.clock import now
from crm.kernel.permissions import Actor
from crm.kernel.roles import Role, Scope, Standing

PASSWORD = "lantern gravel otter seventeen"
SINCE = date(2026, 1, 1)
_number = count(1)


def person(
    *roles: Role,
    name: str = "",
    email: str = "",
    password: str | None = None,
    status: AccountStatus = AccountStatus.ACTIVE,
) -> Account:
    """An account in the session of the test, with its grants loaded, all since 1 January 2026."""
    number = next(_number)
    made = Account(
        email=email or f"person{number}@people.example",
        name=name or f"Person {number}",
        created_at=now(),
        password_hash=hasher("cheap").hash(password) if password else None,
        _status=status,
    )
    session().add(made)
    session().flush()
    for role in roles:
        give(made, role)
    return again(made)


def give(account: Account, role: Role, **fields: Any) -> RoleGrant:
    """A grant put straight into the table."""
    given = {"scope": Scope.EVERYWHERE, "scope_id": None, "valid_from": SINCE, "valid_to": None} | fields
    if role is Role.FOUNDER:
        given.setdefault("standing", Standing.OWNER)
    made = RoleGrant(account_id=account.id, role=role, granted_at=now(), **given)
    session().add(made)
    session().flush()
    return made


def again(account: Account) -> Account:
    """The account as the next request would load it."""
    session().flush()
    session().expire_all()
    found = queries.account(account.id)
    assert found is not None
    return found


def actor(*roles: Role, **fields: Any) -> Actor:
    """Somebody with these roles, ready to act."""
    return queries.actor_of(person(*roles, **fields))


def acting(account: Account) -> Actor:
    """This account as it acts now."""
    return queries.actor_of(again(account))
