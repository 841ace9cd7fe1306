"""Forms of syndicates: an offer to lead, a version of terms, joining on it and who sees one's name."""

from __future__ import annotations

from typing import Any

from wtforms import RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length

from crm.angels.syndicates.models import SyndicateTerms
from crm.angels.syndicates.rules.labels import NAMING
from crm.angels.syndicates.service.agreeing import TermsDetails
from crm.angels.syndicates.workflow import Naming
from crm.businesses.forms import choices
from crm.kernel.errors import BadInput
from crm.web.fields import DayField, MoneyField, SeenMark, WholeNumberField, optional
from crm.web.forms import Form

SHORT = Length(max=2_000, message="This must be 2,000 characters or fewer")
FEE, NO_FEE = "fee", "none"


class OfferForm(Form):
    """Why an investor offers to lead."""

    message = TextAreaField(
        "What would you bring as the lead?", [InputRequired("Enter what you would bring"), SHORT]
    )


class TermsForm(Form):
    """One version of the terms."""

    pre_money = MoneyField("Valuation before the investment", [optional()])
    cap = MoneyField("Valuation cap", [optional()])
    discount = WholeNumberField("Discount", [optional()], least=1, most=99)
    minimum = MoneyField("Minimum for one investor", [InputRequired("Enter the minimum for one investor")])
    closes_on = DayField("Closing date", [InputRequired("Enter the closing date")])
    rights = TextAreaField(
        "Rights and other terms", [InputRequired("Enter the rights, or that there are none"), SHORT]
    )
    takes_fee = RadioField(
        "Do you take a fee or carry from the other investors?",
        [InputRequired("Choose whether you take a fee or carry")],
        choices=[SelectChoice(NO_FEE, "No"), SelectChoice(FEE, "Yes, a fee or carry")],
    )
    fee = TextAreaField("Fee or carry", [SHORT])

    def validate_fee(self, field: Any) -> None:
        """Described where there is one, and only there."""
        if self.takes_fee.data == FEE and not (field.data or "").strip():
            raise BadInput("Describe the fee or carry")
        if self.takes_fee.data == NO_FEE and (field.data or "").strip():
            raise BadInput("Leave this empty, or choose a fee or carry above")

    def details(self) -> TermsDetails:
        """As the verb takes it."""
        return TermsDetails(
            minimum=self.minimum.data,
            closes_on=self.closes_on.data,
            rights=self.rights.data.strip(),
            pre_money=self.pre_money.data,
            cap=self.cap.data,
            discount=self.discount.data,
            takes_fee=self.takes_fee.data == FEE,
            fee=(self.fee.data or "").strip(),
        )


def terms_values(found: SyndicateTerms | None) -> dict[str, Any]:
    """What the form shows of the version before."""
    if found is None:
        return {}
    names = ("pre_money", "cap", "discount", "minimum", "rights", "fee", "closes_on")
    values = {name: getattr(found, name) for name in names}
    return values | {"takes_fee": FEE if found.takes_fee else NO_FEE}


class NamingForm(Form):
    """Who sees a member's name."""

    naming = RadioField(
        "Who may see that you are a member?",
        [InputRequired("Choose who may see your name")],
        choices=choices(NAMING),
    )

    def chosen(self) -> Naming:
        """As the verb takes it."""
        return Naming(self.naming.data)


class AgreeLeadForm(Form):
    """Agreeing that an investor leads, in place of whom the page shows."""

    seen = SeenMark()


class JoinForm(NamingForm):
    """Joining on the version that the page shows."""

    seen = SeenMark()


class ConfirmForm(Form):
    """Confirming on the version that the page shows."""

    seen = SeenMark()
