"""What referrals show elsewhere: on the desk, on the page of a business, on its timeline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import url_for

from crm.businesses.models import Business
from crm.businesses.policy import HUB_ROLES, SEE_ALL
from crm.businesses.queries.seeing import own_ids
from crm.kernel.permissions import Actor
from crm.referrals import queries, rules
from crm.referrals.models import Referral
from crm.referrals.policy import POLICY
from crm.referrals.service.sending import recipient_name
from crm.referrals.workflow import Act
from crm.web.feature import Happening, Todo

WAITING = {
    "to_me": ("businesses were passed on to you and wait for your answer", "mine", False),
    "late": ("referrals of yours are late for an answer", "late", True),
    "back": ("referrals of yours came back", "back", False),
}


def todos(actor: Actor) -> tuple[Todo, ...]:
    """For advisers what was sent to them, is late, and came back; for founders whether they were helped."""
    if actor.has(*HUB_ROLES) and actor.account_id is not None:
        counts = queries.count_for_desk(actor)
        rows = ((counts[name], *words) for name, words in WAITING.items())
        return tuple(
            Todo(label, count, url_for("referrals.referrals", show=show), is_overdue=is_overdue)
            for count, label, show, is_overdue in rows
            if count
        )
    return _of_founders(actor)


def _of_founders(actor: Actor) -> tuple[Todo, ...]:
    own = own_ids(actor)
    waiting = [each for each in (queries.referrals_from(own) if own else ()) if _is_asked(each)]
    return tuple(
        Todo(
            f"Say whether {recipient_name(each)} helped",
            None,
            url_for("reply.say_helped", referral_id=each.id),
        )
        for each in waiting
    )


def _is_asked(found: Referral) -> bool:
    return found.completed_at is not None and found.helped is None


def links(kind: str, thing_id: UUID) -> list[tuple[str, str]]:
    """From a conversation to the referral that it completed."""
    found = queries.referral_with(thing_id) if kind == "conversation" else None
    if found is None:
        return []
    sender = found.sender.name if found.sender else "A colleague"
    return [
        (f"{sender} passed this on: {found.subject}", url_for("referrals.referral", referral_id=found.id))
    ]


def load_referrals(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """To whom a business was passed on: for staff with the way to each, for founders where each stands."""
    is_staff = actor.has(*HUB_ROLES, *SEE_ALL)
    rows = [each for each in queries.referrals_of(found.id) if is_staff or each.sent_at is not None]
    can_draft = not found.is_archived and POLICY.allows(actor, Act.DRAFT, found)
    if not rows and not can_draft:
        return None
    shown = [(each, recipient_name(each)) for each in rows]
    return {"rows": shown, "is_staff": is_staff, "can_draft": can_draft, "business": found, "rules": rules}


def load_home(actor: Actor) -> Mapping[str, Any] | None:
    """To whom a founder's businesses were passed on."""
    own = own_ids(actor)
    rows = [(each, recipient_name(each)) for each in (queries.referrals_from(own) if own else ())]
    return {"rows": rows, "is_staff": False, "can_draft": False, "rules": rules} if rows else None


def timeline(actor: Actor, business_id: UUID, _most: int) -> list[Happening]:
    """When a business was passed on, when that was answered, and what it says of it."""
    is_staff = actor.has(*HUB_ROLES, *SEE_ALL)
    return [each for found in queries.referrals_of(business_id) for each in _of(found, is_staff=is_staff)]


def _of(found: Referral, *, is_staff: bool) -> list[Happening]:
    href = url_for("referrals.referral", referral_id=found.id) if is_staff else ""
    to, sender = recipient_name(found), found.sender.name if found.sender else ""
    moments = (
        (found.sent_at, f"Passed on to {to}", sender),
        (found.completed_at, f"{to} said what came of it", found.completed_by or ""),
        (found.helped_at, f"It {'helped' if found.helped else 'did not help'}, says the business", ""),
    )
    return [Happening(at, title, by, href) for at, title, by in moments if at is not None]
