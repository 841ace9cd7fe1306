"""The filters of a list, the name under which they are saved, and what is done to the rows that are ticked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from crm.accounts.models import Account
from crm.caseload.forms import ids_in
from crm.caseload.models import Tag
from crm.directory.rules.labels import NEEDS
from crm.kernel.eligibility import DCMS_GROUPS, STAGES
from crm.kernel.errors import BadInput
from crm.lists.rules import LED_BY, LEFT, LONGEST_NAME, MINE, MOST_DAYS, NOBODY, ORDERS
from crm.lists.service.changing import Wish
from crm.lists.workflow import Deed
from crm.web.fields import Line, SeenMark, WholeNumberField, optional
from crm.web.forms import Form


def _offered(words: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice(key, said) for key, said in words]


def _choices(words: Iterable[tuple[str, str]], anything: str) -> list[SelectChoice]:
    return [SelectChoice("", anything), *_offered(words)]


class FilterForm(Form):
    """What the list is asked for, as its address carries it."""

    q = Line("Name, person or number", [], longest=100)
    lead = SelectField("Lead adviser", validate_choice=False)
    quiet = WholeNumberField(
        "Not contacted in so many days", [optional()], least=1, most=MOST_DAYS, says="The number of days"
    )
    need = SelectField("Need", choices=_choices(NEEDS.items(), "Any need"), validate_choice=False)
    stage = SelectField("Stage", choices=_choices(STAGES.items(), "Any stage"), validate_choice=False)
    group = SelectMultipleField(
        "Creative sectors", choices=_offered(DCMS_GROUPS.items()), validate_choice=False
    )
    place = Line("Postcode, district or area", [], longest=10)
    hub = SelectField("Hub", validate_choice=False)
    tag = SelectField("Tag", validate_choice=False)
    sort = SelectField("Sorted by", choices=_offered(ORDERS.items()), validate_choice=False)

    def offer(
        self,
        hubs: Iterable[tuple[str, str]],
        people: Sequence[tuple[UUID, str]],
        *,
        is_adviser: bool,
        tags: Iterable[Tag],
    ) -> FilterForm:
        """Offer these hubs, lead advisers and tags; "me" only to whoever can lead. Tags of several hubs say which hub's they are."""
        first = [each for each in (MINE, NOBODY, LEFT) if is_adviser or each != MINE]
        led = [(each, LED_BY[each]) for each in first] + [(str(key), name) for key, name in people]
        self.lead.choices = _choices(led, "Anybody or nobody")
        self.hub.choices = _choices(hubs, "Any hub")
        self.tag.choices = _choices(_tags_in_words(list(tags)), "Any tag")
        return self

    def is_filtered(self) -> bool:
        """Whether anything is asked for besides words and an order."""
        return any(field.data for field in self if field.name not in ("q", "sort"))


def _tags_in_words(tags: Sequence[Tag]) -> list[tuple[str, str]]:
    several = len({each.hub_id for each in tags}) > 1
    return [(str(each.id), f"{each.name} ({each.hub.name})" if several else each.name) for each in tags]


class ViewForm(Form):
    """The name of a view."""

    name = Line("Name of the view", [InputRequired("Enter a name for this view")], longest=LONGEST_NAME)


DEEDS = {
    Deed.LEAD: "Make somebody the lead adviser",
    Deed.TAG: "Add a tag",
    Deed.UNTAG: "Remove a tag",
}


class ChooseForm(Form):
    """The rows that were ticked, or all of the list, and what is to be done to them."""

    who = SelectMultipleField("Businesses", validate_choice=False)
    everyone = BooleanField("All businesses on this list")
    deed = RadioField(
        "What to do",
        [InputRequired("Choose what to do")],
        choices=_offered((key.value, said) for key, said in DEEDS.items()),
    )
    account_id = SelectField("Lead adviser", validate_choice=False)
    tag_id = SelectField("Tag", validate_choice=False)
    listed: tuple[UUID, ...] = ()

    def offer(self, people: Iterable[Account], tags: Sequence[Tag]) -> ChooseForm:
        """Offer these people and tags."""
        self.account_id.choices = _choices(
            ((str(each.id), each.name) for each in people), "Choose a colleague"
        )
        self.tag_id.choices = _choices(_tags_in_words(tags), "Choose a tag")
        return self

    def of_so_many(self, count: int) -> int:
        """Say beside the box for all of the list how many these are; returns that number."""
        self.everyone.label.text = f"All {count:,} businesses on this list"
        return count

    def validate_who(self, _field: SelectMultipleField) -> None:
        """Something must be ticked."""
        if not self.ids:
            raise BadInput("Tick at least one business")

    @property
    def ids(self) -> tuple[UUID, ...]:
        """The businesses that are meant."""
        return self.listed if self.everyone.data else tuple(sorted(ids_in(self.who.data or ())))

    def wish(self) -> Wish:
        """What is to be done, as the verb takes it."""
        deed = Deed(self.deed.data)
        chosen = self.account_id.data if deed is Deed.LEAD else self.tag_id.data
        return Wish(deed, self.ids, next(iter(ids_in([chosen or ""])), None))


class ChangeForm(ChooseForm):
    """What the preview showed, to be done to just those."""

    may_repeat = True
    seen = SeenMark()
