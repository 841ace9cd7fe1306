"""Forms of deals: a pledge, an investment as one side reports it, how it is settled, the exemption of a raise."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Self
from uuid import UUID

from wtforms import BooleanField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length

from crm.accounts.models import Account
from crm.angels.deals.models import Investment, RaiseExemption
from crm.angels.deals.rules.exemptions import Exemption
from crm.angels.deals.rules.labels import CAN_BE_ISSUED, EXEMPTIONS, SHARE_RELIEFS, SIDES
from crm.angels.deals.service.completing import FIGURES
from crm.angels.deals.service.exempting import MOST_PEOPLE, ExemptionDetails
from crm.angels.deals.service.reporting import MOST_SHARES, Figures, InvestmentDetails
from crm.angels.deals.workflow import ShareRelief, Side
from crm.angels.investors.forms.joining import several
from crm.angels.investors.workflow import Instrument
from crm.businesses.forms import choices
from crm.kernel.clock import today
from crm.kernel.errors import BadInput
from crm.kernel.money import NO_MONEY
from crm.web.fields import DayField, Line, MoneyField, SeenVersion, WholeNumberField, optional
from crm.web.forms import Form

SHORT = Length(max=2_000, message="This must be 2,000 characters or fewer")
EARLIEST = date(2000, 1, 1)
OUTSIDE = "outside"
SAID_YES, SAID_NO = "changed", "none"


class PledgeForm(Form):
    """How much an investor pledges."""

    amount = MoneyField("How much do you pledge?", [InputRequired("Enter how much you pledge")])
    is_further = BooleanField("This is a further pledge, besides those I have made already")


OF_SHARES = ("shares", "share_class", "relief")


class FiguresForm(Form):
    """What one side says of an investment."""

    amount = MoneyField("Amount invested", [InputRequired("Enter how much was invested")])
    instrument = RadioField(
        "Type of investment",
        [InputRequired("Choose the type of investment")],
        choices=choices(CAN_BE_ISSUED),
    )
    issued_on = DayField(
        "Day of issue", [InputRequired("Enter the day of issue")], least=EARLIEST, most=today
    )
    shares = WholeNumberField("Number of shares", [optional()], least=1, most=MOST_SHARES)
    share_class = Line("Class of shares", [optional()], longest=60)
    relief = RadioField(
        "Tax relief",
        [InputRequired("Choose one")],
        choices=choices(SHARE_RELIEFS),
        default=ShareRelief.NONE.value,
    )
    terms = TextAreaField("Terms", [SHORT])

    def limit_to(self, offered: Collection[Instrument]) -> Self:
        """Ask only what a raise that offers these types of investment can have: nothing of shares where it offers none."""
        self.instrument.choices = choices({each: CAN_BE_ISSUED[each] for each in offered})
        if Instrument.EQUITY not in offered:
            for name in OF_SHARES:
                delattr(self, name)
        return self

    def figures(self) -> Figures:
        """As the verb takes it."""
        of_shares = {name: self[name].data for name in OF_SHARES if name in self}
        is_shares = self.instrument.data == Instrument.EQUITY
        return Figures(
            self.amount.data,
            Instrument(self.instrument.data),
            self.issued_on.data,
            of_shares.get("shares"),
            (of_shares.get("share_class") or "") if is_shares else "",
            ShareRelief(of_shares.get("relief") or ShareRelief.NONE),
            (self.terms.data or "").strip(),
        )


class OwnInvestmentForm(FiguresForm):
    """An investment, as its investor reports it."""

    is_further = BooleanField("This is a further investment, besides those recorded already")

    def details(self) -> InvestmentDetails:
        """As the verb takes it."""
        return InvestmentDetails(self.figures(), is_further=self.is_further.data)


class InvestmentForm(OwnInvestmentForm):
    """An investment, as the business reports it: by an investor it was introduced to, or by another whom it names."""

    shown_first = ("investor", "investor_name")
    investor = RadioField("Investor", [InputRequired("Choose the investor")])
    investor_name = Line("Name of an investor outside the network", [optional()], longest=120)

    def offer(self, people: Sequence[Account]) -> InvestmentForm:
        """Offer the investors whom the business was introduced to."""
        known = [SelectChoice(str(each.id), each.name) for each in people]
        self.investor.choices = [*known, SelectChoice(OUTSIDE, "An investor outside the network")]
        return self

    def validate_investor_name(self, field: Any) -> None:
        """Needed for an investor outside the network, and for no other."""
        if self.investor.data == OUTSIDE and not field.data:
            raise BadInput("Enter the investor’s name")
        if self.investor.data not in {OUTSIDE, None} and field.data:
            raise BadInput("Leave this empty, or choose an investor outside the network")

    def details(self) -> InvestmentDetails:
        """As the verb takes it."""
        is_outside = self.investor.data == OUTSIDE
        return InvestmentDetails(
            self.figures(),
            None if is_outside else UUID(self.investor.data),
            self.investor_name.data if is_outside else "",
            is_further=self.is_further.data,
        )


def figure_values(found: Investment) -> dict[str, Any]:
    """What a form shows of an investment."""
    return {name: getattr(found, name) for name in FIGURES}


class DifferForm(FiguresForm):
    """What the other side says instead: other figures, or that there was no such investment."""

    answer = RadioField(
        "What is different?",
        [InputRequired("Choose what is different")],
        choices=[
            SelectChoice(SAID_YES, "The figures are different"),
            SelectChoice(SAID_NO, "There was no such investment"),
        ],
        default=SAID_YES,
    )
    words = TextAreaField("Why was there no such investment?", [SHORT])

    def said(self) -> tuple[Figures | None, str]:
        """The figures, or none with the reason."""
        if self.answer.data == SAID_NO:
            return None, (self.words.data or "").strip()
        return self.figures(), ""


class SettleForm(Form):
    """Whose report stands, and why."""

    stands = RadioField(
        "Whose report is right?", [InputRequired("Choose whose report is right")], choices=choices(SIDES)
    )
    note = TextAreaField("How do you know?", [InputRequired("Enter how you know"), SHORT])

    def offer(self, sides: Collection[Side]) -> SettleForm:
        """Offer the sides that have reported figures; where that is one, it is chosen."""
        self.stands.choices = choices({side: SIDES[side] for side in Side if side in sides})
        if len(sides) == 1:
            self.stands.data = self.stands.data or next(iter(sides)).value
        return self

    def side(self) -> Side:
        """As the verb takes it."""
        return Side(self.stands.data)


class ExemptionForm(Form):
    """Which exemption a raise relies on."""

    version = SeenVersion()
    kinds = several("Which exemptions does this raise rely on?", EXEMPTIONS)
    raised_before = MoneyField("Paid for the company’s other offers in the last twelve months", [optional()])
    people_before = WholeNumberField(
        "People outside the network who were offered it", [optional()], least=0, most=MOST_PEOPLE
    )
    note = TextAreaField("How do you know?", [SHORT])

    def details(self) -> ExemptionDetails:
        """As the verb takes it."""
        return ExemptionDetails(
            kinds=tuple(Exemption(each) for each in self.kinds.data or ()),
            raised_before=self.raised_before.data or NO_MONEY,
            people_before=self.people_before.data or 0,
            note=self.note.data or "",
        )


def exemption_values(found: RaiseExemption | None) -> dict[str, Any]:
    """What the form shows of what is recorded."""
    if found is None:
        return {"version": None}
    names = ("version", "people_before", "note")
    return {name: getattr(found, name) for name in names} | {
        "kinds": [str(each) for each in found.kinds],
        "raised_before": found.raised_before or None,
    }
