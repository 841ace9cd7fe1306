"""What pitches show on the desk and on a business's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from crm.angels.pitches.models import Pitch
from crm.angels.pitches.policy import POLICY
from crm.angels.pitches.queries import pitches
from crm.angels.pitches.queries.people import without_owner
from crm.angels.pitches.rules import labels
from crm.angels.pitches.service.pitching import why_not_begun
from crm.angels.pitches.workflow import Act
from crm.businesses.models import Business
from crm.businesses.queries.seeing import own_ids
from crm.kernel.permissions import Actor
from crm.web.feature import Todo, counted_todo

ASKED = ("question from an investor", "questions from investors")


def pitches_to_screen(_actor: Actor) -> tuple[Todo, ...]:
    """What founders submitted."""
    count = pitches.count_to_screen()
    href = url_for("raises.raises", status="screening")
    return counted_todo(count, ("pitch to screen", "pitches to screen"), href=href)


def questions_to_answer(actor: Actor) -> tuple[Todo, ...]:
    """What investors asked about the pitches of a founder: each pitch opens its own questions."""
    return tuple(
        Todo(f"{ASKED[count != 1]} about {found.reference}", count, _raise(found, "questions"))
        for found, count in pitches.open_questions(own_ids(actor))
    )


def pitches_sent_back(actor: Actor) -> tuple[Todo, ...]:
    """A founder's pitches that the network sent back: each waits to be changed and submitted again."""
    return tuple(
        Todo("Change the pitch that the network sent back", None, _raise(found), about=found.reference)
        for found in pitches.sent_back_to(own_ids(actor))
    )


def pitches_without_owner(_actor: Actor) -> tuple[Todo, ...]:
    """Published pitches of businesses where no owner can sign in: an investor's request would reach no one."""
    return tuple(
        Todo(
            "Find an owner, or pause the pitch", None, _raise(each), is_overdue=True, about=each.business.name
        )
        for each in without_owner()
    )


def _raise(found: Pitch, part: str | None = None) -> str:
    return url_for("raises.one_raise", pitch_id=found.id, _anchor=part)


def load_panel(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """The pitches of a business, for its page."""
    if not POLICY.allows(actor, Act.VIEW, found):
        return None
    rows = pitches.raises_of([found.id], actor)
    can_begin = POLICY.allows(actor, Act.BEGIN, found) and why_not_begun(found) is None
    return {"rows": rows, "labels": labels, "business": found, "can_begin": can_begin}
