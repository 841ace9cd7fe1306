"""Forms about joining the network, what an angel looks for, and what staff decide."""

from __future__ import annotations

from typing import Any

from wtforms import (
    BooleanField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from crm.angels.investors.models import Angel
from crm.angels.investors.rules.instruments import CLEARED
from crm.angels.investors.rules.labels import ANGEL_STATUSES, BASES, CHECKS, INSTRUMENTS
from crm.angels.investors.service.joining import Application, Check, Preferences, Referee
from crm.angels.investors.service.network import Approval, BasisDetails
from crm.angels.investors.workflow import Basis, CheckOutcome
from crm.businesses.forms import choices
from crm.kernel.eligibility import DCMS_GROUPS, LEPS, STAGES
from crm.web.fields import DayField, EmailLine, Line, MoneyField, TelephoneLine, optional
from crm.web.forms import Form, OpenForm

SHORT = Length(max=2_000, message="This must be 2,000 characters or fewer")
PREFERRED = ("groups", "stages", "instruments", "leps", "min_ticket", "max_ticket", "wants_seis", "wants_eis")


def several(label: str, words: Any) -> SelectMultipleField:
    """Any number of a list's words, as boxes."""
    return SelectMultipleField(
        label, choices=choices(words), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )


class AngelsForm(Form):
    """Which investors a list shows."""

    q = StringField("Name, email or telephone")
    status = SelectField(
        "Status", choices=[SelectChoice("", "Any"), *choices(ANGEL_STATUSES)], validate_choice=False
    )


class JoinForm(OpenForm):
    """Who wants to join."""

    name = Line("Your full name", [InputRequired("Enter your full name")])
    email = EmailLine("Email address", [InputRequired("Enter your email address")])
    phone = TelephoneLine("Phone", [optional()])
    about = TextAreaField("About you", [InputRequired("Tell us about yourself"), SHORT])
    referee_name = Line("Name of the first referee", [InputRequired("Enter the name of the first referee")])
    referee_email = Line(
        "Email or phone of the first referee",
        [InputRequired("Enter the email address or phone number of the first referee")],
    )
    referee_relation = Line(
        "How does the first referee know you?", [InputRequired("Enter how the first referee knows you")]
    )
    second_name = Line("Name of the second referee", [InputRequired("Enter the name of the second referee")])
    second_email = Line(
        "Email or phone of the second referee",
        [InputRequired("Enter the email address or phone number of the second referee")],
    )
    second_relation = Line(
        "How does the second referee know you?", [InputRequired("Enter how the second referee knows you")]
    )
    accepts = BooleanField(
        "I accept the code of conduct", [InputRequired("Accept the code of conduct to join")]
    )

    def application(self) -> Application:
        """As the verb takes it."""
        first = Referee(self.referee_name.data, self.referee_email.data, self.referee_relation.data)
        second = Referee(self.second_name.data, self.second_email.data, self.second_relation.data)
        return Application(
            email=self.email.data,
            name=self.name.data,
            phone=self.phone.data or "",
            about=self.about.data or "",
            referees=(first, second),
        )


class ReasonForm(Form):
    """Why."""

    reason = TextAreaField("Reason", [InputRequired("Enter a reason"), SHORT])


class ErasingForm(Form):
    """Why an investor is erased: it is kept, so it names nobody."""

    reason = TextAreaField("Why are you erasing this investor?", [InputRequired("Enter a reason"), SHORT])


class CheckForm(Form):
    """The result of an identity check."""

    outcome = RadioField("Result", [InputRequired("Choose the result")], choices=choices(CHECKS))
    checked_on = DayField("Date of the check", [optional()])
    checked_by = Line("Checked by", [optional()])
    note = TextAreaField("Documents seen, or why not checked", [SHORT])

    def check(self) -> Check:
        """As the verb takes it."""
        return Check(
            outcome=CheckOutcome(self.outcome.data),
            checked_on=self.checked_on.data,
            checked_by=self.checked_by.data or "",
            note=self.note.data or "",
        )


class PreferencesForm(Form):
    """What an angel looks for."""

    groups = several("Which creative sectors?", DCMS_GROUPS)
    stages = several("At what stage?", STAGES)
    instruments = several(
        "Which types of investment?", {each: INSTRUMENTS[each] for each in INSTRUMENTS if each in CLEARED}
    )
    leps = several("Which areas?", LEPS)
    min_ticket = MoneyField("Smallest investment in one business", [optional()])
    max_ticket = MoneyField("Largest investment in one business", [optional()])
    wants_seis = BooleanField("SEIS is important to me")
    wants_eis = BooleanField("EIS is important to me")

    def preferences(self) -> Preferences:
        """As the verb takes it."""
        lists = {name: tuple(self[name].data or ()) for name in PREFERRED[:4]}
        return Preferences(
            min_ticket=self.min_ticket.data,
            max_ticket=self.max_ticket.data,
            wants_seis=self.wants_seis.data,
            wants_eis=self.wants_eis.data,
            **lists,
        )


def preferences_of(found: Angel) -> dict[str, Any]:
    """What the form shows."""
    return {name: getattr(found, name) for name in PREFERRED}


class ApprovalForm(Form):
    """Who signed a wording off."""

    lawyer = Line("Approved by", [InputRequired("Enter the name of the lawyer and the firm")])
    on = DayField("Date of the approval", [InputRequired("Enter the date")])
    reference = Line("Their reference", [InputRequired("Enter the reference of their letter or file")])

    def approval(self) -> Approval:
        """As the verb takes it."""
        return Approval(self.lawyer.data, self.on.data, self.reference.data)


class BasisForm(Form):
    """What lets the network arrange introductions."""

    basis = RadioField("Legal basis", [InputRequired("Choose the legal basis")], choices=choices(BASES))
    firm = Line("Name of the firm", [optional()])
    frn = Line("FCA reference number", [optional()], longest=7)
    valid_from = DayField("First day", [InputRequired("Enter the first day")])
    valid_to = DayField("Last day, if there is one", [optional()])
    note = TextAreaField(
        "Who advised on it, and where it is written down", [InputRequired("Say who advised on it"), SHORT]
    )

    def details(self) -> BasisDetails:
        """As the verb takes it."""
        return BasisDetails(
            basis=Basis(self.basis.data),
            note=self.note.data,
            valid_from=self.valid_from.data,
            valid_to=self.valid_to.data,
            firm=self.firm.data or "",
            frn=self.frn.data or "",
        )


def yes_no(label: str, message: str) -> RadioField:
    """Yes or no; neither is assumed."""
    return RadioField(
        label, [InputRequired(message)], choices=[SelectChoice("yes", "Yes"), SelectChoice("no", "No")]
    )
