"""What introductions add to the pages of pitches and to the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from crm.angels.introductions import queries
from crm.angels.introductions.forms import RequestForm
from crm.angels.introductions.rules import labels
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.policy import POLICY, is_of_their_business
from crm.angels.pitches.workflow import Act
from crm.businesses.queries.seeing import own_ids
from crm.kernel.clock import today
from crm.kernel.permissions import Actor
from crm.web.feature import Todo, counted_todo


def late_requests(_actor: Actor) -> tuple[Todo, ...]:
    """Requests that wait too long, for managers."""
    late = queries.count_overdue(today())
    href = url_for("introductions.all_introductions", status=queries.LATE)
    words = ("introduction request waiting too long", "introduction requests waiting too long")
    return counted_todo(late, words, href=href, is_overdue=True)


def requests_to_answer(actor: Actor) -> tuple[Todo, ...]:
    """Requests to meet a founder."""
    count = queries.count_for(own_ids(actor))
    href = url_for("introductions.all_introductions", status="requested")
    words = ("investor who wants to meet you", "investors who want to meet you")
    return counted_todo(count, words, href=href)


def load_request(actor: Actor, found: Pitch) -> Mapping[str, Any]:
    """The investor's request to meet the business, or the form to ask."""
    assert actor.account_id is not None
    return {
        "introduction": queries.live_one(found.id, actor.account_id),
        "answering": queries.answering_of(found.business_id),
        "requesting": RequestForm.of_request(),
        "labels": labels,
    }


def load_answering(actor: Actor, found: Pitch) -> Mapping[str, Any] | None:
    """How the business has answered so far, for its people and the ledger's readers; nothing before a pitch is published."""
    if found.published_at is None:
        return None
    if not (is_of_their_business(actor, found) or POLICY.allows(actor, Act.VIEW_LEDGER, found)):
        return None
    return {"answering": queries.answering_of(found.business_id)}
