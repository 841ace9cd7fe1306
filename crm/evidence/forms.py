"""The forms of asks."""

from __future__ import annotations

from typing import Any

from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from crm.evidence.models import Ask
from crm.evidence.rules import INSTRUMENTS, MEDIA, UNMET_REASONS
from crm.evidence.service import AskDetails, Found
from crm.evidence.workflow import Instrument, Medium, UnmetReason
from crm.kernel.clock import today
from crm.kernel.eligibility import STAGES
from crm.web.fields import LONGEST_TEXT, DayField, Line, MoneyField, optional
from crm.web.filters import sentence
from crm.web.forms import Form

TOO_LONG = Length(max=LONGEST_TEXT, message=f"This must be {LONGEST_TEXT:,} characters or fewer")


def _choices(words: dict[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, sentence(label)) for value, label in words.items()]


class AskForm(Form):
    """A sum sought."""

    amount = MoneyField("How much is sought?", [optional()])
    instrument = RadioField(
        "What kind of finance?", [InputRequired("Choose a kind of finance")], choices=_choices(INSTRUMENTS)
    )
    purpose = TextAreaField("What for?", [InputRequired("Say what it is for"), TOO_LONG])
    medium = RadioField(
        "What kind of work?", [InputRequired("Choose a kind of work")], choices=_choices(MEDIA)
    )
    stage = SelectField("At which stage?", choices=[SelectChoice("", "Not known"), *_choices(STAGES)])
    asked_on = DayField("Sought since", [optional()])

    def details(self) -> AskDetails:
        """The ask as the verbs take it."""
        return AskDetails(
            instrument=Instrument(self.instrument.data),
            purpose=self.purpose.data or "",
            medium=Medium(self.medium.data),
            amount=self.amount.data,
            stage=self.stage.data or None,
            asked_on=self.asked_on.data,
        )


def values_of(ask: Ask) -> dict[str, Any]:
    """What the form shows of an ask that is there already."""
    amount = str(ask.amount).removeprefix("£") if ask.amount is not None else ""
    told = {name: getattr(ask, name) for name in ("instrument", "purpose", "medium", "asked_on")}
    return told | {"amount": amount, "stage": ask.stage or ""}


class MetForm(Form):
    """Where the finance was found."""

    met_by = Line("Who gave it?", [InputRequired("Enter who gave it")])
    met_amount = MoneyField("How much?", [optional()])
    settled_on = DayField("When?", [optional()])

    def found(self) -> Found:
        """What was found, as the verb takes it."""
        return Found(self.met_by.data or "", self.settled_on.data or today(), self.met_amount.data)


class UnmetForm(Form):
    """Why it was not to be had."""

    reason = RadioField("Why not?", [InputRequired("Choose why not")], choices=_choices(UNMET_REASONS))
    unmet_note = TextAreaField("In your words", [TOO_LONG])

    def why(self) -> UnmetReason:
        """The reason, as the verb takes it."""
        return UnmetReason(self.reason.data)
