"""The forms of incomes, and of the rights that protect them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from wtforms import SelectChoice, SelectField
from wtforms.validators import InputRequired

from crm.ip.portfolio.rules import WHOLE
from crm.ip.portfolio.service import IncomeDetails, ProtectionDetails
from crm.rights.models import Right
from crm.rights.rules.labels import KINDS
from crm.rights.workflow import RightStatus
from crm.web.fields import Line, MoneyField, SeenVersion, WholeNumberField, optional
from crm.web.forms import Form


def _standing(found: Right) -> str:
    """That a right has lapsed, beside its name: it can be linked for the record, and protects nothing."""
    return " (lapsed, protects nothing)" if found.status is RightStatus.LAPSED else ""


class IncomeForm(Form):
    """An income and what it turns over in a year."""

    version = SeenVersion()
    name = Line("Product or income", [InputRequired("Enter the product or income")], longest=120)
    turnover = MoneyField("Turnover in a year", [InputRequired("Enter the turnover in a year")])

    def details(self) -> IncomeDetails:
        """As the verbs take it."""
        return IncomeDetails(self.name.data, self.turnover.data)


class PortfoliosFilter(Form):
    """What the list of portfolios is narrowed by."""

    q = Line("Business", [optional()])


class ProtectForm(Form):
    """Which right protects an income, and how much of it."""

    right = SelectField("Which right protects it?", [InputRequired("Choose a right")])
    share = WholeNumberField(
        "How much of this income does it protect?",
        [InputRequired("Enter a share from 1 to 100")],
        least=1,
        most=WHOLE,
        says="The share",
    )
    part = Line("Which part?", [optional()])

    def offer(self, rights: Iterable[Right]) -> ProtectForm:
        """Offer the rights of the business that are not linked yet."""
        self.right.choices = [SelectChoice("", "Choose a right")]
        self.right.choices += [
            SelectChoice(str(each.id), f"{KINDS[each.kind]}: {each.title}{_standing(each)}")
            for each in rights
        ]
        return self

    def details(self) -> ProtectionDetails:
        """As the verb takes it."""
        return ProtectionDetails(UUID(self.right.data), self.share.data, self.part.data or "")
