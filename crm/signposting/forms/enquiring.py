"""One form for each step of an enquiry, and one for an adviser who takes it down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from crm.businesses.forms import CompanyNumberLine, WhereaboutsLine
from crm.businesses.rules.labels import WORDINGS, current_version
from crm.directory.rules.labels import TRIAGE_AREAS
from crm.evidence.rules import INSTRUMENTS, MEDIA
from crm.kernel.clock import today
from crm.kernel.eligibility import DCMS_GROUPS
from crm.kernel.errors import BadInput
from crm.kernel.money import Money
from crm.places.queries import locate_either, require_a_place
from crm.signposting.forms.finding import FOUNDERS_FORMS
from crm.signposting.rules.enquiring import why_not_reachable
from crm.signposting.rules.finding import MOST_MONTHS, MOST_PEOPLE, in_pounds
from crm.signposting.service.enquiring import Told, why_not_served
from crm.signposting.workflow import Way
from crm.web.fields import (
    LONGEST_TEXT,
    DayField,
    EmailLine,
    Line,
    MoneyField,
    TelephoneLine,
    WholeNumberField,
    optional,
)
from crm.web.filters import sentence
from crm.web.forms import Form, OpenForm

TOO_LONG = Length(max=LONGEST_TEXT, message=f"This must be {LONGEST_TEXT:,} characters or fewer")
NOT_SURE = SelectChoice("", "Not sure")
OFFERED = ("share_with_providers", "evaluation", "news")
"""What can be agreed to with an enquiry; each is left out unless it is chosen."""


def _choices(words: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, sentence(label)) for value, label in words.items()]


class StepForm(Form):
    """One step; ``version`` is that of the enquiry on the screen."""

    version = HiddenField()

    def told(self) -> dict[str, Any]:
        """What was told, as it is kept."""
        return {
            name: _kept(field.data)
            for name, field in self._fields.items()
            if name not in ("version", "website")
        }

    @property
    def seen(self) -> int | None:
        """The version that was on the screen."""
        typed = str(self.version.data or "")
        return int(typed) if typed.isdecimal() else None


def _kept(value: Any) -> Any:
    """A value as JSON keeps it."""
    return in_pounds(value) if isinstance(value, Money) else value


class WhereForm(StepForm):
    """Where the business works."""

    place = WhereaboutsLine(
        "Where do you work?", [InputRequired("Enter a postcode like B1 1AA, or its first half like B1")]
    )

    def validate_place(self, field: Any) -> None:
        """A hub is chosen by the place, so it must be one."""
        require_a_place(field.data)


class BusinessForm(StepForm):
    """Which business it is."""

    name = Line("Name of the business", [InputRequired("Enter the name you trade under, or your own name")])
    form = RadioField("How is it set up?", [optional()], choices=[*_choices(FOUNDERS_FORMS), NOT_SURE])
    number = CompanyNumberLine("Company number, if it has one", [])


class WorkForm(StepForm):
    """What it does, and how large it is."""

    groups = SelectMultipleField("What do you do?", choices=_choices(DCMS_GROUPS))
    people = WholeNumberField(
        "How many people work in it?", [optional()], most=MOST_PEOPLE, says="The number of people"
    )
    turnover = MoneyField("Turnover in the last year", [optional()])
    years = WholeNumberField("Years", [optional()], most=MOST_MONTHS // 12, says="The number of years")


class HelpForm(StepForm):
    """What it needs, in ticks and in its own words."""

    needs = SelectMultipleField("What kind of help?", choices=_choices(TRIAGE_AREAS))
    story = TextAreaField(
        "In your own words", [InputRequired("Say in a sentence or two what you would like to do"), TOO_LONG]
    )
    readiness = SelectMultipleField("Answers to send with it", choices=[])

    def offer(self, carried: Mapping[str, str]) -> HelpForm:
        """Offer the assessments that came along, by what carries them, each in words; without any nothing is asked."""
        self.readiness.choices = [SelectChoice(token, words) for token, words in carried.items()]
        if not carried:
            del self.readiness
        return self


class FinanceForm(StepForm):
    """Finance sought, if any."""

    seeks = RadioField(
        "Are you looking for finance?",
        [InputRequired("Choose yes or no")],
        choices=[SelectChoice("no", "No"), SelectChoice("yes", "Yes")],
    )
    amount = MoneyField("How much?", [optional()])
    instrument = SelectField("What kind?", choices=_choices({"not_sure": "not sure", **INSTRUMENTS}))
    purpose = Line("What for?", [], longest=500)
    medium = SelectField("For what kind of work?", choices=_choices(dict(reversed(MEDIA.items()))))

    def validate_purpose(self, field: Any) -> None:
        """Whoever seeks finance says what for."""
        if self.seeks.data == "yes" and not field.data:
            raise BadInput("Say what the money is for")


class YouForm(StepForm):
    """Who is asking, and what they agree to."""

    name = Line("Your name", [InputRequired("Enter your name")])
    role = Line("What you do in the business", [], longest=100)
    email = EmailLine("Email address", [])
    phone = TelephoneLine("Telephone number", [])
    consents = SelectMultipleField(
        "Do you agree to any of these?",
        choices=[SelectChoice(each, WORDINGS[each][current_version(each)]) for each in OFFERED],
    )

    def validate_email(self, field: Any) -> None:
        """There must be a way to answer."""
        reason = why_not_reachable(field.data, self.phone.data)
        if reason and not self.phone.data:
            raise BadInput(reason)


class CheckForm(OpenForm, StepForm):
    """Nothing more is asked: it is sent."""


class LaterForm(Form):
    """Where to send the link with which to go on."""

    email = EmailLine("Email address", [InputRequired("Enter your email address")])


FORMS: dict[str, type[StepForm]] = {
    "where": WhereForm,
    "business": BusinessForm,
    "work": WorkForm,
    "help": HelpForm,
    "finance": FinanceForm,
    "you": YouForm,
    "check": CheckForm,
}


def values_of(step: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What the form of a step shows: what was told there, else what we knew or the support finder was told before."""
    carried = answers.get("carried", {})
    months, form = carried.get("months"), carried.get("form", "")
    before: dict[str, dict[str, Any]] = {
        "where": {"place": answers.get("carried_place")},
        "business": {
            "form": form if form in FOUNDERS_FORMS else "",
            **answers.get("carried_business", {}),
        },
        "you": answers.get("carried_you", {}),
        "work": {
            **{name: carried.get(name) for name in ("groups", "people", "turnover")},
            "years": int(months) // 12 if months else None,
        },
        "help": {"needs": answers.get("carried_needs"), "readiness": answers.get("carried_readiness")},
        "finance": {"instrument": "not_sure", "medium": "other"},
    }
    return {**before.get(step, {}), **answers.get(step, {})}


