"""The form of one section, made from its questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import HiddenField, RadioField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from crm.diagnostics.rules.triage import LONGEST_NOTE, SEVERITIES, Kind, TriageQuestion, fault_in_choices
from crm.web.forms import Form

TOO_LONG = Length(max=LONGEST_NOTE, message=f"This must be {LONGEST_NOTE:,} characters or fewer")


class BeginForm(Form):
    """Who gives the answers."""

    answered_by = RadioField(
        "Who is answering?",
        [InputRequired("Choose who is answering")],
        choices=[
            SelectChoice("together", "We go through it together"),
            SelectChoice("adviser", "I answer from what I know of the business"),
        ],
    )


class SectionForm(Form):
    """The questions of one section; which they are is only known when it is asked."""

    version = HiddenField()

    def given(self) -> dict[str, Any]:
        """The answers by key; what was left out is there and empty."""
        return {name: field.data for name, field in self._fields.items() if name != "version"}

    @property
    def seen(self) -> int | None:
        """The version that was on the screen."""
        typed = str(self.version.data or "")
        return int(typed) if typed.isdecimal() else None


def form_of(questions: Iterable[TriageQuestion], answers: Mapping[str, Any], *, version: int) -> Any:
    """The form of some questions, as posted or fresh with the answers so far."""
    fields = {each.key: _field(each) for each in questions}
    kind = type("SectionOfQuestions", (SectionForm,), fields)
    return kind.of_request(**{key: answers.get(key) for key in fields}, version=version)  # type: ignore[attr-defined]


def _field(question: TriageQuestion) -> Any:
    if question.kind is Kind.TEXT:
        return TextAreaField(question.text, [TOO_LONG])
    words = SEVERITIES if question.kind is Kind.SEVERITY else question.choices
    choices = [SelectChoice(value, label) for value, label in words.items()]
    if question.kind is Kind.CHOICES:
        return SelectMultipleField(question.text, [Optional(), _go_together(words)], choices=choices)
    return RadioField(question.text, [Optional()], choices=choices)


def _go_together(words: Mapping[str, str]) -> Any:
    def check(_form: Form, field: Any) -> None:
        fault = fault_in_choices(field.data or (), words)
        if fault:
            raise ValidationError(fault)

    return check
