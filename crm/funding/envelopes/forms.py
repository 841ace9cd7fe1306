"""Forms about envelopes: opening one, editing it, its limits, and why something is refused or reversed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from wtforms import SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from crm.funding.envelopes.queries.ledger import LedgerSearch
from crm.funding.envelopes.rules import (
    ACCOUNTS,
    EVER_CLAIMED,
    EVER_COMMITTED,
    IN_ALL_WORDS,
    LINES,
    LedgerAccount,
    Line,
    Subject,
)
from crm.funding.envelopes.service.changing import Limits
from crm.funding.envelopes.service.opening import EnvelopeDetails
from crm.web.fields import DayField, MoneyField, SeenVersion
from crm.web.fields import Line as LineField
from crm.web.filtering import NoSuchFilter
from crm.web.forms import Form

SHORT = Length(max=500, message="This must be 500 characters or fewer")
ANY = SelectChoice("", "Any")


class EnvelopeForm(Form):
    """What an envelope is called, where its money comes from, when it runs and who owns it."""

    version = SeenVersion()
    name = LineField(
        "Name", [InputRequired("Enter a name, like Scale-up programme 2026 to 2028")], longest=120
    )
    fund = LineField("Fund and grant", [InputRequired("Enter the fund, and the grant’s reference")])
    starts_on = DayField("First day", [InputRequired("Enter the first day")])
    ends_on = DayField("Last day", [InputRequired("Enter the last day")])
    owner = SelectField("Owner", [InputRequired("Choose the owner")])

    def offer(self, people: Iterable[tuple[UUID, str]]) -> None:
        """Offer the people who can own an envelope."""
        self.owner.choices = [SelectChoice(str(account_id), name) for account_id, name in people]

    def details(self) -> EnvelopeDetails:
        """As the verb takes it."""
        return EnvelopeDetails(
            name=self.name.data,
            fund=self.fund.data,
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            owner_id=UUID(self.owner.data),
        )


class _Limits(Form):
    capital = MoneyField("Capital", [InputRequired("Enter the limit for capital, or 0")])
    revenue = MoneyField("Revenue", [InputRequired("Enter the limit for revenue, or 0")])
    in_kind = MoneyField("In kind", [InputRequired("Enter the limit for help in kind, or 0")])

    def limits(self) -> Limits:
        """As the verb takes them. An emptied box is no limit of £0: nought is typed."""
        return Limits(self.capital.data, self.revenue.data, self.in_kind.data)


class OpeningForm(EnvelopeForm, _Limits):
    """A new envelope, and the limits that are proposed for it."""


class LimitForm(_Limits):
    """Other limits for the lines of an envelope, and why."""

    reason = TextAreaField("Why?", [InputRequired("Say why the limit changes"), SHORT])


IN_ALL, CLAIMED_IN_ALL = "committed_in_all", "claimed_in_all"
TOGETHER = {IN_ALL: EVER_COMMITTED, CLAIMED_IN_ALL: EVER_CLAIMED}
"""Accounts that the ledger can be looked at together, by the name that an address gives them."""
BOTH = "both"


class LedgerFilter(Form):
    """Which entries are looked for, as the address carries it."""

    line = SelectField(
        "Line",
        choices=[
            ANY,
            *(SelectChoice(*each) for each in LINES.items()),
            SelectChoice(BOTH, "Capital and revenue"),
        ],
        validate_choice=False,
    )
    account = SelectField(
        "Account",
        choices=[
            ANY,
            *(SelectChoice(*each) for each in ACCOUNTS.items()),
            *(SelectChoice(each, IN_ALL_WORDS[accounts]) for each, accounts in TOGETHER.items()),
        ],
        validate_choice=False,
    )
    about = LineField("About", [], longest=100)
    by = LineField("By the end of", [], longest=10)

    def search(self) -> LedgerSearch:
        """The search that these filters ask for. A subject that cannot be read is refused."""
        table, _, thing_id = (self.about.data or "").partition(":")
        if self.about.data and not (table and _is_id(thing_id)):
            raise NoSuchFilter
        return LedgerSearch(
            line=Line(self.line.data) if self.line.data in set(Line) else None,
            account=LedgerAccount(self.account.data) if self.account.data in set(LedgerAccount) else None,
            about=Subject(table, UUID(thing_id)) if table else None,
            is_of_both=self.line.data == BOTH,
            together=TOGETHER.get(self.account.data or "", ()),
            by=day_named(self.by.data or ""),
        )


def day_named(text: str) -> date | None:
    """The day that an address names, like 2026-12-31, if it names one. What is none is refused."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise NoSuchFilter from None


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False
