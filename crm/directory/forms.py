"""The forms of those who keep the directory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from crm.directory.models import TERMS, Asking, Service
from crm.directory.rules import cells
from crm.directory.rules.labels import CHECKED, HOW_CHECKED, NEEDS, PLAN_LINES, SAID, STATUSES, Said
from crm.directory.rules.matching import COST_TYPES
from crm.directory.service.asking import Answer, Contact
from crm.directory.service.keeping import ServiceDetails
from crm.directory.service.reporting import Told
from crm.kernel.eligibility import DCMS_GROUPS, LEGAL_FORMS, LEPS, STAGES
from crm.kernel.errors import BadInput
from crm.places.queries import authorities
from crm.web.fields import (
    DayField,
    EmailLine,
    Line,
    MoneyField,
    SeenVersion,
    WholeNumberField,
    Why,
    optional,
)
from crm.web.filters import sentence
from crm.web.forms import Form, OpenForm

TOO_LONG = Length(max=cells.MOST_TEXT, message=f"This must be {cells.MOST_TEXT:,} characters or fewer")
HIDDEN_PARTS = frozenset({"provider", "service_id", "version"})


def _choices(words: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, sentence(label)) for value, label in words.items()]


def _filter(label: str, words: Mapping[str, str]) -> SelectField:
    return SelectField(label, choices=[SelectChoice("", "Any"), *_choices(words)], validate_choice=False)


class SearchForm(Form):
    """The filters of the directory, as the address carries them."""

    q = Line("Words", [], longest=100)
    need = _filter("Help with", NEEDS)
    group = _filter("What you do", DCMS_GROUPS)
    lep = _filter("Where you are", {lep: name.removeprefix("the ") for lep, name in LEPS.items()})
    status = _filter("Is it running?", STATUSES)
    checked = _filter("When was it checked?", CHECKED)

    def offer(self, statuses: Mapping[str, str]) -> SearchForm:
        """Offer only these answers to whether a service runs."""
        self.status.choices = [SelectChoice("", "Any"), *_choices(statuses)]
        return self

    def is_set(self) -> bool:
        """Whether any filter is chosen."""
        return any(field.data for field in self)


class OutcodesLine(Line):
    """Postcode districts with commas between them."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read each one; what was typed is shown again if one cannot be read."""
        self.typed = valuelist[0] if valuelist else ""
        self.data = cells.outcodes(self.typed.replace(",", "|")) if self.typed.strip() else ()

    def _value(self) -> str:
        return getattr(self, "typed", None) or ", ".join(self.data or ())


class TermsForm(Form):
    """What an offer asks of a business. Empty limits ask nothing."""

    min_turnover = MoneyField("Smallest turnover", [optional()])
    max_turnover = MoneyField("Largest turnover", [optional()])
    min_employees = WholeNumberField("Fewest people", [optional()], most=10_000_000)
    max_employees = WholeNumberField("Most people", [optional()], most=10_000_000)
    min_trading_months = WholeNumberField("Shortest trading, in months", [optional()], most=12_000)
    max_trading_months = WholeNumberField("Longest trading, in months", [optional()], most=12_000)
    min_export_share_pct = WholeNumberField("Smallest export share, in per cent", [optional()], most=100)
    legal_forms = SelectMultipleField("Legal forms", choices=_choices(LEGAL_FORMS))
    stages = SelectMultipleField("Stages", choices=_choices(STAGES))
    dcms_groups = SelectMultipleField("Creative sectors", choices=_choices(DCMS_GROUPS))
    leps = SelectMultipleField("Areas", choices=_choices(LEPS))
    lad_names = SelectMultipleField(
        "Authorities", choices=_choices({each.name: each.name for each in authorities()})
    )
    outcodes = OutcodesLine("Postcode districts", [], longest=1_000)
    wmca_only = BooleanField("Only for the seven metropolitan districts of the combined authority")

    def terms(self) -> dict[str, Any]:
        """The terms as they are kept."""
        found = {name: self[name].data for name in TERMS}
        share = found["min_export_share_pct"]
        found["min_export_share_pct"] = None if share is None else Decimal(share)
        return {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}


def terms_of(found: Asking) -> dict[str, Any]:
    """What the form shows of terms that are there already."""
    share = found.min_export_share_pct
    shown = {name: getattr(found, name) for name in TERMS}
    return shown | {"min_export_share_pct": None if share is None else int(share)}


