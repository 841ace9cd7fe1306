"""The forms of awards: an offer with its milestones, the company's status by hand, and the founder's answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Self

from wtforms import BooleanField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from crm.figures.queries import figure_on
from crm.funding.envelopes.rules import LINES
from crm.funding.envelopes.rules import Line as MoneyLine
from crm.kernel.clock import today
from crm.kernel.errors import BadInput, Invalid
from crm.kernel.measures import in_percent
from crm.programme.awards.models import Award
from crm.programme.awards.queries.listing import AwardSearch
from crm.programme.awards.rules.labels import STATUSES as LABELS
from crm.programme.awards.rules.offering import NOT_A_COMPANY, NOT_CONFIRMED, MilestoneDetails, OfferDetails
from crm.programme.awards.service.answering import Signature
from crm.programme.awards.service.preparing import Standing
from crm.programme.awards.workflow import AwardStatus
from crm.programme.rounds.forms.composing import read_hundredths
from crm.programme.rounds.rules.labels import STRANDS
from crm.web.fields import DayField, Line, MoneyField, ReadAs, SeenMark, SeenVersion, optional
from crm.web.forms import Form

ROWS = range(1, 7)
LONG = Length(max=2_000, message="This must be 2,000 characters or fewer")
COMPANY_STATUSES = {
    "active": "Active",
    NOT_A_COMPANY: "Not a registered company",
    "dissolved": "Dissolved",
    "liquidation": "In liquidation",
    "administration": "In administration",
}
PARTS: dict[str, Callable[[int], Any]] = {
    "strand": lambda n: SelectField(
        f"Strand of milestone {n}",
        choices=[SelectChoice("", "Choose a strand"), *(SelectChoice(*each) for each in STRANDS.items())],
    ),
    "title": lambda n: Line(f"Milestone {n}", [optional()], longest=200),
    "due": lambda n: DayField(f"Due date of milestone {n}", [optional()]),
    "evidence": lambda n: Line(f"Evidence wanted for milestone {n}", [optional()], longest=500),
    "amount": lambda n: MoneyField(f"Instalment of milestone {n}", [optional()]),
}


class OfferForm(Form):
    """The offer of an award. Rows of milestones in which nothing is typed are left out."""

    version = SeenVersion()
    purpose = Line("What is the grant for?", [InputRequired("Enter what the grant is for")], longest=300)
    match_share = ReadAs(
        "Share of the project that the business pays",
        [InputRequired("Enter the share that the business pays, like 50, or 0")],
        read=read_hundredths,
        says="The share that the business pays",
        write=lambda share: in_percent(share).removesuffix("%"),
    )
    starts_on = DayField("Start date", [InputRequired("Enter the start date")])
    ends_on = DayField("End date", [InputRequired("Enter the end date")])
    offer_expires_on = DayField("Last day to accept", [InputRequired("Enter the last day to accept")])
    depends_on_exporting_goods = BooleanField(
        "The grant is for goods, and depends on exporting them or on using goods made here"
    )

    def details(self) -> OfferDetails:
        """As the verb takes it. Raises `Invalid` at what a milestone lacks."""
        rows = tuple(self._milestone(place) for place in ROWS if self._is_begun(place))
        return OfferDetails(
            self.purpose.data,
            self.match_share.data,
            self.starts_on.data,
            self.ends_on.data,
            self.offer_expires_on.data,
            rows,
            depends_on_exporting_goods=bool(self.depends_on_exporting_goods.data),
        )

    def _milestone(self, place: int) -> MilestoneDetails:
        lacking = {
            "title": f"Enter milestone {place}, or empty its other boxes",
            "strand": f"Choose the strand of milestone {place}",
            "due": f"Enter the due date of milestone {place}",
            "evidence": f"Enter what shows that milestone {place} is met",
            "amount": f"Enter the instalment of milestone {place}, or 0",
        }
        for part, words in lacking.items():
            if self[f"{part}_{place}"].data in (None, ""):
                raise Invalid(words, field=f"{part}_{place}")
        strand, title, due, evidence, amount = (self[f"{part}_{place}"].data for part in PARTS)
        kind = f"paid_from_{place}"
        is_capital = kind in self and self[kind].data == MoneyLine.CAPITAL
        return MilestoneDetails(strand, title, due, evidence, amount, is_capital)

    def is_open(self, place: int) -> bool:
        """Whether the boxes of a milestone are shown at first: it is the first one, or something is typed in it or wrong."""
        parts = [self[f"{part}_{place}"] for part in ("title", "due", "evidence", "amount")]
        return place == 1 or self._is_begun(place) or any(each.errors for each in parts)

    def _is_begun(self, place: int) -> bool:
        """Whether anything is typed in a milestone: one without a title is not silently left out."""
        parts = [self[f"{part}_{place}"] for part in ("title", "due", "evidence", "amount")]
        return any(each.data or any(str(one).strip() for one in each.raw_data or ()) for each in parts)

    def of_lines(self, line: MoneyLine | None) -> Self:
        """Ask for each instalment whether it is capital, where the award is paid from capital and revenue."""
        for place in ROWS if line is not None else ():
            del self[f"paid_from_{place}"]
        return self


def _paid_from(place: int) -> Any:
    choices = [SelectChoice(each, LINES[each]) for each in (MoneyLine.REVENUE, MoneyLine.CAPITAL)]
    return SelectField(f"Instalment of milestone {place} is paid from", choices=choices)


for _place in ROWS:
    setattr(OfferForm, f"paid_from_{_place}", _paid_from(_place))
    for _part, _make in PARTS.items():
        setattr(OfferForm, f"{_part}_{_place}", _make(_place))


def values_at_first(strand: str, purpose: str) -> dict[str, Any]:
    """What the form of a new offer shows: the usual last day to accept, and the strand and purpose of the application."""
    days = int(figure_on("offer.answer_days", on=today()))
    return {"offer_expires_on": today() + timedelta(days=days), "purpose": purpose} | {
        f"strand_{place}": strand for place in ROWS
    }


def values_of(found: Award) -> dict[str, Any]:
    """What the form of an offer shows of what is saved."""
    names = ("purpose", "match_share", "starts_on", "ends_on", "offer_expires_on", "version")
    told = {name: getattr(found, name) for name in names}
    for place, each in enumerate(found.milestones, 1):
        told |= {
            f"strand_{place}": each.strand.value,
            f"title_{place}": each.title,
            f"due_{place}": each.due_on,
        }
        told |= {f"evidence_{place}": each.evidence_wanted, f"amount_{place}": each.amount}
        told[f"paid_from_{place}"] = MoneyLine.CAPITAL.value if each.is_capital else MoneyLine.REVENUE.value
    return told


class SendForm(Form):
    """The offer as its preview showed it."""

    seen = SeenMark()


class SendAgainForm(Form):
    """The last day to accept an offer that is sent again: the same, or a later one."""

    version = SeenVersion()
    offer_expires_on = DayField("Last day to accept", [InputRequired("Enter the last day to accept")])


class StandingForm(Form):
    """The status of a company, recorded by hand."""

    version = SeenVersion()
    status = SelectField(
        "Status of the company",
        [InputRequired("Choose the status of the company")],
        choices=[SelectChoice("", "Choose one"), *(SelectChoice(*each) for each in COMPANY_STATUSES.items())],
    )
    reason = TextAreaField("How do you know?", [InputRequired("Say how you know"), Length(max=500)])

    def details(self) -> Standing:
        """As the verb takes it."""
        return Standing(self.status.data, self.reason.data)


class AcceptForm(Form):
    """The founder's signature under the terms and, where the grant is a subsidy, under the subsidy statement."""

    states_limit = False

    version = SeenVersion()
    is_within_limit = BooleanField(
        "I confirm that this grant does not take our enterprise over the subsidy limit"
    )
    name = Line("Type your full name to sign", [InputRequired("Type your full name to sign")], longest=200)

    def validate_is_within_limit(self, field: Any) -> None:
        """A subsidy is confirmed."""
        if self.states_limit and not field.data:
            raise BadInput(NOT_CONFIRMED)

    def details(self) -> Signature:
        """As the verb takes it."""
        return Signature(self.name.data, bool(self.is_within_limit.data), self.version.data)


class SearchForm(Form):
    """Which awards are shown."""

    status = SelectField(
        "Status",
        choices=[SelectChoice("", "All"), *(SelectChoice(each, LABELS[each]) for each in AwardStatus)],
        validate_choice=False,
    )
    business = Line("Business", [optional()])

    def search(self) -> AwardSearch:
        """As the query takes it; a status that there is not asks nothing."""
        known = self.status.data if self.status.data in list(AwardStatus) else ""
        return AwardSearch(AwardStatus(known) if known else None, (self.business.data or "").strip())


class DeclineForm(Form):
    """Why an offer is declined."""

    version = SeenVersion()
    reason = TextAreaField("Why do you decline?", [InputRequired("Say why"), LONG])


class EndForm(Form):
    """Why an award is ended early."""

    version = SeenVersion()
    reason = TextAreaField("Why does it end?", [InputRequired("Say why it ends"), LONG])


class CompleteForm(Form):
    """That an award is complete, as its page showed it."""

    version = SeenVersion()
