"""What due diligence adds to pages of rooms below and to desks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from crm.angels.diligence import queries
from crm.angels.diligence.policy import POLICY
from crm.angels.diligence.rules import labels
from crm.angels.diligence.workflow import Act, ItemStatus
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.workflow import IntroductionStatus
from crm.angels.investors.models import Angel
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.policy import POLICY as PITCHES
from crm.angels.pitches.policy import is_of_their_business
from crm.angels.pitches.workflow import Act as PitchAct
from crm.angels.syndicates.models import Syndicate
from crm.businesses.queries.seeing import own_ids
from crm.kernel.clock import today
from crm.kernel.permissions import Actor
from crm.web.feature import Todo, counted_todo


def late_items(_actor: Actor) -> tuple[Todo, ...]:
    """Questions that wait too long, for managers."""
    words = ("due-diligence question waiting too long", "due-diligence questions waiting too long")
    href = url_for("diligence.all_items", status=queries.LATE)
    return counted_todo(queries.count_late(today()), words, href=href, is_overdue=True)


def items_to_answer(actor: Actor) -> tuple[Todo, ...]:
    """Questions of investors to a founder's business."""
    words = ("due-diligence question to answer", "due-diligence questions to answer")
    href = url_for("diligence.all_items", status=ItemStatus.ASKED.value)
    return counted_todo(queries.count_for(own_ids(actor)), words, href=href)


def load_under(_actor: Actor, found: Introduction) -> Mapping[str, Any] | None:
    """The way from an introduction that took place to its due diligence."""
    if found.status is not IntroductionStatus.AGREED:
        return None
    rows = queries.items_of(found.id)
    waiting = sum(each.status is ItemStatus.ASKED for each in rows)
    return {"asked": len(rows), "waiting": waiting}


def load_raise(actor: Actor, found: Pitch) -> Mapping[str, Any] | None:
    """What investors asked about a pitch, for the business's people, to answer, and for the network, to see."""
    is_theirs = is_of_their_business(actor, found)
    if found.published_at is None or not (is_theirs or PITCHES.allows(actor, PitchAct.VIEW_LEDGER, found)):
        return None
    counts = queries.count_about(found.id)
    if not counts:
        return None
    waiting = queries.items_about(found.id, ItemStatus.ASKED)
    can_answer = bool(waiting) and POLICY.allows(actor, Act.ANSWER, waiting[0])
    return {"waiting": waiting, "counts": counts, "labels": labels, "can_answer": can_answer}


def load_leaving(_actor: Actor, found: Angel) -> Mapping[str, Any] | None:
    """What leaving does to an investor's due diligence."""
    live = queries.live_items_of(found.account_id) if found.account_id else ()
    return {"count": len(live)} if live else None


def load_syndicate(actor: Actor, found: Syndicate) -> Mapping[str, Any] | None:
    """The way to what the business shared with a syndicate, for those who may read it."""
    if not POLICY.allows(actor, Act.READ, found):
        return None
    return {"count": len(queries.syndicate_answers(found.pitch_id))}
