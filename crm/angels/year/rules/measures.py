"""The network's figures by the definitions that associations of angels compare by, each with the rows that it counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import Any

from crm.angels.year.rules.facts import (
    DealFact,
    Facts,
    Period,
    PlaceFact,
    RaiseFact,
    SignedFact,
    SyndicateFact,
    total_of,
)
from crm.kernel.money import Money
from crm.kernel.small_numbers import can_be_told

Rows = Sequence[Any]


@dataclass(frozen=True)
class Measure:
    """One figure: what it is called, what it means, and the rows that it counts. ``of`` is the measure that it is a share of.

    ``within`` is one that it is a part of. ``is_of_companies`` is False where it belongs to no sub-sector or area.
    ``kind`` is "people", "things", "money", "share" or "days".
    """

    key: str
    words: str
    meaning: str
    kind: str
    rows: Callable[[Facts, Period], Rows]
    of: str = ""
    within: str = ""
    is_of_companies: bool = True


def completed(facts: Facts, period: Period) -> list[DealFact]:
    """Investments that both sides reported alike or the network settled, by their day of issue; none that was reversed."""
    return [
        each
        for each in facts.deals
        if each.is_completed and not each.reversed_on and period.holds(each.issued_on)
    ]


def reversed_since(facts: Facts, period: Period) -> list[DealFact]:
    """Completed investments of the period that were reversed and so count in it no more. One that was never agreed never counted."""
    return [
        each
        for each in facts.deals
        if each.reversed_on and each.is_completed and period.holds(each.issued_on)
    ]


def _by_investor(deals: Sequence[DealFact]) -> list[DealFact]:
    """The first investment of each investor: one row a person."""
    first: dict[str, DealFact] = {}
    for each in sorted(deals, key=lambda each: (each.issued_on, each.reference)):
        first.setdefault(each.investor, each)
    return sorted(first.values(), key=lambda each: (each.name.casefold(), each.investor))


def _first_time(facts: Facts, period: Period) -> list[DealFact]:
    ever = [each for each in facts.deals if each.is_completed and not each.reversed_on]
    return [each for each in _by_investor(ever) if period.holds(each.issued_on)]


def _of_form(*forms: str) -> Callable[[Facts, Period], Rows]:
    return lambda facts, period: [each for each in completed(facts, period) if each.instrument in forms]


def _pledged(*, is_committed: bool) -> Callable[[Facts, Period], Rows]:
    return lambda facts, period: [
        each for each in facts.pledges if each.is_committed == is_committed and period.holds(each.pledged_on)
    ]


def _certified(facts: Facts, period: Period) -> Rows:
    holding = {each.account_id: each for each in facts.signed if each.holds(period.last)}
    return sorted(holding.values(), key=lambda each: (each.name.casefold(), str(each.account_id)))


def _applied(facts: Facts, period: Period) -> list[RaiseFact]:
    return [each for each in facts.raises if period.holds(each.applied_on)]


def _presented(facts: Facts, period: Period) -> list[RaiseFact]:
    return [each for each in facts.raises if period.holds(each.presented_on)]


def _funded(facts: Facts, raises: Sequence[RaiseFact]) -> list[RaiseFact]:
    funded = {each.pitch_id for each in facts.deals if each.is_completed and not each.reversed_on}
    return [each for each in raises if each.pitch_id in funded]


def _examined(facts: Facts, period: Period) -> list[RaiseFact]:
    return [each for each in _presented(facts, period) if each.examined]


def _in_syndicates(facts: Facts, period: Period) -> Rows:
    found: dict[str, PlaceFact] = {}
    for each in sorted(facts.places, key=lambda each: (each.began_on, each.reference)):
        if period.holds(each.began_on):
            found.setdefault(each.investor, each)
    return sorted(found.values(), key=lambda each: (each.name.casefold(), each.investor))


COUNTED = "Completed means that the company and the investor reported the same, or that the network settled what they reported. "
MEASURES = (
    Measure(
        "certified",
        "Certified investors",
        "People who are in the network on the last day of the period and have a valid statement then, each counted once.",
        "people",
        _certified,
        is_of_companies=False,
    ),
    Measure(
        "investors",
        "Investors with a completed investment",
        COUNTED
        + "Each investor counts once, however many creative companies they invested in, by the day of issue.",
        "people",
        lambda facts, period: _by_investor(completed(facts, period)),
    ),
    Measure(
        "first_time",
        "First-time investors",
        "Investors whose first completed investment through the network falls in the period.",
        "people",
        _first_time,
        within="investors",
    ),
    Measure(
        "deals",
        "Completed investments",
        "One investor in two companies is one investor and two investments. Reversed investments do not count.",
        "things",
        completed,
    ),
    Measure("equity", "Equity completed", "Shares, by the day of issue.", "money", _of_form("equity")),
    Measure(
        "loan", "Loan notes completed", "Loan notes, by the day of issue.", "money", _of_form("loan_note")
    ),
    Measure(
        "convertible",
        "Convertible loan notes completed",
        "Counted apart from shares and from loan notes.",
        "money",
        _of_form("convertible"),
    ),
    Measure(
        "pledged",
        "Pledged, not committed",
        "Pledges made in the period that still stand. No money has moved, so they are never added to any other sum.",
        "money",
        _pledged(is_committed=False),
    ),
    Measure(
        "committed",
        "Committed, not completed",
        "Pledges made in the period that the investor has committed to. No completed investment is on record for them.",
        "money",
        _pledged(is_committed=True),
    ),
    Measure("applied", "Raises applied", "First sent for screening in the period.", "things", _applied),
    Measure("presented", "Raises presented", "Published to investors in the period.", "things", _presented),
    Measure(
        "presentation",
        "Presentation rate",
        "Of the raises that applied in the period, the share that has been presented to investors.",
        "share",
        lambda facts, period: [each for each in _applied(facts, period) if each.presented_on],
        of="applied",
    ),
    Measure(
        "funding",
        "Funding rate",
        "Of the raises presented in the period, the share with a completed investment.",
        "share",
        lambda facts, period: _funded(facts, _presented(facts, period)),
        of="presented",
    ),
    Measure(
        "success",
        "Application success",
        "Of the raises that applied in the period, the share with a completed investment.",
        "share",
        lambda facts, period: _funded(facts, _applied(facts, period)),
        of="applied",
    ),
    Measure(
        "examined",
        "Raises in due diligence",
        "Raises presented in the period about which an introduced investor asked for due diligence.",
        "things",
        _examined,
        within="presented",
    ),
    Measure(
        "syndicates",
        "Syndicates with agreed terms",
        "Syndicates whose first terms the lead and the business agreed in the period. No sum is counted.",
        "things",
        lambda facts, period: [each for each in facts.syndicates if period.holds(each.agreed_on)],
    ),
    Measure(
        "in_syndicates",
        "Investors in syndicates",
        "Investors who began to lead a syndicate or joined one in the period, each counted once. Some left again.",
        "people",
        _in_syndicates,
    ),
    Measure(
        "diligence",
        "Due-diligence success",
        "Of the raises in due diligence, the share with a completed investment.",
        "share",
        lambda facts, period: _funded(facts, _examined(facts, period)),
        of="examined",
    ),
    Measure(
        "meeting",
        "Median days to the first meeting",
        "From the day a raise was presented to the first introduction that both sides agreed to, of raises presented in the period.",
        "days",
        lambda facts, period: [
            each for each in _presented(facts, period) if each.days_to_meeting is not None
        ],
    ),
)
BY_KEY: Mapping[str, Measure] = {each.key: each for each in MEASURES}


@dataclass(frozen=True)
class Figure:
    """One figure of a period: its value, how many rows it counts, and how many people or companies are behind it."""

    measure: Measure
    value: int | Money | Fraction | float | None
    count: int
    base: int
    whole: int = 0
    beside: int | None = None
    of: Figure | None = None

    @property
    def can_be_told(self) -> bool:
        """Whether people outside may be told of it: neither it nor what is left of the whole is of fewer than five, and a share
        only with what it is a share of, which "0 of 0" would tell too.
        """
        is_of_many = can_be_told(self.base) and can_be_told(self.count, of=self.beside)
        return is_of_many and (self.of is None or self.of.can_be_told)


def figure_of(measure: Measure, facts: Facts, *, period: Period) -> Figure:
    """The figure of a period."""
    rows = measure.rows(facts, period)
    whole = len(BY_KEY[measure.of].rows(facts, period)) if measure.of else 0
    larger = measure.of or measure.within
    beside = len(BY_KEY[larger].rows(facts, period)) if larger else None
    of = figure_of(BY_KEY[measure.of], facts, period=period) if measure.of else None
    base = people_behind(rows) if measure.kind == "people" else base_of(rows)
    return Figure(measure, _value(measure, rows, whole), len(rows), base, whole, beside, of)


def _value(measure: Measure, rows: Rows, whole: int) -> int | Money | Fraction | float | None:
    if measure.kind == "money":
        return total_of(each.amount for each in rows)
    if measure.kind == "share":
        return Fraction(len(rows), whole) if whole else None
    if measure.kind == "days":
        days = [each.days_to_meeting for each in rows]
        return median(days) if days else None
    return len(rows)


def base_of(rows: Rows) -> int:
    """How many people or companies are behind some rows, whichever are fewer: each of two companies could work out the other's sum."""
    companies = {each.business for each in rows if not isinstance(each, SignedFact)}
    behind = (
        [companies]
        if any(isinstance(each, RaiseFact | SyndicateFact) for each in rows)
        else [companies, _people(rows)]
    )
    return min((len(each) for each in behind if each), default=0)


