"""Forms about payments: bank details, the call that checks them, runs, the bank's answer, and reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from wtforms import RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from crm.documents.forms import UploadField
from crm.funding.payments.queries.payments import PaymentSearch
from crm.funding.payments.rules.accounts import (
    BankAccount,
    account_name,
    account_number,
    offered,
    require_no_zeros,
    sort_code,
)
from crm.funding.payments.rules.labels import PAYMENT_STATUSES, RUN_STATUSES
from crm.funding.payments.service.details import Call
from crm.funding.payments.workflow import PaymentStatus, RunStatus
from crm.kernel.calendar import day_in_words
from crm.kernel.errors import BadInput
from crm.web.fields import DayField, Line, ReadAs, Why, optional
from crm.web.forms import Form

SHORT = Length(max=500, message="This must be 500 characters or fewer")
ANY = SelectChoice("", "Any")


class BankDetailsForm(Form):
    """The account that a business wants to be paid to."""

    account_name = ReadAs(
        "Name on the account", [InputRequired("Enter the name on the account")], read=account_name
    )
    sort_code = ReadAs("Sort code", [InputRequired("Enter the sort code")], read=sort_code)
    account_number = ReadAs(
        "Account number", [InputRequired("Enter the account number")], read=account_number
    )

    def validate_sort_code(self, field: Any) -> None:
        """No bank gives out nothing but zeros."""
        require_no_zeros(field.data or "", "sort code")

    def validate_account_number(self, field: Any) -> None:
        """No bank gives out nothing but zeros."""
        require_no_zeros(field.data or "", "account number")

    def account(self) -> BankAccount:
        """As the verb takes it."""
        return BankAccount(self.account_name.data, self.sort_code.data, self.account_number.data)


class CallForm(Form):
    """The call in which a business confirmed its bank details."""

    number = SelectField("Number you called", [InputRequired("Choose the number you called")])
    spoke_to = Line("Who did you speak to?", [InputRequired("Enter who you spoke to")])
    why = Why(
        "If the number was changed shortly before, how do you know that it is theirs?",
        [optional()],
        longest=500,
    )

    def offer(self, numbers: Iterable[dict[str, str]]) -> CallForm:
        """Offer the numbers that were known before the details were entered; a new one only where there is no other."""
        known = [SelectChoice(each["number"], _said(each)) for each in offered(numbers)]
        self.number.choices = [SelectChoice("", "Choose a number"), *known]
        return self

    def call(self) -> Call:
        """As the verb takes it."""
        return Call(self.number.data, self.spoke_to.data, self.why.data or "")


def _said(known: Mapping[str, str]) -> str:
    """A number with its person, and the day it was changed where that was shortly before."""
    on = known.get("changed_on")
    changed = f", changed {day_in_words(date.fromisoformat(on))}" if on else ""
    return f"{known['number']} ({known['name']}{changed})"


class RunForm(Form):
    """Which payments go into a run, and when the bank is to pay them."""

    payments = SelectMultipleField("Payments", validate_choice=False)
    pay_on = DayField("Day the bank pays", [InputRequired("Enter the day the bank pays")])

    def validate_payments(self, field: SelectMultipleField) -> None:
        """At least one has to be chosen."""
        if not field.data:
            raise BadInput("Choose one or more payments")

    def chosen(self) -> list[UUID]:
        """The ids of the payments; what is no id is not one."""
        return [UUID(each) for each in self.payments.data or () if _is_id(each)]


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


class BankAnswerForm(Form):
    """The bank's file."""

    file = UploadField("Choose the bank’s file")

    def validate_file(self, field: UploadField) -> None:
        """One has to be chosen."""
        if field.data is None:
            raise BadInput("Choose a file")


class ResolutionForm(Form):
    """What a person found out about a line of the bank's answer."""

    words = TextAreaField("What did you find out?", [InputRequired("Say what you found out"), SHORT])


class SettlementForm(Form):
    """What became of a payment that the bank never answered."""

    outcome = RadioField(
        "What became of this payment?",
        [InputRequired("Choose what became of this payment")],
        choices=[
            SelectChoice("paid", "The bank paid it"),
            SelectChoice("not_paid", "The bank did not pay it"),
        ],
    )
    words = TextAreaField("How do you know?", [InputRequired("Say how you know"), SHORT])


class ReturnForm(Form):
    """That the bank returned a payment, how that is known, and whether it says anything against the account."""

    about = RadioField(
        "Why did the money come back?",
        [InputRequired("Choose why the money came back")],
        choices=[
            SelectChoice("account", "The account may be wrong, closed or blocked, or we do not know"),
            SelectChoice("ours", "It was not about the account: it was our mistake, or the banks’"),
        ],
    )
    words = TextAreaField("How do you know?", [InputRequired("Say how you know"), SHORT])


class PaidDayForm(Form):
    """The day on which the bank made a payment, where another was recorded, and how that is known."""

    paid_on = DayField("Day the bank paid", [InputRequired("Enter the day the bank paid")])
    words = TextAreaField("How do you know?", [InputRequired("Say how you know"), SHORT])


class PaymentFilter(Form):
    """Which payments are looked for, as the address carries it."""

    status = SelectField(
        "Status",
        choices=[ANY, *(SelectChoice(each, said) for each, said in PAYMENT_STATUSES.items())],
        validate_choice=False,
    )

    def search(self) -> PaymentSearch:
        """The search that these filters ask for; what cannot be read asks nothing."""
        given = self.status.data
        return PaymentSearch(status=PaymentStatus(given) if given in set(PaymentStatus) else None)


class RunFilter(Form):
    """Which runs are looked for."""

    status = SelectField(
        "Status",
        choices=[ANY, *(SelectChoice(each, said) for each, said in RUN_STATUSES.items())],
        validate_choice=False,
    )

    def wanted(self) -> RunStatus | None:
        """The status that is asked for; what cannot be read asks nothing."""
        return RunStatus(self.status.data) if self.status.data in set(RunStatus) else None
