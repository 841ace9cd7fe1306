"""What a cohort is held to: money, lines, balance, headroom, and who must be in or out, each as whole numbers to recheck."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from crm.gateways.solver import Row

WHOLE = 10_000
"""All of it, in hundredths of a per cent."""


class LimitKind(StrEnum):
    """What kind of thing a cohort is held to."""

    MONEY = "money"
    SHARE_AT_LEAST = "share_at_least"
    SHARE_AT_MOST = "share_at_most"
    AWARDS_AT_LEAST = "awards_at_least"
    NUMBER_AT_LEAST = "number_at_least"
    NUMBER_AT_MOST = "number_at_most"
    HEADROOM = "headroom"
    IN = "in"
    OUT = "out"


@dataclass(frozen=True)
class Option:
    """An application that can be chosen: its total and its ``shares`` of it by criterion, the weightiest first.

    ``asked`` is in pence, and so are the parts of it that come from a line. ``facts`` say what balance is measured by; one that
    is not known is not there. ``group`` names the enterprises that share one headroom.
    """

    code: str
    total: Fraction
    asked: int
    shares: tuple[Fraction, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    group: str = ""


@dataclass(frozen=True)
class Limit:
    """One thing that a cohort is held to, in the ``words`` that people set it in.

    ``amount`` is in pence for money, in hundredths of a per cent for a share, else a number of applications. ``line`` limits
    money to one line. ``fact`` with ``values`` says which applications it counts, or with ``is_other`` all those of which the
    fact is known to be something else. ``headroom`` is in pence by group; ``code`` is who must be in or out.
    """

    kind: LimitKind
    words: str
    amount: int = 0
    line: str = ""
    fact: str = ""
    values: tuple[str, ...] = ()
    is_other: bool = False
    headroom: Mapping[str, int] = field(default_factory=dict)
    code: str = ""

    def counts(self, option: Option) -> bool:
        """Whether an application is one of those that it is about: one of which the fact is not known never is."""
        known = option.facts.get(self.fact, ())
        return bool(known) and any(each in self.values for each in known) != self.is_other


def rows_of(limit: Limit, options: Sequence[Option]) -> tuple[Row, ...]:
    """What a limit asks, in whole numbers by the place of each option."""
    return MAKING[limit.kind](limit, options)


def _row(weights: Iterable[int], most: int) -> Row:
    return Row(tuple((place, weight) for place, weight in enumerate(weights) if weight), most)


def _money(limit: Limit, options: Sequence[Option]) -> tuple[Row, ...]:
    weights = (each.lines.get(limit.line, 0) if limit.line else each.asked for each in options)
    return (_row(weights, limit.amount),)


def _share_at_least(limit: Limit, options: Sequence[Option]) -> tuple[Row, ...]:
    """That of all the money so much goes to these: ``amount`` × all − 10,000 × theirs is at most nothing."""
    weights = (each.asked * (limit.amount - WHOLE * limit.counts(each)) for each in options)
    return (_row(weights, 0),)


def _share_at_most(limit: Limit, options: Sequence[Option]) -> tuple[Row, ...]:
    weights = (each.asked * (WHOLE * limit.counts(each) - limit.amount) for each in options)
    return (_row(weights, 0),)


def _awards_at_least(limit: Limit, options: Sequence[Option]) -> tuple[Row, ...]:
    """That of all the awards so many go to these."""
    return (_row((limit.amount - WHOLE * limit.counts(each) for each in options), 0),)


def _number_at_least(limit: Limit, options: Sequence[Option]) -> tuple[Row, ...]:
    return (_row((-limit.counts(each) for each in options), -limit.amount),)


def _number_at_most(limit: Limit, options: Sequence[Option]) -> tuple[Row, ...]:
    return (_row((int(limit.counts(each)) for each in options), limit.amount),)


def _headroom(limit: Limit, options: Sequence[Option]) -> tuple[Row, ...]:
    """A row for each group whose members ask for more than it has."""
    asked: dict[str, int] = {}
    for each in options:
        asked[each.group] = asked.get(each.group, 0) + each.asked
    return tuple(
        _row((each.asked * (each.group == group) for each in options), most)
        for group, most in sorted(limit.headroom.items())
        if asked.get(group, 0) > most
    )


def _in(limit: Limit, options: Sequence[Option]) -> tuple[Row, ...]:
    return (_row((-(each.code == limit.code) for each in options), -1),)


def _out(limit: Limit, options: Sequence[Option]) -> tuple[Row, ...]:
    return (_row((int(each.code == limit.code) for each in options), 0),)


Making = Callable[[Limit, Sequence[Option]], tuple[Row, ...]]
MAKING: Mapping[LimitKind, Making] = {
    LimitKind.MONEY: _money,
    LimitKind.SHARE_AT_LEAST: _share_at_least,
    LimitKind.SHARE_AT_MOST: _share_at_most,
    LimitKind.AWARDS_AT_LEAST: _awards_at_least,
    LimitKind.NUMBER_AT_LEAST: _number_at_least,
    LimitKind.NUMBER_AT_MOST: _number_at_most,
    LimitKind.HEADROOM: _headroom,
    LimitKind.IN: _in,
    LimitKind.OUT: _out,
}
