"""Who acts in the demonstration: an investor as the gate knows them now, and the owner of a business."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from crm.accounts.queries import account, acting, actor_of, standing_in_for
from crm.angels.investors.models import Angel
from crm.angels.investors.queries.gate import facts_of
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.queries import pitches
from crm.db.session import session
from crm.kernel.permissions import Actor


def self_of(found: Angel) -> Actor:
    """An angel as they act themselves, with what the gate knows of them now."""
    own = account(found.account_id) if found.account_id else None
    assert own is not None
    session().flush()
    actor = actor_of(own)
    return replace(actor, facts=facts_of(actor))


def owner_of(business_id: UUID) -> Actor:
    """The owner of a business that raises money; an adviser where it has none."""
    return standing_in_for(business_id, otherwise=acting("adviser@demo.example"))


def whole(found: Pitch) -> Pitch:
    """A pitch as its pages load it, read anew."""
    session().flush()
    session().expire(found)
    loaded = pitches.pitch(found.id)
    assert loaded is not None
    return loaded
