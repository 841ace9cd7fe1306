"""Who does what with holdings: an investor sees their own, also after they left; a business its own; certificates no staff."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, true

from crm.angels.deals.models import Investment
from crm.angels.holdings.models import CompanyUpdate
from crm.angels.holdings.workflow import Act
from crm.angels.investors.policy import MANAGERS, READERS
from crm.angels.pitches.policy import is_of_their_business
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role, Scope


def is_their_holding(actor: Actor, thing: Any) -> bool:
    """if it is their own investment"""
    found = thing if isinstance(thing, Investment) else getattr(thing, "investment", None)
    return found is not None and found.account_id is not None and found.account_id == actor.account_id


def is_theirs_to_read(actor: Actor, thing: Any) -> bool:
    """if it is their own investment; not while someone views as them"""
    return actor.seen_by is None and is_their_holding(actor, thing)


POLICY = Policy(
    [
        rule(Act.PORTFOLIO, Role.ANGEL),
        rule(Act.EXTRACT, Role.ANGEL),
        rule(Act.VIEW, *READERS),
        rule(Act.VIEW, Role.ANGEL, when=is_their_holding),
        rule(Act.VIEW, Role.FOUNDER, when=is_of_their_business),
        rule(Act.LIST_PAPERS, *READERS),
        rule(Act.RECORD, Role.FOUNDER, when=is_of_their_business),
        rule(Act.CERTIFY, Role.FOUNDER, when=is_of_their_business),
        rule(Act.REMOVE, Role.FOUNDER, when=is_of_their_business),
        rule(Act.READ, Role.ANGEL, when=is_theirs_to_read),
        rule(Act.READ, Role.FOUNDER, when=is_of_their_business),
        rule(Act.LIST_UPDATES, *READERS, Role.FOUNDER),
        rule(Act.GIVE, Role.FOUNDER, when=is_of_their_business),
        rule(Act.CORRECT, Role.FOUNDER, when=is_of_their_business),
        rule(Act.REMIND, *MANAGERS),
    ],
    view=Act.VIEW,
    is_seen_through=True,
)


def updates_visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rules for VIEW again, as SQL over `CompanyUpdate`: what staff and businesses find in the list."""
    if actor.is_system or actor.has(*READERS):
        return true()
    if not actor.has(Role.FOUNDER):
        return false()
    own = [UUID(each) for each in actor.scoped_to(Scope.BUSINESS, Role.FOUNDER)]
    return CompanyUpdate.business_id.in_(own)
