"""The forms of readiness assessments and of their question sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from crm.diagnostics.models import ReadinessAnswer
from crm.diagnostics.rules.readiness import (
    LONGEST_TEXT,
    SELLS,
    UNSURE,
    UNSURE_WORDS,
    Area,
    Asked,
    Question,
)
from crm.diagnostics.rules.scoring import in_words
from crm.diagnostics.service.readiness import BeginDetails, Seen
from crm.diagnostics.service.sets import BandDetails, QuestionDetails, ResultDetails
from crm.diagnostics.workflow import AnsweredBy
from crm.web.fields import Line, SeenVersion, optional
from crm.web.forms import Form

CARRIED = frozenset({"csrf_token", "once"})
NOT_SCORED = "none"
TO_FOUNDERS = {
    "screen": "Are you applying, or planning to apply, for screen or mixed-media development funding?",
    "sells": "What do you sell, or plan to sell, abroad?",
}
STRANGER = "One of these answers is to a question that this page does not ask. Nothing was saved."
TOO_LONG = Length(max=LONGEST_TEXT, message=f"This must be {LONGEST_TEXT} characters or fewer")


class BeginReadinessForm(Form):
    """Who answers, and what the set asks about the business beforehand."""

    answered_by = RadioField(
        "Who is answering?",
        [InputRequired("Choose who is answering")],
        choices=[
            SelectChoice("together", "We go through it together"),
            SelectChoice("adviser", "I answer from what I know of the business"),
        ],
    )
    screen = RadioField(
        "Is the business applying, or planning to apply, for screen or mixed-media development funding?",
        [InputRequired("Choose yes or no")],
        choices=[SelectChoice("yes", "Yes"), SelectChoice("no", "No")],
    )
    sells = RadioField(
        "What does the business sell, or plan to sell, abroad?",
        [InputRequired("Choose what the business sells")],
        choices=[SelectChoice(value, label) for value, label in SELLS.items()],
    )

    def asking(self, asks: Iterable[str], *, is_staff: bool) -> BeginReadinessForm:
        """Ask only what this set and this person are asked."""
        wanted = {*asks, *(["answered_by"] if is_staff else [])}
        for name in [each for each in self._fields if each not in wanted]:
            del self[name]
        for name, words in () if is_staff else TO_FOUNDERS.items():
            if name in self:
                self[name].label.text = words
        return self

    def details(self) -> BeginDetails:
        """As the verb takes it."""
        answered_by = self.answered_by.data if "answered_by" in self else AnsweredBy.BUSINESS
        return BeginDetails(
            AnsweredBy(answered_by),
            is_screen="screen" in self and self.screen.data == "yes",
            sells=self.sells.data if "sells" in self else "both",
        )


class AreaForm(Form):
    """The questions of one area. ``version`` carries what the page showed: each answer with its version."""

    version = HiddenField()
    strangers: frozenset[str] = frozenset()

    def process(self, formdata: Any = None, *given: Any, **told: Any) -> None:
        """Take what was posted, and note what this page never asked."""
        super().process(formdata, *given, **told)
        self.strangers = frozenset(formdata or ()) - set(self._fields) - CARRIED

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse an answer to a question that is not on this page."""
        is_sound = super().validate(extra_validators)
        if self.strangers:
            self.form_errors.append(STRANGER)
        return is_sound and not self.strangers

    def given(self) -> dict[str, str | None]:
        """The answers by question; what was left out is there and empty."""
        return {name: field.data or None for name, field in self._fields.items() if name != "version"}

    @property
    def seen(self) -> Seen:
        """What was on the screen; a question that is not told was shown unanswered."""
        shown: dict[str, tuple[int, str]] = {name: (0, "") for name in self._fields if name != "version"}
        for each in str(self.version.data or "").split(";"):
            key, _, rest = each.partition(":")
            count, _, value = rest.partition(":")
            if key in shown and count.isascii() and count.isdigit() and len(count) < 10:
                shown[key] = (int(count), value)
        return shown


def seen_of(questions: Iterable[Question], rows: Mapping[str, ReadinessAnswer]) -> str:
    """What a page shows of the answers, for the form to carry."""
    there = [rows[each.key] for each in questions if each.key in rows]
    return ";".join(f"{row.question}:{row.version}:{row.chosen}" for row in there)


def area_form(questions: Iterable[Question], rows: Mapping[str, ReadinessAnswer]) -> AreaForm:
    """The form of some questions, as posted or fresh with the answers so far."""
    fields = {each.key: radio_of(each) for each in questions}
    kind: type[AreaForm] = type("AreaOfQuestions", (AreaForm,), fields)
    values = {key: rows[key].chosen if key in rows else None for key in fields}
    return kind.of_request(**values, version=seen_of(questions, rows))


def radio_of(question: Question) -> RadioField:
    """One question with its answers, and “Not sure yet”."""
    choices = [SelectChoice(each.value, each.label) for each in question.options]
    return RadioField(
        question.text, choices=[*choices, SelectChoice(UNSURE, UNSURE_WORDS)], validate_choice=False
    )


class QuestionForm(Form):
    """One question of a draft. The fields of its answers are made for it by `question_form`."""

    version = SeenVersion()
    text = Line("Question", [InputRequired("Enter the question")], longest=LONGEST_TEXT)
    help = TextAreaField("Help shown under the question", [TOO_LONG])
    weight = Line("Weight", [InputRequired("Enter a weight, like 2 or 1.5")], longest=6)
    critical = BooleanField("This question must be answered")
    next_action = TextAreaField("What to do where the answer is low", [TOO_LONG])

    def details(self) -> QuestionDetails:
        """As the verb takes it."""
        values = [name.removeprefix("label_") for name in self._fields if name.startswith("label_")]
        return QuestionDetails(
            text=self.text.data or "",
            help=self.help.data or "",
            weight=self.weight.data or "",
            is_critical=bool(self.critical.data),
            next_action=self.next_action.data or "",
            options={each: self[f"label_{each}"].data or "" for each in values},
            scores={each: _points(self[f"score_{each}"].data) for each in values},
        )


