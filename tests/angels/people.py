"""What tests of the network do over and over: act as somebody as the gate knows them now, and read what was kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from crm.accounts.models import Account
from crm.accounts.queries import account, actor_of
from crm.angels.investors.queries.gate import facts_of
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.kernel.permissions import Actor
from crm.notices.models import Letter
from tests.cast import BUSINESS, OTHER_BUSINESS

__all__ = ["OTHER_BUSINESS", "acting", "letters", "own_business", "rows"]


def acting(holder: Account) -> Actor:
    """Somebody as they act now, with what the gate makes of them at this moment."""
    session().flush()
    session().expire_all()
    found = account(holder.id)
    assert found is not None
    actor = actor_of(found)
    return replace(actor, facts=facts_of(actor))


def own_business() -> Business:
    """The business of the founder of the cast."""
    found = business(BUSINESS)
    assert found is not None
    return found


def rows(kind: Any) -> list[Any]:
    """Every row of a table as it is stored now, whatever the session still holds of it."""
    return list(session().scalars(select(kind).execution_options(populate_existing=True)))


def letters(kind: str) -> list[Letter]:
    """What waits in the outbox of one kind."""
    return [each for each in rows(Letter) if each.kind == kind]
