"""The tables of the fund case: asks, the businesses behind them and their money by what became of it; small numbers held back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from crm.kernel.money import NO_MONEY, Money
from crm.kernel.small_numbers import FEWEST_TOLD, held_back, is_worked_out
from crm.reports.fundcase.rules.labels import BARRIERS, LINES
from crm.reports.fundcase.rules.sought import Sought

TABLES = ("medium", "instrument", "size", "stage", "sector", "area", "place")


@dataclass(frozen=True)
class Sums:
    """What some asks come to. The four last sums of money always add up to ``sought``."""

    asks: int = 0
    businesses: int = 0
    unmet: int = 0
    without_amount: int = 0
    sought: Money = NO_MONEY
    found: Money = NO_MONEY
    missing: Money = NO_MONEY
    still_sought: Money = NO_MONEY
    given_up: Money = NO_MONEY


@dataclass(frozen=True)
class Line:
    """One line of a table: what all its asks come to, and, as ``gap``, those not found. None is held back."""

    key: str
    words: str
    whole: Sums | None
    gap: Sums | None


@dataclass(frozen=True)
class Case:
    """The case: what all asks come to, the tables, and for those not found the reasons."""

    sums: Sums
    tables: Mapping[str, tuple[Line, ...]]
    reasons: tuple[Line, ...]
    barriers: Sums
    """What was not found for one of the four barriers."""
    is_outside: bool = False
    can_be_told: bool = True
    """Whether people outside may be told of it at all."""
    can_tell_barriers: bool = True


def sums_of(asks: Iterable[Sought]) -> Sums:
    """What these asks come to, to the penny."""
    rows = list(asks)
    return Sums(
        asks=len(rows),
        businesses=len({each.business_id for each in rows}),
        unmet=sum(each.is_unmet for each in rows),
        without_amount=sum(each.amount is None for each in rows),
        sought=_total(each.sought for each in rows),
        found=_total(each.found for each in rows),
        missing=_total(each.missing for each in rows),
        still_sought=_total(each.still_sought for each in rows),
        given_up=_total(each.given_up for each in rows),
    )


def _total(sums: Iterable[Money]) -> Money:
    return sum(sums, start=NO_MONEY)


def case_of(asks: Sequence[Sought], *, is_outside: bool) -> Case:
    """Count the asks of a case. For people outside, what tells of a few businesses is held back, also where a sum would tell it."""
    unmet = [each for each in asks if each.is_unmet]
    barriers = [each for each in unmet if each.reason in BARRIERS]
    tables = {name: _groups(asks, lambda each, name=name: each.parts[name]) for name in TABLES}  # type: ignore[misc]
    reasons = _groups(unmet, lambda each: each.reason)
    lines = {name: _lines(name, groups, is_outside=is_outside) for name, groups in tables.items()}
    if is_outside and lines["place"]:
        lines["area"] = ()  # beside its authorities, an area would tell the one that is held back
    return Case(
        sums=sums_of(asks),
        tables=lines,
        reasons=_lines("reason", reasons, is_outside=is_outside),
        barriers=sums_of(barriers),
        is_outside=is_outside,
        can_be_told=all(is_telling(rows) for rows in kinds_of(asks).values()),
        can_tell_barriers=_can_tell_barriers(reasons),
    )


def _can_tell_barriers(reasons: Mapping[str, Sequence[Sought]]) -> bool:
    """Whether the sum of the four barriers can be told beside the lines of the reasons, and tells of no line held back."""
    bases = {key: businesses_of(rows) for key, rows in reasons.items()}
    held = held_back(bases)
    parts = ({key for key in reasons if key in BARRIERS}, {key for key in reasons if key not in BARRIERS})
    whole = all(is_telling([each for key in part for each in reasons[key]]) for part in parts)
    return whole and not any(is_worked_out([bases[key] for key in part & held]) for part in parts)


def _groups(asks: Iterable[Sought], key_of: Callable[[Sought], str]) -> dict[str, list[Sought]]:
    found: dict[str, list[Sought]] = {}
    for each in asks:
        found.setdefault(key_of(each), []).append(each)
    return found


def _lines(name: str, groups: Mapping[str, list[Sought]], *, is_outside: bool) -> tuple[Line, ...]:
    """The lines of a table that have any asks, in the order of its words. People outside see none of which all is held back."""
    held = _held_back(groups) if is_outside else Held(frozenset(), frozenset())
    lines = tuple(
        Line(
            key,
            words,
            None if key in held.whole else sums_of(groups[key]),
            None if key in held.gap else sums_of(groups[key]),
        )
        for key, words in LINES[name].items()
        if key in groups
    )
    return lines if any(each.gap or each.whole for each in lines) else ()


@dataclass(frozen=True)
class Held:
    """The lines of which all asks are held back, and those of which the ones not found are."""

    whole: frozenset[str]
    gap: frozenset[str]


def _held_back(groups: Mapping[str, list[Sought]]) -> Held:
    """What is held back of a table. Who knows all asks of a line and those not found knows the others too: so these are no few either,
    nor told by what the lines shown leave of the total.
    """
    kinds = {key: kinds_of(rows) for key, rows in groups.items()}
    gap = held_back({key: businesses_of(each["unmet"]) for key, each in kinds.items()})
    others = {key: businesses_of(each["others"]) for key, each in kinds.items()}
    return Held(frozenset(also_held_back(others, gap)), frozenset(gap))


def also_held_back(bases: Mapping[str, int], held: Collection[str]) -> set[str]:
    """Lines held back by the businesses behind each, where some are held back already."""
    found = {*held, *(key for key, base in bases.items() if 0 < base < FEWEST_TOLD)}
    rest = sorted((base, key) for key, base in bases.items() if key not in found)
    for _, key in rest:
        if not _tells(bases, found):
            break
        found.add(key)
    return set(bases) if _tells(bases, found) else found


def _tells(bases: Mapping[str, int], held: Collection[str]) -> bool:
    return is_worked_out([bases[key] for key in held if bases[key]])


def businesses_of(asks: Iterable[Sought]) -> int:
    """How many businesses are behind these asks."""
    return len({each.business_id for each in asks})


def kinds_of(asks: Iterable[Sought]) -> dict[str, list[Sought]]:
    """Asks parted by what became of them, as people outside could tell them apart by the sums of a line."""
    rows = list(asks)
    parts: dict[str, Callable[[Sought], bool]] = {
        "unmet": lambda each: each.is_unmet,
        "others": lambda each: not each.is_unmet,
    }
    return {key: [each for each in rows if holds(each)] for key, holds in parts.items()}


def is_telling(asks: Iterable[Sought]) -> bool:
    """Whether people outside may be told of these asks: of nobody, or of five businesses and more."""
    base = businesses_of(asks)
    return base == 0 or base >= FEWEST_TOLD
