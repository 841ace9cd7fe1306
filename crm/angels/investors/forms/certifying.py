"""The forms of the statements: figures and details are typed in, and nothing is ticked for anybody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from crm.angels.investors.forms.joining import several, yes_no
from crm.angels.investors.models import StatementWording
from crm.angels.investors.rules.certifying import Certificate, Experience, NetWorth
from crm.angels.investors.rules.instruments import CLEARED
from crm.angels.investors.rules.labels import GROUNDS, INSTRUMENTS
from crm.angels.investors.service.certifying import OnPaper
from crm.businesses.forms import choices
from crm.documents.forms import UploadField
from crm.documents.rules import kind_of
from crm.kernel.companies import CompanyNumber
from crm.kernel.errors import BadInput
from crm.web.fields import DayField, Line, MoneyField, WholeNumberField, optional
from crm.web.forms import Form

CHOOSE = "Choose yes or no: does {} apply?"
KINDS = {each: label for each, label in INSTRUMENTS.items() if each in CLEARED}


class SigningForm(Form):
    """What every statement ends with: the name that the signer types. The day is the server's."""

    signed_name = Line("Type your full name to sign", [InputRequired("Type your full name to sign")])


class NetWorthForm(SigningForm):
    """Article 48."""

    shown_first = ("has_income", "income", "has_assets", "assets", "none_applies")
    has_income = yes_no("Does A apply: your income?", CHOOSE.format("A"))
    income = MoneyField("Your income, rounded", [optional()])
    has_assets = yes_no("Does B apply: your net assets?", CHOOSE.format("B"))
    assets = MoneyField("Your net assets, rounded", [optional()])
    none_applies = yes_no("Does neither apply?", CHOOSE.format("neither"))

    def said(self) -> NetWorth:
        """As the verb takes it."""
        return NetWorth(
            has_income=self.has_income.data == "yes",
            income=self.income.data,
            has_assets=self.has_assets.data == "yes",
            assets=self.assets.data,
            none_applies=self.none_applies.data == "yes",
        )


def _number(text: str) -> str:
    return str(CompanyNumber.parse(text)) if text else ""


class ExperienceForm(SigningForm):
    """Article 50A."""

    shown_first = (
        *("has_worked", "organisation", "has_directed", "company", "company_number", "has_invested"),
        *("investments", "is_in_network", "is_this_network", "network", "none_applies"),
    )
    has_worked = yes_no(
        "Does A apply: your work in private equity or finance for small companies?", CHOOSE.format("A")
    )
    organisation = Line("Which organisation?", [optional()])
    has_directed = yes_no(
        "Does B apply: you were a director of a company with enough turnover?", CHOOSE.format("B")
    )
    company = Line("Which company?", [optional()])
    company_number = Line("Company number", [optional()], longest=20)
    has_invested = yes_no("Does C apply: you invested in unlisted companies?", CHOOSE.format("C"))
    investments = WholeNumberField(
        "How many in the last two years?", [optional()], most=10_000, says="The number of investments"
    )
    is_in_network = yes_no(
        "Does D apply: you are a member of a network or syndicate of angels?", CHOOSE.format("D")
    )
    is_this_network = BooleanField("It is this network")
    network = Line("Which other network?", [optional()])
    none_applies = yes_no("Does none apply?", CHOOSE.format("none"))

    def validate_company_number(self, field: Any) -> None:
        """A number of Companies House, if one is given."""
        field.data = _number(field.data or "")

    def said(self) -> Experience:
        """As the verb takes it."""
        return Experience(
            has_worked=self.has_worked.data == "yes",
            organisation=self.organisation.data or "",
            has_directed=self.has_directed.data == "yes",
            company=self.company.data or "",
            company_number=self.company_number.data or "",
            has_invested=self.has_invested.data == "yes",
            investments=self.investments.data,
            is_in_network=self.is_in_network.data == "yes",
            network=self.network.data or "",
            is_this_network=self.is_this_network.data,
            none_applies=self.none_applies.data == "yes",
        )


class CertificateForm(SigningForm):
    """Article 50, with the certificate itself."""

    shown_first = ("firm", "frn", "issued_on", "kinds", "file")
    firm = Line("Which authorised firm signed it?", [InputRequired("Enter the name of the firm")])
    frn = Line("FCA reference number", [InputRequired("Enter the FCA reference number")], longest=7)
    issued_on = DayField("Date of the certificate", [InputRequired("Enter the date on the certificate")])
    kinds = several("Which types of investment does it cover?", KINDS)
    file = UploadField("Certificate")

    def validate_file(self, field: Any) -> None:
        """One has to be chosen, and be of a kind that is taken."""
        if field.data is None:
            raise BadInput("Choose the file of the certificate")
        kind_of(field.data.name, field.data.data)

    def said(self) -> Certificate:
        """As the verb takes it."""
        return Certificate(
            firm=self.firm.data,
            frn=self.frn.data or "",
            issued_on=self.issued_on.data,
            kinds=frozenset(self.kinds.data or ()),
        )

    def kinds_in_words(self) -> str:
        """The kinds as the statement reads them out."""
        return ", ".join(label.lower() for each, label in KINDS.items() if each in (self.kinds.data or ()))


class PaperForm(Form):
    """An old statement on paper."""

    wording = RadioField("Which form is it?", [InputRequired("Choose the form")])
    signed_on = DayField("Date signed", [InputRequired("Enter the date on the paper")])
    kept_at = Line("Where is the paper kept?", [InputRequired("Enter where the paper is kept")])

    def offer(self, wordings: Sequence[StatementWording]) -> PaperForm:
        """Offer the forms that statements were ever signed on."""
        self.known = {str(each.id): each for each in wordings}
        words = {
            key: f"{GROUNDS[each.ground]}, version {each.version_name}" for key, each in self.known.items()
        }
        self.wording.choices = choices(words)
        return self

    def paper(self) -> OnPaper:
        """As the verb takes it."""
        return OnPaper(self.known[self.wording.data], self.signed_on.data, self.kept_at.data or "")
