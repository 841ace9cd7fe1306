"""The forms in which a cohort is built."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Self
from uuid import UUID

from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, StopValidation

from crm.funding.envelopes.models import Envelope
from crm.funding.envelopes.rules import LINES
from crm.funding.envelopes.rules import Line as MoneyLine
from crm.kernel.money import NO_MONEY, Money
from crm.programme.cohort.models import CohortDraft
from crm.programme.cohort.service.beginning import CohortDetails
from crm.programme.cohort.service.drafting import Choice
from crm.programme.rounds.forms.composing import TOO_LONG
from crm.web.fields import Line, MoneyField, SeenMark, optional
from crm.web.forms import Form

BOTH = "both"


def not_emptied(message: str) -> Callable[[Form, Any], None]:
    """A box that was on the page is filled in. What no box was sent for is left to the verb."""

    def check(_form: Form, field: Any) -> None:
        if field.raw_data and not any(str(each).strip() for each in field.raw_data):
            raise StopValidation(message)

    return check


class CohortForm(Form):
    """How the cohort of a round is funded."""

    envelope = SelectField("Envelope", choices=[])
    line = RadioField(
        "Kind of money",
        choices=[
            *(SelectChoice(each, label) for each, label in LINES.items()),
            SelectChoice(BOTH, "Capital and revenue, as each application asks"),
        ],
    )
    allows_partial = BooleanField("A reserve may be offered less than it asked for")

    def offer(self, envelopes: Iterable[Envelope] | None) -> CohortForm:
        """Offer these envelopes; None asks for no money, as of a dry run."""
        if envelopes is None:
            del self.envelope, self.line
            return self
        rows = [SelectChoice(str(each.id), each.name) for each in envelopes]
        self.envelope.choices = [SelectChoice("", "Choose an envelope"), *rows]
        return self

    def details(self) -> CohortDetails:
        """As the verb takes it."""
        partial = bool(self.allows_partial.data)
        if "envelope" not in self:
            return CohortDetails(allows_partial=partial)
        chosen = UUID(self.envelope.data) if self.envelope.data else None
        return CohortDetails(chosen, None if self.line.data == BOTH else MoneyLine(self.line.data), partial)


class DraftForm(Form):
    """A new draft: its name, and another draft to start from."""

    name = Line(
        "Name", [InputRequired("Enter a name"), Length(max=100, message="Use 100 characters or fewer")]
    )
    like = SelectField("Start from", choices=[SelectChoice("", "An empty draft")], validate_choice=True)

    def offer(self, drafts: Iterable[CohortDraft]) -> DraftForm:
        """Offer these drafts to start from."""
        rows = [SelectChoice(str(each.id), f"A copy of “{each.name}”") for each in drafts]
        self.like.choices = [SelectChoice("", "An empty draft"), *rows]
        return self

    def like_id(self) -> UUID | None:
        """The draft to start from, if one was chosen."""
        return UUID(self.like.data) if self.like.data else None


class ChooseForm(Form):
    """The sum of an award, and why it goes to this application. ``seen`` is the mark of what the draft said of it on the page."""

    seen = SeenMark()
    amount = MoneyField("Award", [not_emptied("Enter the sum to award"), optional()])
    capital = MoneyField("Capital", [not_emptied("Enter the capital to award, or 0"), optional()])
    revenue = MoneyField("Revenue", [not_emptied("Enter the revenue to award, or 0"), optional()])
    part = TextAreaField("Why award less than it asks for?", [optional(), TOO_LONG])
    reason = TextAreaField("Why choose it over those that rank as high or higher?", [optional(), TOO_LONG])
    is_for_all = BooleanField("Give this reason to the others that lack one too")

    def of_lines(self, line: MoneyLine | None) -> Self:
        """Ask for the parts of an award where the cohort has two lines, else for the one sum."""
        if line is None:
            del self.amount
        else:
            del self.capital, self.revenue
        return self

    def sums(self) -> tuple[Money | None, Money | None]:
        """The award and its part for capital; neither where the form was not on the page: the button "Add" awards what is asked."""
        if "amount" in self:
            return self.amount.data, None
        capital, revenue = self.capital.data, self.revenue.data
        if capital is None and revenue is None:
            return None, None
        return (capital or NO_MONEY) + (revenue or NO_MONEY), capital

    def choice(self, application_id: UUID) -> Choice:
        """As the verb takes it."""
        amount, capital = self.sums()
        said: dict[str, Any] = {"capital": capital, "part": self.part.data or ""}
        said |= {"seen": self.seen.data or None, "is_for_all": bool(self.is_for_all.data)}
        return Choice(application_id, amount, self.reason.data, **said)


class OverrideForm(ChooseForm):
    """The same, below a threshold."""

    shown_first = ("amount", "capital", "revenue", "part", "override")
    override = TextAreaField(
        "Why choose it below the threshold?",
        [InputRequired("Say why it is chosen below the threshold"), TOO_LONG],
    )

    def choice(self, application_id: UUID) -> Choice:
        """As the verb takes it."""
        return replace(super().choice(application_id), override=self.override.data or "")


class RemoveForm(Form):
    """Why an application leaves a draft, where lower ranks stay."""

    seen = SeenMark()
    reason = TextAreaField("Why choose the lower ranks over it?", [optional(), TOO_LONG])
