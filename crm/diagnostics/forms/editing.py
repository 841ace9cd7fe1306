"""The forms of a draft of a readiness question set: its questions, its results and its rules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from crm.diagnostics.rules.editing import MOST_ANSWERS, NEW_AREA
from crm.diagnostics.rules.readiness import LONGEST_TEXT, MOST_QUESTIONS, TOP, Asked, Gate, Question
from crm.diagnostics.rules.scoring import in_words
from crm.diagnostics.rules.weighing import plain
from crm.diagnostics.service.editing import (
    AnswerDetails,
    BandDetails,
    QuestionDetails,
    ResultDetails,
    RuleDetails,
    require_none,
)
from crm.kernel.eligibility import DCMS_GROUPS
from crm.web.fields import Line, SeenVersion, WholeNumberField, optional
from crm.web.forms import Form

NOT_SCORED = "none"
LONGEST_NUMBER = 20
"""More than any number: the rule of the field says which numbers it takes."""
VALUES = "abcdefghijklmnop"
ASKED_OF = {
    "both": "Every business",
    "goods": "Only those who sell goods",
    "services": "Only those who sell services, rights or digital work",
}
BELOW = {"1": "Scores 0", "2": "Scores 0 or 1", "3": "Scores 0, 1 or 2"}
TOO_LONG = Length(max=LONGEST_TEXT, message=f"This must be {LONGEST_TEXT} characters or fewer")


class QuestionForm(Form):
    """One question of a draft. The fields of its answers are made for it by `question_form`."""

    version = SeenVersion()
    area = RadioField("Which part is it in?", [InputRequired("Choose a part of the assessment")])
    new_area = Line("Name of the new part", [optional()], longest=100)
    new_area_weight = Line("Weight of the new part", [optional()], longest=LONGEST_NUMBER)
    place = WholeNumberField(
        "Place in its part", [InputRequired("Enter its place, like 1")], least=1, most=MOST_QUESTIONS
    )
    text = Line("Question", [InputRequired("Enter the question")], longest=LONGEST_TEXT)
    help = TextAreaField("Help shown under the question", [TOO_LONG])
    weight = Line("Weight", [InputRequired("Enter a weight above 0, like 2 or 1.5")], longest=LONGEST_NUMBER)
    critical = BooleanField("This question must be answered")
    groups = SelectMultipleField(
        "Sectors for which it counts more",
        choices=[SelectChoice(value, words) for value, words in DCMS_GROUPS.items()],
    )
    screen = BooleanField("It counts more for a bid for screen or mixed-media funding")
    applies_to = RadioField(
        "Who is asked this?", choices=[SelectChoice(value, words) for value, words in ASKED_OF.items()]
    )
    next_action = TextAreaField(
        "What to do where the answer is low",
        [InputRequired("Say what to do where the answer is low"), TOO_LONG],
    )
    providers = SelectMultipleField("Who can help with that")

    def details(self) -> QuestionDetails:
        """As the verbs take it: an answer that is left empty is none."""
        values = [name.removeprefix("label_") for name in self._fields if name.startswith("label_")]
        words = {each: (self[f"label_{each}"].data or "").strip() for each in values}
        answers = [
            AnswerDetails(each, words[each], _points(self[f"score_{each}"].data))
            for each in values
            if words[each]
        ]
        return QuestionDetails(
            area=self.area.data,
            place=self.place.data,
            text=self.text.data or "",
            help=self.help.data or "",
            weight=self.weight.data or "",
            is_critical=bool(self.critical.data),
            next_action=(self.next_action.data or "").strip(),
            answers=tuple(answers),
            applies_to=self.applies_to.data,
            groups=tuple(self.groups.data or ()),
            is_screen=bool(self.screen.data),
            providers=tuple(self.providers.data or ()),
            empty=next((f"label_{each}" for each in values if not words[each]), "text"),
            new_area=self.new_area.data or "",
            new_area_weight=self.new_area_weight.data or "",
        )


def _points(chosen: str | None) -> int | None:
    return int(chosen) if chosen and chosen.isdecimal() else None


def question_form(asked: Asked, question: Question | None = None, *, version: int) -> QuestionForm:
    """The form of one question, or of a new one, with fields for as many answers as a question can have."""
    there = {each.value: each for each in question.options} if question else {}
    fresh = [each for each in VALUES if each not in there]
    values = [*there, *fresh[: MOST_ANSWERS - len(there)]]
    fields: dict[str, Any] = {}
    given: dict[str, Any] = {"version": version, "new_area_weight": "1"}
    for place, each in enumerate(values, start=1):
        fields |= _answer_fields(each, place)
        known = there.get(each)
        given[f"label_{each}"] = known.label if known else ""
        given[f"score_{each}"] = _shown_score(known.score) if known else str(min(place - 1, TOP))
    above = ("version", "area", "new_area", "new_area_weight", "place", "text", "help")
    kind: type[QuestionForm] = type(
        "OneQuestion", (QuestionForm,), {**fields, "shown_first": (*above, *fields)}
    )
    form = kind.of_request(**given, **_question_values(asked, question))
    form.area.choices = [SelectChoice(each.key, each.name) for each in asked.areas]
    form.area.choices.append(SelectChoice(NEW_AREA, "A new part"))
    areas = [{"name": each.name} for each in asked.areas]
    form.also(lambda: require_none(form.details().faults(areas)))
    form.providers.choices = [SelectChoice(key, each.name) for key, each in asked.providers.items()]
    return form


def _answer_fields(value: str, place: int) -> dict[str, Any]:
    scores = [SelectChoice(str(each), str(each)) for each in range(TOP + 1)]
    choices = [*scores, SelectChoice(NOT_SCORED, "Not scored: the question does not apply")]
    return {
        f"label_{value}": Line(f"Answer {place}", [optional()], longest=200),
        f"score_{value}": SelectField(f"Score of answer {place}", [optional()], choices=choices),
    }


def _shown_score(score: int | None) -> str:
    return NOT_SCORED if score is None else str(score)


def _question_values(asked: Asked, question: Question | None) -> dict[str, Any]:
    """What the form shows of a question, or of a new one."""
    if question is None:
        return {"weight": "1", "applies_to": "both", "place": MOST_QUESTIONS}
    rows = [each.key for each in asked.questions if each.area == question.area]
    names = ("area", "text", "help", "next_action", "applies_to")
    told: dict[str, Any] = {name: getattr(question, name) for name in names}
    told |= {"groups": sorted(question.groups), "providers": list(question.providers)}
    told |= {"critical": question.is_critical, "screen": question.is_screen}
    return told | {"weight": plain(question.weight), "place": rows.index(question.key) + 1}


class ResultsForm(Form):
    """The title, introduction and results of a draft. The fields of its bands are made by `results_form`."""

    version = SeenVersion()
    title = Line("Title", [InputRequired("Enter the title")], longest=200)
    intro = TextAreaField("Introduction", [InputRequired("Enter the introduction"), TOO_LONG])
    share = Line(
        "How many of the questions must be answered",
        [InputRequired("Enter a percentage from 50 to 100, like 60")],
        longest=LONGEST_NUMBER,
    )
    sector_boost = Line(
        "How many times a question counts in its sectors",
        [InputRequired("Enter how many times a question counts in its sectors, like 1.5")],
        longest=LONGEST_NUMBER,
    )
    screen_boost = Line(
        "How many times a question counts for a bid for screen funding",
        [InputRequired("Enter how many times it counts for a bid for screen funding, like 1.5")],
        longest=LONGEST_NUMBER,
    )

    def details(self) -> ResultDetails:
        """As the verb takes it."""
        keys = [name.removeprefix("name_") for name in self._fields if name.startswith("name_")]
        parts = ("name", "least", "meaning", "offer")
        bands = [{part: self[f"{part}_{key}"].data or "" for part in parts} for key in keys]
        typed = {name: self[name].data or "" for name in ("title", "intro", "share")}
        typed |= {name: self[name].data or "" for name in ("sector_boost", "screen_boost")}
        made = tuple(BandDetails(key, **each) for key, each in zip(keys, bands, strict=True))
        areas = [name.removeprefix("partname_") for name in self._fields if name.startswith("partname_")]
        told = tuple(
            (key, self[f"partname_{key}"].data or "", self[f"partweight_{key}"].data or "") for key in areas
        )
        return ResultDetails(bands=made, areas=told, **typed)


def results_form(title: str, asked: Asked, *, version: int) -> ResultsForm:
    """The form of a draft's title, introduction, bands and weighing."""
    fields: dict[str, Any] = {}
    values: dict[str, Any] = {"title": title, "intro": asked.intro, "version": version}
    values |= {"share": plain(asked.least_share * 100)}
    values |= {name: plain(getattr(asked, name)) for name in ("sector_boost", "screen_boost")}
    for place, area in enumerate(asked.areas, start=1):
        named, weighed = f"partname_{area.key}", f"partweight_{area.key}"
        fields[named] = Line(f"Part {place}", [InputRequired(f"Enter the name of part {place}")], longest=100)
        needed = InputRequired(f"Enter a weight for part {place}, like 1")
        fields[weighed] = Line(f"Weight of part {place}", [needed], longest=LONGEST_NUMBER)
        values |= {named: area.name, weighed: plain(area.weight)}
    for place, each in enumerate(asked.bands, start=1):
        called = InputRequired(f"Enter the name of result {place}")
        fields[f"name_{each.key}"] = Line(f"Result {place}", [called], longest=100)
        fields[f"least_{each.key}"] = Line(
            f"Result {place} begins at",
            [InputRequired(f"Enter the points result {place} begins at")],
            longest=LONGEST_NUMBER,
        )
        fields[f"meaning_{each.key}"] = TextAreaField(f"What result {place} means", [TOO_LONG])
        fields[f"offer_{each.key}"] = TextAreaField(f"Support for result {place}", [TOO_LONG])
        least = in_words(each.least).removesuffix(".0")
        told = {"name": each.name, "least": least, "meaning": each.meaning, "offer": each.offer}
        values |= {f"{part}_{each.key}": words for part, words in told.items()}
    kind: type[ResultsForm] = type("Results", (ResultsForm,), fields)
    form = kind.of_request(**values)
    form.also(lambda: require_none(form.details().faults()))
    return form


