"""Forms for dated figures."""

from __future__ import annotations

from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from crm.figures.rules import Definition
from crm.figures.service import Proposal
from crm.web.fields import DayField, Line, optional
from crm.web.forms import Form

CONFIDENCE = (
    SelectChoice("read", "I have read it in the source named"),
    SelectChoice("memory", "From memory, still to be checked"),
    SelectChoice("decision", "It is our own decision"),
)


class ProposalForm(Form):
    """A new value for one figure."""

    known: Definition | None = None
    value = Line("New value", [InputRequired("Enter the new value")], longest=40)
    valid_from = DayField("First day it holds", [InputRequired("Enter the first day it holds")])
    valid_to = DayField("Last day it holds", [optional()])
    source = Line("Source", [InputRequired("Say where the figure comes from")], longest=500)
    confidence = RadioField(
        "How sure is it?", [InputRequired("Choose how sure the figure is")], choices=list(CONFIDENCE)
    )

    def of_figure(self, known: Definition) -> ProposalForm:
        """Read the value in this figure's unit, within its bounds."""
        self.known = known
        return self

    def validate_value(self, field: Line) -> None:
        """Say what cannot be read together with every other fault; the service reads it once more."""
        if self.known is not None and field.data:
            self.known.read(field.data)

    def details(self, name: str) -> Proposal:
        """The proposal as the service takes it."""
        return Proposal(
            name=name,
            value=self.value.data or "",
            valid_from=self.valid_from.data,
            valid_to=self.valid_to.data,
            source=self.source.data or "",
            confidence=self.confidence.data,
        )


class RefusalForm(Form):
    """Why a proposed figure is turned down."""

    reason = TextAreaField(
        "Why is it refused?",
        [
            InputRequired("Say why it is refused"),
            Length(max=500, message="The reason must be 500 characters or fewer"),
        ],
    )


class BankHolidayForm(Form):
    """A bank holiday to add."""

    day = DayField("Day", [InputRequired("Enter the day")])
    name = Line("Name", [InputRequired("Enter its name, like Early May bank holiday")], longest=100)
    source = Line("Source", [InputRequired("Say where this comes from")], longest=500)
