"""Forms about joining the network, what an angel looks for, and what staff decide."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, RadioField, SelectChoice, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from crm.angels.investors.models import Angel
from crm.angels.investors.rules.instruments import CLEARED
from crm.angels.investors.rules.labels import BASES, CHECKS, INSTRUMENTS
from crm.angels.investors.service.joining import Application, Check, Preferences, Referee
from crm.angels.investors.service.network import Approval, BasisDetails
from crm.angels.investors.workflow import Basis, CheckOutcome
from crm.businesses.forms import choices
from crm.kernel.eligibility import DCMS_GROUPS, LEPS, STAGES
from crm.web.fields import DayField, EmailLine, Line, MoneyField, TelephoneLine, optional
from crm.web.forms import Form

SHORT = Length(max=2_000, message="This must be 2,000 characters or fewer")
PREFERRED = ("groups", "stages", "instruments", "leps", "min_ticket", "max_ticket", "wants_seis", "wants_eis")


def several(label: str, words: Any) -> SelectMultipleField:
    """Any number of a list's words, as boxes."""
    return SelectMultipleField(
        label, choices=choices(words), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )


class JoinForm(Form):
    """Who wants to join. The box that people do not see is a trap for programs."""

    name = Line("Your full name", [InputRequired("Enter your full name")])
    email = EmailLine("Email address", [InputRequired("Enter your email address")])
    phone = TelephoneLine("Phone", [optional()])
    about = TextAreaField("What brings you here?", [InputRequired("Say a few words about yourself"), SHORT])
    referee_name = Line("Name of the first referee", [InputRequired("Enter the name of a referee")])
    referee_email = Line("How to reach them", [InputRequired("Enter how to reach them")])
    referee_relation = Line("How do they know you?", [InputRequired("Say how they know you")])
    second_name = Line("Name of the second referee", [InputRequired("Enter the name of a second referee")])
    second_email = Line("How to reach the second", [InputRequired("Enter how to reach them")])
    second_relation = Line("How does the second know you?", [InputRequired("Say how they know you")])
    accepts = BooleanField(
        "I accept the code of conduct", [InputRequired("Accept the code of conduct to join")]
    )
    website = StringField("Leave this empty")

    def is_trapped(self) -> bool:
        """Whether a program filled in what people do not see."""
        return bool(self.website.data)

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

    reason = TextAreaField("Why?", [InputRequired("Say why"), SHORT])


class CheckForm(Form):
    """What came of checking who somebody is."""

    outcome = RadioField(
        "What came of it?", [InputRequired("Choose what came of it")], choices=choices(CHECKS)
    )
    checked_on = DayField("When?", [optional()])
    checked_by = Line("Who checked it?", [optional()])
    note = TextAreaField("What was looked at?", [SHORT])

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
        "In what form?", {each: INSTRUMENTS[each] for each in INSTRUMENTS if each in CLEARED}
    )
    leps = several("Where?", LEPS)
    min_ticket = MoneyField("Smallest sum for one business", [optional()])
    max_ticket = MoneyField("Largest sum for one business", [optional()])
    wants_seis = BooleanField("SEIS matters to me")
    wants_eis = BooleanField("EIS matters to me")

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

    lawyer = Line("Who signed it off?", [InputRequired("Enter the name of the lawyer and the firm")])
    on = DayField("When?", [InputRequired("Enter the day")])
    reference = Line("Their reference", [InputRequired("Enter the reference of their letter or file")])

    def approval(self) -> Approval:
        """As the verb takes it."""
        return Approval(self.lawyer.data, self.on.data, self.reference.data)


class BasisForm(Form):
    """What lets the network arrange introductions."""

    basis = RadioField(
        "On what does the network rest?", [InputRequired("Choose one")], choices=choices(BASES)
    )
    firm = Line("Name of the firm", [optional()])
    frn = Line("Its reference number at the FCA", [optional()], longest=7)
    valid_from = DayField("From which day?", [InputRequired("Enter the first day")])
    valid_to = DayField("Until which day, if it ends?", [optional()])
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
