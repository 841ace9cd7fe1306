"""Choosing a lead adviser; ticking, typing, renaming and merging tags."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from wtforms import HiddenField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from crm.accounts.models import Account
from crm.caseload.models import Tag
from crm.caseload.rules import LONGEST_TAG
from crm.caseload.service.tagging import TagsWanted
from crm.web.fields import Line, SeenMark, SeenVersion
from crm.web.forms import Form


class LeadForm(Form):
    """A colleague who is to lead the work with a business."""

    may_repeat = True
    account_id = SelectField("Lead adviser", [InputRequired("Choose a colleague")])
    seen = SeenMark()

    def offer(self, people: Iterable[Account]) -> LeadForm:
        """Offer these people, by name."""
        self.account_id.choices = [
            SelectChoice("", "Choose a colleague"),
            *(SelectChoice(str(each.id), each.name) for each in people),
        ]
        return self


class TagsForm(Form):
    """The tags of a business: those of the hubs to tick, and new ones to type. ``had`` are those that were on the page."""

    may_repeat = True
    tags = SelectMultipleField("Tags", validate_choice=False)
    new = Line("New tags", [], longest=200)
    hub_id = SelectField("Hub of the new tags", validate_choice=False)
    had = HiddenField()

    def offer(self, tags: Iterable[Tag], hubs: Sequence[tuple[UUID, str]]) -> TagsForm:
        """Offer these tags, and the hubs that a new one can be of; with several, each tag says its hub."""
        named = {hub_id: f" ({name})" if len(hubs) > 1 else "" for hub_id, name in hubs}
        self.tags.choices = [SelectChoice(str(each.id), f"{each.name}{named[each.hub_id]}") for each in tags]
        self.hub_id.choices = [SelectChoice(str(hub_id), name) for hub_id, name in hubs]
        return self

    def wanted(self) -> TagsWanted:
        """What was ticked and typed, as the verb takes it. Names are parted by commas."""
        names = [each.strip() for each in (self.new.data or "").split(",")]
        hub_ids = [each for each in (self.hub_id.data,) if each]
        return TagsWanted(
            had=ids_in((self.had.data or "").split()),
            chosen=ids_in(self.tags.data or ()),
            new=tuple(dict.fromkeys(each for each in names if each)),
            hub_id=next(iter(ids_in(hub_ids)), None),
        )


def ids_in(texts: Iterable[str]) -> frozenset[UUID]:
    """The ids among some texts; what is none is left out."""
    found = set[UUID]()
    for each in texts:
        try:
            found.add(UUID(each))
        except ValueError:
            continue
    return frozenset(found)


class TagNameForm(Form):
    """Another name for a tag."""

    name = Line("Name", [InputRequired("Enter a name for the tag")], longest=LONGEST_TAG)
    version = SeenVersion()


class MergeForm(Form):
    """The tag that takes another's place."""

    into_id = SelectField("Merge into", [InputRequired("Choose a tag")])
    version = SeenVersion()

    def offer(self, tags: Iterable[Tag]) -> MergeForm:
        """Offer these tags."""
        rows = [SelectChoice(str(each.id), each.name) for each in tags]
        self.into_id.choices = [SelectChoice("", "Choose a tag"), *rows]
        return self
