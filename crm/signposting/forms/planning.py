"""The forms by which an action plan is made and sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from crm.kernel.errors import BadInput
from crm.notices.service import Reader
from crm.signposting.rules.planning import REASONS
from crm.signposting.service.planning import StepDetails, Words
from crm.signposting.workflow import StepOwner
from crm.web.fields import LONGEST_TEXT, DayField, EmailLine, Line, SeenMark, SeenVersion, optional
from crm.web.forms import Form

TOO_LONG = Length(max=LONGEST_TEXT, message=f"This must be {LONGEST_TEXT:,} characters or fewer")


OTHER = "other"
LONGEST_WHY = 10_000
WHY = "why-"
"""What the name of a field begins with that says why a service is in the plan; the rest is its id."""


class OpeningForm(Form):
    """What stands at the top of the plan."""

    opening = TextAreaField("Opening words", [TOO_LONG])
    version = SeenVersion()

    def words(self, posted: Mapping[str, str]) -> Words:
        """Everything that was typed on the page: of a request that brings no opening words, nothing."""
        whys = {
            UUID(name.removeprefix(WHY)): text.strip()
            for name, text in posted.items()
            if name.startswith(WHY) and 0 < len(text.strip()) <= LONGEST_WHY
        }
        if "opening" not in posted:
            return Words(whys=whys)
        return Words(self.opening.data or "", self.version.data, whys)


class RuleOutForm(Form):
    """Why a service is left out against which nothing stands."""

    reason = RadioField(
        "Why is it ruled out?",
        [InputRequired("Choose why it is ruled out")],
        choices=[*(SelectChoice(each, each) for each in REASONS), SelectChoice(OTHER, "Another reason")],
    )
    why = TextAreaField("In your own words", [TOO_LONG])

    def validate_why(self, field: TextAreaField) -> None:
        """Another reason is said."""
        if self.reason.data == OTHER and not (field.data or "").strip():
            raise BadInput("Say why it is ruled out")

    def words(self) -> str:
        """The reason as the business reads it."""
        return (self.why.data or "") if self.reason.data == OTHER else str(self.reason.data)


class PlanStepForm(Form):
    """Something to do."""

    title = Line("What needs to be done?", [InputRequired("Enter what needs to be done")], longest=300)
    owner = RadioField(
        "Whose step is it?",
        [InputRequired("Choose whose step it is")],
        choices=[
            SelectChoice(StepOwner.BUSINESS.value, "The business’s"),
            SelectChoice(StepOwner.ADVISER.value, "Mine"),
            SelectChoice(StepOwner.PROVIDER.value, "A provider’s"),
        ],
    )
    due_on = DayField("Until when?", [optional()])

    def details(self) -> StepDetails:
        """The step as the verb takes it."""
        return StepDetails(self.title.data or "", StepOwner(self.owner.data), self.due_on.data)


class ServiceForm(Form):
    """A service by its id."""

    other_id = SelectField("Service", [InputRequired("Choose a service")])

    def offer(self, rows: Iterable[tuple[str, str]]) -> ServiceForm:
        """Offer these services, by id and name."""
        self.other_id.choices = [
            SelectChoice("", "Choose a service"),
            *(SelectChoice(*row) for row in rows),
        ]
        return self


class SendForm(Form):
    """To whom the plan goes; ``seen`` is the mark of what its preview showed."""

    seen = SeenMark()
    name = Line("Name", [InputRequired("Enter the name of the person who gets the plan")])
    email = EmailLine("Email address", [InputRequired("Enter the email address that the plan goes to")])

    def reader(self) -> Reader:
        """The reader as the verb takes them."""
        return Reader(self.email.data or "", self.name.data or "")
