"""Who may see, arrange and hold what."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, true

from crm.businesses.policy import HUB_ROLES, SEE_ALL, is_cared_for, is_theirs
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role, Scope
from crm.meetings.models import Workshop
from crm.meetings.workflow import Act, WorkshopStatus

STAFF = (Role.ADMINISTRATOR, *HUB_ROLES)


def is_public(_actor: Actor, thing: Any) -> bool:
    """if it is a workshop that was opened for sign-up"""
    return isinstance(thing, Workshop) and thing.status is not WorkshopStatus.DRAFT


def is_run_by_their_hub(actor: Actor, thing: Any) -> bool:
    """if their hub runs the workshop, or all hubs run it together"""
    workshop = thing if isinstance(thing, Workshop) else getattr(thing, "workshop", None)
    if workshop is None:
        return False
    return workshop.hub_id is None or actor.holds_for(workshop.hub_id, *HUB_ROLES)


def workshops_shown_to(actor: Actor) -> ColumnElement[bool]:
    """The workshops that somebody sees, in SQL: drafts are for those who run them."""
    table = Workshop.__table__.c
    if actor.has(Role.ADMINISTRATOR, Role.AUDITOR):
        return true()
    hubs = actor.scoped_to(Scope.HUB, *HUB_ROLES)
    own = or_(table.hub_id.is_(None), table.hub_id.in_([UUID(each) for each in hubs]))
    return or_(table.status != WorkshopStatus.DRAFT, own if actor.has(*HUB_ROLES) else false())


def _run(act: Act) -> tuple[Any, ...]:
    return (rule(act, Role.ADMINISTRATOR), rule(act, *HUB_ROLES, when=is_run_by_their_hub))


def _kept(act: Act) -> tuple[Any, ...]:
    return (rule(act, Role.ADMINISTRATOR), rule(act, *HUB_ROLES, when=is_cared_for))


POLICY = Policy(
    [
        rule(Act.VIEW, *SEE_ALL),
        rule(Act.VIEW, *HUB_ROLES, when=is_cared_for),
        rule(Act.VIEW, Role.FOUNDER, when=is_theirs),
        rule(Act.SEE_WORKSHOP, Role.AUDITOR),
        *_run(Act.SEE_WORKSHOP),
        rule(Act.SEE_WORKSHOP, Role.ANYONE, when=is_public),
        *_kept(Act.ARRANGE),
        *_kept(Act.CHANGE_APPOINTMENT),
        *_kept(Act.HOLD_APPOINTMENT),
        *_kept(Act.CANCEL_APPOINTMENT),
        rule(Act.LIST_WORKSHOPS, Role.ANYONE),
        rule(Act.PLAN_WORKSHOP, *STAFF),
        *_run(Act.CHANGE_WORKSHOP),
        *_run(Act.OPEN_WORKSHOP),
        *_run(Act.HOLD_WORKSHOP),
        *_run(Act.CANCEL_WORKSHOP),
        rule(Act.VIEW_PLACES, Role.AUDITOR),
        *_run(Act.VIEW_PLACES),
        rule(Act.SIGN_UP, Role.ANYONE, when=is_public),
        rule(Act.SIGN_UP_OTHERS, *STAFF),
        rule(Act.OPEN_PLACE, Role.ANYONE),
        rule(Act.STAY, Role.ANYONE),
        *_run(Act.GIVE_UP),
        *_run(Act.MATCH),
        *_run(Act.ATTEND),
    ],
    view=Act.VIEW,
)
