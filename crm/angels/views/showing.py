"""What the network shows on the desk and on a business's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from crm.angels.policy import MANAGERS, POLICY, admission_of
from crm.angels.queries import angels, introductions, pitches
from crm.angels.rules import labels
from crm.angels.rules.gate import why_closed
from crm.angels.workflow import Act
from crm.businesses.models import Business
from crm.businesses.queries.seeing import own_ids
from crm.kernel.clock import today
from crm.kernel.permissions import Actor
from crm.kernel.roles import Role
from crm.web.feature import Todo


def todos(actor: Actor) -> tuple[Todo, ...]:
    """What waits in the network for somebody."""
    found: list[Todo] = []
    if actor.has(*MANAGERS):
        found += _of_managers()
    if actor.has(Role.FOUNDER):
        found += _of_founders(actor)
    return tuple(each for each in found if each.count)


def _of_managers() -> list[Todo]:
    late = introductions.count_overdue(today())
    everything = url_for("introducing.all_introductions", status="requested")
    return [
        Todo("Angels who applied", angels.count_waiting(), url_for("admitting.all_angels", status="applied")),
        Todo("Pitches to screen", pitches.count_to_screen(), url_for("raising.raises", status="screening")),
        Todo("Requests that wait too long", late, everything, is_overdue=True),
    ]


def _of_founders(actor: Actor) -> list[Todo]:
    own = own_ids(actor)
    where = url_for("introducing.all_introductions", status="requested")
    return [
        Todo("Investors who want to meet you", introductions.count_for(own), where),
        Todo("Questions of investors", pitches.count_open_questions(own), url_for("raising.raises")),
    ]


def load_home(actor: Actor) -> Mapping[str, Any] | None:
    """An angel's part of their desk: what is open to them, or what keeps it closed."""
    if not actor.has(Role.ANGEL):
        return None
    return {"closed": why_closed(admission_of(actor), on=today()), "labels": labels}


def load_panel(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """The pitches of a business, for its page."""
    if not POLICY.allows(actor, Act.VIEW, found):
        return None
    rows = pitches.raises_of([found.id], actor)
    can_begin = POLICY.allows(actor, Act.BEGIN, found)
    return {"rows": rows, "labels": labels, "business": found, "can_begin": can_begin}