def told_by(answers: Mapping[str, Any]) -> Told:
    """The enquiry that the steps add up to. What the support finder was told fills in what no step asks."""
    where, business, work = (answers.get(name, {}) for name in ("where", "business", "work"))
    carried, you, finance = (answers.get(name, {}) for name in ("carried", "you", "finance"))
    place, years = str(where.get("place") or ""), work.get("years")
    same_years = years is not None and carried.get("months") and int(carried["months"]) // 12 == int(years)
    found = {
        **{name: carried[name] for name in ("stage", "exports") if carried.get(name)},
        "groups": work.get("groups") or [],
        "form": business.get("form") or "",
        "people": "" if work.get("people") is None else str(work["people"]),
        "turnover": work.get("turnover") or "",
        "months": carried["months"] if same_years else ("" if years is None else str(int(years) * 12)),
        "needs": answers.get("help", {}).get("needs") or [],
        "readiness": answers.get("help", {}).get("readiness", answers.get("carried_readiness")) or [],
    }
    ask = {name: finance.get(name) for name in ("amount", "instrument", "purpose", "medium")}
    return Told(
        business_name=business.get("name", ""),
        person_name=you.get("name", ""),
        person_role=you.get("role") or "",
        email=you.get("email") or None,
        phone=you.get("phone") or None,
        company_number=business.get("number") or None,
        postcode=place if " " in place else None,
        outcode=place.split(" ", maxsplit=1)[0] or None,
        answers={name: value for name, value in found.items() if value},
        ask={name: value for name, value in ask.items() if value} if finance.get("seeks") == "yes" else {},
        consents=tuple(you.get("consents") or ()),
        story=answers.get("help", {}).get("story") or "",
    )


