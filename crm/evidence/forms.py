"""The forms of asks, outcomes and baselines. Each that changes a row carries the version that was on the screen."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, Self

from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from crm.evidence.models import Ask, Baseline, Indicator
from crm.evidence.rules import INSTRUMENTS, MEDIA, UNMET_REASONS, JobFacts, fte_in_words, read_fte
from crm.evidence.service.asking import AskDetails, Found
from crm.evidence.service.counting import BaselineDetails, OutputDetails, Shown
from crm.evidence.workflow import Instrument, Medium, UnmetReason
from crm.kernel.clock import today
from crm.kernel.eligibility import STAGES
from crm.web.fields import (
    LONGEST_TEXT,
    DayField,
    Line,
    MoneyField,
    ReadAs,
    SeenVersion,
    WholeNumberField,
    Why,
    optional,
)
from crm.web.filters import sentence
from crm.web.forms import Form
from crm.web.seen import SeenForm

YES_NO = [SelectChoice("yes", "Yes"), SelectChoice("no", "No")]
TOO_LONG = Length(max=LONGEST_TEXT, message=f"This must be {LONGEST_TEXT:,} characters or fewer")


def _choices(words: dict[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, sentence(label)) for value, label in words.items()]


read_count = partial(read_fte, asked="how many in figures")
read_people = partial(read_fte, asked="how many people in full-time equivalents")


class AskForm(SeenForm):
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
    told = {name: getattr(ask, name) for name in ("instrument", "purpose", "medium", "asked_on", "version")}
    return told | {"amount": amount, "stage": ask.stage or ""}


class MetForm(SeenForm):
    """Where the finance was found."""

    met_by = Line("Who gave it?", [InputRequired("Enter who gave it")])
    met_amount = MoneyField("How much?", [optional()])
    settled_on = DayField("When?", [optional()])

    def found(self) -> Found:
        """What was found, as the verb takes it."""
        return Found(self.met_by.data or "", self.settled_on.data or today(), self.met_amount.data)


class UnmetForm(SeenForm):
    """Why the finance was not found."""

    reason = RadioField("Why not?", [InputRequired("Choose why not")], choices=_choices(UNMET_REASONS))
    unmet_note = TextAreaField("More about the reason", [TOO_LONG])

    def why(self) -> UnmetReason:
        """The reason, as the verb takes it."""
        return UnmetReason(self.reason.data)


class OutputForm(Form):
    """An outcome of the help; ``baseline_version`` is of the baseline that was on the screen."""

    baseline_version = SeenVersion()
    indicator_code = RadioField("What was the outcome?", [InputRequired("Choose an outcome")])
    happened_on = DayField("When?", [InputRequired("Enter the day")])
    amount = ReadAs("How many?", [optional()], read=read_count, write=fte_in_words)
    now = ReadAs("How many people work there now?", [optional()], read=read_people, write=fte_in_words)
    is_permanent = RadioField("Is the new work permanent and paid?", [optional()], choices=YES_NO)
    months = WholeNumberField(
        "How many months is it expected to last?", [optional()], most=600, says="The number of months"
    )
    proof = TextAreaField("How is it known?", [TOO_LONG])

    def offer(self, indicators: Iterable[Indicator]) -> Self:
        """Offer these definitions."""
        self.indicator_code.choices = [SelectChoice(each.code, each.name) for each in indicators]
        return self

    def details(self) -> OutputDetails:
        """The output as the verbs take it."""
        jobs = None
        if self.now.data is not None:
            jobs = JobFacts(self.now.data, self.is_permanent.data == "yes", self.months.data or 0)
        return OutputDetails(
            self.indicator_code.data,
            self.happened_on.data,
            self.amount.data,
            self.proof.data or "",
            jobs,
            baseline_version=self.baseline_version.data,
        )


class BaselineForm(SeenForm):
    """How many people there were before the help."""

    fte = ReadAs(
        "How many people worked there?",
        [InputRequired("Enter how many")],
        read=read_people,
        write=fte_in_words,
    )
    measured_on = DayField("On which day?", [InputRequired("Enter the day")])
    source = Why("How is it known?", [InputRequired("Say how it is known")])

    def details(self) -> BaselineDetails:
        """The baseline as the verb takes it."""
        return BaselineDetails(self.fte.data, self.measured_on.data, self.source.data or "")


def values_of_baseline(kept: Baseline | None) -> dict[str, Any]:
    """What the form shows of a baseline that is there already."""
    if kept is None:
        return {}
    shown = {name: getattr(kept, name) for name in ("measured_on", "source", "version")}
    return shown | {"fte": kept.fte_hundredths}


class OutputSeenForm(SeenForm):
    """What was on the screen of an outcome: its version, and its files by id."""

    files = HiddenField()

    def shown(self) -> Shown:
        """What was on the screen, as the verbs take it."""
        files = frozenset(self.files.data.split()) if self.files.raw_data else None
        return Shown(self.version.data, files)


class ClaimForm(OutputSeenForm):
    """How it is known."""

    proof = TextAreaField("How is it known?", [InputRequired("Say how it is known"), TOO_LONG])


class CorrectOutputForm(OutputSeenForm):
    """How many it really were, and why."""

    amount = ReadAs("How many?", [InputRequired("Enter how many")], read=read_count, write=fte_in_words)
    reason = TextAreaField("Why?", [InputRequired("Say why you are correcting it"), TOO_LONG])


class WithdrawForm(OutputSeenForm):
    """Why it is removed."""

    why = TextAreaField("Why?", [InputRequired("Say why you are removing it"), TOO_LONG])


class FollowUpForm(SeenForm):
    """What was done about a service that a business can use now."""

    reason = TextAreaField("What did you do?", [InputRequired("Say what you did"), TOO_LONG])
