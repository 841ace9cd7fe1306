"""Forms about subsidies: what was given or is to be given, its papers, and a parent company."""

from __future__ import annotations

from datetime import date

from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from crm.funding.subsidy.rules import REGIMES, STATUSES, SUMS, YEARS_BEFORE, Regime
from crm.funding.subsidy.service.recording import SubsidyDetails
from crm.funding.subsidy.workflow import SubsidyStatus
from crm.kernel.calendar import FinancialYear
from crm.kernel.companies import CompanyNumber
from crm.web.fields import DayField, Line, MoneyField, ReadAs, Why, optional
from crm.web.forms import Form

SHORT = Length(max=500, message="This must be 500 characters or fewer")


class SubsidyForm(Form):
    """What was given, or is to be given."""

    shown_first = ("giver", "purpose", "amount", "given_on")
    giver = Line("Who gives it?", [InputRequired("Enter who gives it, like Arts Council England")])
    purpose = Line("What is it for?", [InputRequired("Enter what it is for")], longest=300)
    amount = MoneyField("Gross amount", [InputRequired("Enter the gross amount")])
    given_on = DayField("Day it is given", [InputRequired("Enter the day it is given")])

    def details(self) -> SubsidyDetails:
        """As the verb takes it."""
        return SubsidyDetails(
            giver=self.giver.data,
            purpose=self.purpose.data,
            amount=self.amount.data,
            given_on=self.given_on.data,
            regime=self.given_as(),
        )

    def given_as(self) -> Regime:
        """Under which rules: what we give is minimal financial assistance, and nothing else."""
        return Regime.MFA


class HelpForm(SubsidyForm):
    """What was given already. Whether it can be recorded depends on what ``SETTLES`` it."""

    SETTLES: tuple[str, ...] = ("amount", "given_on")
    giver = Line("Who gave it?", [InputRequired("Enter who gave it, like Arts Council England")])
    purpose = Line("What was it for?", [InputRequired("Enter what it was for")], longest=300)
    given_on = DayField("Day it was given", [InputRequired("Enter the day it was given")])


class DeclarationForm(HelpForm):
    """What another body gave, under rules of its own."""

    SETTLES = (*HelpForm.SETTLES, "regime")
    regime = SelectField("Given as", choices=[SelectChoice(*each) for each in REGIMES.items()])

    def given_as(self) -> Regime:
        """Under which rules the other body gave it."""
        return Regime(self.regime.data)


class PreparationForm(SubsidyForm):
    """What is to be given, by us."""

    depends_on_exporting_goods = BooleanField(
        "The help is for goods, and depends on exporting them or on using goods made here"
    )


class StandingForm(Form):
    """On which day it is asked what can still be given, and which of the sums of that day is opened to its subsidies."""

    on = DayField("What could be given on another day?", [optional()])
    counts = SelectField("Subsidies shown", validate_choice=False)

    def of_years(self, on: date) -> StandingForm:
        """Offer the sums of a day: each financial year that counts, all three, and what is to be given."""
        years = [FinancialYear.of(on).back(each) for each in range(YEARS_BEFORE + 1)]
        self.counts.choices = [
            SelectChoice("", "Any"),
            *(SelectChoice(*each) for each in SUMS.items()),
            *(SelectChoice(str(each), f"Counts in {each}") for each in years),
        ]
        return self


class SubsidyFilter(Form):
    """Which subsidies of the register are looked for, as the address carries it."""

    status = SelectField(
        "Status",
        choices=[SelectChoice("", "Any"), *(SelectChoice(*each) for each in STATUSES.items())],
        validate_choice=False,
    )

    def wanted(self) -> SubsidyStatus | None:
        """The status that is asked for; what cannot be read asks nothing."""
        return SubsidyStatus(self.status.data) if self.status.data in set(SubsidyStatus) else None


class ConfirmationForm(Form):
    """Who confirmed for the business that its limit is not passed."""

    confirmed_by = Line(
        "Name of the person who confirms", [InputRequired("Enter the name of the person who confirms")]
    )

    def signed_by(self, *, is_own: bool) -> ConfirmationForm:
        """Ask a founder for their signature, and staff for the name on the paper."""
        if is_own:
            self.confirmed_by.label.text = "Type your full name to sign"
        return self


class PublicationForm(Form):
    """The entry in the national database."""

    reference = Line(
        "Reference of the entry", [InputRequired("Enter the reference of the entry")], longest=100
    )


class ParentForm(Form):
    """The parent company of a business, and how that is known."""

    parent = ReadAs(
        "Company number of the parent",
        [InputRequired("Enter the parent’s company number")],
        read=CompanyNumber.parse,
    )
    source = Why("How do you know?", [InputRequired("Say how you know")], longest=300)
