"""The forms in which what a business was told is proposed to be taken back."""

from __future__ import annotations

from typing import Any, Self

from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from crm.funding.envelopes.rules import Line as MoneyLine
from crm.kernel.money import NO_MONEY
from crm.programme.cohort.rules.labels import CHANGE_KINDS
from crm.programme.cohort.service.changing import Lowering, TakingOff
from crm.programme.cohort.workflow import ChangeKind
from crm.programme.rounds.forms.composing import TOO_LONG
from crm.web.fields import MoneyField, SeenVersion
from crm.web.forms import Form

OFF = (ChangeKind.ASKED_OFF, ChangeKind.TAKEN_OFF)


class LowerForm(Form):
    """What an award is lowered to, and why; of an award from capital and revenue, each part of it."""

    version = SeenVersion()
    amount = MoneyField("New amount of the award", [InputRequired("Enter the new amount")])
    capital = MoneyField("New capital", [InputRequired("Enter the new capital, or 0")])
    revenue = MoneyField("New revenue", [InputRequired("Enter the new revenue, or 0")])
    reason = TextAreaField("Why is the award lowered?", [InputRequired("Say why"), Length(max=500)])

    def of_lines(self, line: MoneyLine | None) -> Self:
        """Ask for the parts of an award that has two, else for the one sum."""
        if line is None:
            del self.amount
        else:
            del self.capital, self.revenue
        return self

    def details(self) -> Lowering:
        """As the verb takes it."""
        told = {"reason": self.reason.data, "version": self.version.data}
        if "amount" in self:
            return Lowering(self.amount.data, **told)
        capital = self.capital.data or NO_MONEY
        return Lowering(capital + (self.revenue.data or NO_MONEY), capital=capital, **told)


class ReleaseForm(Form):
    """Who wants an application off the waiting list, and why."""

    version = SeenVersion()
    kind = RadioField(
        "Why does it come off the waiting list?",
        [InputRequired("Choose whether the business asked for this")],
        choices=[SelectChoice(each, CHANGE_KINDS[each]) for each in OFF],
    )
    reason = TextAreaField("The reason", [InputRequired("Say why"), TOO_LONG])

    def details(self) -> TakingOff:
        """As the verb takes it."""
        return TakingOff(ChangeKind(self.kind.data), self.reason.data, self.version.data)

    def alone(self) -> dict[str, Any]:
        """As the verb takes it that one person does alone."""
        return {"kind": self.kind.data and ChangeKind(self.kind.data), "reason": self.reason.data} | {
            "version": self.version.data
        }
