"""The forms of readiness assessments."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, Self

from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from crm.diagnostics.models import ReadinessAnswer
from crm.diagnostics.rules.readiness import (
    SELLS,
    UNSURE,
    UNSURE_WORDS,
    Circumstances,
    Question,
)
from crm.diagnostics.service.readiness import BeginDetails, Seen
from crm.diagnostics.workflow import AnsweredBy
from crm.kernel.calendar import day_in_words
from crm.web.fields import SeenMark, SeenVersion
from crm.web.forms import Form

CARRIED = frozenset({"csrf_token", "once", "to"})
TO_FOUNDERS = {
    "screen": "Are you applying, or planning to apply, for screen or mixed-media development funding?",
    "sells": "What do you sell, or plan to sell, abroad?",
}
LAST, BLANK = "last", "blank"
NOT_ASKED = "what was told at the start was changed after you opened this page. Your other answers are still here. Save again."
STRANGER = "One of these answers is to a question that this page does not ask. Nothing was saved."


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

    start_from = RadioField("Which answers do you want to start with?", validate_choice=True)

    def asking(self, asks: Iterable[str], *, is_staff: bool, last_on: date | None) -> Self:
        """Ask only what this set and this person are asked; and from where to start, where there is a result already."""
        wanted = {*asks, *(["answered_by"] if is_staff else []), *(["start_from"] if last_on else [])}
        if last_on:
            last = f"The answers of {day_in_words(last_on)}: I change what is different"
            self.start_from.choices = [
                SelectChoice(LAST, last),
                SelectChoice(BLANK, "None: I answer every question again"),
            ]
        return self._asking(wanted, is_staff=is_staff)

    def _asking(self, wanted: Collection[str], *, is_staff: bool) -> Self:
        """Ask only these of its fields; founders are asked as "you"."""
        for name in [each for each in self._fields if each not in wanted]:
            del self[name]
        for name, words in () if is_staff else TO_FOUNDERS.items():
            if name in self:
                self[name].label.text = words
        return self

    def circumstances(self) -> dict[str, Any]:
        """What was chosen about the business, under the names of `Circumstances`; what was not asked is left out."""
        told: dict[str, Any] = {"is_screen": self.screen.data == "yes"} if "screen" in self else {}
        return told | ({"sells": self.sells.data} if "sells" in self else {})

    def details(self) -> BeginDetails:
        """As the verb takes it."""
        answered_by = self.answered_by.data if "answered_by" in self else AnsweredBy.BUSINESS
        is_from_last = "start_from" in self and self.start_from.data == LAST
        return BeginDetails(AnsweredBy(answered_by), is_from_last=is_from_last, **self.circumstances())


class FinishForm(Form):
    """The button that finishes an assessment, with the mark of what its page showed."""

    seen = SeenMark()


class CircumstancesForm(BeginReadinessForm):
    """What was told of the business beforehand, put right while the assessment is answered."""

    version = SeenVersion()

    @classmethod
    def with_told(cls, of: Circumstances, *, version: int) -> Self:
        """As posted, or as it was told."""
        return cls.of_request(version=version, screen="yes" if of.is_screen else "no", sells=of.sells)

    def asking_again(self, asks: Iterable[str], *, is_staff: bool) -> Self:
        """Ask only what the set asks about the business."""
        return self._asking({"version", *asks}, is_staff=is_staff)


class AreaForm(Form):
    """The questions of one area. ``version`` carries what the page showed: each answer with its version."""

    version = HiddenField()
    strangers: frozenset[str] = frozenset()
    gone: Mapping[str, str] = {}
    """The questions of the set that this business is not asked, by key: one may have been asked when the page was opened."""

    def process(self, formdata: Any = None, *given: Any, **told: Any) -> None:
        """Take what was posted, and note what this page never asked."""
        super().process(formdata, *given, **told)
        self.strangers = frozenset(formdata or ()) - set(self._fields) - CARRIED

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse an answer to a question that is not on this page."""
        is_sound = super().validate(extra_validators)
        if self.strangers:
            self.form_errors.append(self._why_strange())
        return is_sound and not self.strangers

    def _why_strange(self) -> str:
        """Which question is not asked any more, and what to do; a question of no page of ours is not named."""
        if not self.strangers <= self.gone.keys():
            return STRANGER
        named = "” and “".join(self.gone[each] for each in sorted(self.strangers))
        which = "is" if len(self.strangers) == 1 else "are"
        return f"“{named}” {which} not asked any more: {NOT_ASKED}"

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

    def show_now(self, questions: Iterable[Question], rows: Mapping[str, ReadinessAnswer]) -> None:
        """Show what is saved now wherever this reader changed nothing; what they changed stays as they chose it.

        Otherwise saving again would put back, unasked, what another person has changed meanwhile.
        """
        for key, (_, value) in self.seen.items():
            if (self[key].data or "") == value:
                self[key].data = rows[key].chosen if key in rows else None
        self.version.data = seen_of(questions, rows)


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
