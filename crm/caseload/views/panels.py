"""What shows elsewhere of who leads which business: in its head and its story, on desks, and in a handover."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from uuid import UUID

from flask import url_for

from crm.businesses.models import Business
from crm.businesses.policy import HUB_ROLES, SEE_ALL
from crm.caseload.policy import POLICY, Led
from crm.caseload.queries import leads as queries
from crm.caseload.workflow import Act, why_not_take
from crm.kernel.clock import today
from crm.kernel.permissions import Actor
from crm.web.feature import Case, Held, Todo, counted_todo
from crm.web.telling import Happening


def load_head(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """Who leads a business and, for staff, its tags, with what this person can do about both."""
    is_staff = actor.has(*HUB_ROLES, *SEE_ALL)
    lead, tags = queries.head_of(found.id, actor) if is_staff else (queries.lead_of(found.id), [])
    led = Led(found, lead)
    if not POLICY.allows(actor, Act.VIEW, led):
        return None
    acts = frozenset[Act]() if found.is_archived else _possible(actor, led)
    shown = {"business": found, "lead": led.lead, "is_led": led.is_led, "is_staff": is_staff, "tags": tags}
    return {**shown, "acts": acts, "Act": Act, "own_id": actor.account_id}


def _possible(actor: Actor, led: Led) -> frozenset[Act]:
    """What this person can do now about a business in use."""
    acts = (Act.ASSIGN_LEAD, Act.CHANGE_TAGS, *(() if why_not_take(led) else (Act.TAKE_LEAD,)))
    return frozenset(act for act in acts if POLICY.allows(actor, act, led))


def timeline(actor: Actor, business_id: UUID, most: int) -> list[Happening]:
    """When a business got a lead adviser; for staff with who said so."""
    is_staff = actor.has(*HUB_ROLES, *SEE_ALL)
    return [
        Happening(
            at=each.began_at,
            title=f"Lead adviser: {each.account.name}",
            by=each.given_by.name
            if is_staff and each.given_by and each.given_by_id != each.account_id
            else "",
        )
        for each in queries.leads_since(business_id, most=most)
    ]


def leads_in_hand(account_ids: Collection[UUID]) -> Iterator[Held]:
    """The businesses that some people lead."""
    for each in queries.led_by(account_ids):
        href = url_for("business.business", business_id=each.business_id)
        hubs = each.business.hub_ids(on=today())
        yield each.account_id, Case(each.business_id, each.business.name, href, hubs)


def todos(actor: Actor) -> tuple[Todo, ...]:
    """The businesses of a manager's hubs whose lead adviser can no longer work with them: another is to be chosen."""
    words = ("business has no lead adviser any more", "businesses have no lead adviser any more")
    return counted_todo(
        queries.count_left(actor), words, href=url_for("business_list.businesses", lead="left")
    )
