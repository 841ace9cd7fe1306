"""Who may look for support (everybody), who works the queue, and who sees and changes action plans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, true

from crm.businesses.policy import HUB_ROLES, SEE_ALL, business_of
from crm.businesses.policy import is_cared_for as is_business_cared_for
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role, Scope
from crm.signposting.models import Absence, ActionPlan, Enquiry, EnquiryDraft
from crm.signposting.workflow import Act, PlanStatus, StepOwner


@dataclass(frozen=True)
class StepOf:
    """A step as its rules see it: whose it is, and its plan, which a page has loaded already."""

    plan: ActionPlan
    owner: StepOwner


QUEUE_ROLES = (Role.HUB_MANAGER, Role.ADVISER)


def is_in_their_queue(actor: Actor, enquiry: Any) -> bool:
    """if it came to their hub, or to no hub, or they have it in hand"""
    if not isinstance(enquiry, Enquiry):
        return False
    if enquiry.claimed_by_id is not None and enquiry.claimed_by_id == actor.account_id:
        return True
    return enquiry.hub_id is None or actor.holds_for(enquiry.hub_id, *HUB_ROLES)


def is_in_their_hands(actor: Actor, enquiry: Enquiry | None) -> bool:
    """if they have it in hand"""
    return enquiry is not None and enquiry.claimed_by_id == actor.account_id


def is_away_themselves(actor: Actor, absence: Absence | None) -> bool:
    """if it is their own absence"""
    return absence is not None and absence.account_id == actor.account_id


def holds_key_of_draft(actor: Actor, thing: Any) -> bool:
    """if they began it, or opened the link to go on with it"""
    draft = thing if isinstance(thing, EnquiryDraft) or thing is None else thing.draft
    return draft is not None and actor.holds_key("enquiry_draft", draft.id)


def holds_key_of_enquiry(actor: Actor, enquiry: Enquiry | None) -> bool:
    """if they opened the link in the letter about it"""
    return enquiry is not None and actor.holds_key("enquiry", enquiry.id)


def is_about_their_business(actor: Actor, enquiry: Enquiry | None) -> bool:
    """if it is about their own business"""
    known = enquiry is not None and enquiry.business_id is not None
    return known and actor.holds_for(str(enquiry.business_id), Role.FOUNDER) if enquiry else False


def _plan_of(thing: Any) -> Any:
    """The plan that a step or a signpost stands in, or the plan itself."""
    return getattr(thing, "plan", thing)


def cares_for_business_of(actor: Actor, thing: Any) -> bool:
    """if their hub cares for the business"""
    plan = _plan_of(thing)
    return plan is not None and is_business_cared_for(actor, business_of(plan))


def was_given_key_of_plan(actor: Actor, thing: Any) -> bool:
    """if they opened the link in the letter with it"""
    plan = _plan_of(thing)
    return plan is not None and _was_sent(plan) and actor.holds_key("plan", plan.id)


def is_plan_of_their_business(actor: Actor, thing: Any) -> bool:
    """if it was sent to their own business"""
    plan = _plan_of(thing)
    return plan is not None and _was_sent(plan) and actor.holds_for(plan.business_id, Role.FOUNDER)


def _is_for_business(thing: Any) -> bool:
    """Whether a step is not the adviser's own: only a colleague can say that this one is done."""
    return getattr(thing, "owner", None) is not StepOwner.ADVISER


def ticks_with_key_of_plan(actor: Actor, thing: Any) -> bool:
    """if they opened the link in the letter with the plan, and it is not the adviser's step"""
    return was_given_key_of_plan(actor, thing) and _is_for_business(thing)


def ticks_for_their_business(actor: Actor, thing: Any) -> bool:
    """if its plan was sent to their own business, and it is not the adviser's step"""
    return is_plan_of_their_business(actor, thing) and _is_for_business(thing)


def _was_sent(plan: Any) -> bool:
    return plan.status in (PlanStatus.SENT, PlanStatus.SUPERSEDED)


def _queue(act: Act) -> tuple[Any, ...]:
    return (rule(act, Role.ADMINISTRATOR), rule(act, *QUEUE_ROLES, when=is_in_their_queue))


def _of_hub(act: Act) -> tuple[Any, ...]:
    return (rule(act, Role.ADMINISTRATOR), rule(act, *HUB_ROLES, when=cares_for_business_of))


