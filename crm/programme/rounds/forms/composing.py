"""The forms of rounds, sections, questions and criteria."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from crm.directory.forms import TermsForm
from crm.kernel.clock import moment_on, read_time, to_local, write_time
from crm.kernel.errors import BadInput
from crm.programme.rounds.models import Criterion, Round, RoundQuestion, RoundSection
from crm.programme.rounds.rules.labels import KINDS, KNOWN_AS, MOST_WORDS, STRANDS, TIE_RULES
from crm.programme.rounds.rules.weights import WHOLE, Weighed, percent_in_words
from crm.programme.rounds.service.composing import (
    CriterionDetails,
    QuestionDetails,
    SectionDetails,
    answers_to,
)
from crm.programme.rounds.service.preparing import RoundDetails
from crm.programme.rounds.workflow import QuestionKind, TieRule
from crm.web.fields import (
    LONGEST_TEXT,
    DayField,
    Line,
    ReadAs,
    SeenVersion,
    WholeNumberField,
    optional,
)
from crm.web.forms import Form
from crm.web.seen import SeenForm

TOO_LONG = Length(max=LONGEST_TEXT, message=f"This must be {LONGEST_TEXT:,} characters or fewer")
PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,2})?")
MOMENT_FIELDS = {
    "opens": "opens_at",
    "deadline": "deadline_at",
    "assess_from": "assess_from",
    "assess_until": "assess_until",
}


def read_hundredths(text: str) -> int:
    """A number with two places at most, in hundredths: "33.5" is 3350. Raises `BadInput`."""
    if re.fullmatch(r"[-−–][0-9.]+", text):
        raise BadInput("Enter 0 or more")
    if not PERCENT.fullmatch(text):
        raise BadInput("Enter a number with two places at most, like 40 or 33.5")
    return int(Decimal(text) * 100)


def lines_of(text: str) -> tuple[str, ...]:
    """Each line, in order, without blank ones. The same line twice is for the verb to refuse: one of them is a slip."""
    return tuple(" ".join(line.split()) for line in text.splitlines() if line.strip())


class LinesField(TextAreaField):
    """Several things, one on each line."""

    def lines(self) -> tuple[str, ...]:
        """As the verbs take them."""
        return lines_of(self.data or "")

    def pre_validate(self, _form: Any) -> None:
        """A bar is how they are kept apart, and each is a line and no essay."""
        if any("|" in each or len(each) > 200 for each in self.lines()):
            raise ValidationError("Each line must be 200 characters or fewer, without the sign |")


class RoundForm(Form):
    """A round."""

    version = SeenVersion()
    name = Line("Name", [InputRequired("Enter a name")])
    about = TextAreaField("What the round is for", [InputRequired("Say what the round is for"), TOO_LONG])
    strands = SelectMultipleField(
        "Strands", choices=[SelectChoice(each, label) for each, label in STRANDS.items()]
    )
    opens = DayField("Opens on", [InputRequired("Enter the day the round opens")])
    opens_hour = ReadAs(
        "Opens at",
        [InputRequired("Enter the time the round opens")],
        read=read_time,
        write=write_time,
        says="When the round opens",
    )
    deadline = DayField("Deadline on", [InputRequired("Enter the day of the deadline")])
    deadline_hour = ReadAs(
        "Deadline at",
        [InputRequired("Enter the time of the deadline")],
        read=read_time,
        write=write_time,
        says="The deadline",
    )
    grace_minutes = WholeNumberField(
        "Extra time after the deadline", [InputRequired("Enter minutes, or 0")], most=1_440
    )
    assess_from = DayField("Assessment from", [InputRequired("Enter the first day of the assessment")])
    assess_from_hour = ReadAs(
        "Assessment from, at",
        [InputRequired("Enter the time the assessment begins")],
        read=read_time,
        write=write_time,
        says="When the assessment begins",
    )
    assess_until = DayField("Assessment until", [InputRequired("Enter the last day of the assessment")])
    assess_until_hour = ReadAs(
        "Assessment until, at",
        [InputRequired("Enter the time the assessment ends")],
        read=read_time,
        write=write_time,
        says="When the assessment ends",
    )
    assessors = WholeNumberField(
        "Assessors for each application", [InputRequired("Enter how many")], least=2, most=9
    )
    spread = WholeNumberField(
        "Points apart before scores are moderated", [InputRequired("Enter points")], most=100
    )
    threshold = ReadAs(
        "Lowest total that can be selected",
        [InputRequired("Enter the lowest total that can be selected, or 0")],
        read=read_hundredths,
        write=percent_in_words,
        says="The lowest total",
    )
    least_words = WholeNumberField(
        "Fewest words of reasons for each score", [InputRequired("Enter how many words, or 0")], most=500
    )
    tie_rule = RadioField(
        "If totals are equal, what decides?",
        [InputRequired("Choose what decides between equal totals")],
        choices=[SelectChoice(each, label) for each, label in TIE_RULES.items()],
    )
    declaration = TextAreaField(
        "What applicants declare", [InputRequired("Say what applicants declare"), TOO_LONG]
    )
    is_dry_run = BooleanField("This is a dry run: it uses no money and is not counted in any total")

    def validate_threshold(self, field: Any) -> None:
        """No more than everything."""
        if field.data is not None and field.data > WHOLE:
            raise BadInput("This cannot be more than 100%")

    def validate(self, extra_validators: Any = None) -> bool:
        """London's clocks have to show each time on its day."""
        is_sound = super().validate(extra_validators)
        for name in MOMENT_FIELDS:
            day, hour = self[name], self[f"{name}_hour"]
            try:
                if day.data and hour.data:
                    moment_on(day.data, hour.data)
            except BadInput as fault:
                hour.errors = [*hour.errors, str(fault)]
                is_sound = False
        return is_sound

    def _moments(self) -> dict[str, datetime]:
        return {
            column: moment_on(self[name].data, self[f"{name}_hour"].data)
            for name, column in MOMENT_FIELDS.items()
        }

    def details(self) -> RoundDetails:
        """The round as the verbs take it."""
        return RoundDetails(
            name=self.name.data or "",
            about=self.about.data or "",
            strands=tuple(self.strands.data or ()),
            tie_rule=TieRule(self.tie_rule.data),
            least_words=self.least_words.data,
            declaration=self.declaration.data or "",
            grace_minutes=self.grace_minutes.data,
            is_dry_run=bool(self.is_dry_run.data),
            threshold=self.threshold.data,
            spread=self.spread.data,
            assessors=self.assessors.data,
            **self._moments(),
        )


