"""Who may see and do what with a referral, and the same said in SQL for lists."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from crm.businesses.models import Business
from crm.businesses.policy import HUB_ROLES, SEE_ALL, by_carers, is_cared_for, is_theirs
from crm.businesses.policy import visible_to as businesses_visible_to
from crm.casework.queries import team_hub_of
from crm.directory.models import Service
from crm.kernel.clock import today
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role, Scope
from crm.referrals.models import Referral
from crm.referrals.workflow import Act, ReferralStatus

COLUMNS = Referral.__table__.c
REFERRERS = (*HUB_ROLES, Role.TEST_BED_MANAGER)
IN_PROJECTS = "businesses_in_projects"
"""The fact of an actor: the ids of the businesses that take part in a test-bed project that they run."""
"""Those who refer businesses; a test-bed manager sees of the business only what the referral itself says."""


def is_party(actor: Actor, thing: Any) -> bool:
    """if they sent it or it was sent to them"""
    parties = (getattr(thing, each, None) for each in ("created_by_id", "holder_id", "recipient_id"))
    return actor.account_id is not None and actor.account_id in parties


def is_in_project(actor: Actor, thing: Any) -> bool:
    """if it is a business that takes part in a test-bed project"""
    return isinstance(thing, Business) and thing.id in actor.facts.get(IN_PROJECTS, ())


def is_near(actor: Actor, thing: Any) -> bool:
    """if their hub cares for the business, or they sent it, or it was sent to them"""
    return is_party(actor, thing) or is_cared_for(actor, thing)


def is_receiving(actor: Actor, thing: Any) -> bool:
    """if a colleague sent it to them or to their hub, or it was sent to a service and their hub cares for the business"""
    if not (is_near(actor, thing) if actor.has(*HUB_ROLES) else is_party(actor, thing)):
        return False
    recipient_id = getattr(thing, "recipient_id", None)
    if recipient_id is None or recipient_id == actor.account_id:
        return True
    hub_id = (
        team_hub_of(recipient_id, on=today())
        if actor.account_id not in (thing.created_by_id, thing.holder_id)
        else None
    )
    return hub_id is not None and actor.holds_for(hub_id, *HUB_ROLES)


def is_for_their_services(actor: Actor, thing: Any) -> bool:
    """if it was sent to a service of theirs"""
    if not isinstance(thing, Referral) or thing.service is None or thing.sent_at is None:
        return False
    return actor.holds_for(thing.service.provider_id, Role.PROVIDER)


def _answered(act: Act) -> tuple[Any, ...]:
    """The receiver answers, or a colleague of the same hub; never the sender, unless for a service that told them."""
    return (
        rule(act, Role.ADMINISTRATOR),
        rule(act, *HUB_ROLES, Role.TEST_BED_MANAGER, when=is_receiving),
        rule(act, Role.PROVIDER, when=is_for_their_services),
    )


def _kept(act: Act) -> tuple[Any, ...]:
    """Those who care for the business, and a test-bed manager who sent it."""
    return (*by_carers(act), rule(act, Role.TEST_BED_MANAGER, when=is_party))


POLICY = Policy(
    [
        rule(Act.LIST, *SEE_ALL, *REFERRERS, Role.PROVIDER),
        rule(Act.VIEW, *SEE_ALL),
        rule(Act.VIEW, *HUB_ROLES, when=is_near),
        rule(Act.VIEW, Role.TEST_BED_MANAGER, when=is_party),
        rule(Act.VIEW, Role.PROVIDER, when=is_for_their_services),
        rule(Act.ASK, Role.FOUNDER, when=is_theirs),
        *_kept(Act.DRAFT),
        rule(Act.DRAFT, Role.TEST_BED_MANAGER, when=is_in_project),
        *_kept(Act.EDIT),
        *_kept(Act.SEND),
        *_kept(Act.ANNOUNCE),
        rule(Act.AGREE, Role.FOUNDER, when=is_theirs),
        rule(Act.OBJECT, Role.FOUNDER, when=is_theirs),
        *_answered(Act.ACCEPT),
        *_answered(Act.START),
        *_answered(Act.COMPLETE),
        *_answered(Act.DECLINE),
        *_kept(Act.WITHDRAW),
        *_kept(Act.REOPEN),
        *_kept(Act.CLOSE),
        *_kept(Act.HAND),
        rule(Act.HAND, *HUB_ROLES, when=is_receiving),
        rule(Act.OPEN_REPLY, Role.ANYONE),
        rule(Act.OPEN_TOLD, Role.ANYONE),
        rule(Act.OPEN_HELPED, Role.ANYONE),
        rule(Act.SAY_HELPED, Role.FOUNDER, when=is_theirs),
        rule(Act.VIEW_PROVIDER, *SEE_ALL, *REFERRERS),
    ],
    view=Act.VIEW,
)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The referrals that an actor may see: the rules of VIEW, in SQL."""
    if actor.is_system or actor.has(*SEE_ALL):
        return true()
    seen: list[ColumnElement[bool]] = []
    if actor.has(*HUB_ROLES):
        businesses = select(Business.id).where(businesses_visible_to(actor))
        seen += [COLUMNS.business_id.in_(businesses)]
    if actor.has(*REFERRERS):
        parties = (COLUMNS.created_by_id, COLUMNS.holder_id, COLUMNS.recipient_id)
        seen += [each == actor.account_id for each in parties]
    providers = [UUID(each) for each in actor.scoped_to(Scope.PROVIDER, Role.PROVIDER)]
    if providers:
        services = select(Service.id).where(Service.provider_id.in_(providers))
        was_sent = and_(COLUMNS.sent_at.is_not(None), COLUMNS.status != ReferralStatus.DRAFT)
        seen.append(and_(COLUMNS.service_id.in_(services), was_sent))
    return or_(*seen) if seen else false()