NOTED_WITHIN = timedelta(days=60)
"""How long ago an enquiry can have come that is recorded now."""


class TakeDownForm(Form):
    """Everything on one page, for an adviser at the telephone."""

    way = RadioField(
        "How did it come?",
        [InputRequired("Choose how it came")],
        choices=[
            SelectChoice(Way.PHONE.value, "By telephone"),
            SelectChoice(Way.EMAIL.value, "By email"),
            SelectChoice(Way.EVENT.value, "At an event"),
        ],
    )
    came_on = DayField("Day it came", [optional()], most=today)
    name = Line("Name of the caller", [InputRequired("Enter their name")])
    role = Line("What they do there", [], longest=100)
    email = EmailLine("Email address", [])
    phone = TelephoneLine("Telephone", [])
    business_name = Line("Name of the business", [InputRequired("Enter the name of the business")])
    number = CompanyNumberLine("Company number", [])
    place = WhereaboutsLine("Postcode, or its first half", [])
    form = SelectField("Set up as", choices=[NOT_SURE, *_choices(FOUNDERS_FORMS)])
    groups = SelectMultipleField("What it does", choices=_choices(DCMS_GROUPS))
    people = WholeNumberField("People", [optional()], most=MOST_PEOPLE, says="The number of people")
    turnover = MoneyField("Turnover in the last year", [optional()])
    story = TextAreaField("What they said", [InputRequired("Note what they said"), TOO_LONG])
    needs = SelectMultipleField("Help with", choices=_choices(TRIAGE_AREAS))
    consents = SelectMultipleField(
        "What they agreed to, read to them word for word",
        choices=[SelectChoice(each, WORDINGS[each][current_version(each)]) for each in OFFERED],
    )

    def validate_came_on(self, field: Any) -> None:
        """The clock for an answer runs from that day, so it is not long ago."""
        if field.data is not None and field.data < today() - NOTED_WITHIN:
            raise BadInput(f"Enter a day in the last {NOTED_WITHIN.days} days")

    def validate_place(self, field: Any) -> None:
        """A hub is chosen by the place, so it is one that a hub serves, or nothing."""
        if field.data:
            require_a_place(field.data)
            reason = why_not_served(locate_either(field.data))
            if reason:
                raise BadInput(reason)

    def validate_email(self, field: Any) -> None:
        """There must be a way to answer."""
        reason = why_not_reachable(field.data, self.phone.data)
        if reason and not self.phone.data:
            raise BadInput(reason)

    def told(self) -> Told:
        """The enquiry as the verb takes it."""
        found = {
            "groups": list(self.groups.data or ()),
            "form": self.form.data or "",
            "people": "" if self.people.data is None else str(self.people.data),
            "turnover": in_pounds(self.turnover.data) if self.turnover.data is not None else "",
            "needs": list(self.needs.data or ()),
        }
        return Told(
            business_name=self.business_name.data or "",
            person_name=self.name.data or "",
            person_role=self.role.data or "",
            email=self.email.data or None,
            phone=self.phone.data or None,
            company_number=self.number.data or None,
            postcode=self.place.postcode,
            outcode=self.place.outcode,
            answers={name: value for name, value in found.items() if value},
            consents=tuple(self.consents.data or ()),
            story=self.story.data or "",
        )