def _points(chosen: str | None) -> int | None:
    return int(chosen) if chosen and chosen != NOT_SCORED else None


def question_form(question: Question, *, version: int) -> QuestionForm:
    """The form of one question with a pair of fields for each of its answers."""
    scores = [SelectChoice(str(each), str(each)) for each in range(4)]
    fields: dict[str, Any] = {}
    values: dict[str, Any] = {}
    for place, each in enumerate(question.options, start=1):
        fields[f"label_{each.value}"] = Line(
            f"Answer {place}", [InputRequired("Enter the answer")], longest=200
        )
        fields[f"score_{each.value}"] = SelectField(
            f"Score of answer {place}",
            [optional()],
            choices=[*scores, SelectChoice(NOT_SCORED, "Not scored")],
        )
        values[f"label_{each.value}"] = each.label
        values[f"score_{each.value}"] = NOT_SCORED if each.score is None else str(each.score)
    kind: type[QuestionForm] = type("OneQuestion", (QuestionForm,), fields)
    weight = question.weight
    told = {"text": question.text, "help": question.help, "next_action": question.next_action}
    shown = str(weight.numerator) if weight.denominator == 1 else str(float(weight))
    return kind.of_request(**told, **values, weight=shown, critical=question.is_critical, version=version)


NOT_APPLY = "na"


class NewQuestionForm(Form):
    """A question to be added to a draft, with four answers that score 0 to 3."""

    version = SeenVersion()
    area = RadioField("Which part is it in?", [InputRequired("Choose a part of the assessment")])
    text = Line("Question", [InputRequired("Enter the question")], longest=LONGEST_TEXT)
    help = TextAreaField("Help shown under the question", [TOO_LONG])
    a = Line("Lowest answer, 0 points", [InputRequired("Enter the answer")], longest=200)
    b = Line("Next answer, 1 point", [InputRequired("Enter the answer")], longest=200)
    c = Line("Next answer, 2 points", [InputRequired("Enter the answer")], longest=200)
    d = Line("Best answer, 3 points", [InputRequired("Enter the answer")], longest=200)
    can_not_apply = BooleanField("It may not apply to some businesses")
    weight = Line("Weight", [InputRequired("Enter a weight, like 2 or 1.5")], longest=6)
    critical = BooleanField("This question must be answered")
    next_action = TextAreaField("What to do where the answer is low", [TOO_LONG])

    def details(self) -> QuestionDetails:
        """As the verb takes it."""
        options = {each: self[each].data or "" for each in "abcd"}
        scores: dict[str, int | None] = {each: place for place, each in enumerate("abcd")}
        if self.can_not_apply.data:
            options[NOT_APPLY], scores[NOT_APPLY] = "Does not apply to us", None
        return QuestionDetails(
            text=self.text.data or "",
            help=self.help.data or "",
            weight=self.weight.data or "",
            is_critical=bool(self.critical.data),
            next_action=self.next_action.data or "",
            options=options,
            scores=scores,
        )


def new_question_form(areas: Iterable[Area], *, version: int) -> NewQuestionForm:
    """The form of a new question for one of these areas."""
    form = NewQuestionForm.of_request(version=version, weight="1")
    form.area.choices = [SelectChoice(each.key, each.name) for each in areas]
    return form


class ResultsForm(Form):
    """The title, introduction and results of a draft. The fields of its bands are made by `results_form`."""

    version = SeenVersion()
    title = Line("Title", [InputRequired("Enter the title")], longest=200)
    intro = TextAreaField("Introduction", [InputRequired("Enter the introduction"), TOO_LONG])

    def details(self) -> ResultDetails:
        """As the verb takes it."""
        keys = [name.removeprefix("name_") for name in self._fields if name.startswith("name_")]
        parts = ("name", "least", "meaning", "offer")
        bands = [{part: self[f"{part}_{key}"].data or "" for part in parts} for key in keys]
        return ResultDetails(
            title=self.title.data or "",
            intro=self.intro.data or "",
            bands=tuple(BandDetails(key, **each) for key, each in zip(keys, bands, strict=True)),
        )


def results_form(title: str, asked: Asked, *, version: int) -> ResultsForm:
    """The form of a draft's title, introduction and bands."""
    fields: dict[str, Any] = {}
    values: dict[str, Any] = {"title": title, "intro": asked.intro, "version": version}
    for place, each in enumerate(asked.bands, start=1):
        fields[f"name_{each.key}"] = Line(f"Result {place}", [InputRequired("Enter its name")], longest=100)
        fields[f"least_{each.key}"] = Line(
            f"Result {place} begins at", [InputRequired("Enter the points it begins at")], longest=5
        )
        fields[f"meaning_{each.key}"] = TextAreaField(f"What result {place} means", [TOO_LONG])
        fields[f"offer_{each.key}"] = TextAreaField(f"Support for result {place}", [TOO_LONG])
        least = in_words(each.least).removesuffix(".0")
        told = {"name": each.name, "least": least, "meaning": each.meaning, "offer": each.offer}
        values |= {f"{part}_{each.key}": words for part, words in told.items()}
    kind: type[ResultsForm] = type("Results", (ResultsForm,), fields)
    return kind.of_request(**values)
