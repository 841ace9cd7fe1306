"""Adding a tag to several businesses, or removing it."""

from __future__ import annotations

from collections.abc import Sequence

from crm.caseload.policy import POLICY, Led
from crm.caseload.queries import tags
from crm.caseload.service import tagging
from crm.caseload.workflow import Act
from crm.kernel.errors import Invalid
from crm.kernel.permissions import Actor
from crm.lists.models import BulkChange
from crm.lists.service.deeds import Fate, Part, Wish, left
from crm.lists.workflow import Deed


class Labelling:
    """A tag is put on, or taken off."""

    def __init__(self, wish: Wish, _rows: Sequence[Led], by: Actor) -> None:
        found = tags.tag(wish.target_id) if wish.target_id else None
        if found is None:
            raise Invalid("Choose a tag", field="tag_id")
        self.tag, self.by, self.what = found, by, found.name
        self.is_put_on = wish.deed is Deed.TAG
        self.tagged = tags.tagged_among(wish.ids, found.id)
        self.marked = (found.id, found.name)

    def fate(self, led: Led) -> Fate:
        """Done, unless it is so already or the tag is of a hub that has no say in the business."""
        why = self._why_not(led)
        return left(led, why) if why else (Part(led), ())

    def _why_not(self, led: Led) -> str | None:
        found, tag = led.business, self.tag
        if not POLICY.allows(self.by, Act.CHANGE_TAGS, found) or tag.hub_id not in tags.hubs_to_tag(
            found, self.by
        ):
            return f"{tag.hub.name}, whose tag it is, does not look after this business, or is not yours"
        if found.id in self.tagged:
            return "It has this tag already" if self.is_put_on else None
        return None if self.is_put_on else "It does not have this tag"

    def letter_to(self, _to: Sequence[Part]) -> None:
        """Nobody is told."""

    def act(self, to: Sequence[Part], _made: BulkChange) -> None:
        """Put it on, or take it off."""
        put = tagging.put_on if self.is_put_on else tagging.take_off
        for each in to:
            put(each.business, self.tag, by=self.by)
