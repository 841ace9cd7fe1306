"""Samples of who leads which business and of views of the list, and their CHECKs, each with a change that it refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any
from uuid import UUID

from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.caseload.models import BusinessTag, Lead, Tag
from crm.caseload.rules import one_name
from crm.kernel.clock import now
from crm.lists.models import BulkChange, SavedView
from crm.lists.workflow import Deed
from tests import factories
from tests.cast import BUSINESS, Cast

_number = count(1)


def lead(owner: Business, **fields: Any) -> Lead:
    """Who leads a business now: somebody who works nowhere, unless ``account_id`` says otherwise."""
    given = {"began_at": now(), **fields}
    if "account_id" not in given:
        given["account_id"] = factories.account().id
    made: Lead = factories.kept(Lead(business_id=owner.id, **given))
    return made


def a_view(account_id: UUID | None, **fields: Any) -> SavedView:
    """A person's own view of the list."""
    number = next(_number)
    given = {"name": f"Made {number}", "match_name": f"made {number}", "asked": {"lead": ["me"]}, **fields}
    made: SavedView = factories.kept(SavedView(account_id=account_id, saved_at=now(), **given))
    return made


def a_tag(hub_id: UUID | None = None, name: str = "") -> Tag:
    """A tag of a hub."""
    said = name or f"Made {next(_number)}"
    given = {"hub_id": hub_id or factories.hub().id, "name": said, "match_name": one_name(said)[1]}
    made: Tag = factories.kept(Tag(**given, made_at=now()))
    return made


def tagged(owner: Business, tag: Tag) -> BusinessTag:
    """That a business has a tag."""
    made: BusinessTag = factories.kept(BusinessTag(business_id=owner.id, tag_id=tag.id, tagged_at=now()))
    return made


def _tags(_cast: Cast, _values: Mapping[str, Any]) -> tuple[Any, ...]:
    """A tag of the hub of the cast's business, and one of a hub where nobody works."""
    found = business(BUSINESS)
    assert found is not None
    return (a_tag(found.hub_id).id, a_tag().id)


def _views(cast: Cast, _values: Mapping[str, Any]) -> tuple[Any, ...]:
    """One of each who can have some: who deletes it depends on it."""
    owners = (cast.adviser, cast.hub_manager, cast.administrator)
    return tuple(a_view(each.id).id for each in owners)


def a_change(account_id: UUID | None, **fields: Any) -> BulkChange:
    """What somebody did to several businesses at once."""
    given = {"deed": Deed.TAG, "what": "Made tag", "at": now(), **fields}
    given.setdefault("done", [{"id": str(BUSINESS), "name": "Made"}])
    given.setdefault(
        "left_out", [{"id": str(BUSINESS), "name": "Made too", "why": "It has this tag already"}]
    )
    made: BulkChange = factories.kept(BulkChange(account_id=account_id, **given))
    return made


def _changes(cast: Cast, _values: Mapping[str, Any]) -> tuple[Any, ...]:
    """One of each who can act on several: they alone see what came of it."""
    return tuple(a_change(each.id).id for each in (cast.adviser, cast.administrator))


SAMPLES: dict[str, Callable[..., tuple[Any, ...]]] = {
    "view_id": _views,
    "tag_id": _tags,
    "bulk_change_id": _changes,
}
OF_A_BUSINESS = (lead,)
CHECKS = {
    "ck_business_lead_ends_after_it_begins": "UPDATE business_lead SET ended_at = '1999-12-31'",
}
