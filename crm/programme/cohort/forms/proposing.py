"""The forms in which a proposal is asked for and taken over."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any, Self

from wtforms import SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from crm.funding.envelopes.rules import Line as MoneyLine
from crm.kernel.errors import BadInput
from crm.kernel.money import NO_MONEY, Money
from crm.programme.cohort.rules.choosing import Candidate
from crm.programme.cohort.rules.groups import Dimension
from crm.programme.cohort.rules.labels import DIMENSIONS, group_in_words
from crm.programme.cohort.rules.limits import LimitKind
from crm.programme.cohort.rules.proposing import Question
from crm.programme.cohort.service.proposing import ProposalWanted
from crm.web.fields import Line, MoneyField, WholeNumberField, optional
from crm.web.forms import Form

BETWEEN = re.compile(r"[\s,;]+")
TOO_MANY = Length(max=2_000, message="Use 2,000 characters or fewer")


def references(text: str | None) -> tuple[str, ...]:
    """References as people type them: one a line, or between commas; each once."""
    return tuple(dict.fromkeys(each.upper() for each in BETWEEN.split(text or "") if each))


class ProposalForm(Form):
    """What a cohort is asked for under."""

    money = MoneyField("Money to award", [InputRequired("Enter the money to award")])
    capital = MoneyField("Capital to award", [InputRequired("Enter the capital to award, or 0")])
    revenue = MoneyField("Revenue to award", [InputRequired("Enter the revenue to award, or 0")])
    group_1 = SelectField("Group", choices=[], validate_choice=True)
    number_1 = WholeNumberField("At least this many", [optional()], least=1, most=500)
    group_2 = SelectField("Another group", choices=[], validate_choice=True)
    number_2 = WholeNumberField("At least this many of them", [optional()], least=1, most=500)
    must_be_in = TextAreaField("Applications that must be in", [optional(), TOO_MANY])
    must_be_out = TextAreaField("Applications that must be out", [optional(), TOO_MANY])

    def offer(self, groups: Mapping[str, str]) -> ProposalForm:
        """Offer these groups: their words by dimension and value."""
        offered = [SelectChoice("", "No group"), *(SelectChoice(key, words) for key, words in groups.items())]
        self.group_1.choices = self.group_2.choices = offered
        return self

    def of_lines(self, line: MoneyLine | None) -> Self:
        """Ask for the money of each line where the cohort has two, else for the one sum."""
        if line is None:
            del self.money
        else:
            del self.capital, self.revenue
        return self

    def sums(self) -> tuple[Money, Money]:
        """The money to award, and the part of it for capital."""
        if "money" in self:
            return self.money.data or NO_MONEY, NO_MONEY
        capital = self.capital.data or NO_MONEY
        return capital + (self.revenue.data or NO_MONEY), capital

    def validate_group_1(self, field: Any) -> None:
        """A group has a number."""
        _require_number(field, self.number_1)

    def validate_group_2(self, field: Any) -> None:
        """A group has a number."""
        _require_number(field, self.number_2)

    def details(self) -> ProposalWanted:
        """As the verb takes it."""
        money, capital = self.sums()
        pairs = ((self.group_1.data, self.number_1.data), (self.group_2.data, self.number_2.data))
        numbers = tuple((*_group(group), number) for group, number in pairs if group and number)
        inside, outside = references(self.must_be_in.data), references(self.must_be_out.data)
        return ProposalWanted(money, inside, outside, numbers, capital)


def asked_before(question: Question) -> dict[str, Any]:
    """What was asked for earlier, as the fields of the form say it: the money, the numbers of groups, and who must be in or out."""
    said: dict[str, Any] = {"must_be_in": "", "must_be_out": ""}
    numbers = count(1)
    for each in question.limits:
        if each.kind is LimitKind.MONEY:
            said[each.line or "money"] = Money(each.amount)
        elif each.kind is LimitKind.NUMBER_AT_LEAST:
            at = next(numbers)
            said |= {f"group_{at}": f"{each.fact}:{each.values[0]}", f"number_{at}": each.amount}
        elif each.kind in (LimitKind.IN, LimitKind.OUT):
            name = f"must_be_{each.kind}"
            said[name] = f"{said[name]}\n{each.code}".strip()
    return said


def _require_number(group: Any, number: Any) -> None:
    typed = any(each.strip() for each in number.raw_data or ())
    if group.data and not typed:
        raise BadInput("Enter how many at least of this group")
    if typed and not group.data:
        raise BadInput("Choose the group that this number is of")


def _group(key: str) -> tuple[Dimension, str]:
    dimension, _, value = key.partition(":")
    return Dimension(dimension), value


def groups_of(rows: Iterable[Candidate]) -> dict[str, str]:
    """Every group that an application which can be chosen belongs to, by dimension."""
    found = {
        (dimension, value)
        for each in rows
        if each.can_be_chosen
        for dimension, values in each.groups.items()
        for value in values
    }
    ordered = sorted(found, key=lambda each: (list(Dimension).index(each[0]), group_in_words(*each)))
    return {f"{dimension}:{value}": _named(dimension, value) for dimension, value in ordered}


def _named(dimension: Dimension, value: str) -> str:
    words = group_in_words(dimension, value)
    return f"{words[:1].upper()}{words[1:]} ({DIMENSIONS[dimension].lower()})"


class TakeOverForm(Form):
    """What the draft is called that a proposal becomes."""

    name = Line(
        "Name of the draft",
        [InputRequired("Enter a name"), Length(max=100, message="Use 100 characters or fewer")],
    )