def people_behind(rows: Rows) -> int:
    """How many people are behind some rows."""
    return len(_people(rows))


def _people(rows: Rows) -> set[Any]:
    return {each.account_id if isinstance(each, SignedFact) else each.investor for each in rows}


def left_out(facts: Facts, period: Period) -> list[RaiseFact]:
    """The raises of the period that no figure counts, since no creative industry is on record for their company."""
    return [
        each
        for each in facts.left_out
        if any(period.holds(day) for day in (each.applied_on, each.presented_on, each.ended_on))
    ]


# ---------------------------------------------------------------- what was asked for and not found


@dataclass(frozen=True)
class Gap:
    """What raises that ended in a period asked for, what was completed of it, and what is missing, for one reason."""

    reason: str
    raises: int
    asked: Money
    completed: Money

    @property
    def missing(self) -> Money:
        """What was asked for less what was completed."""
        return self.asked - self.completed


def ended(facts: Facts, period: Period) -> list[RaiseFact]:
    """The raises that were declined or closed in the period."""
    return [each for each in facts.raises if period.holds(each.ended_on)]


def gaps(facts: Facts, period: Period, *, form: str) -> list[Gap]:
    """The gap of one instrument by reason; a raise that found all it asked for has no reason and no gap."""
    got: dict[Any, Money] = {}
    for each in facts.deals:
        if each.is_completed and not each.reversed_on:
            got[each.pitch_id] = got.get(each.pitch_id, Money(0)) + each.amount
    found: dict[str, list[RaiseFact]] = {}
    for one in ended(facts, period):
        if one.instrument == form:
            found.setdefault(one.unmet_for or "", []).append(one)
    return [
        Gap(
            reason,
            len(rows),
            total_of(each.amount for each in rows),
            total_of(got.get(each.pitch_id, Money(0)) for each in rows),
        )
        for reason, rows in sorted(found.items(), key=lambda pair: (pair[0] == "", pair[0]))
    ]
