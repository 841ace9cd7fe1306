"""The forms of requests about personal data: the record of one, further time, the answer, and whom to erase and why."""

from __future__ import annotations

from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from crm.kernel.clock import today
from crm.privacy.rules import FIRST_DAY, KINDS_OF_REQUEST
from crm.privacy.service.requests import Asked
from crm.privacy.workflow import RequestKind
from crm.web.fields import LONGEST_TEXT, DayField, EmailLine, Line, SeenMark, SeenVersion, optional
from crm.web.filters import sentence
from crm.web.forms import Form
from crm.web.reasons import LONG, SHORT

TOO_LONG = Length(max=LONGEST_TEXT, message=f"This must be {LONGEST_TEXT:,} characters or fewer")


class RequestForm(Form):
    """A request that came by email, letter, telephone or in person."""

    kind = RadioField(
        "What do they ask for?",
        [InputRequired("Say what they ask for")],
        choices=[SelectChoice(each.value, sentence(KINDS_OF_REQUEST[each])) for each in RequestKind],
    )
    received_on = DayField(
        "When did it come?",
        [InputRequired("Enter the date on which the request came")],
        least=FIRST_DAY,
        most=today,
    )
    name = Line("Name of the person", [InputRequired("Enter the name of the person")])
    email = EmailLine("Email address (optional)", [optional()])
    contact = Line("Address or telephone number", [], longest=500)
    said = TextAreaField("What do they ask?", [InputRequired("Enter what they ask"), TOO_LONG])

    def asked(self) -> Asked:
        """As the verb takes it."""
        kind, came_on = RequestKind(self.kind.data), self.received_on.data
        return Asked(
            kind, self.name.data, self.said.data, came_on, self.email.data or None, self.contact.data
        )


class ExtendForm(Form):
    """Why a request takes longer. The person reads it."""

    version = SeenVersion()
    reason = TextAreaField("Why does it take longer?", [InputRequired("Say why it takes longer"), LONG])


class AnswerForm(Form):
    """What we did about a request."""

    version = SeenVersion()
    answer = TextAreaField("Answer", [InputRequired("Enter the answer"), TOO_LONG])


class RefusalForm(Form):
    """Why we do not do what a person asks."""

    version = SeenVersion()
    answer = TextAreaField(
        "Why do we not do what they ask?", [InputRequired("Say why we do not do what they ask"), TOO_LONG]
    )


class CopyForm(Form):
    """That the copy is of the person who asked, as the page showed both."""

    seen = SeenMark()
    checked = BooleanField("I have checked that this is the person who asked")


class EraseForm(Form):
    """Why a person is erased, and what the preview showed."""

    seen = SeenMark()
    checked = BooleanField("I have checked that this is the person who asked")
    reason = TextAreaField("Why?", [InputRequired("Say why"), SHORT])
