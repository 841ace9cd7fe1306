"""Who says who leads the work with a business, and who gives businesses tags."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, true

from crm.accounts.workflow import AccountStatus
from crm.businesses.models import Business
from crm.businesses.policy import HUB_ROLES, SEE_ALL, by_carers, is_cared_for, is_theirs
from crm.caseload.models import Lead, Tag
from crm.caseload.rules import can_lead
from crm.caseload.workflow import Act
from crm.kernel.clock import today
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role, Scope


@dataclass(frozen=True)
class Led:
    """A business with the person who leads it, as the rules see it. The lead's account comes with its grants."""

    business: Business
    lead: Lead | None

    @property
    def is_led(self) -> bool:
        """Whether the lead adviser can still work with the business: they are here, and their hub looks after it."""
        return self.lead is not None and is_able(self.lead.account, self.business)


def is_able(account: Any, business: Business) -> bool:
    """Whether a person, whose grants must be loaded, can lead a business today."""
    if account.status is not AccountStatus.ACTIVE:
        return False
    grants = [each.as_grant() for each in account.grants]
    return can_lead(grants, business.hub_ids(on=today()), roles=HUB_ROLES, on=today())


def leads_it(actor: Actor, thing: Any) -> bool:
    """if they lead it themselves"""
    lead = getattr(thing, "lead", None)
    return lead is not None and lead.account_id == actor.account_id and is_cared_for(actor, thing)


def is_tag_of_their_hub(actor: Actor, thing: Any) -> bool:
    """if it is a tag of their hub"""
    return isinstance(thing, Tag) and actor.holds_for(thing.hub_id, *HUB_ROLES)


POLICY = Policy(
    [
        rule(Act.VIEW, *SEE_ALL),
        rule(Act.VIEW, *HUB_ROLES, when=is_cared_for),
        rule(Act.VIEW, *HUB_ROLES, when=is_tag_of_their_hub),
        rule(Act.VIEW, Role.FOUNDER, when=is_theirs),
        rule(Act.TAKE_LEAD, *HUB_ROLES, when=is_cared_for),
        rule(Act.ASSIGN_LEAD, Role.ADMINISTRATOR),
        rule(Act.ASSIGN_LEAD, Role.HUB_MANAGER, when=is_cared_for),
        rule(Act.ASSIGN_LEAD, Role.ADVISER, Role.EXPORT_ADVISER, when=leads_it),
        rule(Act.END_LEAD, Role.ADMINISTRATOR),
        rule(Act.END_LEAD, Role.HUB_MANAGER, when=is_cared_for),
        rule(Act.END_LEAD, Role.ADVISER, Role.EXPORT_ADVISER, when=leads_it),
        rule(Act.LIST_TAGS, *SEE_ALL, *HUB_ROLES),
        *by_carers(Act.CHANGE_TAGS),
        rule(Act.RENAME_TAG, Role.ADMINISTRATOR),
        rule(Act.RENAME_TAG, Role.HUB_MANAGER, when=is_tag_of_their_hub),
        rule(Act.MERGE_TAG, Role.ADMINISTRATOR),
        rule(Act.MERGE_TAG, Role.HUB_MANAGER, when=is_tag_of_their_hub),
    ],
    view=Act.VIEW,
)


def tags_visible_to(actor: Actor) -> ColumnElement[bool]:
    """The tags that staff see, as SQL over `Tag`: those of their hubs; who works for every hub, or sees all, sees all."""
    if actor.is_system or actor.has(*SEE_ALL):
        return true()
    if any(each.role in HUB_ROLES and each.scope is Scope.EVERYWHERE for each in actor.grants):
        return true()
    return Tag.hub_id.in_([UUID(each) for each in actor.scoped_to(Scope.HUB, *HUB_ROLES)])
