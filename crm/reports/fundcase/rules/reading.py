"""The fund case read as a whole for one reader, and the asks behind each of its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from crm.kernel.calendar import day_in_words
from crm.kernel.small_numbers import FEWEST_TOLD
from crm.reports.fundcase.rules.counting import Case, case_of
from crm.reports.fundcase.rules.labels import BARRIERS, INSTRUMENTS, LINES, MEDIA
from crm.reports.fundcase.rules.places import Tile, tiles
from crm.reports.fundcase.rules.simulating import Fate, Fund, Simulated, simulate, sizes_of, told_apart
from crm.reports.fundcase.rules.sought import Scope, Sought, within


@dataclass(frozen=True)
class Size:
    """What a fund of one size would have met; ``is_told`` is whether this reader may know it."""

    result: Simulated
    is_told: bool


@dataclass(frozen=True)
class Reading:
    """Which asks, the rules of the fund, what was counted and what the fund would have done."""

    scope: Scope
    asks: Sequence[Sought]
    case: Case
    result: Simulated
    is_told: bool
    sizes: Sequence[Size]

    @property
    def fund(self) -> Fund:
        """The rules of the fund."""
        return self.result.fund

    @property
    def is_outside(self) -> bool:
        """Whether it is read by somebody outside, for whom small numbers are held back."""
        return self.case.is_outside


def read(asks: Sequence[Sought], scope: Scope, *, fund: Fund, is_outside: bool) -> Reading:
    """The whole case, for one reader."""
    rows = within(asks, scope)
    results = [simulate(rows, fund), *sizes_of(rows, fund)]
    told = told_apart(results) if is_outside else [True] * len(results)
    sizes = [Size(result, is_told) for result, is_told in zip(results[1:], told[1:], strict=True)]
    return Reading(scope, rows, case_of(rows, is_outside=is_outside), results[0], told[0], sizes)


def map_of(case: Case) -> list[Tile]:
    """The tile map of what was not found; a dash where it is held back."""
    return tiles(
        [
            (
                each.key,
                f"{each.gap.unmet:,}" if each.gap else "–",
                each.gap.missing.pence if each.gap else None,
            )
            for each in case.tables["place"]
        ]
    )


def why_not_told(reading: Reading) -> str | None:
    """Why people outside cannot be told of this case; None where they can."""
    if reading.asks and reading.case.can_be_told:
        return None
    return (
        f"Figures for people outside need {FEWEST_TOLD} businesses, also in what was found and what was not."
    )


WHICH: Mapping[str, tuple[str, Callable[[Sought], bool]]] = {
    "unmet": ("not found, or only in part", lambda ask: ask.is_unmet),
    "sought": ("with an amount", lambda ask: ask.amount is not None),
    "without_amount": ("without an amount", lambda ask: ask.amount is None),
    "found": ("found, or found in part", lambda ask: bool(ask.found)),
    "missing": ("with money that was not found", lambda ask: bool(ask.missing)),
    "still_sought": ("still sought", lambda ask: bool(ask.still_sought)),
    "given_up": ("with money that is no longer sought", lambda ask: bool(ask.given_up)),
    "barrier": (
        "not found for one of the four barriers",
        lambda ask: ask.is_unmet and ask.reason in BARRIERS,
    ),
}
"""What a figure counts, in words, and which asks these are."""


@dataclass(frozen=True)
class Wanted:
    """Which asks a figure opens: those on one line of a table, of one kind, with one fate in the fund."""

    table: str = ""
    key: str = ""
    which: str = ""
    fate: str = ""

    def holds(self, ask: Sought) -> bool:
        """Whether an ask is one of these, whatever the fund makes of it."""
        headings = {**ask.parts, "reason": ask.reason}
        return (not self.table or headings[self.table] == self.key) and (
            not self.which or WHICH[self.which][1](ask)
        )


def opened(reading: Reading, wanted: Wanted) -> list[Sought]:
    """The asks that a figure counts, the newest first."""
    rows: Sequence[Sought] = reading.asks
    if wanted.fate:
        rows = [each.ask for each in reading.result.of(Fate(wanted.fate))]
    return [each for each in reversed(rows) if wanted.holds(each)]


def scope_in_words(scope: Scope) -> str:
    """Which asks a case is about, as a part of a sentence."""
    days = period_in_words(scope.first, scope.last)
    work = f"for {MEDIA[scope.medium].lower()} work" if scope.medium in ("screen", "mixed_media") else ""
    work = work or ("for other creative work" if scope.medium else "")
    return ", ".join(each for each in (days, work) if each)


def period_in_words(first: date | None, last: date | None) -> str:
    """From when to when, both days included; everything where neither is named."""
    if first and last:
        return f"from {day_in_words(first)} to {day_in_words(last)}"
    if first:
        return f"since {day_in_words(first)}"
    return f"until {day_in_words(last)}" if last else "all that is on record"


def rules_in_words(fund: Fund) -> list[tuple[str, str]]:
    """The rules of a fund, each with its value, as the page, the paper and the workbook say them."""
    return [
        ("Size of the fund", str(fund.size)),
        ("Smallest ticket", str(fund.smallest)),
        ("Largest ticket", str(fund.largest)),
        ("Share that others bring", f"{fund.match}%"),
        ("Work it is for", _listed([MEDIA[each] for each in MEDIA if each in fund.media])),
        (
            "Finance it gives",
            _listed([INSTRUMENTS[each] for each in INSTRUMENTS if each in fund.instruments]),
        ),
        ("Share of loans that comes back", f"{fund.loan_back}%"),
        ("Share of equity that comes back", f"{fund.equity_back}%"),
        ("Months until it comes back", str(fund.months)),
    ]


def _listed(words: Sequence[str]) -> str:
    return ", ".join([*words[:1], *(each[:1].lower() + each[1:] for each in words[1:])])


def line_in_words(wanted: Wanted) -> str:
    """The line of a table that a figure stands on."""
    return LINES[wanted.table][wanted.key] if wanted.table else ""
