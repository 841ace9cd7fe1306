"""The form of asking an applicant about answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from uuid import UUID

from wtforms import SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from crm.kernel.clock import moment_on
from crm.programme.applications.service.querying import QueryDetails
from crm.programme.rounds.forms.composing import TOO_LONG
from crm.programme.rounds.models import RoundQuestion
from crm.web.fields import DayField
from crm.web.forms import Form

END_OF_DAY = time(17)


class AskForm(Form):
    """What an applicant is asked, about which answers, and until when."""

    questions = SelectMultipleField(
        "Which answers is it about?", [InputRequired("Choose at least one answer that it is about")]
    )
    words = TextAreaField("Your question", [InputRequired("Enter your question"), TOO_LONG])
    day = DayField("Answer by", [InputRequired("Enter the day by which you need an answer")])

    def offer(self, found: Iterable[RoundQuestion]) -> AskForm:
        """Offer these questions."""
        self.questions.choices = [SelectChoice(str(each.id), each.label) for each in found]
        return self

    def details(self) -> QueryDetails:
        """As the verb takes it: until the end of the working day."""
        chosen = tuple(UUID(each) for each in self.questions.data or ())
        return QueryDetails(self.words.data or "", chosen, moment_on(self.day.data, END_OF_DAY))
