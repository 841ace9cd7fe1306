"""The forms of conversations and hours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from crm.businesses.models import Person
from crm.casework.models import Conversation, EmailTemplate, SupportHours, SupportKind
from crm.casework.rules import (
    BARRIERS,
    CHANNELS,
    LONGEST_NOTES,
    LONGEST_SUBJECT,
    hours_in_words,
    read_quarters,
    read_quiet_days,
)
from crm.casework.service.conversing import ConversationDetails
from crm.casework.service.counting import HoursAnswer
from crm.casework.service.stepping import StepDetails
from crm.casework.service.writing import EmailDetails, TemplateDetails
from crm.casework.workflow import Channel
from crm.notices.service import Reader
from crm.web.fields import DayField, Line, ReadAs, SeenVersion, optional
from crm.web.filters import sentence
from crm.web.forms import Form

TOO_LONG = Length(max=LONGEST_NOTES, message=f"This must be {LONGEST_NOTES:,} characters or fewer")
UUID_FORM = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
YES_NO = [
    SelectChoice("", "Not about exporting"),
    SelectChoice("yes", "Yes"),
    SelectChoice("no", "No"),
]


class ConversationForm(Form):
    """What was said with a business. Whether it can be recorded depends on what ``SETTLES`` it."""

    SETTLES = ("happened_on", "channel", "people", "advisers", "kind_code", "services", "quarters")
    version = SeenVersion()
    happened_on = DayField("When did you speak?", [InputRequired("Enter the day")])
    channel = RadioField(
        "How did you speak?",
        [optional()],
        choices=[SelectChoice(value, sentence(label)) for value, label in CHANNELS.items()],
    )
    people = SelectMultipleField(
        "Who took part from the business?", [InputRequired("Choose who took part from the business")]
    )
    advisers = SelectMultipleField(
        "Which advisers took part?", [InputRequired("Choose at least one adviser")]
    )
    subject = Line("What was it about?", [InputRequired("Say what it was about")], longest=LONGEST_SUBJECT)
    kind_code = SelectField("Kind of support", [optional()])
    services = SelectMultipleField("Services you discussed")
    notes = TextAreaField("Notes for advisers only", [TOO_LONG])
    quarters = ReadAs("Hours of help", [optional()], read=read_quarters, write=hours_in_words)
    barrier_removed = RadioField("Was a barrier to exporting removed?", [optional()], choices=YES_NO)
    barrier_types = SelectMultipleField(
        "What was the barrier?", choices=[SelectChoice(value, label) for value, label in BARRIERS.items()]
    )
    barrier_notes = Line("What happened?", [], longest=500)

    def offer(
        self,
        people: Iterable[Person],
        advisers: Mapping[str, str],
        kinds: Iterable[SupportKind],
        *,
        services: Mapping[str, str],
    ) -> ConversationForm:
        """Offer these people, advisers, kinds of support and services."""
        self.services.choices = [SelectChoice(each, name) for each, name in services.items()]
        self.people.choices = [SelectChoice(str(each.id), each.name) for each in people]
        self.advisers.choices = [SelectChoice(each, name) for each, name in advisers.items()]
        grouped: dict[str, list[SelectChoice]] = {"": [SelectChoice("", "Not said yet")]}
        for each in kinds:
            grouped.setdefault(each.area_label, []).append(SelectChoice(each.code, each.label))
        self.kind_code.choices = grouped
        return self

    def details(self) -> ConversationDetails:
        """The conversation as the verbs take it."""
        removed = {"yes": True, "no": False}.get(self.barrier_removed.data or "")
        return ConversationDetails(
            happened_on=self.happened_on.data,
            subject=self.subject.data or "",
            people=tuple(UUID(each) for each in self.people.data or ()),
            advisers=tuple(UUID(each) for each in self.advisers.data or ()),
            services=tuple(UUID(each) for each in self.services.data or ()),
            notes=self.notes.data or "",
            channel=Channel(self.channel.data) if self.channel.data else None,
            kind_code=self.kind_code.data or None,
            quarters=self.quarters.data,
            barrier_removed=removed,
            barrier_types=tuple(self.barrier_types.data or ()),
            barrier_notes=self.barrier_notes.data or "",
        )


def values_of(found: Conversation) -> dict[str, Any]:
    """What the form shows of a conversation that is there already."""
    names = ("happened_on", "channel", "subject", "kind_code", "notes", "quarters", "barrier_notes")
    shown = {name: getattr(found, name) for name in names} | {"barrier_types": list(found.barrier_types)}
    shown["barrier_removed"] = {True: "yes", False: "no", None: ""}[found.barrier_removed]
    shown["people"] = [str(each.person_id) for each in found.people]
    shown["services"] = [str(each.service_id) for each in found.services]
    shown["advisers"] = [str(each.account_id) for each in found.advisers]
    return shown | {"version": found.version}


class AskForm(Form):
    """Who at the business is asked to confirm its hours."""

    email = SelectField("Who to ask", [InputRequired("Choose who to ask")], validate_choice=False)

    def offer(self, people: Iterable[Person]) -> AskForm:
        """Offer these people."""
        self.email.choices = [SelectChoice(each.email, f"{each.name}, {each.email}") for each in people]
        return self

    def reader(self) -> Reader:
        """To whom the letter goes."""
        return Reader(self.email.data or "", "")


class HoursForm(Form):
    """What a business says of its hours."""

    shown = HiddenField()
    confirmed = SelectMultipleField("Which of these hours did you receive?", validate_choice=False)
    dispute_note = TextAreaField("If something is not right, tell us what", [TOO_LONG])
    name = Line("Your name", [InputRequired("Enter your name")])

    def offer(self, rows: Iterable[SupportHours], words: Mapping[UUID, str]) -> HoursForm:
        """Show these rows, by id and words, and remember which they are."""
        known = list(rows)
        self.confirmed.choices = [SelectChoice(str(each.id), words[each.id]) for each in known]
        self.now_shown = " ".join(f"{each.id}:{each.mark}" for each in known)
        return self

    def rows_shown(self) -> dict[UUID, str]:
        """The rows that the posted page showed, with the marks of what it said of them."""
        pairs = re.findall(r"([0-9a-f-]{36}):([0-9a-f]{32})(?!\S)", self.shown.data or "")
        return {UUID(row): mark for row, mark in pairs if UUID_FORM.fullmatch(row)}

    def given(self) -> HoursAnswer:
        """The answer as the verb takes it."""
        confirmed = frozenset(UUID(each) for each in self.confirmed.data or () if UUID_FORM.fullmatch(each))
        note = self.dispute_note.data or ""
        return HoursAnswer(confirmed, self.name.data or "", note, self.rows_shown())


class VoidForm(Form):
    """Why a complete conversation is voided."""

    reason = TextAreaField("Why?", [InputRequired("Say why it is voided"), TOO_LONG])


class CorrectForm(Form):
    """How many hours they really were, and why."""

    quarters = ReadAs("Hours", [InputRequired("Enter the hours")], read=read_quarters, write=hours_in_words)
    reason = TextAreaField("Why?", [InputRequired("Say why you are correcting them"), TOO_LONG])


class NextStepForm(Form):
    """Something to do, by whom and by when."""

    version = SeenVersion()
    title = Line(
        "What needs to be done?", [InputRequired("Enter what needs to be done")], longest=LONGEST_SUBJECT
    )
    assignees = SelectMultipleField("Who will do it?", [InputRequired("Choose who will do it")])
    due_on = DayField("By when?", [optional()])

    def offer(self, advisers: Mapping[str, str]) -> NextStepForm:
        """Offer these colleagues."""
        self.assignees.choices = [SelectChoice(each, name) for each, name in advisers.items()]
        return self

    def details(self) -> StepDetails:
        """The step as the verbs take it."""
        who = tuple(UUID(each) for each in self.assignees.data or ())
        return StepDetails(self.title.data or "", who, self.due_on.data)


class FinishForm(Form):
    """What a business is told that asked for a step."""

    answer = TextAreaField(
        "What do you answer?",
        [InputRequired("Enter your answer. We send it to the person who asked"), TOO_LONG],
    )

    @classmethod
    def of(cls, *, is_asked: bool) -> FinishForm:
        """The form; a step that no business asked for needs no answer."""
        form = cls.of_request()
        if not is_asked:
            del form.answer
        return form


class RemindersForm(Form):
    """How somebody wants to be reminded."""

    by_letter = RadioField(
        "Do you want a daily email about what is due?",
        [InputRequired("Choose yes or no")],
        choices=[SelectChoice("yes", "Yes"), SelectChoice("no", "No, I will look at my desk")],
    )
    quiet_days = ReadAs(
        "Remind me of businesses after this many days without contact",
        [InputRequired("Enter a number of days, like 30")],
        read=read_quiet_days,
        write=lambda days: ", ".join(str(each) for each in days),
    )


class BeginForm(Form):
    """To whom an e-mail goes and from which template it begins, as the address carries them."""

    person = SelectField("Who is it to?", [optional()], validate_choice=False)
    template = SelectField("Template", [optional()], validate_choice=False)

    def offer(self, readers: Iterable[Person], templates: Iterable[EmailTemplate]) -> BeginForm:
        """Offer these readers and templates."""
        self.person.choices = [SelectChoice(str(each.id), each.name) for each in readers]
        named = [SelectChoice(str(each.id), each.name) for each in templates]
        self.template.choices = [SelectChoice("", "No template"), *named]
        return self


class EmailForm(Form):
    """An e-mail to somebody at a business."""

    person = SelectField("To", [InputRequired("Choose who reads it")])
    subject = Line("Subject", [InputRequired("Enter a subject")])
    body = TextAreaField("Message", [InputRequired("Enter a message"), TOO_LONG])

    def offer(self, readers: Iterable[Person]) -> EmailForm:
        """Offer these readers."""
        self.person.choices = [SelectChoice(str(each.id), f"{each.name} ({each.email})") for each in readers]
        return self

    def details(self) -> EmailDetails:
        """The e-mail as the verb takes it."""
        return EmailDetails(UUID(self.person.data), self.subject.data or "", self.body.data or "")


class TemplateForm(Form):
    """How an e-mail begins."""

    version = SeenVersion()
    name = Line("Name", [InputRequired("Enter a name")], longest=100)
    subject = Line("Subject", [InputRequired("Enter a subject")])
    body = TextAreaField("Text", [InputRequired("Enter the text"), TOO_LONG])

    def details(self) -> TemplateDetails:
        """The template as the verbs take it."""
        return TemplateDetails(self.name.data or "", self.subject.data or "", self.body.data or "")
