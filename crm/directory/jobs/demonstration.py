"""The demonstration's provider: an invented person at an invented provider."""

from __future__ import annotations

from crm.accounts.queries import account, account_of
from crm.accounts.service.administering import GrantWanted, grant
from crm.directory.queries import provider_of
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role, Scope

PEOPLE = {
    "provider@demo.example": "trade_adviser_demo",
    "provider.two@demo.example": "csu_demo",
    "provider.three@demo.example": "cian_demo",
}
"""The demo's providers, each by a service of theirs, which is as invented as they are."""


def load_demo() -> dict[str, int]:
    """Let each of the demo's providers hold the role for the provider of an invented service, once."""
    return {"demo providers": sum(_let_in(email, service_id) for email, service_id in PEOPLE.items())}


def _let_in(email: str, service_id: str) -> bool:
    found, owner = account_of(email), provider_of(service_id)
    person = account(found.id) if found else None
    if person is None or owner is None or person.grants:
        return False
    wanted = GrantWanted(Role.PROVIDER, today(), scope=Scope.PROVIDER, scope_id=str(owner.id))
    grant(person, wanted, by=SYSTEM)
    return True
