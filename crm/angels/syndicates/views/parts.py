"""What syndicates add to the pages of pitches and raises, to the page on which an investor leaves, and to desks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from crm.angels.investors.models import Angel
from crm.angels.investors.policy import own_admission
from crm.angels.pitches.models import Pitch
from crm.angels.syndicates.models import Syndicate
from crm.angels.syndicates.policy import POLICY
from crm.angels.syndicates.queries import syndicates as queries
from crm.angels.syndicates.queries import waiting
from crm.angels.syndicates.rules import labels
from crm.angels.syndicates.workflow import Act
from crm.businesses.queries.seeing import own_ids
from crm.kernel.clock import day_of
from crm.kernel.permissions import Actor
from crm.web.feature import Todo


def load_pitch(actor: Actor, found: Pitch) -> Mapping[str, Any]:
    """Whether a raise has a lead and agreed terms, and the way to lead or join."""
    about = queries.syndicate_of_pitch(found.id)
    is_in = about is not None and bool(about.lead_of(actor.account_id) or about.member_of(actor.account_id))
    can_offer = actor.seen_by is None and not is_in and POLICY.allows(actor, Act.OFFER, found)
    return {"syndicate": about, "can_offer": can_offer, "labels": labels}


def load_raise(actor: Actor, found: Pitch) -> Mapping[str, Any] | None:
    """The syndicate of a raise, for its business and the network."""
    about = queries.syndicate_of_pitch(found.id)
    if about is None or not POLICY.allows(actor, Act.VIEW, about):
        return None
    return {"syndicate": about, "labels": labels}


def load_leaving(_actor: Actor, found: Angel) -> Mapping[str, Any] | None:
    """What leaving the network does to an investor's places in syndicates."""
    own = queries.of_account(found.account_id) if found.account_id else ()
    return {"count": len(own)} if own else None


def _todo(found: Syndicate, words: str, **more: Any) -> Todo:
    return Todo(words, None, url_for("syndicates.syndicate", syndicate_id=found.id), **more)


def offers_to_answer(actor: Actor) -> tuple[Todo, ...]:
    """Offers of investors to lead a founder's raise."""
    return tuple(
        _todo(
            each.syndicate,
            f"Answer the offer of {each.account.name} to lead your raise",
            about=each.pitch.business.name,
            since=day_of(each.offered_at),
        )
        for each in waiting.offers(own_ids(actor))
    )


def terms_to_answer(actor: Actor) -> tuple[Todo, ...]:
    """Versions of terms that wait for a founder's business."""
    return tuple(
        _todo(
            each.syndicate,
            f"Agree version {each.number} of the syndicate’s terms, or turn it down",
            about=each.pitch.business.name,
            since=day_of(each.proposed_at),
        )
        for each in waiting.versions(own_ids(actor))
    )


def _is_here(actor: Actor) -> bool:
    """Whether they can act as an investor: who is suspended or has left can do nothing about a syndicate now."""
    return actor.seen_by is None and own_admission(actor).is_accepted


def terms_to_record(actor: Actor) -> tuple[Todo, ...]:
    """Raises that an investor leads and that have no terms."""
    own = waiting.leads_without_terms(actor.account_id) if actor.account_id and _is_here(actor) else ()
    return tuple(
        _todo(each.syndicate, f"Record the terms of syndicate {each.syndicate.reference}") for each in own
    )


def places_to_confirm(actor: Actor) -> tuple[Todo, ...]:
    """Places of an investor on terms that have changed."""
    own = waiting.to_confirm(actor.account_id) if actor.account_id and _is_here(actor) else ()
    return tuple(
        _todo(each.syndicate, f"Confirm your place in syndicate {each.syndicate.reference}, or leave it")
        for each in own
    )
