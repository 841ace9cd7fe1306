"""The demonstration's provider: an invented person at an invented provider."""

from __future__ import annotations

from crm.accounts.queries import account, account_of, acting
from crm.accounts.service.administering import GrantWanted, grant
from crm.directory.queries import provider_of, service
from crm.directory.service.checking import look_after
from crm.directory.service.reporting import Told, report_wrong, settle
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM, VISITOR
from crm.kernel.roles import Role, Scope
from crm.throttles.rules import Source

PEOPLE = {
    "provider@demo.example": "trade_adviser_demo",
    "provider.two@demo.example": "csu_demo",
    "provider.three@demo.example": "cian_demo",
}
"""The demo's providers, each by a service of theirs, which is as invented as they are."""


KEEPER = "adviser@demo.example"
REPORTED = {
    "bgwm": "The telephone number on your page is not answered any more",
    "cwgh": "They have moved to another building",
}
"""What invented readers report, by the service; the last is dealt with."""


def load_demo() -> dict[str, int]:
    """Let each of the demo's providers hold the role for the provider of an invented service, once."""
    let_in = sum(_let_in(email, service_id) for email, service_id in PEOPLE.items())
    return {"demo providers": let_in, "demo reports": _report()}


def _report() -> int:
    """Services that an adviser looks after, a report that waits and one that was dealt with, once."""
    adviser = account_of(KEEPER)
    found = [each for each in map(service, REPORTED) if each is not None]
    if adviser is None or len(found) < len(REPORTED) or found[0].owner_id is not None:
        return 0
    look_after([each.id for each in found], adviser.id, by=SYSTEM)
    source = Source("192.0.2.7", "invented")
    made = [
        report_wrong(each, Told(words, name="Otis Marlowe (invented)"), source=source, by=VISITOR)
        for each, words in zip(found, REPORTED.values(), strict=True)
    ]
    settle(made[-1], "Rang them: it has moved, and the entry now says where", by=acting(KEEPER))
    return len(made)


def _let_in(email: str, service_id: str) -> bool:
    found, owner = account_of(email), provider_of(service_id)
    person = account(found.id) if found else None
    if person is None or owner is None or person.grants:
        return False
    wanted = GrantWanted(Role.PROVIDER, today(), scope=Scope.PROVIDER, scope_id=str(owner.id))
    grant(person, wanted, by=SYSTEM)
    return True
