"""The forms of delegations, of applications for a place, and of what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from wtforms import (
    BooleanField,
    RadioField,
    SelectChoice,
    SelectField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from crm.accounts.models import Account
from crm.businesses.models import Person
from crm.exporting.delegations.models import Delegation, DelegationPlace, DelegationReturn
from crm.exporting.delegations.rules import LONGEST_WORDS, MARKS, MOST_DAYS, MOST_SEATS, SELLS, read_criteria
from crm.exporting.delegations.service.answering import ApplicationDetails
from crm.exporting.delegations.service.choosing import Assessment
from crm.exporting.delegations.service.inviting import Invitation
from crm.exporting.delegations.service.leading import DelegationDetails
from crm.exporting.delegations.service.returning import Results
from crm.exporting.delegations.service.weighing import Doubt, Said
from crm.exporting.delegations.workflow import Sells
from crm.exporting.plans.models import MarketEdition
from crm.exporting.plans.rules.countries import place_in_words
from crm.kernel.calendar import days_in_words
from crm.kernel.errors import Refusal
from crm.web.fields import DayField, Line, MoneyField, SeenMark, SeenVersion, WholeNumberField, Why, optional
from crm.web.forms import Form

TOO_LONG = Length(max=LONGEST_WORDS, message=f"This must be {LONGEST_WORDS:,} characters or fewer")
SHORT = Length(max=500, message="This must be 500 characters or fewer")


Faults = Callable[[Said], Iterable[Refusal]]
STATED = ("edition", "cost", "share", "criteria")
"""What applicants were told when a delegation opened, so that it stays as it is."""


class DelegationForm(Form):
    """What a delegation is, for whom, and on what terms."""

    version = SeenVersion()
    edition = SelectField("Market or festival", [InputRequired("Choose the market or festival")])
    title = Line("Name of the delegation", [InputRequired("Enter a name")])
    about = TextAreaField(
        "What is it about, and whom is it for?", [InputRequired("Say what it is about"), TOO_LONG]
    )
    departs_on = DayField("Day of departure", [InputRequired("Enter the day of departure")])
    returns_on = DayField("Day of return", [InputRequired("Enter the day of return")])
    are_days_right = BooleanField("The days are right, although they do not cover the start of the market")
    place = Line("Where does it go?", [InputRequired("Enter where it goes")])
    closes_on = DayField("Last day to apply", [InputRequired("Enter the last day to apply")])
    seats = WholeNumberField("Places", [InputRequired("Enter how many places")], least=1, most=MOST_SEATS)
    answer_days = WholeNumberField(
        "Days to answer an offer", [InputRequired("Enter how many days")], least=1, most=MOST_DAYS
    )
    cost = MoneyField("What a place costs", [InputRequired("Enter what a place costs, or 0")])
    share = MoneyField("What the business pays of it", [InputRequired("Enter what the business pays, or 0")])
    covers = Line("What is shared or covered", [optional()], longest=500)
    partner = Line("Partner", [optional()])
    criteria = TextAreaField(
        "How places are given", [InputRequired("Enter at least one criterion, one a line"), TOO_LONG]
    )
    depends_on_exporting_goods = BooleanField(
        "What we pay is for goods, or depends on how much a business exports"
    )

    places: Mapping[str, str] = MappingProxyType({})
    """Where each market takes place, by its edition: where it goes, if nothing else is said."""
    is_doubted = False
    """Whether it is asked if the days are right, although they hardly fit those of the market."""

    def offer(self, editions: Iterable[MarketEdition], *, faults: Faults) -> DelegationForm:
        """Offer these editions; ``faults`` says what is wrong with what was written."""
        self.faults = faults
        self.edition.choices = [SelectChoice("", "Choose")]
        known = list(editions)
        self.edition.choices += [SelectChoice(str(each.id), _with_days(each)) for each in known]
        self.places = {str(each.id): _where_is(each) for each in known}
        return self

    def keep(self, found: Delegation) -> DelegationForm:
        """Leave what was stated when it opened as it is: the page shows it as text, and does not send it."""
        stated = delegation_values(found)
        for field in [self[name] for name in STATED if not self[name].raw_data]:
            field.data, field.validators, field.process_errors = stated[field.name], (), []
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        """As for every form; and what no delegation can have is said beside it, each fault at its field, also of a form that was sent before."""
        if not (self.place.data or "").strip() and self.places.get(self.edition.data or ""):
            self.place.data = self.places[self.edition.data]
            self.place.raw_data = [self.place.data]
        is_sound = super().validate(extra_validators)
        faults = [each for each in self.faults(self._said()) if not self[each.field or ""].errors]
        self.is_doubted = any(isinstance(each, Doubt) for each in faults)
        for each in faults:
            if not self[each.field or ""].errors:
                self.refuse(each)
        return is_sound and not faults

    def _said(self) -> dict[str, Any]:
        """What was written, as far as it can be read: None for a field that cannot."""
        names = ("departs_on", "returns_on", "closes_on", "seats", "cost", "share")
        said = {name: None if self[name].errors else self[name].data for name in names}
        ticked = {name: bool(self[name].data) for name in ("depends_on_exporting_goods", "are_days_right")}
        edition_id = UUID(self.edition.data) if self.edition.data and not self.edition.errors else None
        criteria = read_criteria(self.criteria.data or "")
        return said | ticked | {"edition_id": edition_id, "criteria": criteria}

    def details(self) -> DelegationDetails:
        """As the verbs take it."""
        names = ("title", "departs_on", "returns_on", "closes_on", "place", "seats", "answer_days")
        given: dict[str, Any] = {name: self[name].data for name in (*names, "cost", "share")}
        given |= {name: self[name].data or "" for name in ("about", "partner", "covers")}
        criteria = read_criteria(self.criteria.data or "")
        return DelegationDetails(edition_id=UUID(self.edition.data), criteria=criteria, **given)


def _where_is(found: MarketEdition) -> str:
    """Where an edition takes place, with the country."""
    return place_in_words(found.place or found.market.place, found.market.country)


def _with_days(found: MarketEdition) -> str:
    """An edition with its days, so that those of the delegation can be seen against them."""
    if found.starts_on is None or found.ends_on is None:
        return f"{found.name}, no dates yet"
    return f"{found.name}, {days_in_words(found.starts_on, found.ends_on)}"


def delegation_values(found: Delegation) -> dict[str, Any]:
    """What the form shows of a delegation."""
    names = (
        "version",
        "title",
        "about",
        "partner",
        "departs_on",
        "returns_on",
        "place",
        "closes_on",
        "seats",
    )
    shown = {name: getattr(found, name) for name in (*names, "answer_days", "cost", "share", "covers")}
    return shown | {"edition": str(found.edition_id), "criteria": "\n".join(found.criteria)}


class LeadForm(Form):
    """Who leads a delegation from now on."""

    version = SeenVersion()
    lead = SelectField("Who leads it from now on?", [InputRequired("Choose who leads it")])

    def offer(self, people: Iterable[Account]) -> LeadForm:
        """Offer these people."""
        self.lead.choices = [SelectChoice("", "Choose")]
        self.lead.choices += [SelectChoice(str(each.id), f"{each.name} ({each.email})") for each in people]
        return self


class ChooseForm(Form):
    """Which business one of our staff applies for."""

    q = Line("Name of the business", [optional()], longest=100)


class ReasonForm(Form):
    """Why a delegation is cancelled."""

    reason = TextAreaField("Why is it cancelled?", [InputRequired("Say why it is cancelled"), SHORT])


class ApplyForm(Form):
    """Who would go, why, and what the business sells there."""

    person = SelectField("Who would go?", [InputRequired("Choose who would go")])
    why = TextAreaField(
        "Why this market, and what would you do there?",
        [InputRequired("Say why, and what you would do there"), TOO_LONG],
    )
    sells = RadioField(
        "What would you sell there?",
        [InputRequired("Choose what you would sell")],
        choices=[SelectChoice(value, label) for value, label in SELLS.items()],
    )

    def offer(self, people: Iterable[Person]) -> ApplyForm:
        """Offer the people of the business."""
        self.person.choices = [SelectChoice("", "Choose")]
        self.person.choices += [SelectChoice(str(each.id), each.name) for each in people]
        return self

    def details(self) -> ApplicationDetails:
        """As the verb takes it."""
        return ApplicationDetails(UUID(self.person.data), self.why.data or "", Sells(self.sells.data))


class InviteForm(ApplyForm):
    """The same for a business that is invited to a free place, and why it is."""

    reason = TextAreaField(
        "Why is this business invited?", [InputRequired("Say why it is invited"), TOO_LONG]
    )
    legal_note = Line("What did the check of the subsidy for goods find?", [optional()], longest=500)

    def invitation(self) -> Invitation:
        """As the verb takes it."""
        return Invitation(self.details(), self.reason.data or "", self.legal_note.data or "")


class AnswerForm(Form):
    """What a business answers. Where one of our staff records it, who told them and how."""

    told = Why(
        "Who at the business told you, and how?", [InputRequired("Say who told you, and how")], longest=300
    )

    def of_the_business(self, *, is_own: bool) -> AnswerForm:
        """Ask the business itself for nothing."""
        if is_own:
            del self.told
        return self

    def words(self) -> str:
        """Who told it; empty where the business answers for itself."""
        return (self.told.data or "") if "told" in self else ""


class TermsForm(Form):
    """The mark of the terms that the page of an offer showed."""

    seen = SeenMark()


class CloseForm(Form):
    """Closing applications, once more asked."""


class OfferAgainForm(Form):
    """Offering a free place to a business again."""


class AssessForm(Form):
    """Whether a business is suitable, and why. The marks are beside it, one for each criterion (`assess_form`)."""

    version = SeenVersion()
    suitable = RadioField(
        "Is the business suitable?",
        [InputRequired("Choose whether the business is suitable")],
        choices=[SelectChoice("yes", "Yes"), SelectChoice("no", "No")],
    )
    reason = TextAreaField("Why?", [InputRequired("Say why"), TOO_LONG])
    legal_note = Line("What did the check of the subsidy for goods find?", [optional()], longest=500)

    def marks(self) -> list[Any]:
        """The fields of the marks, in the order of the criteria."""
        return [self[name] for name in self._fields if name.startswith("mark_")]

    def details(self) -> Assessment:
        """As the verb takes it."""
        marks = tuple(int(each.data) for each in self.marks())
        legal = self.legal_note.data or ""
        return Assessment(marks, self.suitable.data == "yes", self.reason.data, legal)


def assess_form(place: DelegationPlace) -> AssessForm:
    """The form of an assessment, with a mark for each criterion of the delegation."""
    choices = [SelectChoice(str(each), f"{each}: {words.lower()}") for each, words in enumerate(MARKS)]
    fields = {
        f"mark_{number}": RadioField(words, [InputRequired(f"Choose a mark for “{words}”")], choices=choices)
        for number, words in enumerate(place.delegation.criteria)
    }
    shown: dict[str, Any] = {f"mark_{number}": str(each) for number, each in enumerate(place.marks)}
    shown |= {name: getattr(place, name) for name in ("version", "reason", "legal_note")}
    shown["suitable"] = "" if place.is_suitable is None else "yes" if place.is_suitable else "no"
    marked: type[AssessForm] = type("AssessForm", (AssessForm,), {**fields, "shown_first": tuple(fields)})
    return marked.of_request(**shown)


class SelectionForm(Form):
    """Offering the places, as the preview showed it."""

    seen = SeenMark()


class WentForm(Form):
    """Who went. The fields are beside it, one for each place (`went_form`)."""

    def rows(self) -> list[Any]:
        """The fields, in the order of the places."""
        return [self[name] for name in self._fields if name.startswith(WENT)]

    def places(self) -> frozenset[UUID]:
        """The places of those who went."""
        return frozenset(_place_of(each) for each in self.rows() if each.data == "yes")

    def rows_shown(self) -> frozenset[UUID]:
        """The places that were asked about."""
        return frozenset(_place_of(each) for each in self.rows())


WENT = "went_"


def _place_of(field: Any) -> UUID:
    return UUID(field.name.removeprefix(WENT))


def went_form(places: Iterable[DelegationPlace]) -> WentForm:
    """The form of who went, with a question for each place that was accepted and no answer chosen before."""
    choices = [SelectChoice("yes", "Went"), SelectChoice("no", "Did not go")]
    fields = {
        f"{WENT}{each.id.hex}": RadioField(
            f"{each.business.name}: {each.person.name}",
            [InputRequired(f"Choose whether {each.business.name} went")],
            choices=choices,
        )
        for each in places
    }
    asked: type[WentForm] = type("WentForm", (WentForm,), fields)
    return asked.of_request()


class ResultsForm(Form):
    """What came of a place so far. What is left empty is not known yet."""

    version = SeenVersion()
    meetings = WholeNumberField("Meetings", [optional()], most=10_000)
    leads = WholeNumberField("Leads", [optional()], most=10_000)
    sales = MoneyField("Sales", [optional()])
    nothing_known = BooleanField("We do not know any of these yet")
    is_checked = BooleanField("I have checked the figures: they are right as they are")
    told = Why(
        "Who at the business told you, and how?", [InputRequired("Say who told you, and how")], longest=300
    )

    def of_the_business(self, *, is_own: bool) -> ResultsForm:
        """Ask the business itself for nothing more."""
        if is_own:
            del self.told
        return self

    def words(self) -> str:
        """Who told it; empty where the business answers for itself."""
        return (self.told.data or "") if "told" in self else ""

    def details(self) -> Results:
        """As the verb takes it."""
        return Results(self.meetings.data, self.leads.data, self.sales.data)


def results_values(found: DelegationReturn) -> dict[str, Any]:
    """What the form shows of a return."""
    return {name: getattr(found, name) for name in ("version", "meetings", "leads", "sales")}
