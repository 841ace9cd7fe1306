"""The demonstration's provider: an invented person at an invented provider."""

from __future__ import annotations

from crm.accounts.queries import account, account_of
from crm.accounts.service.administering import GrantWanted, grant
from crm.directory.queries import provider_of
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role, Scope

PERSON, SERVICE = "provider@demo.example", "trade_adviser_demo"


def load_demo() -> dict[str, int]:
    """Let the demo's provider hold the role for the provider of the invented trade adviser, once."""
    found, owner = account_of(PERSON), provider_of(SERVICE)
    person = account(found.id) if found else None
    if person is None or owner is None or person.grants:
        return {"demo provider": 0}
    wanted = GrantWanted(Role.PROVIDER, today(), scope=Scope.PROVIDER, scope_id=str(owner.id))
    grant(person, wanted, by=SYSTEM)
    return {"demo provider": 1}
