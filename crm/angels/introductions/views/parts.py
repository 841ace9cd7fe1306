"""What introductions add to the pages of pitches and to the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from crm.accounts.queries import account
from crm.angels.introductions import queries
from crm.angels.introductions.forms import RequestForm
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.rules import labels
from crm.angels.introductions.service.introducing import why_not_requested
from crm.angels.investors.models import Angel
from crm.angels.investors.rules.gate import Closed
from crm.angels.investors.rules.labels import CLOSED_TO_THEM
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


THEIRS_TO_SETTLE = frozenset(Closed) - {Closed.UNCONFIRMED, Closed.NETWORK}
"""What an investor can settle themselves, or ask the network to, so that an introduction on hold takes place."""
OURS_TO_SETTLE = frozenset(
    {Closed.UNCONFIRMED, Closed.NETWORK, Closed.NOT_PAID, Closed.ON_ITS_WAY, Closed.SUSPENDED}
)
"""What the network's managers settle: a certificate, the legal basis, a payment, a suspension."""


def own_on_hold(actor: Actor) -> tuple[Todo, ...]:
    """An investor's introductions that are on hold for something they can settle, each with its last day."""
    held = queries.held_of(actor.account_id) if actor.account_id and actor.seen_by is None else ()
    return tuple(
        _on_hold(each, f"Your introduction {each.reference} is on hold")
        for each, why in queries.with_why(held)
        if why in THEIRS_TO_SETTLE
    )


def on_hold(actor: Actor) -> tuple[Todo, ...]:
    """Introductions that are on hold for something the network settles, each with its last day, but for one's own."""
    return tuple(
        _on_hold(each, f"Introduction {each.reference} is on hold: {CLOSED_TO_THEM[why]}")
        for each, why in queries.with_why(queries.every_held())
        if why in OURS_TO_SETTLE and each.account_id != actor.account_id
    )


def _on_hold(found: Introduction, words: str) -> Todo:
    href = url_for("introductions.introduction", introduction_id=found.id)
    return Todo(words, None, href, due=queries.held_until(found))


def load_leaving(_actor: Actor, found: Angel) -> Mapping[str, Any] | None:
    """What leaving does to an investor's introductions."""
    assert found.account_id is not None
    met = [each.pitch.business.name for each in queries.met_by(found.account_id)]
    return {"waiting": len(queries.waiting_of(found.account_id)), "met": met}


def load_request(actor: Actor, found: Pitch) -> Mapping[str, Any]:
    """The investor's request to meet the business, or the form to ask."""
    assert actor.account_id is not None
    own = account(actor.account_id) if actor.seen_by is None else None
    return {
        "introduction": queries.live_one(found.id, actor.account_id),
        "met": queries.earlier_meeting(actor.account_id, found.business_id),
        "why_not": why_not_requested(found, own) if own else None,
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
