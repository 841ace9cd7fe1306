"""Forms about repayments."""

from __future__ import annotations

from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from crm.kernel.clock import today
from crm.programme.claims.service.money_proposals import RepaymentWanted
from crm.programme.claims.service.recovering import Received
from crm.web.fields import DayField, MoneyField, SeenVersion
from crm.web.forms import Form

LONG = Length(max=2_000, message="This must be 2,000 characters or fewer")


class AskBackForm(Form):
    """How much is to be paid back, by when, and why."""

    amount = MoneyField("Amount to pay back", [InputRequired("Enter the amount to pay back")])
    due_on = DayField("Pay back by", [InputRequired("Enter the date by which to pay back")])
    reason = TextAreaField("Why?", [InputRequired("Say why"), LONG])

    def details(self) -> RepaymentWanted:
        """As the verb takes it."""
        return RepaymentWanted(self.amount.data, self.due_on.data, self.reason.data)


class ReceivedForm(Form):
    """How much money came, and when."""

    amount = MoneyField("Amount received", [InputRequired("Enter the amount received")])
    received_on = DayField("Date received", [InputRequired("Enter the date received")], most=today)

    def came(self) -> Received:
        """As the verb takes it."""
        return Received(self.amount.data, self.received_on.data)


class CorrectionForm(Form):
    """The day on which the money really came, and why it was recorded otherwise."""

    version = SeenVersion()
    received_on = DayField("Date received", [InputRequired("Enter the date received")], most=today)
    reason = TextAreaField("Why?", [InputRequired("Say why"), LONG])