class PublishForm(Form):
    """Publishing the draft that the page shows."""

    version = SeenVersion()


class BandForm(Form):
    """A new result of a draft."""

    version = SeenVersion()
    name_new = Line("Name of the result", [InputRequired("Enter its name")], longest=100)
    least_new = Line("It begins at", [InputRequired("Enter the points it begins at")], longest=LONGEST_NUMBER)
    meaning_new = TextAreaField("What it means", [TOO_LONG])
    offer_new = TextAreaField("Support for this result", [TOO_LONG])

    def details(self) -> BandDetails:
        """As the verb takes it."""
        told = (self[f"{part}_new"].data or "" for part in ("name", "least", "meaning", "offer"))
        return BandDetails("new", *told)


class RuleForm(Form):
    """A rule of a draft: which questions, how low, and what follows."""

    version = SeenVersion()
    below = RadioField(
        "Has an answer that",
        [InputRequired("Choose how low the answer is")],
        choices=[SelectChoice(value, words) for value, words in BELOW.items()],
    )
    questions = SelectMultipleField("Where one of these questions")
    cap = SelectField("The result cannot be above")
    only_screen = BooleanField("Only for a bid for screen or mixed-media funding")
    words = TextAreaField(
        "What the business is told", [InputRequired("Say what the business is told"), TOO_LONG]
    )
    holds_offer = BooleanField("Do not suggest support for the result until then")
    holds = SelectMultipleField("Actions that are not suggested until then")

    def details(self) -> RuleDetails:
        """As the verb takes it."""
        return RuleDetails(
            tuple(self.questions.data or ()),
            int(self.below.data),
            self.cap.data or "",
            bool(self.only_screen.data),
            (self.words.data or "").strip(),
            tuple(self.holds.data or ()),
            bool(self.holds_offer.data),
        )


def rule_form(asked: Asked, rule: Gate | None = None, *, version: int) -> RuleForm:
    """The form of one rule, or of a new one."""
    told: dict[str, Any] = {"version": version, "below": "1", "cap": ""}
    if rule is not None:
        told |= {"questions": sorted(rule.questions), "below": str(rule.below), "cap": rule.cap}
        told |= {"only_screen": rule.only_screen, "words": rule.words}
        told |= {"holds": sorted(rule.holds), "holds_offer": rule.holds_offer}
    form = RuleForm.of_request(**told)
    form.questions.choices = [SelectChoice(each.key, each.text) for each in asked.questions]
    to_do = [each for each in asked.questions if each.next_action]
    form.holds.choices = [SelectChoice(each.key, each.next_action) for each in to_do]
    form.cap.choices = [SelectChoice("", "No limit: the words are shown only"), *_caps(asked)]
    return form


def _caps(asked: Asked) -> Iterable[SelectChoice]:
    return [SelectChoice(each.key, each.name) for each in asked.bands[:-1]]
