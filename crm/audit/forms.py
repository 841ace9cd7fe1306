"""The filters of the audit log."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from crm.audit.queries import Search
from crm.audit.rules import sentence_of
from crm.kernel.errors import BadInput
from crm.web.fields import DayField, Line, optional
from crm.web.forms import Form


class LogSearch(Form):
    """What to look for in the audit log, as the address carries it."""

    person = Line("Who", [], longest=100)
    thing = Line("Business, person, application or reference", [], longest=100)
    act = SelectField("What was done", choices=[SelectChoice("", "Anything")], validate_choice=False)
    first_day = DayField("From", [optional()])
    last_day = DayField("To", [optional()])

    def offer(self, acts: Iterable[str]) -> None:
        """Offer the acts that are in the log."""
        choices = [SelectChoice(act, sentence_of(act)) for act in sorted(acts, key=sentence_of)]
        self.act.choices = [SelectChoice("", "Anything"), *choices]

    def search(self) -> Search:
        """The search that these filters ask for, once they were validated."""
        return Search(
            person=self.person.data or "",
            thing=self.thing.data or "",
            act=self.act.data or "",
            first_day=self.first_day.data,
            last_day=self.last_day.data,
        )

    def validate_last_day(self, field: DayField) -> None:
        """A search that ends before it begins finds nothing, and says why."""
        if self.first_day.data and field.data and field.data < self.first_day.data:
            raise BadInput("The last day must be the first day or later")
