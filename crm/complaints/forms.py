"""The forms of complaints: the public one, the one for staff, and the answer."""

from __future__ import annotations

from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from crm.complaints.rules import CHANNELS, FIRST_DAY
from crm.complaints.service import Told
from crm.complaints.workflow import Channel
from crm.kernel.clock import today
from crm.web.fields import LONGEST_TEXT, DayField, EmailLine, Line, SeenVersion, optional
from crm.web.filters import sentence
from crm.web.forms import Form, OpenForm

TOO_LONG = Length(max=LONGEST_TEXT, message=f"This must be {LONGEST_TEXT:,} characters or fewer")
RECORDED = (Channel.EMAIL, Channel.LETTER, Channel.TELEPHONE)
"""The channels of complaints that staff record."""


class ComplainForm(OpenForm):
    """Who complains, how to answer them, what happened and what would put it right."""

    name = Line("Your name", [InputRequired("Enter your name")])
    email = EmailLine(
        "Your email address", [InputRequired("Enter your email address, so that we can answer")]
    )
    said = TextAreaField("What happened?", [InputRequired("Tell us what happened"), TOO_LONG])
    wanted = TextAreaField("What would put it right? (optional)", [TOO_LONG])

    def told(self) -> Told:
        """As the verb takes it."""
        return Told(self.name.data, self.said.data, self.wanted.data, self.email.data)


class RecordForm(Form):
    """A complaint that came by email, letter or telephone."""

    channel = RadioField(
        "How did it come?",
        [InputRequired("Say how the complaint came")],
        choices=[SelectChoice(each.value, sentence(CHANNELS[each])) for each in RECORDED],
    )
    received_on = DayField(
        "When did it come?",
        [InputRequired("Enter the date on which the complaint came")],
        least=FIRST_DAY,
        most=today,
    )
    name = Line("Name of the person", [InputRequired("Enter the name of the person")])
    email = EmailLine("Email address (optional)", [optional()])
    contact = Line("Address or telephone number", [], longest=500)
    said = TextAreaField("What happened?", [InputRequired("Enter what happened"), TOO_LONG])
    wanted = TextAreaField("What would put it right? (optional)", [TOO_LONG])

    def told(self) -> Told:
        """As the verb takes it."""
        return Told(
            self.name.data, self.said.data, self.wanted.data, self.email.data or None, self.contact.data
        )


class AnswerForm(Form):
    """What we found and did."""

    answer = TextAreaField("Answer", [InputRequired("Enter the answer"), TOO_LONG])
    version = SeenVersion()
