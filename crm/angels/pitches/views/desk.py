"""What pitches show on the desk and on a business's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from crm.angels.investors.policy import MANAGERS
from crm.angels.pitches.policy import POLICY
from crm.angels.pitches.queries import pitches
from crm.angels.pitches.rules import labels
from crm.angels.pitches.service.pitching import why_not_begun
from crm.angels.pitches.workflow import Act
from crm.businesses.models import Business
from crm.businesses.queries.seeing import own_ids
from crm.kernel.permissions import Actor
from crm.kernel.roles import Role
from crm.web.feature import Todo


def todos(actor: Actor) -> tuple[Todo, ...]:
    """What waits about pitches: to be screened by managers, to be answered by founders."""
    found: list[Todo] = []
    if actor.has(*MANAGERS):
        href = url_for("raises.raises", status="screening")
        found.append(Todo("Pitches to screen", pitches.count_to_screen(), href))
    if actor.has(Role.FOUNDER):
        asked = pitches.count_open_questions(own_ids(actor))
        found.append(Todo("Questions of investors", asked, url_for("raises.raises")))
    return tuple(each for each in found if each.count)


def load_panel(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """The pitches of a business, for its page."""
    if not POLICY.allows(actor, Act.VIEW, found):
        return None
    rows = pitches.raises_of([found.id], actor)
    can_begin = POLICY.allows(actor, Act.BEGIN, found) and why_not_begun(found) is None
    return {"rows": rows, "labels": labels, "business": found, "can_begin": can_begin}
