"""The roles people hold, what each may be scoped to, and who may grant it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from crm.kernel.clock import has_come, is_past


class Role(StrEnum):
    """What somebody is here as. ``ANYONE`` is every visitor; ``SIGNED_IN`` is everyone with a session.

    ``KEY_HOLDER`` is whoever opened a link to one thing that was sent to them, with an account or without.
    """

    ANYONE = "anyone"
    SIGNED_IN = "signed_in"
    KEY_HOLDER = "key_holder"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    FUNDER = "funder"
    HUB_MANAGER = "hub_manager"
    ADVISER = "adviser"
    EXPORT_ADVISER = "export_adviser"
    TEST_BED_MANAGER = "test_bed_manager"
    PROGRAMME_MANAGER = "programme_manager"
    LEAD_ASSESSOR = "lead_assessor"
    ASSESSOR = "assessor"
    APPROVER = "approver"
    FINANCE_OFFICER = "finance_officer"
    NETWORK_MANAGER = "network_manager"
    ANGEL = "angel"
    FOUNDER = "founder"
    PROVIDER = "provider"

    @property
    def label(self) -> str:
        """The role as it is said, such as "hub manager"."""
        return _SAID.get(self.value) or self.value.replace("_", " ")


_SAID = {
    "signed_in": "signed in",
    "key_holder": "whoever was sent a link to it",
    "test_bed_manager": "test-bed manager",
}


ROLES_IN_WORDS = {each.value: each.label for each in Role}


class Scope(StrEnum):
    """What a grant can be limited to; ``EVERYWHERE`` is the whole service."""

    EVERYWHERE = "everywhere"
    HUB = "hub"
    ROUND = "round"
    BUSINESS = "business"
    PROVIDER = "provider"
    PROGRAMME = "programme"


IMPLIED = frozenset({Role.ANYONE, Role.SIGNED_IN})
GRANTABLE = tuple(role for role in Role if role not in IMPLIED | {Role.KEY_HOLDER})
OUTSIDERS = frozenset({Role.ANGEL, Role.FOUNDER, Role.PROVIDER})
STAFF = frozenset(GRANTABLE) - OUTSIDERS

# Which scopes make sense for a role. The first is what the form offers first.
SCOPES: dict[Role, tuple[Scope, ...]] = {
    Role.ADMINISTRATOR: (Scope.EVERYWHERE,),
    Role.AUDITOR: (Scope.EVERYWHERE,),
    Role.FUNDER: (Scope.PROGRAMME, Scope.EVERYWHERE),
    Role.HUB_MANAGER: (Scope.HUB,),
    Role.ADVISER: (Scope.HUB,),
    Role.EXPORT_ADVISER: (Scope.HUB, Scope.EVERYWHERE),
    Role.TEST_BED_MANAGER: (Scope.EVERYWHERE,),
    Role.PROGRAMME_MANAGER: (Scope.PROGRAMME, Scope.EVERYWHERE),
    Role.LEAD_ASSESSOR: (Scope.ROUND, Scope.EVERYWHERE),
    Role.ASSESSOR: (Scope.ROUND, Scope.EVERYWHERE),
    Role.APPROVER: (Scope.PROGRAMME, Scope.EVERYWHERE),
    Role.FINANCE_OFFICER: (Scope.PROGRAMME, Scope.EVERYWHERE),
    Role.NETWORK_MANAGER: (Scope.EVERYWHERE,),
    Role.ANGEL: (Scope.EVERYWHERE,),
    Role.FOUNDER: (Scope.BUSINESS,),
    Role.PROVIDER: (Scope.PROVIDER,),
}


class Standing(StrEnum):
    """How a founder stands at their business: an owner also says who else is let in."""

    OWNER = "owner"
    CONTRIBUTOR = "contributor"


@dataclass(frozen=True)
class Grant:
    """One role held by one account, for a scope, from a first day to a last day (both included).

    ``ended_on`` is the day on which it was ended early.
    """

    role: Role
    scope: Scope = Scope.EVERYWHERE
    scope_id: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    standing: Standing | None = None
    ended_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the grant is in force on ``day``; its first and last day both count."""
        begun = self.valid_from is None or has_come(self.valid_from, on=day)
        return begun and not self.is_over(on=day)

    def is_over(self, *, on: date) -> bool:
        """Whether its last day is past, or it was ended: a role that is ended does not hold on that day either."""
        is_ended = self.ended_on is not None and has_come(self.ended_on, on=on)
        return is_ended or (self.valid_to is not None and is_past(self.valid_to, on=on))


@dataclass(frozen=True)
class RoleWanted:
    """A role that somebody is about to hold, and for what."""

    role: Role
    scope: Scope = Scope.EVERYWHERE
    scope_id: str | None = None
