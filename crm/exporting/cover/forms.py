"""The form of an export contract."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from crm.exporting.cover.queries import SAID, UNKNOWN, WITHDRAWN, ChecksWanted
from crm.exporting.cover.rules.checking import SELLS, Contract
from crm.exporting.cover.rules.labels import RESULTS
from crm.exporting.cover.rules.products import WISHES
from crm.exporting.cover.service.checking import AnswerDetails
from crm.exporting.plans.rules.countries import abroad
from crm.kernel.errors import BadInput
from crm.kernel.money import Money
from crm.web.fields import DayField, Line, MoneyField, WholeNumberField, optional
from crm.web.forms import Form

KNOWN = {said: fact for fact, said in SAID.items() if fact is not None}
ASKED = {
    "uk_enough": "is_uk_enough",
    "private_refused": "is_private_refused",
    "in_group": "is_in_group",
    "end_buyer": "waits_for_end_buyer",
}
"""Which fact of a contract each question of yes or no asks for."""
YES_NO = [SelectChoice("yes", "Yes"), SelectChoice("no", "No"), SelectChoice(UNKNOWN, "I do not know")]


class CheckFilters(Form):
    """Which checks to show."""

    q = Line("Business", [optional()], longest=100)
    result = SelectField(
        "Result",
        choices=[
            SelectChoice("", "All"),
            *(SelectChoice(value, label) for value, label in RESULTS.items()),
            SelectChoice(WITHDRAWN, "Withdrawn"),
        ],
        default="",
    )
    country = SelectField(
        "Country of the buyer",
        choices=[SelectChoice("", "All"), *(SelectChoice(each, each) for each in abroad().values())],
        default="",
    )

    def wanted(self) -> ChecksWanted:
        """What is asked for."""
        return ChecksWanted(self.q.data or "", self.country.data or "", self.result.data or "")


class AnswerForm(Form):
    """What met the need of a contract after a threshold shut the business out."""

    answered_with = Line("What met this need?", [InputRequired("Enter what met this need")], longest=300)
    answered_on = DayField("On which day?", [InputRequired("Enter the day")])

    def details(self) -> AnswerDetails:
        """As the verb takes it."""
        return AnswerDetails(self.answered_with.data or "", self.answered_on.data)


class WithdrawForm(Form):
    """Why a check is withdrawn."""

    reason = TextAreaField(
        "Why is it withdrawn?",
        [
            InputRequired("Say what was wrong"),
            Length(max=500, message="This must be 500 characters or fewer"),
        ],
    )


class ContractForm(Form):
    """One contract with a buyer. Only the country, what is sold and what is wanted are needed; the rest may be unknown.

    ``of`` is the check of which this is made again; empty for another contract.
    """

    of = HiddenField()
    country = SelectField(
        "Where is the buyer?",
        [InputRequired("Choose the country of the buyer")],
        choices=[
            SelectChoice("", "Choose a country"),
            *(SelectChoice(each, each) for each in abroad().values()),
        ],
    )
    sells = RadioField(
        "What is sold?",
        [InputRequired("Choose what is sold")],
        choices=[SelectChoice(value, label) for value, label in SELLS.items()],
    )
    wishes = SelectMultipleField(
        "What is needed?",
        [InputRequired("Choose at least one thing that is needed")],
        choices=[SelectChoice(value, label) for value, label in WISHES.items()],
    )
    value = MoneyField("What is the contract worth?", [optional()], says="What the contract is worth")
    payment_days = WholeNumberField(
        "How many days after delivery does the buyer pay?",
        [optional()],
        most=3650,
        says="The number of days",
        unit="days",
    )
    owed = MoneyField(
        "What is the most that the buyer will owe at any one time?",
        [optional()],
        says="The most that the buyer will owe",
    )
    sum_wanted = MoneyField("How much finance is needed?", [optional()], says="The finance that is needed")
    months = WholeNumberField(
        "How many months does the contract run?",
        [optional()],
        least=1,
        most=240,
        says="The number of months",
        unit="months",
    )
    uk_enough = RadioField("Is 20% or more of the contract UK goods or services?", choices=YES_NO)
    private_refused = RadioField("Has a broker said that private insurance is not available?", choices=YES_NO)
    in_group = RadioField("Is the business part of a group or a consortium?", choices=YES_NO)
    end_buyer = RadioField("Is it paid only once the buyer has been paid by someone else?", choices=YES_NO)

    def offer(self, planned: Sequence[str]) -> ContractForm:
        """Offer the countries of the export plan first."""
        rest = [each for each in abroad().values() if each not in planned]
        groups = {"In the export plan": planned, "All other countries": rest} if planned else {"": rest}
        first = {"": [SelectChoice("", "Choose a country")]}
        told = {name: [SelectChoice(each, each) for each in found] for name, found in groups.items()}
        self.country.choices = first | told if planned else [*first[""], *told[""]]
        return self

    def validate_value(self, field: MoneyField) -> None:
        """A contract is worth something."""
        _more_than_nothing(field)

    def validate_owed(self, field: MoneyField) -> None:
        """No more can be owed than the contract is worth."""
        _more_than_nothing(field)
        if field.data and self.value.data and field.data.pence > self.value.data.pence:
            raise BadInput("The buyer cannot owe more than the contract is worth")

    def validate_sum_wanted(self, field: MoneyField) -> None:
        """Finance is a sum."""
        _more_than_nothing(field)

    @staticmethod
    def values_of(contract: Contract) -> dict[str, Any]:
        """A contract that was told before, as the form shows it."""
        told = vars(contract) | {"wishes": sorted(contract.wishes)}
        return told | {name: SAID[told[fact]] for name, fact in ASKED.items()}

    def contract(self) -> Contract:
        """As the verb takes it."""
        return Contract(
            country=str(self.country.data),
            sells=str(self.sells.data),
            wishes=frozenset(self.wishes.data or ()),
            value=self.value.data,
            payment_days=self.payment_days.data,
            owed=self.owed.data,
            sum_wanted=self.sum_wanted.data,
            months=self.months.data,
            **{fact: KNOWN.get(self[name].data or "") for name, fact in ASKED.items()},
        )


def _more_than_nothing(field: MoneyField) -> None:
    if isinstance(field.data, Money) and not field.data:
        raise BadInput(f"{field.says} must be more than £0. Leave it empty if it is not known")
