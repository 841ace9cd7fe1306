"""Forms of holdings: where papers stand, a certificate, and a quarterly update."""

from __future__ import annotations

from dataclasses import fields as dataclass_fields
from typing import Any

from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from crm.angels.holdings.models import CompanyUpdate, ReliefFiling
from crm.angels.holdings.service.filing import FilingDetails
from crm.angels.holdings.service.updating import UpdateDetails
from crm.angels.holdings.workflow import FiledRelief
from crm.documents.forms import UploadForm
from crm.web.fields import DayField, Line, MoneyField, SeenVersion, WholeNumberField, optional
from crm.web.forms import Form

LONG = Length(max=10_000, message="This must be 10,000 characters or fewer")
SHORT = Length(max=500, message="This must be 500 characters or fewer")
MOST_SHARES = 10_000_000_000


class FilingForm(Form):
    """The days on which the papers of an issue of shares went on; none has to be filled in."""

    assured_on = DayField("Advance assurance given", [optional()])
    trading_from = DayField("Trading began", [optional()])
    spent_on = DayField("70% of the money from these shares spent", [optional()])
    sent_on = DayField("Statement sent to HMRC", [optional()])
    authorised_on = DayField("HMRC’s answer", [optional()])
    uir = Line("Unique investment reference", [optional()], longest=40)
    version = SeenVersion()

    def about(self, relief: FiledRelief) -> FilingForm:
        """For one relief: EIS does not ask how much was spent."""
        if relief is FiledRelief.EIS:
            del self.spent_on
        return self

    def details(self) -> FilingDetails:
        """As the verb takes it."""
        return FilingDetails(
            self.assured_on.data,
            self.trading_from.data,
            self.spent_on.data if "spent_on" in self else None,
            self.sent_on.data,
            self.authorised_on.data,
            (self.uir.data or "").strip(),
        )


def filing_values(found: ReliefFiling | None) -> dict[str, Any]:
    """What the form begins with."""
    names = ("assured_on", "trading_from", "spent_on", "sent_on", "authorised_on", "uir", "version")
    return {name: getattr(found, name) for name in names} if found else {}


class CertificateForm(UploadForm):
    """The certificate of one investor."""

    shown_first = ("given_on",)
    given_on = DayField("Day on the certificate", [InputRequired("Enter the day on the certificate")])


class UpdateForm(Form):
    """What a company says of a quarter."""

    words = TextAreaField("How did the quarter go?", [InputRequired("Say how the quarter went"), LONG])
    revenue = MoneyField("Sales in the quarter", [optional()])
    cash = MoneyField("Cash at the end of the quarter", [optional()])
    people = WholeNumberField("People employed", [optional()])
    valuation = MoneyField("Valuation of the whole company", [optional()])
    shares_in_issue = WholeNumberField("Shares in issue", [optional()], least=1, most=MOST_SHARES)
    valued_on = DayField("Day of the valuation", [optional()])
    valuation_basis = Line("Basis of the valuation", [optional(), SHORT], longest=500)
    version = SeenVersion()

    def details(self) -> UpdateDetails:
        """As the verb takes it."""
        return UpdateDetails(
            words=self.words.data,
            revenue=self.revenue.data,
            cash=self.cash.data,
            people=self.people.data,
            valuation=self.valuation.data,
            shares_in_issue=self.shares_in_issue.data,
            valued_on=self.valued_on.data,
            valuation_basis=(self.valuation_basis.data or "").strip(),
        )


class CorrectionForm(UpdateForm):
    """What an update should have said, and why it is corrected."""

    shown_first = ("reason",)
    reason = TextAreaField("Why is it corrected?", [InputRequired("Enter why it is corrected"), SHORT])


def sent_values(found: CompanyUpdate) -> dict[str, Any]:
    """What the form of a correction begins with: what was sent."""
    return {name: getattr(found, name) for name in fields_of_update()} | seen(found)


def fields_of_update() -> tuple[str, ...]:
    """The fields of what a company says."""
    return tuple(each.name for each in dataclass_fields(UpdateDetails))


def seen(found: CompanyUpdate) -> dict[str, Any]:
    """What the form of an update carries along: which version its page showed."""
    return {"version": found.version}
