"""The forms in which a cohort is aimed, proposed, confirmed and told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from crm.kernel.errors import BadInput
from crm.programme.cohort.rules.groups import Dimension, Measure
from crm.programme.cohort.rules.labels import DIMENSIONS, MEASURES, choices_of
from crm.programme.cohort.service.beginning import TargetDetails
from crm.programme.cohort.service.confirming import Proposing
from crm.programme.cohort.service.feedback import FeedbackDetails, field_of
from crm.programme.rounds.forms.composing import TOO_LONG, read_hundredths
from crm.programme.rounds.models import Criterion
from crm.programme.rounds.rules.weights import percent_in_words
from crm.web.fields import Line, ReadAs, SeenMark, SeenVersion, WholeNumberField, optional
from crm.web.forms import Form


class TargetForm(Form):
    """A least share for a group."""

    group = SelectField("Group")
    authority = Line(
        "Local authority, if you chose one",
        [optional(), Length(max=60, message="Use 60 characters or fewer")],
    )
    side = RadioField(
        "Counting",
        choices=[SelectChoice("in", "Those in the group"), SelectChoice("out", "Those outside it")],
    )
    measure = RadioField(
        "Share",
        choices=[SelectChoice(each, f"{words[:1].upper()}{words[1:]}") for each, words in MEASURES.items()],
    )
    least = ReadAs(
        "At least", [InputRequired("Enter a per cent, like 30")], read=read_hundredths, write=percent_in_words
    )

    def __init__(self, *given: Any, **told: Any) -> None:
        super().__init__(*given, **told)
        self.group.choices = {
            DIMENSIONS[each]: [SelectChoice(f"{each}:{code}", words) for code, words in groups_of(each)]
            for each in Dimension
        }

    def validate_authority(self, field: Any) -> None:
        """A local authority is named where that is the group."""
        if self.group.data == f"{Dimension.AUTHORITY}:" and not (field.data or "").strip():
            raise BadInput("Enter the name of the local authority")

    def details(self) -> TargetDetails:
        """As the verb takes it."""
        dimension, _, value = str(self.group.data).partition(":")
        return TargetDetails(
            Dimension(dimension),
            value or (self.authority.data or "").strip(),
            Measure(self.measure.data),
            self.least.data,
            is_outside=self.side.data == "out",
        )


def groups_of(dimension: Dimension) -> list[tuple[str, str]]:
    """The groups of a dimension, by code and words; of authorities one that is named beside it."""
    known = [(code, f"{words[:1].upper()}{words[1:]}") for code, words in choices_of(dimension).items()]
    return known or [("", "A local authority, named below")]


class ConfirmForm(Form):
    """The draft as the page showed it."""

    seen = SeenMark()


class ProposeForm(ConfirmForm):
    """How many reserves wait behind the cohort, and why a target is not met."""

    reserves = WholeNumberField(
        "Waiting list", [InputRequired("Enter how many wait, or 0 to refuse everyone else")], most=500
    )
    reason = TextAreaField("Why is a target not met?", [optional(), TOO_LONG])
    limit_reason = TextAreaField("Why is it more than can be given today?", [optional(), TOO_LONG])

    def details(self) -> Proposing:
        """As the verb takes it."""
        return Proposing(self.reserves.data, self.reason.data or "", self.limit_reason.data or "")


class SendBackForm(ConfirmForm):
    """Why a proposed cohort goes back."""

    reason = TextAreaField("What has to change?", [InputRequired("Say why"), TOO_LONG])


class SeenForm(Form):
    """The letters as the page showed them."""

    seen = SeenMark()

    @classmethod
    def mark(cls) -> str | None:
        """The mark that was sent; None where the page showed none."""
        return cls.of_request().seen.data or None


class WithdrawForm(Form):
    """Why an award is withdrawn."""

    version = SeenVersion()
    reason = TextAreaField("Why is the award withdrawn?", [InputRequired("Say why"), TOO_LONG])

    def of_proposal(self, reason: str) -> Self:
        """Ask for no reason where another person gave one."""
        if reason:
            del self.reason
        return self

    def details(self) -> dict[str, Any]:
        """As the verbs take them."""
        return {"reason": self.reason.data if "reason" in self else "", "version": self.version.data}


def feedback_form(criteria: Sequence[Criterion]) -> type[Form]:
    """A form with the feedback on each criterion of a round, and whether the applicant reads it."""
    fields: dict[str, Any] = {}
    for each in criteria:
        fields[field_of(each)] = TextAreaField(each.title, [optional(), TOO_LONG])
        fields[f"shared_{each.id.hex}"] = BooleanField("I have read this. Share it with the applicant")
        fields[f"version_{each.id.hex}"] = SeenVersion()
    return type("FeedbackOnAllForm", (Form,), fields)


def written(form: Form, criteria: Sequence[Criterion]) -> list[FeedbackDetails]:
    """What was written on each criterion, as the verb takes it."""
    return [
        FeedbackDetails(
            each,
            form[field_of(each)].data or "",
            bool(form[f"shared_{each.id.hex}"].data),
            form[f"version_{each.id.hex}"].data,
        )
        for each in criteria
    ]


class FeedbackForm(Form):
    """What the panel says about one criterion, and whether the applicant reads it."""

    version = SeenVersion()
    words = TextAreaField("Feedback", [InputRequired("Enter the feedback"), TOO_LONG])
    is_shared = BooleanField("Share this with the applicant")
