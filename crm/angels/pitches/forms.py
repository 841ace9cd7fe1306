"""Forms of pitches: written by a business, screened by the network, looked through by investors."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, RadioField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from crm.angels.investors.forms.joining import several
from crm.angels.investors.rules.instruments import CLEARED
from crm.angels.investors.rules.labels import INSTRUMENTS
from crm.angels.investors.workflow import Instrument
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.queries.pitches import Search
from crm.angels.pitches.rules.labels import BARRIERS, OUTCOMES, RELIEFS, VERDICTS
from crm.angels.pitches.rules.pitching import TITLES
from crm.angels.pitches.service.pitching import Outcome, PitchDetails
from crm.angels.pitches.service.screening import Opinion
from crm.angels.pitches.workflow import ClosedAs, Relief, Verdict
from crm.businesses.forms import choices
from crm.evidence.workflow import UnmetReason
from crm.kernel.eligibility import DCMS_GROUPS, LEPS, STAGES
from crm.kernel.errors import BadInput
from crm.kernel.money import Money
from crm.web.fields import DayField, Line, MoneyField, SeenVersion, optional
from crm.web.forms import Form

LONG = Length(max=6_000, message="This must be 6,000 characters or fewer")
SHORT = Length(max=2_000, message="This must be 2,000 characters or fewer")
SUMS = ("min_ticket", "seis_raised", "eis_raised", "eis_year")
RELIEF_CHOICES = [SelectChoice("", "Any"), SelectChoice("seis", "SEIS"), SelectChoice("eis", "EIS")]
LINES = ("headline", "video_url", "contact")


class PitchForm(Form):
    """What a pitch says."""

    version = SeenVersion()
    headline = Line("Headline", [InputRequired("Enter a headline")], longest=120)
    summary = TextAreaField("What the business does, and for whom", [LONG])
    amount = MoneyField(
        "How much do you want to raise?",
        [InputRequired("Enter how much you want to raise")],
        says="The amount to raise",
    )
    instrument = RadioField(
        "Type of investment", [InputRequired("Choose the type of investment")], choices=choices(INSTRUMENTS)
    )
    min_ticket = MoneyField("Minimum investment from one investor", [optional()])
    terms = TextAreaField("Terms", [LONG])
    use_of_funds = TextAreaField("What the money is for", [LONG])
    closes_on = DayField("Last day of the raise", [optional()])
    team = TextAreaField("The team", [LONG])
    market = TextAreaField("The market", [LONG])
    slate = TextAreaField("Work in progress and planned", [LONG])
    video_url = Line("Web address of a video", [optional()], longest=300)
    contact = Line("Contact details for investors", [optional()], longest=254)
    seis = RadioField(
        "SEIS", [InputRequired("Choose one for SEIS")], choices=choices(RELIEFS), default=Relief.NO.value
    )
    seis_raised = MoneyField("Total raised under SEIS so far", [optional()])
    eis = RadioField(
        "EIS", [InputRequired("Choose one for EIS")], choices=choices(RELIEFS), default=Relief.NO.value
    )
    eis_raised = MoneyField("Total raised under EIS and VCTs so far", [optional()])
    eis_year = MoneyField("Of this, raised in the last twelve months", [optional()])
    is_ni_trade = BooleanField("The company trades in goods or electricity in Northern Ireland")

    def validate_video_url(self, field: Any) -> None:
        """An address that a browser opens safely."""
        if field.data and not field.data.startswith("https://"):
            raise BadInput("Enter a web address that starts with https://")

    def details(self) -> PitchDetails:
        """As the verb takes it."""
        texts: dict[str, Any] = {name: (self[name].data or "").strip() for name in (*TITLES, *LINES)}
        sums: dict[str, Any] = {name: self[name].data or Money(0) for name in SUMS}
        return PitchDetails(
            instrument=Instrument(self.instrument.data),
            amount=self.amount.data,
            closes_on=self.closes_on.data,
            seis=Relief(self.seis.data),
            eis=Relief(self.eis.data),
            is_ni_trade=self.is_ni_trade.data,
            **texts,
            **sums,
        )


def pitch_values(found: Pitch) -> dict[str, Any]:
    """What the form shows of a pitch."""
    names = (*TITLES, *LINES, "amount", "instrument", "closes_on", "seis", "eis", "is_ni_trade", "version")
    return {name: getattr(found, name) for name in names} | {
        name: getattr(found, name) or None for name in SUMS
    }


class ReviewForm(Form):
    """A review of a pitch."""

    verdict = RadioField("Your view", [InputRequired("Choose your view")], choices=choices(VERDICTS))
    words = TextAreaField("Your reasons, or your interest", [InputRequired("Enter your reasons"), SHORT])

    def opinion(self) -> Opinion:
        """As the verb takes it."""
        return Opinion(Verdict(self.verdict.data), (self.words.data or "").strip())


class RefuseForm(Form):
    """Why a pitch is not taken on."""

    why = RadioField(
        "Why are you declining it?", [InputRequired("Choose the reason")], choices=choices(BARRIERS)
    )
    note = TextAreaField(
        "Explanation for the business", [InputRequired("Enter an explanation for the business"), SHORT]
    )

    def reason(self) -> UnmetReason:
        """As the verb takes it."""
        return UnmetReason(self.why.data)


class CloseForm(Form):
    """What a raise came to."""

    closed_as = RadioField(
        "How much was raised?", [InputRequired("Choose how much was raised")], choices=choices(OUTCOMES)
    )
    raised = MoneyField("Amount raised, if only part", [optional()])
    why = RadioField("Main reason, if not all was raised", [optional()], choices=choices(BARRIERS))
    note = TextAreaField("More detail", [SHORT])

    def outcome(self) -> Outcome:
        """As the verb takes it."""
        why = UnmetReason(self.why.data) if self.why.data else None
        raised = self.raised.data or Money(0)
        return Outcome(ClosedAs(self.closed_as.data), raised, why, (self.note.data or "").strip())


class FilterForm(Form):
    """What an investor looks for: their own filter."""

    q = Line("Search", [optional()], longest=100)
    groups = several("Creative sector", DCMS_GROUPS)
    stages = several("Stage", STAGES)
    instruments = several(
        "Type of investment", {each: INSTRUMENTS[each] for each in INSTRUMENTS if each in CLEARED}
    )
    leps = several("Area", LEPS)
    ticket = MoneyField("Amount you would invest", [optional()])
    relief = SelectField("Tax relief", choices=RELIEF_CHOICES, validate_choice=False)

    def search(self) -> Search:
        """As the query takes it; what is no choice asks nothing."""
        return Search(
            text=self.q.data or "",
            groups=tuple(self.groups.data or ()),
            stages=tuple(self.stages.data or ()),
            instruments=tuple(self.instruments.data or ()),
            leps=tuple(self.leps.data or ()),
            ticket=self.ticket.data,
            relief=self.relief.data or "",
        )


class SaveSearchForm(Form):
    """A name for a search."""

    name = Line("Name of this search", [InputRequired("Enter a name for the search")], longest=100)
    has_alerts = BooleanField("Email me when there is a new pitch")


class MarkForm(Form):
    """Followed or not, and a note for oneself."""

    is_followed = BooleanField("Follow this pitch")
    note = TextAreaField("Your note", [SHORT])


class QuestionForm(Form):
    """A question to the business."""

    question = TextAreaField("Your question", [InputRequired("Enter your question"), SHORT])


class AnswerForm(Form):
    """An answer to a question."""

    answer = TextAreaField("Your answer", [InputRequired("Enter your answer"), LONG])
    is_public = BooleanField("Show the question and answer to all investors who see the pitch")