POLICY = Policy(
    [
        rule(Act.FIND_SUPPORT, Role.ANYONE),
        rule(Act.ENQUIRE, Role.ANYONE),
        rule(Act.RESUME, Role.KEY_HOLDER, when=holds_key_of_draft),
        rule(Act.FOLLOW, Role.KEY_HOLDER, when=holds_key_of_enquiry),
        rule(Act.FOLLOW, Role.FOUNDER, when=is_about_their_business),
        rule(Act.WITHDRAW, Role.KEY_HOLDER, when=holds_key_of_enquiry),
        rule(Act.WITHDRAW, Role.FOUNDER, when=is_about_their_business),
        rule(Act.TAKE_DOWN, Role.ADMINISTRATOR, *HUB_ROLES),
        rule(Act.LIST, *SEE_ALL, *HUB_ROLES),
        rule(Act.VIEW, *SEE_ALL),
        rule(Act.VIEW, *HUB_ROLES, when=is_in_their_queue),
        rule(Act.EXTRACT, *SEE_ALL, Role.HUB_MANAGER),
        rule(Act.CLAIM, *QUEUE_ROLES, when=is_in_their_queue),
        rule(Act.RELEASE, Role.ADVISER, when=is_in_their_hands),
        rule(Act.RELEASE, Role.HUB_MANAGER, when=is_in_their_queue),
        rule(Act.ASSIGN, Role.ADMINISTRATOR),
        rule(Act.ASSIGN, Role.HUB_MANAGER, when=is_in_their_queue),
        rule(Act.ASSIGN, Role.ADVISER, when=is_in_their_hands),
        *_queue(Act.HAND_OVER),
        *_queue(Act.ANSWER),
        *_queue(Act.CLOSE),
        *_queue(Act.REOPEN),
        *_queue(Act.NOTE),
        *_queue(Act.ATTACH),
        *_queue(Act.TRIAGE),
        rule(Act.VIEW_CAPACITY, *SEE_ALL, *QUEUE_ROLES),
        rule(Act.SET_CAPACITY, Role.ADMINISTRATOR, Role.HUB_MANAGER),
        rule(Act.RECORD_ABSENCE, Role.ADMINISTRATOR, *QUEUE_ROLES),
        rule(Act.CHANGE_ABSENCE, Role.ADMINISTRATOR, Role.HUB_MANAGER),
        rule(Act.CHANGE_ABSENCE, Role.ADVISER, when=is_away_themselves),
        rule(Act.END_ABSENCE, Role.ADMINISTRATOR, Role.HUB_MANAGER),
        rule(Act.END_ABSENCE, Role.ADVISER, when=is_away_themselves),
        rule(Act.VIEW_PLAN, *SEE_ALL),
        rule(Act.VIEW_PLAN, *HUB_ROLES, when=cares_for_business_of),
        rule(Act.VIEW_PLAN, Role.KEY_HOLDER, when=was_given_key_of_plan),
        rule(Act.VIEW_PLAN, Role.FOUNDER, when=is_plan_of_their_business),
        rule(Act.OPEN_PLAN, Role.ANYONE),
        *_of_hub(Act.DRAFT_PLAN),
        *_of_hub(Act.EDIT_PLAN),
        *_of_hub(Act.SEND_PLAN),
        *_of_hub(Act.DISCARD_PLAN),
        *_of_hub(Act.HAND_PLAN),
        *_of_hub(Act.TICK_STEP),
        rule(Act.TICK_STEP, Role.KEY_HOLDER, when=ticks_with_key_of_plan),
        rule(Act.TICK_STEP, Role.FOUNDER, when=ticks_for_their_business),
    ],
    view=Act.VIEW,
)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rules for VIEW again, as SQL over `Enquiry`."""
    if actor.is_system or actor.has(*SEE_ALL):
        return true()
    if not actor.has(*HUB_ROLES):
        return false()
    if any(grant.role in HUB_ROLES and grant.scope is Scope.EVERYWHERE for grant in actor.grants):
        return true()
    hubs = [UUID(hub_id) for hub_id in actor.scoped_to(Scope.HUB, *HUB_ROLES)]
    return or_(Enquiry.hub_id.in_(hubs), Enquiry.hub_id.is_(None), Enquiry.claimed_by_id == actor.account_id)
