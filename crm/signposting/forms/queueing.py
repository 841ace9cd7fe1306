"""The forms by which the queue is worked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from crm.businesses.models import Business
from crm.businesses.queries.recognising import Recognised
from crm.kernel.clock import has_come, today
from crm.signposting.models import Absence
from crm.signposting.queries.enquiring import Load
from crm.signposting.rules.labels import CLOSE_REASONS
from crm.signposting.service.absences import AwayWanted
from crm.signposting.service.attaching import Chosen
from crm.signposting.workflow import CloseReason
from crm.web.fields import LONGEST_TEXT, DayField, Line, WholeNumberField, Why
from crm.web.forms import Form

MOST_WORDS = 100
TOO_LONG = Length(max=LONGEST_TEXT, message=f"This must be {LONGEST_TEXT:,} characters or fewer")
SHOWN = {
    "unanswered": "To be answered",
    "mine": "Assigned to me",
    "waiting": "Waiting for an adviser",
    "today": "Due today",
    "overdue": "Overdue",
    "stranded": "With colleagues who have left",
    "open": "Open",
    "closed": "Closed",
    "all": "All",
}


class SearchForm(Form):
    """The filters of the queue, as the address carries them."""

    show = SelectField(
        "Show", choices=[SelectChoice(value, label) for value, label in SHOWN.items()], validate_choice=False
    )
    q = Line("Business, person, email address or reference", [], longest=100)
    hub = SelectField("Hub", validate_choice=False)
    sort = SelectField(
        "Sort by",
        choices=[SelectChoice("due", "Due first"), SelectChoice("newest", "Newest first")],
        validate_choice=False,
    )

    def offer(self, hubs: Iterable[tuple[str, str]]) -> SearchForm:
        """Offer these hubs, by id and name."""
        self.hub.choices = [SelectChoice("", "Any hub"), *(SelectChoice(each, name) for each, name in hubs)]
        return self

    def is_set(self) -> bool:
        """Whether anything but the usual view is asked for."""
        return bool(self.q.data or self.hub.data or (self.show.data or "unanswered") != "unanswered")


class NoteForm(Form):
    """Something noted, for advisers alone."""

    note = TextAreaField("Note", [InputRequired("Write the note"), TOO_LONG])


class AnswerForm(Form):
    """That the business had its answer."""

    said = TextAreaField("What was said, and how", [InputRequired("Say what was said, and how"), TOO_LONG])


class ReopenForm(Form):
    """Why an enquiry is opened again."""

    why = TextAreaField("Why?", [InputRequired("Say why you are reopening it"), TOO_LONG])


class AssignForm(Form):
    """To whom an enquiry is given."""

    account_id = SelectField("Colleague", [InputRequired("Choose a colleague")])

    def offer(self, loads: Iterable[Load]) -> AssignForm:
        """Offer these colleagues, with what each has in hand; whoever is away or full is named as that."""
        rows = [
            SelectChoice(str(each.account.id), f"{each.account.name} ({load_in_words(each)})")
            for each in loads
        ]
        self.account_id.choices = [SelectChoice("", "Choose a colleague"), *rows]
        return self


def absence_in_words(found: Absence) -> str:
    """That somebody is away, or will be: "away until 3 December"."""
    last = f"until {found.last_day.day} {found.last_day:%B}"
    if found.first_day == found.last_day:
        return f"away on {found.first_day.day} {found.first_day:%B}"
    is_here = not has_come(found.first_day, on=today())
    return f"away from {found.first_day.day} {found.first_day:%B} {last}" if is_here else f"away {last}"


def load_in_words(load: Load) -> str:
    """Until when an adviser is away, else how many enquiries they hold of how many."""
    if load.away is not None:
        return absence_in_words(load.away)
    many = "1 enquiry" if load.in_hand == 1 else f"{load.in_hand} enquiries"
    return f"{many} in hand, can hold {load.most}"


class HandOverForm(Form):
    """To which hub an enquiry is passed on, and why."""

    hub_id = SelectField("Hub", [InputRequired("Choose a hub")])
    why_them = Why("Why?", [InputRequired("Say why")], longest=500)

    def offer(self, hubs: Iterable[tuple[str, str]]) -> HandOverForm:
        """Offer these hubs, by id and name."""
        self.hub_id.choices = [
            SelectChoice("", "Choose a hub"),
            *(SelectChoice(each, name) for each, name in hubs),
        ]
        return self


class CloseForm(Form):
    """Why an enquiry is closed."""

    close_reason = RadioField(
        "Why is it closed?",
        [InputRequired("Choose why it is closed")],
        choices=[SelectChoice(value, label) for value, label in CLOSE_REASONS.items()],
    )
    close_note = TextAreaField("Note", [TOO_LONG])

    def why(self) -> CloseReason:
        """The reason as the verb takes it."""
        return CloseReason(self.close_reason.data)


@dataclass(frozen=True)
class Offer:
    """The businesses that an enquiry may be about: likely ones, what a search found, what is alike; and those not to be seen."""

    words: str
    likely: list[Recognised]
    found: list[Recognised]
    alike: list[Recognised]
    unseen: list[Business]

    @property
    def rows(self) -> list[Recognised]:
        """The likely ones first, each business once."""
        rows: dict[UUID, Recognised] = {}
        for each in (*self.likely, *self.found, *self.alike):
            rows.setdefault(each.business.id, each)
        return list(rows.values())

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Each with what tells it apart."""
        return [(str(each.business.id), _told_apart(each.business)) for each in self.rows]

    @property
    def hints(self) -> dict[str, str]:
        """By what each was recognised."""
        return {str(each.business.id): each.why for each in self.rows if each.why}