def round_values(found: Round) -> dict[str, Any]:
    """What the form shows of a round that is there already."""
    names = (
        "name",
        "about",
        "tie_rule",
        "declaration",
        "least_words",
        "grace_minutes",
        "is_dry_run",
        "threshold",
        "spread",
        "assessors",
        "version",
    )
    shown = {name: getattr(found, name) for name in names} | {"strands": list(found.strands)}
    for name, column in MOMENT_FIELDS.items():
        local = to_local(getattr(found, column))
        shown |= {name: local.date(), f"{name}_hour": local.time()}
    return shown


class RoundTermsForm(TermsForm):
    """What a round asks of a business."""

    version = SeenVersion()


class CopyForm(Form):
    """What the new round is called."""

    name = Line("Name of the new round", [InputRequired("Enter a name")])


class SectionForm(Form):
    """A section of questions."""

    version = SeenVersion()
    title = Line("Title", [InputRequired("Enter a title")])
    hint = TextAreaField("What applicants read above the questions", [TOO_LONG])
    position = WholeNumberField("Position", [InputRequired("Enter a number")], least=1, most=999)

    def details(self) -> SectionDetails:
        """The section as the verbs take it."""
        return SectionDetails(self.position.data, self.title.data or "", self.hint.data or "")


def section_values(found: RoundSection) -> dict[str, Any]:
    """What the form shows of a section that is there already."""
    return {name: getattr(found, name) for name in ("title", "hint", "position", "version")}


