"""The forms by which an action plan is made and sent."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from crm.notices.service import Reader
from crm.signposting.service.planning import StepDetails
from crm.signposting.workflow import StepOwner
from crm.web.fields import LONGEST_TEXT, DayField, EmailLine, Line, SeenVersion, optional
from crm.web.forms import Form

TOO_LONG = Length(max=LONGEST_TEXT, message=f"This must be {LONGEST_TEXT:,} characters or fewer")


class OpeningForm(Form):
    """What stands at the top of the plan."""

    opening = TextAreaField("Opening words", [TOO_LONG])
    version = SeenVersion()


class StepForm(Form):
    """Something to do."""

    title = Line("What is to be done?", [InputRequired("Say what is to be done")], longest=300)
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

    service_id = SelectField("Service", [InputRequired("Choose a service")])
    why = TextAreaField("Why", [TOO_LONG])

    def offer(self, rows: Iterable[tuple[str, str]]) -> ServiceForm:
        """Offer these services, by id and name."""
        self.service_id.choices = [
            SelectChoice("", "Choose a service"),
            *(SelectChoice(*row) for row in rows),
        ]
        return self


class SendForm(Form):
    """To whom the plan goes."""

    name = Line("Name", [InputRequired("Enter the name of whoever gets the plan")])
    email = EmailLine("Email address", [InputRequired("Enter the email address that the plan goes to")])

    def reader(self) -> Reader:
        """The reader as the verb takes them."""
        return Reader(self.email.data or "", self.name.data or "")
