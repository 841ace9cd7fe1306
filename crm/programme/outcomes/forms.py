"""Forms of outcomes: the figures, who said them on the telephone, and why they are corrected."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import BooleanField, TextAreaField
from wtforms.validators import InputRequired, Length

from crm.evidence.rules import fte_in_words, read_fte
from crm.kernel.calendar import day_in_words
from crm.programme.outcomes.models import OutcomeReport
from crm.programme.outcomes.rules.labels import MEASURES, Asked
from crm.programme.outcomes.service.giving import Given, Said, faults_of
from crm.web.fields import DayField, Line, MoneyField, ReadAs, SeenVersion, WholeNumberField, optional
from crm.web.forms import Form

SHORT = Length(max=500, message="This must be 500 characters or fewer")


class FiguresForm(Form):
    """The six figures, each with its own way of saying that it is not known yet."""

    is_whole = True
    version = SeenVersion()
    turnover = MoneyField("Turnover", [optional()])
    turnover_unknown = BooleanField("Turnover not known yet")
    employees = WholeNumberField("People employed", [optional()], most=100_000, says="The people employed")
    employees_unknown = BooleanField("People employed not known yet")
    fte_hundredths = ReadAs("Full-time equivalents", [optional()], read=read_fte, write=fte_in_words)
    fte_hundredths_unknown = BooleanField("Full-time equivalents not known yet")
    export_sales = MoneyField("Export sales", [optional()])
    export_sales_unknown = BooleanField("Export sales not known yet")
    rights_registered = WholeNumberField(
        "IP rights registered", [optional()], most=10_000, says="The IP rights registered"
    )
    rights_registered_unknown = BooleanField("IP rights registered not known yet")
    finance_raised = MoneyField("Finance raised", [optional()])
    finance_raised_unknown = BooleanField("Finance raised not known yet")

    def rows(self, as_at: date, before: OutcomeReport | None = None) -> list[tuple[Any, Any, str, str]]:
        """Each figure with its tick box, its hint for a day with what was sent ``before``, and its unit."""
        day = day_in_words(as_at)
        return [
            (self[each.name], self[f"{each.name}_unknown"], hint + _last(before, each), each.unit)
            for each in MEASURES
            for hint in [each.hint.format(day=day)]
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Every figure that is missing or does not fit is said at once, each at its field. A draft may miss any."""
        is_valid = super().validate(extra_validators)
        faults = [each for each in faults_of(self.given()) if self.is_whole and not self[each[0]].errors]
        for name, words in faults:
            self[name].errors = [*self[name].errors, words]
        return is_valid and not faults

    def given(self) -> Given:
        """As the verbs take it."""
        unknown = tuple(each.name for each in MEASURES if self[f"{each.name}_unknown"].data)
        return Given({each.name: self[each.name].data for each in MEASURES}, unknown, self.version.data)


class DraftForm(FiguresForm):
    """What is filled in so far."""

    is_whole = False


class LinkForm(FiguresForm):
    """The figures of somebody who came by the link in a letter."""

    said_by = Line("Your name", [InputRequired("Enter your name")])


class CallForm(FiguresForm):
    """The figures that somebody said on the telephone."""

    shown_first = ("said_by", "said_on")
    said_by = Line("Who said them?", [InputRequired("Enter the name of the person who said them")])
    said_on = DayField("When?", [InputRequired("Enter the day of the call")])

    def said(self) -> Said:
        """Who said them, and when."""
        return Said(self.said_by.data or "", self.said_on.data)


class CorrectionForm(FiguresForm):
    """The figures as they should be, and why."""

    reason = TextAreaField("Why are they corrected?", [InputRequired("Say why"), SHORT])


def _last(before: OutcomeReport | None, asked: Asked) -> str:
    """What the business said of a measure the last time, for its hint."""
    if before is None or before.figures is None:
        return ""
    return (
        f". {before.time}, for {day_in_words(before.as_at)}: {asked.say(before.figures.values[asked.name])}"
    )


def shown_of(values: dict[str, Any], *, not_known: Sequence[str], version: int) -> dict[str, Any]:
    """What a form shows of figures that there are."""
    ticked = {f"{name}_unknown": True for name in not_known}
    return {name: each for name, each in values.items() if each is not None} | ticked | {"version": version}


class StartForm(Form):
    """On which day the business accepted its award."""

    accepted_on = DayField("When did the business accept its award?", [InputRequired("Enter the day")])
