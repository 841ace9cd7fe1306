"""The forms of strategic decisions."""

from __future__ import annotations

from wtforms import RadioField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from crm.ip.decisions import service
from crm.ip.decisions.queries import Wanted
from crm.ip.decisions.rules import KINDS, LONGEST_TEXT, SHOWS, read_options
from crm.ip.decisions.service import DecisionDetails, EntryDetails
from crm.ip.decisions.workflow import EntryKind
from crm.web.fields import DayField, Line, SeenMark, optional
from crm.web.filtering import as_offered
from crm.web.forms import Form

TEXT = Length(max=LONGEST_TEXT, message=f"This must be {LONGEST_TEXT:,} characters or fewer")


class DecisionForm(Form):
    """A decision, and when it is looked at again."""

    seen = SeenMark()
    question = Line("What was the question?", [InputRequired("Enter the question")], longest=300)
    options = TextAreaField(
        "Which options were considered?", [InputRequired("Enter the options, one a line"), TEXT]
    )
    known_besides = TextAreaField("What else was known?", [optional(), TEXT])
    decided = TextAreaField("What was decided?", [InputRequired("Say what was decided"), TEXT])
    why = TextAreaField("Why?", [InputRequired("Say why"), TEXT])
    decided_by = Line("Who decided?", [InputRequired("Enter who decided")])
    decided_on = DayField("Day of the decision", [InputRequired("Enter the day of the decision")])
    review_on = DayField("Day to look at it again", [InputRequired("Enter the day to look at it again")])

    def checked(self) -> DecisionForm:
        """With the rules of the verb asked at once, so that everything wrong is said together."""
        return (
            self.also(lambda: service.require_options(self._options), "options")
            .also(lambda: service.require_choice(self.decided.data, self._options), "options", "decided")
            .also(lambda: service.require_decided(self.decided_on.data), "decided_on")
            .also(lambda: service.require_review(self.review_on.data, self.decided_on.data), "review_on")
        )

    @property
    def _options(self) -> tuple[str, ...]:
        return read_options(self.options.data or "")

    def details(self) -> DecisionDetails:
        """As the verb takes it."""
        return DecisionDetails(
            question=self.question.data,
            options=self._options,
            decided=self.decided.data or "",
            why=self.why.data or "",
            decided_by=self.decided_by.data,
            decided_on=self.decided_on.data,
            review_on=self.review_on.data,
            known_besides=self.known_besides.data or "",
        )


class EntryForm(Form):
    """What became of a decision, or a correction."""

    kind = RadioField(
        "What do you want to add?",
        [InputRequired("Choose what you want to add")],
        choices=[SelectChoice(value, label) for value, label in KINDS.items()],
    )
    words = TextAreaField("In words", [InputRequired("Say what became of it, or what was wrong"), TEXT])
    review_on = DayField("Day to look at it again", [optional()])

    def checked(self) -> EntryForm:
        """With the rules of the verb asked at once, so that everything wrong is said together."""
        return self.also(lambda: service.require_words(self.words.data), "words").also(
            lambda: service.require_next_review(self.review_on.data, self.kind.data), "kind", "review_on"
        )

    def details(self) -> EntryDetails:
        """As the verb takes it."""
        return EntryDetails(EntryKind(self.kind.data), self.words.data or "", self.review_on.data)


class DecisionsFilter(Form):
    """What the list of decisions is narrowed by."""

    q = Line("Question, decision or business", [optional()])
    show = SelectField("Show", choices=[SelectChoice(each, words) for each, words in SHOWS.items()])

    def wanted(self) -> Wanted:
        """As the query takes it. What cannot be chosen is refused."""
        as_offered(self)
        return Wanted(self.q.data or "", self.show.data or "")
