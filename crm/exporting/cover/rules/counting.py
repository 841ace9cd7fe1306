"""How many a threshold shut out, which sectors, what they wanted and what became of them; small numbers are held back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.kernel.eligibility import DCMS_GROUPS
from crm.kernel.money import Money
from crm.kernel.small_numbers import FEWEST_TOLD, is_worked_out

NO_SECTOR = "none"
BANDS = (
    ("under_250k", "Under £250,000", 250_000),
    ("under_1m", "£250,000 to £999,999", 1_000_000),
    ("under_2m", "£1 million to £2,499,999", 2_500_000),
    ("to_limit", "£2.5 million up to the threshold", None),
)
OVER = "over"
BECAME = {
    "helped": "Helped in another way",
    "referred": "Referred to another service",
    OVER: "Now over the threshold",
    "nothing": "Nothing recorded since",
}


@dataclass(frozen=True)
class Answer:
    """What answered one need after a threshold shut a business out: what, on which day, who recorded or sent it."""

    what: str
    on: date
    by: str
    has_helped: bool


@dataclass(frozen=True)
class Attempt:
    """One contract for which the threshold shut a business out, with what became of that need since.

    A contract is one buyer's country, one need and one product, and whatever was checked again from a check of it: however
    often it is checked, its newest check counts.
    ``first_on`` is when it was first checked, ``checks`` how often, ``now`` the turnover on record; ``check_id`` is None where the row is older than the record of its check.
    """

    business_id: Any
    business: str
    sector: str | None
    wanted: str
    offer_name: str
    threshold: Money
    figure: Money
    happened_on: date
    first_on: date
    became: str
    check_id: Any = None
    contract_id: Any = None
    checks: int = 1
    country: str = ""
    contract: str = ""
    answer: Answer | None = None
    now: Money | None = None

    @property
    def is_past(self) -> bool:
        """Whether the business has reached the threshold since."""
        return self.now is not None and self.now.pence >= self.threshold.pence

    def is_repeated_by(self, check: Any) -> bool:
        """Whether a check asked for the same again with a turnover that reaches the threshold."""
        is_wanted = check.business_id == self.business_id and self.wanted in check.told["wishes"]
        is_same = check.contract_id == self.contract_id or (is_wanted and self.country in ("", check.country))
        has_reached = check.turnover is not None and check.turnover.pence >= self.threshold.pence
        return is_same and has_reached

    @property
    def band(self) -> str:
        """The size of the business when it asked."""
        return next(key for key, _, below in BANDS if below is None or self.figure.pence < below * 100)

    def parts(self) -> Mapping[str, str]:
        """By what each attempt is counted."""
        return {
            "sector": self.sector or NO_SECTOR,
            "wanted": self.wanted,
            "band": self.band,
            "became": self.became,
        }


def became_of(answer: Answer | None, *, is_over: bool) -> str:
    """What became of one need, as a key of `BECAME`: an answer to it counts before growth."""
    if answer is not None:
        return "helped" if answer.has_helped else "referred"
    return OVER if is_over else "nothing"


@dataclass(frozen=True)
class Line:
    """One line of a table: its key and words, unique businesses and attempts. None is held back."""

    key: str
    words: str
    businesses: int | None
    attempts: int | None


@dataclass(frozen=True)
class Case:
    """The case against a threshold: unique businesses and attempts apart, by sector, wish, size and what became of them."""

    businesses: int
    attempts: int
    checks: int
    first_on: date | None
    tables: Mapping[str, tuple[Line, ...]]

    @property
    def can_be_told(self) -> bool:
        """Whether people outside may be told of it at all."""
        return self.businesses >= FEWEST_TOLD


def case_of(rows: Sequence[Attempt], wishes: Mapping[str, str], *, is_outside: bool) -> Case:
    """Count attempts and the businesses behind them. For people outside, lines with small numbers are told together."""
    words: dict[str, Mapping[str, str]] = {
        "sector": {**DCMS_GROUPS, NO_SECTOR: "No sector recorded"},
        "wanted": wishes,
        "band": {key: said for key, said, _ in BANDS},
        "became": BECAME,
    }
    tables = {name: _table(rows, lambda each, name=name: each.parts()[name], words[name]) for name in words}  # type: ignore[misc]
    if is_outside:
        tables = {name: told_together(rows, by=name, lines=lines) for name, lines in tables.items()}
    return Case(
        businesses=len({each.business_id for each in rows}),
        attempts=len(rows),
        checks=sum(each.checks for each in rows),
        first_on=min((each.first_on for each in rows), default=None),
        tables=tables,
    )


def _table(
    rows: Iterable[Attempt], key_of: Callable[[Attempt], str], words: Mapping[str, str]
) -> tuple[Line, ...]:
    found: dict[str, list[Attempt]] = {}
    for each in rows:
        found.setdefault(key_of(each), []).append(each)
    order = [key for key in words if key in found]
    return tuple(
        Line(key, words[key], len({each.business_id for each in found[key]}), len(found[key]))
        for key in order
    )


def told_together(rows: Sequence[Attempt], *, by: str, lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines of a table, those that would be held back as one, so that it still says what there was.

    A business can be in several lines: the next smallest join them until enough different ones stand behind them.
    """
    held = {each.key for each in held_back(lines) if each.businesses is None}
    rest = sorted((each.businesses or 0, each.key) for each in lines if each.key not in held)
    while held and rest and _behind(rows, by, held) < FEWEST_TOLD:
        held.add(rest.pop(0)[1])
    shown = tuple(each for each in lines if each.key not in held)
    return (*shown, _together(rows, by, [each for each in lines if each.key in held])) if held else shown


def _behind(rows: Iterable[Attempt], name: str, keys: Collection[str]) -> int:
    return len({each.business_id for each in rows if each.parts()[name] in keys})


def _together(rows: Sequence[Attempt], name: str, lines: Sequence[Line]) -> Line:
    keys = {each.key for each in lines}
    count = _behind(rows, name, keys)
    words = "; ".join(each.words for each in lines)
    if count < FEWEST_TOLD:
        return Line("", words, None, None)
    words = f"{words} (together)" if len(lines) > 1 else words
    return Line("", words, count, sum(each.parts()[name] in keys for each in rows))


def held_back(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines with small numbers held back, and the next smallest too for as long as the total less those shown tells one."""
    small = {each.key for each in lines if each.businesses is not None and each.businesses < FEWEST_TOLD}
    rest = sorted(
        (each for each in lines if each.key not in small), key=lambda each: (each.businesses or 0, each.key)
    )
    held = [each.businesses or 0 for each in lines if each.key in small]
    for each in rest:
        if not is_worked_out(held):
            break
        small.add(each.key)
        held.append(each.businesses or 0)
    return tuple(Line(each.key, each.words, None, None) if each.key in small else each for each in lines)
