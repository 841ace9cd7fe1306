"""Forms about memberships."""

from __future__ import annotations

from wtforms import RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length

from crm.billing.rules import WAYS
from crm.billing.service.periods import PeriodDetails
from crm.billing.workflow import Way
from crm.kernel.money import Money
from crm.web.fields import DayField, Line, MoneyField, optional
from crm.web.forms import Form

BY_HAND = (Way.INVOICE, Way.TRANSFER, Way.WAIVER)
SHORT = Length(max=500, message="This must be 500 characters or fewer")


class MembersForm(Form):
    """Whom to find among the members."""

    q = Line("Name or email", [optional()], longest=100)


class PeriodForm(Form):
    """A period of membership."""

    starts_on = DayField("First day", [InputRequired("Enter the first day")])
    ends_on = DayField("Last day", [InputRequired("Enter the last day")])
    way = RadioField(
        "How was it paid?",
        [InputRequired("Choose how it was paid")],
        choices=[SelectChoice(value, label) for value, label in WAYS.items() if value in BY_HAND],
    )
    amount = MoneyField("Amount", [optional()])
    reference = Line("Invoice or payment reference", [optional()], longest=100)
    reason = TextAreaField("Reason, if it is waived", [SHORT])

    def details(self) -> PeriodDetails:
        """As the verb takes it."""
        return PeriodDetails(
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            way=Way(self.way.data),
            amount=self.amount.data or Money(0),
            reference=self.reference.data or "",
            reason=self.reason.data.strip(),
        )


class VoidForm(Form):
    """Why a period is cancelled."""

    reason = TextAreaField("Why are you cancelling this period?", [InputRequired("Enter a reason"), SHORT])


class SettleForm(Form):
    """What follows a partial refund."""

    note = TextAreaField("Why does the membership go on?", [InputRequired("Enter a reason"), SHORT])
