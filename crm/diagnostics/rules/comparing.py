"""How similar businesses and a cohort stand: medians that never let one business be told apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from types import MappingProxyType
from typing import Any, NamedTuple

from crm.diagnostics.rules.readiness import Circumstances
from crm.diagnostics.rules.scoring import FEWEST_SIMILAR, HALF
from crm.kernel.text import series

IN_A_POINT = 10
CHANGES = {
    "latest": "the latest result of each business",
    "again": "of businesses that took it more than once",
    "higher": "higher than the first time",
    "same": "the same as the first time",
    "lower": "lower than the first time",
    "across": "under another version of the questions than the first time",
}
"""What a list of results can be narrowed to, of each business its latest, by how it compares with its first."""


def unlike(areas: Iterable[tuple[str, int | None, int | None]]) -> str:
    """What keeps a score from comparing with the one before: parts with a score on one of the two days only, in words."""
    told = list(areas)
    now = [name for name, score, before in told if score is None and before is not None]
    then = [name for name, score, before in told if score is not None and before is None]
    said = [f"not scored now: {series(now)}"] if now else []
    said += [f"not scored last time: {series(then)}"] if then else []
    return f"The two scores rest on different answers: {'; '.join(said)}." if said else ""


def weighed_otherwise(asks: Iterable[str], *, now: Circumstances, before: Circumstances) -> str:
    """What was told of the business otherwise last time, and makes the same answers count more or less now, in words."""
    pairs = [(now.in_words()[each], before.in_words()[each]) for each in asks]
    said = [
        f"{name.lower()}: {words}, last time {then}" for (name, words), (_, then) in pairs if words != then
    ]
    said += ["the sectors of the business have changed"] if now.groups != before.groups else []
    return f"The same answers count differently now ({'; '.join(said)})." if said else ""


class Taken(NamedTuple):
    """A finished assessment as comparisons read it. Scores are whole tenths of a point; rows come in the order of finishing."""

    owner: Hashable
    score: int
    areas: Mapping[str, int]
    band: str = ""
    sector: str | None = None
    version: Hashable = None


@dataclass(frozen=True)
class Similar:
    """How other businesses stand: how many, and medians in whole points, of each area where there are enough."""

    count: int
    score: int
    areas: Mapping[str, int]

    @property
    def said(self) -> str:
        """From how many results it comes, and when it changes: it lags behind the newest on purpose."""
        return (
            f"It is worked out from {self.count} of them, and again only once {FEWEST_SIMILAR} more have a new result, "
            "so that nobody can tell the score of one business."
        )


def released(rows: Sequence[Taken]) -> dict[Hashable, Taken]:
    """The latest assessment of each business that a comparison may use.

    Rows are used in batches of five different businesses, and a batch is used once it is full. So what is shown never
    changes by fewer than five businesses, and the difference of two looks cannot tell one of them apart.
    """
    used: dict[Hashable, Taken] = {}
    batch: dict[Hashable, Taken] = {}
    for each in rows:
        batch[each.owner] = each
        if len(batch) == FEWEST_SIMILAR:
            used |= batch
            batch = {}
    return used


def similar(rows: Sequence[Taken], areas: Iterable[str]) -> Similar | None:
    """How the businesses of these rows stand; None where there are fewer than five."""
    whole = released(rows)
    if not whole:
        return None
    scored = {key: released([each for each in rows if key in each.areas]) for key in areas}
    medians = {
        key: middle([each.areas[key] for each in found.values()]) for key, found in scored.items() if found
    }
    return Similar(len(whole), middle([each.score for each in whole.values()]), medians)


def middle(tenths: Iterable[int]) -> int:
    """The median of scores in tenths, in whole points, a half rounded up."""
    return int(Fraction(median(tenths)) / IN_A_POINT + HALF)


@dataclass(frozen=True)
class Change:
    """The first and the latest assessment of businesses that took it again: medians in whole points, and how many rose.

    ``across`` is how many of them answered other questions the second time, so that their scores are not of one measure.
    """

    count: int
    across: int
    first: int
    latest: int
    higher: int
    same: int
    lower: int


@dataclass(frozen=True)
class Cohort:
    """How a whole group of businesses stands at its latest assessment of one set, under so many ``versions`` of it.

    No median is told of fewer than five businesses, as one of four would tell of one of them: ``score`` and ``change`` are
    None then, and ``areas`` and ``sectors`` leave it out.
    """

    assessments: int
    businesses: int
    score: int | None
    bands: Mapping[str, int]
    areas: Mapping[str, int]
    sectors: Mapping[str, tuple[int, int | None]]
    change: Change | None
    versions: int


def cohort(rows: Sequence[Taken], called: Mapping[Any, str] = MappingProxyType({})) -> Cohort:
    """Aggregate finished assessments, the earliest first. Each business counts once, at its latest.

    ``called`` says by version and band what a result was called; one that it does not know is called by its key.
    """
    latest = {each.owner: each for each in rows}
    first = {each.owner: each for each in reversed(rows)}
    now = list(latest.values())
    again = [(first[owner], each) for owner, each in latest.items() if first[owner] is not each]
    results = Counter((each.version, each.band) for each in now)
    return Cohort(
        assessments=len(rows),
        businesses=len(now),
        score=middle([each.score for each in now]) if len(now) >= FEWEST_SIMILAR else None,
        bands=_counted(results, called),
        areas=_medians([each.areas for each in now]),
        sectors=_by_sector(now),
        change=_change(again) if len(again) >= FEWEST_SIMILAR else None,
        versions=len({version for version, _ in results}),
    )


def _counted(results: Mapping[tuple[Any, str], int], called: Mapping[Any, str]) -> dict[str, int]:
    """How many have each result, by what it was called."""
    found: dict[str, int] = {}
    for (version, band), count in results.items():
        name = called.get((version, band), band)
        found[name] = found.get(name, 0) + count
    return found


def _medians(scored: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The median of each area that five or more have a score in, in the order in which they first appear."""
    alike: dict[tuple[str, ...], list[Iterable[int]]] = {}
    for each in scored:
        alike.setdefault(tuple(each), []).append(each.values())
    found: dict[str, list[int]] = {}
    for (
        keys,
        rows,
    ) in alike.items():  # rows of the same areas turn into columns at once: thousands are read in a page
        for key, column in zip(keys, zip(*rows, strict=True), strict=True):
            found.setdefault(key, []).extend(column)
    return {key: middle(values) for key, values in found.items() if len(values) >= FEWEST_SIMILAR}


def _by_sector(rows: Iterable[Taken]) -> dict[str, tuple[int, int | None]]:
    """By sector, how many businesses there are, and their median where they are five or more."""
    found: dict[str, list[int]] = {}
    for each in rows:
        found.setdefault(each.sector or "", []).append(each.score)
    return {
        key: (len(scores), middle(scores) if len(scores) >= FEWEST_SIMILAR else None)
        for key, scores in sorted(found.items(), key=lambda pair: (not pair[0], -len(pair[1]), pair[0]))
    }


def _change(again: Sequence[tuple[Taken, Taken]]) -> Change:
    moved = [(later.score > before.score) - (later.score < before.score) for before, later in again]
    return Change(
        count=len(again),
        across=sum(later.version != before.version for before, later in again),
        first=middle([before.score for before, _ in again]),
        latest=middle([later.score for _, later in again]),
        higher=moved.count(1),
        same=moved.count(0),
        lower=moved.count(-1),
    )
