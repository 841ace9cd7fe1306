"""The form of a check between answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from crm.kernel.errors import BadInput
from crm.programme.rounds.forms.composing import read_hundredths
from crm.programme.rounds.models import Round
from crm.programme.rounds.rules.asking import NUMERIC
from crm.programme.rounds.rules.labels import COMPARISONS
from crm.programme.rounds.rules.weights import percent_in_words
from crm.programme.rounds.service.checking import CheckDetails
from crm.programme.rounds.workflow import Comparison
from crm.web.fields import Line, MoneyField, ReadAs, optional
from crm.web.forms import Form


class CheckForm(Form):
    """A check between two answers. What is compared with what is judged by the verb."""

    left = SelectField("The answer to", [InputRequired("Choose a question")])
    comparison = RadioField(
        "must be",
        [InputRequired("Choose how they compare")],
        choices=[SelectChoice(each, label) for each, label in COMPARISONS.items()],
    )
    percent = ReadAs(
        "Percentage",
        [InputRequired("Enter a percentage")],
        read=read_hundredths,
        write=percent_in_words,
        says="The percentage",
    )
    right = SelectField("of the answer to", [optional()])
    fixed = MoneyField("or of a fixed sum", [optional()])
    words = Line("What applicants read if it is not so", [InputRequired("Enter the words")], longest=500)

    def offer(self, found: Round) -> CheckForm:
        """Offer the questions whose answers are sums."""
        sums = [SelectChoice(str(each.id), each.label) for each in found.questions if each.kind in NUMERIC]
        self.left.choices = sums
        self.right.choices = [SelectChoice("", "A fixed sum"), *sums]
        return self

    def validate_percent(self, field: Any) -> None:
        """Refuse 0%, which leaves nothing to compare with."""
        if field.data == 0:
            raise BadInput("Enter more than 0")

    def details(self) -> CheckDetails:
        """The check as the verbs take it."""
        return CheckDetails(
            left_id=UUID(self.left.data),
            comparison=Comparison(self.comparison.data),
            percent=self.percent.data,
            right_id=UUID(self.right.data) if self.right.data else None,
            fixed=self.fixed.data,
            words=self.words.data or "",
        )