class QuestionForm(Form):
    """A question."""

    version = SeenVersion()
    label = Line("Question", [InputRequired("Enter the question")], longest=500)
    hint = TextAreaField("Hint", [TOO_LONG])
    kind = RadioField(
        "What is the answer?",
        [InputRequired("Choose what the answer is")],
        choices=[SelectChoice(each, label) for each, label in KINDS.items()],
    )
    most_words = WholeNumberField("Most words", [optional()], least=1, most=MOST_WORDS)
    choices = LinesField("Choices, one on each line", [TOO_LONG])
    is_needed = BooleanField("An answer is required")
    asked_if = SelectField("When is it asked?", [optional()])
    known_as = SelectField(
        "Fill it in with what the business has told us",
        [optional()],
        choices=[SelectChoice("", "Nothing"), *(SelectChoice(each, said) for each, said in KNOWN_AS.items())],
    )
    is_sum_asked = BooleanField("The answer is the amount applied for")
    is_capital_asked = BooleanField("The answer is the part of that amount for capital")
    is_ahead = BooleanField("The day must be today or later")
    position = WholeNumberField("Position", [InputRequired("Enter a number")], least=1, most=999)

    def offer(self, found: Round, *, but: RoundQuestion | None = None) -> QuestionForm:
        """Offer the answers on which it can depend."""
        offered = [SelectChoice("", "Always")]
        for section in found.sections:
            for each in section.questions:
                answers = answers_to(each) if each is not but else ()
                offered += [
                    SelectChoice(f"{each.id}|{said}", f"If “{each.label}” is {said}") for said in answers
                ]
        self.asked_if.choices = offered
        return self

    def details(self) -> QuestionDetails:
        """The question as the verbs take it; what belongs to another kind of answer is left out."""
        kind = QuestionKind(self.kind.data)
        asked_if_id, _, asked_if = (self.asked_if.data or "").partition("|")
        return QuestionDetails(
            position=self.position.data,
            label=self.label.data or "",
            kind=kind,
            hint=self.hint.data or "",
            is_needed=bool(self.is_needed.data),
            most_words=self.most_words.data if kind is QuestionKind.LONG_TEXT else None,
            choices=self.choices.lines() if kind is QuestionKind.CHOICE else (),
            asked_if_id=UUID(asked_if_id) if asked_if_id else None,
            asked_if=asked_if,
            known_as=self.known_as.data or "",
            is_sum_asked=bool(self.is_sum_asked.data) and kind is QuestionKind.MONEY,
            is_capital_asked=bool(self.is_capital_asked.data) and kind is QuestionKind.MONEY,
            is_ahead=bool(self.is_ahead.data) and kind is QuestionKind.DATE,
        )


def question_values(found: RoundQuestion) -> dict[str, Any]:
    """What the form shows of a question that is there already."""
    names = ("label", "hint", "kind", "most_words", "is_needed", "position", "version")
    own = ("known_as", "is_sum_asked", "is_capital_asked", "is_ahead")
    shown = {name: getattr(found, name) for name in (*names, *own)} | {"choices": "\n".join(found.choices)}
    return shown | {"asked_if": f"{found.asked_if_id}|{found.asked_if}" if found.asked_if_id else ""}


class CriterionForm(Form):
    """A criterion."""

    version = SeenVersion()
    title = Line("Criterion", [InputRequired("Enter the criterion")])
    weight = ReadAs(
        "Weight",
        [InputRequired("Enter the weight")],
        read=read_hundredths,
        write=percent_in_words,
        says="The weight",
    )
    parts = LinesField("Its parts, one on each line", [InputRequired("Give at least one part"), TOO_LONG])
    highest = WholeNumberField("Highest score of a part", [InputRequired("Enter a score")], least=1, most=100)
    least = ReadAs(
        "Lowest average score, if there is one",
        [optional()],
        read=read_hundredths,
        write=percent_in_words,
        says="The lowest average score",
    )
    anchors = TextAreaField("What the scores mean", [TOO_LONG])
    reads = SelectMultipleField("Which answers does it judge?")
    position = WholeNumberField("Position", [InputRequired("Enter a number")], least=1, most=999)

    def offer(self, found: Round) -> CriterionForm:
        """Offer the questions of the round."""
        self.reads.choices = [SelectChoice(str(each.id), each.label) for each in found.questions]
        return self

    def validate_weight(self, field: Any) -> None:
        """Something, and no more than everything."""
        if field.data is not None and not 0 < field.data <= WHOLE:
            raise BadInput("Enter a weight above 0% and up to 100%")

    def validate_least(self, field: Any) -> None:
        """A least score that every application reaches is none."""
        if field.data == 0:
            raise BadInput("Leave this empty if there is no lowest score")

    def counts(self) -> Weighed | None:
        """How it counts as it is typed; None where that cannot be read, which is then said at the fields."""
        self.validate()
        if self.weight.errors or self.parts.errors or self.highest.errors:
            return None
        return Weighed("", self.weight.data, self.parts.lines(), self.highest.data)

    def details(self) -> CriterionDetails:
        """The criterion as the verbs take it."""
        return CriterionDetails(
            position=self.position.data,
            title=self.title.data or "",
            weight=self.weight.data,
            parts=self.parts.lines(),
            highest=self.highest.data,
            least=self.least.data,
            anchors=self.anchors.data or "",
            reads=list(self.reads.data or ()),
        )


def criterion_values(found: Criterion) -> dict[str, Any]:
    """What the form shows of a criterion that is there already."""
    names = ("title", "weight", "highest", "least", "anchors", "reads", "position", "version")
    return {name: getattr(found, name) for name in names} | {"parts": "\n".join(found.parts)}


class ReasonForm(SeenForm):
    """Why something is decided."""

    reason = TextAreaField("Why?", [InputRequired("Say why"), TOO_LONG])

    def decision(self) -> dict[str, Any]:
        """The reason and the version that was shown, as the verbs take them."""
        return {"reason": self.reason.data, "version": self.version.data}
