"""The forms of assessors and leads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any
from uuid import UUID

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from crm.accounts.models import Account
from crm.kernel.companies import CompanyNumber
from crm.kernel.eligibility import DCMS_GROUPS
from crm.programme.applications.rules.answering import words_in
from crm.programme.assessing.models import Moderation, RoundAssessor, Score
from crm.programme.assessing.rules.labels import DECLINE_REASONS
from crm.programme.assessing.rules.scoring import Key, part_names
from crm.programme.assessing.service.moderating import Settled
from crm.programme.assessing.service.paneling import InterestDetails, PanelDetails
from crm.programme.assessing.service.scoring import Given, Judgement
from crm.programme.assessing.workflow import DeclineReason
from crm.programme.rounds.forms.composing import TOO_LONG
from crm.programme.rounds.models import Criterion
from crm.web.fields import LONGEST_TEXT, ReadAs, SeenVersion, WholeNumberField, optional
from crm.web.forms import Form
from crm.web.seen import SeenForm

END_OF_DAY = time(17)


class PanelForm(Form):
    """Who assesses for a round."""

    account = SelectField("Assessor", [InputRequired("Choose an assessor")])
    knows = SelectMultipleField(
        "What sectors do they know?",
        choices=[SelectChoice(each, label) for each, label in DCMS_GROUPS.items()],
    )
    most = WholeNumberField(
        "Most applications",
        [InputRequired("Enter the most applications they can assess")],
        least=1,
        most=1_000,
    )

    def offer(self, found: Iterable[Account]) -> PanelForm:
        """Offer these people."""
        self.account.choices = [SelectChoice(str(each.id), each.name) for each in found]
        return self

    def details(self) -> PanelDetails:
        """As the verb takes it."""
        return PanelDetails(UUID(self.account.data), tuple(self.knows.data or ()), self.most.data)


class AllocateForm(Form):
    """To whom an application is given and, where they helped the business lately, why they may assess it."""

    assessor = SelectField("Assessor", [InputRequired("Choose an assessor")])
    override = TextAreaField(
        "If they have recently helped the business, why may they assess it?", [optional(), TOO_LONG]
    )

    def offer(self, panel: Iterable[RoundAssessor]) -> AllocateForm:
        """Offer these assessors."""
        self.assessor.choices = [SelectChoice(str(each.account_id), each.account.name) for each in panel]
        return self


class InterestForm(Form):
    """An interest in a company."""

    company_number = ReadAs(
        "Company number", [InputRequired("Enter a company number, like 01234567")], read=CompanyNumber.parse
    )
    words = TextAreaField("What is your interest?", [InputRequired("Say what your interest is"), TOO_LONG])

    def details(self) -> InterestDetails:
        """As the verb takes it."""
        return InterestDetails(self.company_number.data, None, self.words.data or "")


class AcceptForm(SeenForm):
    """That there is no interest."""

    is_free = BooleanField(
        "I have no interest in this business and have not worked with it",
        [InputRequired("Tick the box, or decline the assessment")],
    )


class DeclineForm(SeenForm):
    """Why an application is not taken on."""

    why = RadioField(
        "Why are you declining?",
        [InputRequired("Choose why you are declining")],
        choices=[SelectChoice(each, label) for each, label in DECLINE_REASONS.items()],
    )
    words = TextAreaField("More detail", [optional(), TOO_LONG])

    def reason(self) -> DeclineReason:
        """As the verb takes it."""
        return DeclineReason(self.why.data)


class ScoreForm(Form):
    """The scores of an assessment. `score_form` adds two fields for each part."""

    version = SeenVersion()
    comment = TextAreaField("Comments for the panel", [TOO_LONG])
    keys: Mapping[str, Key] = {}
    least = 0
    compares = True

    def parts(self) -> list[tuple[Key, Any, Any]]:
        """For each part its key and its two fields."""
        return [(key, self[f"score-{name}"], self[f"because-{name}"]) for name, key in self.keys.items()]

    def validate(self, extra_validators: Any = None) -> bool:
        """A score is given with its reasons, and with enough of them; reasons are not dropped for want of a score."""
        is_sound = super().validate(extra_validators)
        for _, score, why in self.parts():
            short = self.least - words_in(why.data or "")
            if score.data and short > 0:
                why.errors = [
                    *why.errors,
                    f"Give reasons in at least {self.least} words. {short} more needed",
                ]
                is_sound = False
            if why.data and why.data.strip() and not score.data:
                score.errors = [*score.errors, "Choose a score to go with your reasons"]
                is_sound = False
        return is_sound

    def judgement(self) -> Judgement:
        """As the verbs take it; a part without a score is left out."""
        given = {
            key: Given(int(score.data), (why.data or "").strip())
            for key, score, why in self.parts()
            if score.data
        }
        return Judgement(given, self.comment.data or "", self.version.data or 0)


def score_form(
    criteria: Iterable[Criterion], *, least: int, only: Iterable[Key] | None = None
) -> type[ScoreForm]:
    """A form for the parts of these criteria; or of them only for some."""
    every = [((str(each.id), part), each) for each in criteria for part in each.parts]
    wanted = None if only is None else set(only)
    shown = [(key, each) for key, each in every if wanted is None or key in wanted]
    fields: dict[str, Any] = {"least": least, "keys": {str(at): key for at, (key, _) in enumerate(shown)}}
    names = part_names((key, each.title) for key, each in every)
    for at, (key, each) in enumerate(shown):
        part = names[key]
        points = [SelectChoice(str(point), str(point)) for point in range(each.highest + 1)]
        fields[f"score-{at}"] = RadioField(f"{part}: score", [optional()], choices=points)
        fields[f"because-{at}"] = TextAreaField(
            f"{part}: why?",
            [Length(max=LONGEST_TEXT, message=f"This must be {LONGEST_TEXT:,} characters or fewer")],
        )
    return type("TheseScoresForm", (ScoreForm,), fields)


def score_values(form: type[ScoreForm], scores: Iterable[Score]) -> dict[str, Any]:
    """What the form shows of scores that are there already."""
    by_key = {(str(each.criterion_id), each.part): each for each in scores}
    shown: dict[str, Any] = {}
    for name, key in form.keys.items():
        kept = by_key.get(key)
        if kept is not None:
            shown |= {f"score-{name}": str(kept.value), f"because-{name}": kept.rationale}
    return shown


class ModerateForm(Form):
    """The moderated score of a part, and why."""

    version = SeenVersion()
    value = WholeNumberField("Moderated score", [InputRequired("Enter the score")], most=100)
    is_outside = BooleanField("The score may be lower or higher than any assessor gave")
    reason = TextAreaField("Why?", [InputRequired("Say why"), TOO_LONG])

    def settled(self, criterion: Criterion, part: str) -> Settled:
        """As the verb takes it."""
        version, is_outside = self.version.data or 0, self.is_outside.data
        return Settled(criterion, part, self.value.data, self.reason.data, version, is_outside)


def moderation_values(kept: Moderation | None) -> dict[str, Any]:
    """What the form shows of what was moderated already."""
    return {"value": kept.value, "reason": kept.reason, "version": kept.version} if kept else {"version": 0}
