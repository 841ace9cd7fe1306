"""The filters of a list, the name under which they are saved, and what is done to the rows that are ticked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from crm.accounts.models import Account
from crm.businesses.workflow import ConsentPurpose
from crm.caseload.forms import ids_in
from crm.caseload.models import Tag
from crm.casework.rules import LONGEST_NOTES
from crm.directory.rules.labels import NEEDS
from crm.kernel.clock import moment_with_weekday
from crm.kernel.eligibility import DCMS_GROUPS, STAGES
from crm.kernel.errors import BadInput
from crm.lists.rules import LED_BY, LEFT, LONGEST_NAME, MINE, MOST_DAYS, NOBODY, ORDERS
from crm.lists.service.changing import MOST_AT_ONCE
from crm.lists.service.deeds import Wish, Words
from crm.lists.workflow import Deed
from crm.meetings.models import Workshop
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
    Deed.EMAIL: "Email them",
    Deed.INVITE: "Invite them to a workshop",
}


class ChooseForm(Form):
    """The rows that were ticked, or all of the list, and what is to be done to them; once previewed, to just what was shown.

    ``asks`` are the fields that a deed has on a page of its own, and ``target`` the one that says to or of whom.
    """

    may_repeat = True
    asks: tuple[str, ...] = ()
    who = SelectMultipleField("Businesses", validate_choice=False)
    everyone = BooleanField("All businesses on this list")
    deed = RadioField(
        "What to do",
        [InputRequired("Choose what to do")],
        choices=_offered((key.value, said) for key, said in DEEDS.items()),
    )
    account_id = SelectField("Lead adviser", validate_choice=False)
    tag_id = SelectField("Tag", validate_choice=False)
    seen = SeenMark()
    listed: tuple[UUID, ...] = ()

    def offer(
        self, people: Iterable[Account], tags: Sequence[Tag], workshops: Iterable[Workshop]
    ) -> ChooseForm:
        """Offer these people and tags; the workshops are for a form that asks for one."""
        self.account_id.choices = _choices(
            ((str(each.id), each.name) for each in people), "Choose a colleague"
        )
        self.tag_id.choices = _choices(_tags_in_words(tags), "Choose a tag")
        if "workshop_id" in self:
            said = (
                (str(each.id), f"{each.title}, {moment_with_weekday(each.starts_at)}") for each in workshops
            )
            self["workshop_id"].choices = _choices(said, "Choose a workshop")
        return self

    def of_so_many(self, count: int) -> int:
        """Say beside the box for all of the list how many these are; returns that number."""
        self.everyone.label.text = f"All {count:,} businesses on this list"
        return count

    def validate_who(self, _field: SelectMultipleField) -> None:
        """Something must be ticked, and not too much."""
        if not self.ids:
            raise BadInput("Tick at least one business")
        if len(self.ids) > MOST_AT_ONCE:
            raise BadInput(f"Tick between 1 and {MOST_AT_ONCE} businesses")

    @property
    def ids(self) -> tuple[UUID, ...]:
        """The businesses that are meant."""
        return self.listed if self.everyone.data else tuple(sorted(ids_in(self.who.data or ())))

    @property
    def is_chosen(self) -> bool:
        """Whether it says to which businesses what is to be done, whatever else is wrong with it."""
        return bool(self.deed.data and not self.deed.errors and self.ids and not self.who.errors)

    @property
    def next_asks(self) -> type[ChooseForm] | None:
        """The form on a page of its own that asks what this deed needs, where this is not it."""
        kind = ASKING.get(self.deed.data or "")
        return kind if kind is not None and not isinstance(self, kind) else None

    def carried(self) -> Iterator[tuple[str, str]]:
        """What the page after it carries on, besides the businesses."""
        for name in ("deed", "account_id", "tag_id", *self.asks):
            if self[name].data:
                yield name, str(self[name].data)

    def wish(self) -> Wish:
        """What is to be done, as the verb takes it."""
        deed = Deed(self.deed.data)
        chosen = self.account_id.data if deed is Deed.LEAD else self.tag_id.data
        return Wish(deed, self.ids, _id_of(chosen))


def _id_of(chosen: str | None) -> UUID | None:
    return next(iter(ids_in([chosen or ""])), None)


TO_WHOM = {
    "main": "The main contact of each business",
    "all": "Everyone at each business who has an email address",
}
TOPICS = {
    ConsentPurpose.NEWS: "News or an event",
    ConsentPurpose.KEEP_IN_TOUCH: "How the business is getting on",
}


def _to_whom() -> RadioField:
    return RadioField(
        "Who gets it",
        [InputRequired("Choose who gets it")],
        choices=_offered(TO_WHOM.items()),
        default="main",
    )


class WriteForm(ChooseForm):
    """An email to the people of those that were ticked."""

    asks = ("purpose", "to_whom", "subject", "body")
    purpose = RadioField(
        "What is it about?",
        [InputRequired("Choose what it is about")],
        choices=_offered((key.value, said) for key, said in TOPICS.items()),
    )
    to_whom = _to_whom()
    subject = Line("Subject", [InputRequired("Enter a subject")], longest=150)
    body = TextAreaField(
        "Message",
        [
            InputRequired("Enter a message"),
            Length(max=LONGEST_NOTES, message=f"This must be {LONGEST_NOTES:,} characters or fewer"),
        ],
    )

    def wish(self) -> Wish:
        """The email, as the verb takes it."""
        words = Words(self.subject.data or "", self.body.data or "", ConsentPurpose(self.purpose.data))
        return Wish(Deed.EMAIL, self.ids, words=words, to_all=self.to_whom.data == "all")


class InviteForm(ChooseForm):
    """An invitation to a workshop for the people of those that were ticked."""

    asks = ("workshop_id", "to_whom")
    workshop_id = SelectField("Workshop", [InputRequired("Choose a workshop")], validate_choice=False)
    to_whom = _to_whom()

    def wish(self) -> Wish:
        """The invitation, as the verb takes it."""
        target = _id_of(self.workshop_id.data)
        return Wish(Deed.INVITE, self.ids, target, to_all=self.to_whom.data == "all")


ASKING: Mapping[str, type[ChooseForm]] = {Deed.EMAIL: WriteForm, Deed.INVITE: InviteForm}
"""The deeds that ask for more than the list has room for."""


def form_for(posted: Mapping[str, str]) -> type[ChooseForm]:
    """The form that was sent: that of the list, or that of the page on which a deed asks for more."""
    kind = ASKING.get(posted.get("deed", ""), ChooseForm)
    return kind if any(name in posted for name in kind.asks) else ChooseForm
