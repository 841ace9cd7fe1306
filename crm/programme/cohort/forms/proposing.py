"""The forms in which a proposal is asked for and taken over."""

from __future__ import annotations

import re

from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from crm.programme.cohort.service.proposing import ProposalWanted
from crm.web.fields import Line, MoneyField, optional
from crm.web.forms import Form

BETWEEN = re.compile(r"[\s,;]+")
TOO_MANY = Length(max=2_000, message="Use 2,000 characters or fewer")


def references(text: str | None) -> tuple[str, ...]:
    """References as people type them: one a line, or between commas; each once."""
    return tuple(dict.fromkeys(each.upper() for each in BETWEEN.split(text or "") if each))


class ProposalForm(Form):
    """What a cohort is asked for under."""

    money = MoneyField("Money to award", [InputRequired("Enter the money to award")])
    must_be_in = TextAreaField("Applications that must be in", [optional(), TOO_MANY])
    must_be_out = TextAreaField("Applications that must be out", [optional(), TOO_MANY])

    def details(self) -> ProposalWanted:
        """As the verb takes it."""
        money = self.money.data
        assert money is not None
        return ProposalWanted(money, references(self.must_be_in.data), references(self.must_be_out.data))


class TakeOverForm(Form):
    """What the draft is called that a proposal becomes."""

    name = Line(
        "Name of the draft",
        [InputRequired("Enter a name"), Length(max=100, message="Use 100 characters or fewer")],
    )
