"""Questions and checks between their answers, as far as answers to them are concerned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol
from uuid import UUID

from crm.kernel.money import Money
from crm.programme.rounds.rules.weights import WHOLE, percent_in_words

NUMERIC = frozenset({"money", "number", "costs"})
FITS = {
    "turnover": frozenset({"money"}),
    "employees": frozenset({"number"}),
    "trading_since": frozenset({"date"}),
    "": frozenset({"text", "long_text"}),
}
"""Which kinds of question can be filled in by what a business told; everything without a name of its own is text."""


class Question(Protocol):
    """A question, as far as answers to it are concerned."""

    @property
    def id(self) -> UUID: ...
    @property
    def label(self) -> str: ...
    @property
    def kind(self) -> Any: ...
    @property
    def is_needed(self) -> bool: ...
    @property
    def most_words(self) -> int | None: ...
    @property
    def is_sum_asked(self) -> bool: ...
    @property
    def is_capital_asked(self) -> bool: ...
    @property
    def is_ahead(self) -> bool: ...
    @property
    def asked_if_id(self) -> UUID | None: ...
    @property
    def asked_if(self) -> str: ...


class Check(Protocol):
    """How the answer to one question has to stand to that of another, or to a fixed sum."""

    @property
    def left_id(self) -> UUID: ...
    @property
    def comparison(self) -> Any: ...
    @property
    def percent(self) -> int: ...
    @property
    def right_id(self) -> UUID | None: ...
    @property
    def fixed(self) -> Money | None: ...
    @property
    def words(self) -> str: ...


def limits_in_words(checks: Iterable[Check], labels: Mapping[UUID, str]) -> dict[UUID, str]:
    """What is said at each question before its limit is broken: "This must be at most 50% of “Cost”."."""
    found: dict[UUID, list[str]] = {}
    for each in checks:
        _, _, limit = check_in_words(each, labels).partition("” is ")
        found.setdefault(each.left_id, []).append(limit)
    return {question: f"This must be {' and '.join(told)}." for question, told in found.items()}


def check_in_words(check: Check, labels: Mapping[UUID, str]) -> str:
    """A check as staff read it: "“Grant” is at most 50% of “Cost”"."""
    way = "at most" if check.comparison == "at_most" else "at least"
    other = (
        str(check.fixed)
        if check.fixed is not None
        else f"“{labels.get(check.right_id or check.left_id, '')}”"
    )
    share = "" if check.percent == WHOLE else f"{percent_in_words(check.percent)}% of "
    return f"“{labels.get(check.left_id, '')}” is {way} {share}{other}"
