"""Tags: those that a person sees, those of some businesses, and how many businesses have each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from crm.businesses.models import Business
from crm.businesses.policy import HUB_ROLES, SEE_ALL
from crm.businesses.policy import visible_to as businesses_visible_to
from crm.businesses.workflow import BusinessStatus
from crm.caseload.models import BusinessTag, Tag
from crm.caseload.policy import tags_visible_to
from crm.db.session import session
from crm.kernel.clock import today
from crm.kernel.permissions import Actor
from crm.kernel.roles import Scope

TAGS, TAGGED = Tag.__table__.c, BusinessTag.__table__.c
MOST_SHOWN = 500


def tags_for(actor: Actor) -> Sequence[Tag]:
    """The tags that a person sees, by name, each with its hub."""
    query = select(Tag).where(tags_visible_to(actor)).options(joinedload(Tag.hub))
    return session().scalars(query.order_by(TAGS.match_name, TAGS.id).limit(MOST_SHOWN)).all()


def tag(tag_id: UUID) -> Tag | None:
    """One tag with its hub."""
    return session().scalar(select(Tag).where(TAGS.id == tag_id).options(joinedload(Tag.hub)))


def tag_named(hub_id: UUID, match_name: str) -> Tag | None:
    """The tag of a hub that has a name, however that is written."""
    return session().scalar(select(Tag).where(TAGS.hub_id == hub_id, TAGS.match_name == match_name))


def count_of_hub(hub_id: UUID) -> int:
    """How many tags a hub has."""
    return session().scalar(select(func.count()).select_from(Tag).where(TAGS.hub_id == hub_id)) or 0


def counts_of(tag_ids: Collection[UUID], actor: Actor) -> dict[UUID, int]:
    """How many businesses in use that a person may see have each of some tags."""
    query = select(TAGGED.tag_id, func.count().label("many")).join(
        Business, Business.id == TAGGED.business_id
    )
    in_use = Business.__table__.c.status == BusinessStatus.ACTIVE
    query = query.where(TAGGED.tag_id.in_(list(tag_ids)), in_use, businesses_visible_to(actor))
    rows = session().execute(query.group_by(TAGGED.tag_id)) if tag_ids else ()
    return {row.tag_id: row.many for row in rows}


def tags_of(business_ids: Collection[UUID], actor: Actor) -> dict[UUID, list[Tag]]:
    """The tags of each of some businesses that a person sees, by name."""
    query = select(BusinessTag).join(BusinessTag.tag).options(contains_eager(BusinessTag.tag))
    query = query.where(TAGGED.business_id.in_(list(business_ids)), tags_visible_to(actor))
    found: dict[UUID, list[Tag]] = {}
    for each in session().scalars(query.order_by(TAGS.match_name, TAGS.id)):
        found.setdefault(each.business_id, []).append(each.tag)
    return found


def tagging(business_id: UUID, tag_id: UUID) -> BusinessTag | None:
    """That a business has a tag, if it has."""
    return session().scalar(
        select(BusinessTag).where(TAGGED.business_id == business_id, TAGGED.tag_id == tag_id)
    )


def tagged_among(business_ids: Collection[UUID], tag_id: UUID) -> set[UUID]:
    """Which of some businesses have a tag."""
    query = select(TAGGED.business_id).where(
        TAGGED.business_id.in_(list(business_ids)), TAGGED.tag_id == tag_id
    )
    return set(session().scalars(query))


def taggings_of(tag_id: UUID) -> Sequence[BusinessTag]:
    """Every business that has a tag."""
    return session().scalars(select(BusinessTag).where(TAGGED.tag_id == tag_id).order_by(TAGGED.id)).all()


def tagged_ids(tag_id: UUID) -> Select[UUID]:
    """The ids of the businesses that have a tag, as a query."""
    return select(TAGGED.business_id).where(TAGGED.tag_id == tag_id)


def hubs_to_tag(found: Business, actor: Actor) -> list[UUID]:
    """The hubs whose tags a person can give a business: theirs among those that look after it, or theirs where none does."""
    own = frozenset(actor.scoped_to(Scope.HUB, *HUB_ROLES))
    hubs = found.hub_ids(on=today())
    sees_all = actor.has(*SEE_ALL) or any(each.scope is Scope.EVERYWHERE for each in actor.grants)
    reached = hubs if sees_all else hubs & own if hubs else own
    return sorted(UUID(each) for each in reached)
