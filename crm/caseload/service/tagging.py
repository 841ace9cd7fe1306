"""Giving businesses tags and taking them off; renaming a tag, and merging one into another."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.service.keeping import require_in_use
from crm.caseload.models import BusinessTag, Tag
from crm.caseload.policy import POLICY
from crm.caseload.queries import tags as queries
from crm.caseload.rules import LONGEST_TAG, MOST_TAGS, one_name
from crm.caseload.workflow import Act
from crm.db.changes import amend, created
from crm.db.following import follow
from crm.db.session import session
from crm.db.states import require_as_shown
from crm.kernel.clock import now
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.permissions import Actor


@dataclass(frozen=True)
class TagsWanted:
    """The tags that were on the page of a business, those that are ticked now, and the names of new ones for a hub."""

    had: frozenset[UUID]
    chosen: frozenset[UUID]
    new: tuple[str, ...] = ()
    hub_id: UUID | None = None


@dataclass(frozen=True)
class Merged:
    """That a tag went into another: for what follows in the rooms above."""

    from_id: UUID
    into_id: UUID


def change_tags(business: Business, wanted: TagsWanted, *, by: Actor) -> None:
    """Give a business the tags that were ticked or typed, and take off those that were unticked.

    What somebody else changed meanwhile, and was not on the page, stays as it is.
    """
    POLICY.require(by, Act.CHANGE_TAGS, business)
    require_in_use(business)
    for each in wanted.chosen - wanted.had:
        put_on(business, _usable(business, each, by=by), by=by)
    for each in wanted.had - wanted.chosen:
        take_off(business, _usable(business, each, by=by), by=by)
    for name in wanted.new:
        put_on(business, tag_called(name, business, hub_id=wanted.hub_id, by=by), by=by)


def _usable(business: Business, tag_id: UUID, *, by: Actor) -> Tag:
    found = queries.tag(tag_id)
    if found is None or found.hub_id not in queries.hubs_to_tag(business, by):
        raise Invalid("One of these tags was merged or is not your hub’s. Choose again", field="tags")
    return found


def tag_called(name: str, business: Business, *, hub_id: UUID | None, by: Actor) -> Tag:
    """The tag of a hub with a name: the one that there is, however it is written, or a new one."""
    hubs = queries.hubs_to_tag(business, by)
    if hub_id is None and len(hubs) == 1:
        hub_id = hubs[0]
    if hub_id not in hubs:
        raise Invalid("Choose the hub whose tag it is", field="hub_id")
    assert hub_id is not None
    said, match_name = _named(name)
    found = queries.tag_named(hub_id, match_name)
    if found is not None:
        return found
    if queries.count_of_hub(hub_id) >= MOST_TAGS:
        raise Invalid(f"A hub can have {MOST_TAGS} tags. Use one of them, or have two merged", field="new")
    made = Tag(hub_id=hub_id, name=said, match_name=match_name, made_at=now(), made_by_id=by.account_id)
    session().add(made)
    session().flush()
    audit.record(Act.CHANGE_TAGS, made, created(name=said, hub_id=hub_id), by=by)
    return made


def _named(name: str, field: str = "new") -> tuple[str, str]:
    said, match_name = one_name(name)
    if not match_name or len(said) > LONGEST_TAG:
        raise Invalid(f"Enter a tag of {LONGEST_TAG} characters or fewer", field=field)
    return said, match_name


def put_on(business: Business, tag: Tag, *, by: Actor) -> bool:
    """Give a business a tag; False where it has it already."""
    POLICY.require(by, Act.CHANGE_TAGS, business)
    if queries.tagging(business.id, tag.id) is not None:
        return False
    made = BusinessTag(business_id=business.id, tag_id=tag.id, tagged_at=now(), tagged_by_id=by.account_id)
    session().add(made)
    session().flush()
    audit.record(Act.CHANGE_TAGS, made, created(business_id=business.id, tag=tag.name), by=by)
    return True


def take_off(business: Business, tag: Tag, *, by: Actor) -> bool:
    """Take a tag off a business; False where it has it no longer."""
    POLICY.require(by, Act.CHANGE_TAGS, business)
    found = queries.tagging(business.id, tag.id)
    if found is None:
        return False
    audit.record(
        Act.CHANGE_TAGS, found, {"business_id": (business.id, business.id), "tag": (tag.name, None)}, by=by
    )
    session().delete(found)
    session().flush()
    return True


def rename(tag: Tag, name: str, *, version: int | None, by: Actor) -> None:
    """Call a tag otherwise, on every business that has it."""
    POLICY.require(by, Act.RENAME_TAG, tag)
    require_as_shown(tag, version)
    said, match_name = _named(name, "name")
    other = queries.tag_named(tag.hub_id, match_name)
    if other is not None and other.id != tag.id:
        raise Invalid(f"There is a tag called “{other.name}” already. Merge the two instead", field="name")
    changes = amend(tag, name=said, match_name=match_name)
    if not changes:
        raise Conflict("The tag has this name already.")
    session().flush()
    audit.record(Act.RENAME_TAG, tag, changes, by=by)


def merge(tag: Tag, into_id: UUID, *, version: int | None, by: Actor) -> Tag:
    """Put one tag in place of another of the same hub, on every business that has it; the first is deleted."""
    POLICY.require(by, Act.MERGE_TAG, tag)
    require_as_shown(tag, version)
    into = queries.tag(into_id)
    if into is None or into.id == tag.id or into.hub_id != tag.hub_id:
        raise Invalid("Choose another tag of the same hub", field="into_id")
    have = {each.business_id for each in queries.taggings_of(into.id)}
    for each in queries.taggings_of(tag.id):
        if each.business_id in have:
            session().delete(each)
        else:
            each.tag_id = into.id
    session().flush()
    audit.record(Act.MERGE_TAG, tag, {"name": (tag.name, into.name)}, by=by)
    follow(Act.MERGE_TAG, Merged(tag.id, into.id), by=by)
    session().delete(tag)
    session().flush()
    return into
