"""The forms of test-bed projects, of businesses' parts in them, and of lessons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from wtforms import BooleanField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from crm.ip.testbed.models import Project
from crm.ip.testbed.queries.seeing import Wanted
from crm.ip.testbed.rules.labels import LONGEST_REASON, LONGEST_TEXT, STAGES
from crm.ip.testbed.rules.lasting import faults_in_project
from crm.ip.testbed.service.leading import PUBLIC, TESTED, Findings, ProjectDetails
from crm.ip.testbed.service.spending import SpendDetails
from crm.ip.testbed.service.writing import LessonText
from crm.ip.testbed.workflow import Stage, is_agreed, is_tested
from crm.web.fields import DayField, Line, MoneyField, SeenMark, SeenVersion, Why, optional
from crm.web.filtering import as_offered
from crm.web.forms import Form

TEXT = Length(max=LONGEST_TEXT, message=f"This must be {LONGEST_TEXT:,} characters or fewer")
SHORT = Length(max=LONGEST_REASON, message=f"This must be {LONGEST_REASON} characters or fewer")


class ProjectForm(Form):
    """What a project asks, when it runs, what it may cost, and what of it may be published."""

    fixed: Mapping[str, str] = {}
    version = SeenVersion()
    title = Line("Name of the project", [InputRequired("Enter a name")])
    question = TextAreaField("What is the question?", [InputRequired("Enter the question"), TEXT])
    hypothesis = TextAreaField(
        "What do you expect to find?", [InputRequired("Say what you expect to find"), TEXT]
    )
    starts_on = DayField("First day", [InputRequired("Enter the first day")])
    ends_on = DayField("Last day", [InputRequired("Enter the last day")])
    budget = MoneyField("Budget", [InputRequired("Enter the budget, or 0")])
    may_publish = TextAreaField("What may be published?", [optional(), TEXT])

    def validate(self, extra_validators: Any = None) -> bool:
        """What is wrong with the days is said with whatever else is wrong."""
        is_sound = super().validate(extra_validators)
        faults = dict(faults_in_project(self.starts_on.data, self.ends_on.data, budget=self.budget.data))
        for name, words in faults.items():
            self[name].errors = [words]
        return is_sound and not faults

    def details(self) -> ProjectDetails:
        """As the verbs take it."""
        names = ("title", "question", "hypothesis", "starts_on", "ends_on", "budget")
        given: dict[str, Any] = {name: self[name].data for name in names if name in self}
        if PUBLIC in self:
            given[PUBLIC] = (self.may_publish.data or "").strip()
        given |= self.fixed
        return ProjectDetails(**given)

    def of_project(self, found: Project) -> ProjectForm:
        """Ask only what can be changed of a project: what may be published is fixed once it is agreed, what is tested once
        it has started.
        """
        fixed = (*(TESTED if is_tested(found) else ()), *((PUBLIC,) if is_agreed(found) else ()))
        for name in fixed:
            del self[name]
            self.fixed = {**self.fixed, name: getattr(found, name)}
        return self


def project_values(found: Project) -> dict[str, Any]:
    """What the form shows of a project."""
    names = ("version", "title", "question", "hypothesis", "starts_on", "ends_on", "budget", "may_publish")
    return {name: getattr(found, name) for name in names}


class FindingsForm(Form):
    """What came out of a project, and what was learned."""

    version, seen = SeenVersion(), SeenMark()
    result = TextAreaField("What came out?", [InputRequired("Say what came out"), TEXT])
    lessons = TextAreaField("What was learned?", [InputRequired("Say what was learned"), TEXT])

    def details(self) -> Findings:
        """As the verb takes it."""
        return Findings(self.result.data or "", self.lessons.data or "")

    def shown(self) -> dict[str, Any]:
        """Which version of the project, and which businesses in it, the page showed."""
        return {"version": self.version.data, "seen": self.seen.data or None}


class PartnerForm(Form):
    """A partner: one of the directory, or another organisation. That it is a partner already is said of each name alike."""

    may_repeat = True
    provider = SelectField("An organisation of the support directory")
    name = Line("Or the name of another organisation", [optional()])
    brings = Line("What does it bring?", [optional()], longest=300)

    def offer(self, names: Iterable[tuple[str, str]]) -> PartnerForm:
        """Offer the providers of the directory."""
        self.provider.choices = [SelectChoice("", "None of these")]
        self.provider.choices += [SelectChoice(value, label) for value, label in names]
        return self

    def provider_id(self) -> UUID | None:
        """The provider that was chosen."""
        return UUID(self.provider.data) if self.provider.data else None


class SpendForm(Form):
    """A sum that was spent."""

    spent_on = DayField("Day it was spent", [InputRequired("Enter the day")])
    what = Line("What for?", [InputRequired("Say what it was spent on")], longest=300)
    amount = MoneyField("Amount", [InputRequired("Enter the amount")])
    is_late = BooleanField("It was spent after the last day of the project")

    def details(self) -> SpendDetails:
        """As the verb takes it."""
        return SpendDetails(self.spent_on.data, self.what.data or "", self.amount.data)


class FindForm(Form):
    """Which business is invited: by its name or company number."""

    q = Line("Name or company number of the business", [optional()])


class InviteForm(Form):
    """What a business would do in a project."""

    does = TextAreaField(
        "What would the business do?", [InputRequired("Say what the business would do"), TEXT]
    )


class AnswerForm(Form):
    """What a business answers. Where one of our staff records it, who told them and how."""

    told = Why(
        "Who at the business told you, and how?", [InputRequired("Say who told you, and how")], longest=300
    )

    def of_the_business(self, *, is_own: bool) -> AnswerForm:
        """Ask the business itself for nothing."""
        if is_own:
            del self.told
        return self

    def words(self) -> str:
        """Who told it; empty where the business answers for itself."""
        return (self.told.data or "") if "told" in self else ""


class LessonForm(Form):
    """A lesson as anyone could read it."""

    version = SeenVersion()
    title = Line("Title", [InputRequired("Enter a title")])
    text = TextAreaField("What others can learn from it", [InputRequired("Enter the lesson"), TEXT])

    def details(self) -> LessonText:
        """As the verbs take it."""
        return LessonText(self.title.data or "", (self.text.data or "").strip())


class AskForm(Form):
    """Asking to be allowed to name, as the preview showed the text."""

    seen = SeenMark()


class AgreeForm(Form):
    """Agreeing to be named in the text that the page shows."""

    seen = SeenMark()


class PublishForm(Form):
    """Publishing the text that the page shows."""

    seen = SeenMark()
    kept = Why(
        "How does the text keep to what may be published?",
        [InputRequired("Say how the text keeps to what may be published")],
        longest=300,
    )
    checked = BooleanField("I have checked that the text does not mean them")


class ProjectsFilter(Form):
    """What the list of projects is narrowed by."""

    q = Line("Name or question", [optional()])
    stage = SelectField(
        "Stage",
        choices=[SelectChoice("", "Any"), *(SelectChoice(each, words) for each, words in STAGES.items())],
    )
    partner = SelectField("Partner", validate_choice=False)

    def offer(self, names: Iterable[str]) -> ProjectsFilter:
        """Offer the partners there are."""
        self.partner.choices = [SelectChoice("", "Any"), *(SelectChoice(each, each) for each in names)]
        return self

    def wanted(self) -> Wanted:
        """As the query takes it. What cannot be chosen is refused."""
        as_offered(self)
        stage = Stage(self.stage.data) if self.stage.data else None
        return Wanted(self.q.data or "", stage, self.partner.data or "")


class LessonsFilter(Form):
    """Words to look for in published lessons."""

    q = Line("Words in a lesson", [optional()])
