"""Who may see and do what with a business, and the same said in SQL for lists."""

from __future__ import annotations

from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from crm.businesses.models import Business, BusinessShare
from crm.businesses.workflow import Act
from crm.kernel.clock import has_come, is_past, today
from crm.kernel.permissions import Actor, Apart, Policy, Rule, rule
from crm.kernel.roles import Role, Scope

HUB_ROLES = (Role.HUB_MANAGER, Role.ADVISER, Role.EXPORT_ADVISER)
SEE_ALL = (Role.ADMINISTRATOR, Role.AUDITOR)


def business_of(thing: Any) -> Business | None:
    """The business that something belongs to, or is; None where it belongs to none."""
    return thing if isinstance(thing, Business) else getattr(thing, "business", None)


STAKES = "businesses that they have a stake in"
"""The fact of an actor that names, by id, the businesses in which they have or had access, work, or an interest.

The wing that assesses tells it at every request, for everybody who reads scores or decides about money.
"""
OF_STAKE = (
    "You have or had access to this business, or an interest in it. "
    "Another person decides about its money, and reads its scores."
)
UNLESS_STAKE = "unless they have a stake in the business"


def _business_id_of(thing: Any) -> UUID | None:
    """The id of the business that something belongs to; where it is enough, without the business itself."""
    held = getattr(thing, "business_id", None)
    if held is None and (business := business_of(thing)) is not None:
        return business.id
    return held


def why_apart(actor: Actor, thing: Any) -> str:
    """Why somebody leaves what is about the money of a business to others: they have a stake in it; else empty."""
    stakes: frozenset[UUID] = actor.facts.get(STAKES, frozenset())
    return OF_STAKE if stakes and _business_id_of(thing) in stakes else ""


def left_to_others(*acts: StrEnum) -> Apart:
    """What nobody does as staff to a business that they have a stake in, nor to anything of it."""
    return Apart(frozenset(acts), why_apart, UNLESS_STAKE)


def is_cared_for(actor: Actor, thing: Any) -> bool:
    """if their hub cares for the business, or it is shared with their hub, or no hub cares for it yet"""
    business = business_of(thing)
    if business is None:
        return False
    hubs = business.hub_ids(on=today())
    return not hubs or any(actor.holds_for(hub_id, *HUB_ROLES) for hub_id in hubs)


def is_theirs(actor: Actor, thing: Any) -> bool:
    """if it is their own business"""
    business = business_of(thing)
    return business is not None and actor.holds_for(business.id, Role.FOUNDER)


def is_owned(actor: Actor, thing: Any) -> bool:
    """if they own the business"""
    business = business_of(thing)
    return business is not None and actor.owns(business.id)


def is_their_access(actor: Actor, thing: Any) -> bool:
    """if it is their own access, which they give up"""
    held = getattr(thing, "grant", None)
    return held is not None and held.account_id == actor.account_id


def _kept(act: Act, *further: Role) -> tuple[Any, ...]:
    """Staff who care for it may, and administrators."""
    return (
        rule(act, Role.ADMINISTRATOR),
        rule(act, Role.HUB_MANAGER, Role.ADVISER, Role.EXPORT_ADVISER, *further, when=is_cared_for),
    )


def by_carers(*acts: StrEnum) -> tuple[Rule, ...]:
    """What administrators do, and the hubs that care for the business."""
    return tuple(
        each
        for act in acts
        for each in (rule(act, Role.ADMINISTRATOR), rule(act, *HUB_ROLES, when=is_cared_for))
    )


def by_carers_and_founders(*acts: StrEnum) -> tuple[Rule, ...]:
    """The same, and what founders do for their own business."""
    return tuple(each for act in acts for each in (*by_carers(act), rule(act, Role.FOUNDER, when=is_theirs)))