def _told_apart(business: Business) -> str:
    where = business.trading_postcode or business.trading_outcode or "district not known"
    return f"{business.name}, {where}, {business.company_number or 'no number'}"


class AttachForm(Form):
    """Which business an enquiry is about."""

    business_id = RadioField("Which business is it?", [InputRequired("Choose which business it is")])
    why_new = Why("If it is none of these businesses, how do you know?", [], longest=500)
    asks_access = BooleanField("They asked to see the record of the business")

    def offer(self, rows: Iterable[tuple[str, str]]) -> AttachForm:
        """Offer these businesses, by id and words, and a new one."""
        known = [SelectChoice(each, words) for each, words in rows]
        self.business_id.choices = [
            *known,
            SelectChoice("new", "A new business: start a record from this enquiry"),
        ]
        return self

    def chosen(self) -> Chosen:
        """The choice as the verb takes it."""
        chosen = self.business_id.data
        return Chosen(
            None if chosen == "new" else UUID(chosen), self.why_new.data or "", self.asks_access.data
        )


class CapacityForm(Form):
    """How many enquiries somebody holds at most."""

    account_id = SelectField("Adviser", [InputRequired("Choose an adviser")])
    most_open = WholeNumberField(
        "Most enquiries at a time", [InputRequired("Enter a number, like 25")], most=500, says="The number"
    )

    def offer(self, loads: Iterable[Load]) -> CapacityForm:
        """Offer these advisers."""
        self.account_id.choices = people_of(loads)
        return self


class AbsenceForm(Form):
    """Days away, and who stands in."""

    SETTLES = ("account_id", "first_day", "last_day", "covered_by_id")
    account_id = SelectField("Who is away?", [InputRequired("Choose who is away")])
    first_day = DayField("First day", [InputRequired("Enter the first day")])
    last_day = DayField("Last day", [InputRequired("Enter the last day")])
    covered_by_id = SelectField("Who covers?")

    def offer(self, loads: Iterable[Load]) -> AbsenceForm:
        """Offer these advisers."""
        known = list(loads)
        self.account_id.choices = people_of(known)
        self.covered_by_id.choices = [
            SelectChoice("", "No one: unanswered enquiries go back to the queue"),
            *people_of(known)[1:],
        ]
        return self

    def of_one(self, account_id: str) -> None:
        """Offer the absence of one person alone: whoever is no manager records their own."""
        self.account_id.choices = [each for each in self.account_id.choices if each.value == account_id]

    def wanted(self) -> AwayWanted:
        """The absence as the verb takes it."""
        cover = self.covered_by_id.data
        return AwayWanted(
            UUID(self.account_id.data),
            self.first_day.data,
            self.last_day.data,
            UUID(cover) if cover else None,
        )


def people_of(loads: Iterable[Load]) -> list[SelectChoice]:
    """Advisers as the choices of a field."""
    return [
        SelectChoice("", "Choose"),
        *(SelectChoice(str(each.account.id), each.account.name) for each in loads),
    ]