class ServiceForm(TermsForm):
    """Everything about a service that people fill in. Empty limits ask nothing."""

    name = Line("Name of the service", [InputRequired("Enter the name of the service")])
    provider = Line("Provider", [InputRequired("Enter who provides it")])
    description = TextAreaField("What it offers", [InputRequired("Say what it offers"), TOO_LONG])
    url = Line("Web address", [], longest=cells.MOST_TEXT)
    needs = SelectMultipleField("Needs it meets", choices=_choices(NEEDS))
    eligibility_note = TextAreaField("Who it is for, in words", [TOO_LONG])
    opens_on = DayField("First day", [optional()])
    closes_on = DayField("Last day", [optional()])
    cost_type = SelectField(
        "Cost", choices=[SelectChoice("", "Not known"), *_choices({each: each for each in COST_TYPES})]
    )
    cost_text = Line("Cost, in words", [], longest=cells.MOST_TEXT)
    amount_min = MoneyField("Smallest amount", [optional()])
    amount_max = MoneyField("Largest amount", [optional()])
    plan_lines = SelectMultipleField("Lines of the plan it serves", choices=_choices(PLAN_LINES))
    source = Line("Source", [InputRequired("Say where this comes from")], longest=cells.MOST_TEXT)
    version = SeenVersion()

    def validate_url(self, field: Any) -> None:
        """Only web addresses: anything else could run in a reader's browser."""
        field.data = cells.web_address(field.data or "")

    def details(self) -> ServiceDetails:
        """The service as the verbs take it."""
        values = {name: field.data for name, field in self._fields.items() if name not in HIDDEN_PARTS}
        fields = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
        for name in ("eligibility_note", "cost_type", "cost_text", "url"):
            fields[name] = fields[name] or ""
        return ServiceDetails(self.provider.data or "", fields | self.terms(), self.version.data)


class NewServiceForm(ServiceForm):
    """A service to add, with the short name it will be known by."""

    shown_first = ("service_id",)
    service_id = Line("Short name", [InputRequired("Enter a short name")], longest=64)

    def validate_service_id(self, field: Any) -> None:
        """The same short names as in a file."""
        field.data = cells.identifier(field.data or "")


class CheckForm(Form):
    """How the status of a service is known."""

    source = TextAreaField("How do you know?", [InputRequired("Say how you know"), TOO_LONG])


def values_of(service: Service) -> dict[str, Any]:
    """What the form shows of a service that is there already."""
    own = {"provider": service.provider.name, "version": service.version}
    return service.fields() | own | terms_of(service)


class ContactForm(Form):
    """Who answers for a provider's services."""

    name = Line("Name", [InputRequired("Enter a name")])
    email = EmailLine("Email address", [InputRequired("Enter an email address")])

    def contact(self) -> Contact:
        """As the verb takes it."""
        return Contact(self.name.data or "", self.email.data)


class AnswersForm(Form):
    """What a provider says of its services. `services_form` adds two fields for each."""

    name = Line("Your name", [InputRequired("Enter your name")])
    service_ids: tuple[str, ...] = ()

    def about(self) -> list[tuple[str, Any, Any]]:
        """For each service its short name and its two fields."""
        return [(each, self[f"said-{each}"], self[f"note-{each}"]) for each in self.service_ids]

    def validate(self, extra_validators: Any = None) -> bool:
        """What has changed, or why it closed, has to be told."""
        is_sound = super().validate(extra_validators)
        for _, said, note in self.about():
            if said.data in (Said.CHANGED, Said.CLOSED) and not (note.data or "").strip():
                note.errors = [*note.errors, "Say what has changed, or since when it is closed"]
                is_sound = False
        return is_sound

    def answers(self) -> dict[str, Answer]:
        """By the short name of each service."""
        return {each: Answer(Said(said.data), note.data or "") for each, said, note in self.about()}


def services_form(asked: Sequence[Service]) -> type[AnswersForm]:
    """A form that asks about each of these services."""
    ids = tuple(each.service_id for each in asked)
    fields: dict[str, Any] = {"service_ids": ids}
    fields["shown_first"] = tuple(f"{kind}-{each}" for each in ids for kind in ("said", "note"))
    for each in asked:
        choices = [SelectChoice(value, label) for value, label in SAID.items()]
        needed = [InputRequired(f"Say whether {each.name} still runs as it says here")]
        fields[f"said-{each.service_id}"] = RadioField(
            f"Does {each.name} still run?", needed, choices=choices
        )
        fields[f"note-{each.service_id}"] = Line(
            f"If not, what is different about {each.name}?", [], longest=500
        )
    return type("ServicesForm", (AnswersForm,), fields)


class TickedForm(Form):
    """Which services are ticked, how they were checked, and who is to look after them."""

    may_repeat = True
    services = SelectMultipleField("Services", coerce=UUID, validate_choice=False)
    how = RadioField("How did you check?", choices=_choices(HOW_CHECKED), default="website")
    owner = SelectField("Who looks after them?", validate_choice=False)

    def owner_id(self) -> UUID | None:
        """The account that is chosen; None for nobody."""
        try:
            return UUID(self.owner.data) if self.owner.data else None
        except ValueError:
            raise BadInput("Choose somebody from the list") from None


class WrongForm(OpenForm):
    """What is wrong with a service, and who says so."""

    said = Line("What is wrong?", [InputRequired("Tell us what is wrong")], longest=500)
    name = Line("Your name (optional)", [])
    email = EmailLine("Your email address (optional)", [optional()])

    def told(self) -> Told:
        """As the verb takes it."""
        return Told(self.said.data or "", self.name.data or "", self.email.data or None)


class SettleForm(Form):
    """What was done about a report."""

    answer = Why("What did you do?", [InputRequired("Say what you did")], longest=500)
    version = SeenVersion()