POLICY = Policy(
    [
        rule(Act.LIST, *SEE_ALL, *HUB_ROLES),
        rule(Act.VIEW, *SEE_ALL),
        rule(Act.VIEW, *HUB_ROLES, when=is_cared_for),
        rule(Act.VIEW, Role.FOUNDER, when=is_theirs),
        rule(Act.VIEW_OWN, Role.FOUNDER),
        rule(Act.EXTRACT, *SEE_ALL, Role.HUB_MANAGER),
        rule(Act.ADD, Role.ADMINISTRATOR, *HUB_ROLES),
        rule(Act.IMPORT, Role.ADMINISTRATOR),
        *_kept(Act.EDIT),
        rule(Act.EDIT, Role.FOUNDER, when=is_theirs),
        *_kept(Act.OVERRIDE_PLACE),
        *_kept(Act.LOOK_UP),
        rule(Act.SHARE, Role.ADMINISTRATOR),
        rule(Act.SHARE, Role.HUB_MANAGER, Role.ADVISER, when=is_cared_for),
        rule(Act.ARCHIVE, Role.ADMINISTRATOR),
        rule(Act.ARCHIVE, Role.HUB_MANAGER, when=is_cared_for),
        rule(Act.RESTORE, Role.ADMINISTRATOR),
        rule(Act.RESTORE, Role.HUB_MANAGER, when=is_cared_for),
        *_kept(Act.RECORD_FIGURES),
        rule(Act.RECORD_FIGURES, Role.FOUNDER, when=is_theirs),
        *_kept(Act.ADD_PERSON),
        rule(Act.ADD_PERSON, Role.FOUNDER, when=is_theirs),
        *_kept(Act.CORRECT_PERSON),
        rule(Act.CORRECT_PERSON, Role.FOUNDER, when=is_theirs),
        *_kept(Act.REMOVE_PERSON),
        rule(Act.REMOVE_PERSON, Role.FOUNDER, when=is_theirs),
        *_kept(Act.CONSENT),
        rule(Act.CONSENT, Role.FOUNDER, when=is_owned),
        *_kept(Act.WITHDRAW_CONSENT),
        rule(Act.WITHDRAW_CONSENT, Role.FOUNDER, when=is_theirs),
        *_kept(Act.CONNECT),
        *_kept(Act.DISCONNECT),
        *_kept(Act.CLAIM),
        *_kept(Act.CONFIRM_CLAIM),
        *_kept(Act.REFUSE_CLAIM),
        *_kept(Act.INVITE_COLLEAGUE),
        rule(Act.INVITE_COLLEAGUE, Role.FOUNDER, when=is_owned),
        *_kept(Act.WITHDRAW_INVITATION),
        rule(Act.WITHDRAW_INVITATION, Role.FOUNDER, when=is_owned),
        rule(Act.JOIN_BUSINESS, Role.ANYONE),
        rule(Act.DECLINE_TO_JOIN, Role.ANYONE),
        *_kept(Act.REMOVE_COLLEAGUE),
        rule(Act.REMOVE_COLLEAGUE, Role.FOUNDER, when=is_owned),
        rule(Act.REMOVE_COLLEAGUE, Role.FOUNDER, when=is_their_access),
        *_kept(Act.RESTORE_COLLEAGUE),
        rule(Act.RESTORE_COLLEAGUE, Role.FOUNDER, when=is_owned),
        *_kept(Act.CHANGE_COLLEAGUE),
        rule(Act.CHANGE_COLLEAGUE, Role.FOUNDER, when=is_owned),
    ],
    view=Act.VIEW,
)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rules for VIEW again, as SQL over `Business`: what a list, a count or an extract may hold."""
    if actor.is_system or actor.has(*SEE_ALL) or _is_everywhere(actor):
        return true()
    ways: list[ColumnElement[bool]] = []
    hubs = [UUID(hub_id) for hub_id in actor.scoped_to(Scope.HUB, *HUB_ROLES)]
    if hubs:
        ways += [Business.hub_id.in_(hubs), _is_shared_with(hubs), _is_nobodys()]
    own = [UUID(business_id) for business_id in actor.scoped_to(Scope.BUSINESS, Role.FOUNDER)]
    if own:
        ways.append(Business.id.in_(own))
    return or_(*ways) if ways else false()


def whose(actor: Actor) -> str:
    """Of whom a count over `visible_to` speaks, in words: a page of figures says it beside them."""
    if actor.is_system or actor.has(*SEE_ALL) or _is_everywhere(actor):
        return "the businesses of every hub"
    return "the businesses of your hub, those shared with it, and those that no hub looks after yet"


def _is_everywhere(actor: Actor) -> bool:
    return any(grant.role in HUB_ROLES and grant.scope is Scope.EVERYWHERE for grant in actor.grants)


def _holding() -> ColumnElement[bool]:
    share, day = BusinessShare, today()
    return and_(
        has_come(share.valid_from, on=day), or_(share.valid_to.is_(None), ~is_past(share.valid_to, on=day))
    )


def _is_shared_with(hubs: list[UUID]) -> ColumnElement[bool]:
    shared = select(BusinessShare.business_id).where(BusinessShare.hub_id.in_(hubs), _holding())
    return Business.id.in_(shared)


def _is_nobodys() -> ColumnElement[bool]:
    """Cared for by no hub: so that nobody who asked is overlooked."""
    anybody = select(BusinessShare.id).where(BusinessShare.business_id == Business.id, _holding())
    return and_(Business.hub_id.is_(None), ~anybody.exists())
