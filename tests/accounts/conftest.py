"""A colleague of the cast's adviser."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from crm.accounts.models import Account
from crm.kernel.roles import Role, Scope
from tests import factories
from tests.cast import Cast


@pytest.fixture
def colleague(cast: Cast, db: Session) -> Account:
    """An adviser of the same hub."""
    made = factories.account(name="Col League")
    (held,) = cast.adviser.account.grants
    factories.grant(made, Role.ADVISER, scope=Scope.HUB, scope_id=held.scope_id)
    return made
