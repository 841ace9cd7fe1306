"""The figures as a page shows them: one column of all, and the same by sub-sector and by area; held back for people outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from crm.angels.investors.rules.labels import INSTRUMENTS
from crm.angels.year.rules.facts import NOT_SAID, Facts, Period, total_of
from crm.angels.year.rules.measures import (
    BY_KEY,
    MEASURES,
    Figure,
    Gap,
    ended,
    figure_of,
    gaps,
    left_out,
    reversed_since,
)
from crm.kernel.eligibility import DCMS_GROUPS, LEPS
from crm.kernel.money import Money
from crm.kernel.small_numbers import HIDDEN, held_back

COLUMNS = ("investors", "deals", "equity", "loan", "convertible", "presented")
"""The measures that are shown by sub-sector and by area."""
BY: Mapping[str, Mapping[str, str]] = {
    "sector": {**DCMS_GROUPS, NOT_SAID: "No sub-sector recorded"},
    "area": {**LEPS, NOT_SAID: "No area recorded"},
}
HEADINGS = {"sector": "By sub-sector", "area": "By area"}
FORMS = ("equity", "loan_note", "convertible")
NOTHING = "No figure"
ALL, ALL_REASONS, MET = "All", "all reasons", "Found all that was asked for"
REVERSED_WORDS, LEFT_OUT_WORDS = "Investments reversed since", "Raises that no figure counts"
POUNDS = "£"
UNITS = {"money": POUNDS, "share": "%", "days": "days"}
"""What the file says beside a number; people and things are counted."""
GAP_WORDS = ("Raises that ended", "Asked", "Completed", "Missing")
"""What the file calls what the page says beside its figures."""


def told(figure: Figure, *, is_outside: bool) -> str:
    """A figure in words; people outside are told no small one."""
    if is_outside and not figure.can_be_told:
        return HIDDEN
    return in_words(figure)


def in_words(figure: Figure) -> str:
    """A figure with its unit."""
    value, kind = figure.value, figure.measure.kind
    if value is None:
        return NOTHING
    if kind == "share" and isinstance(value, Fraction):
        return f"{round(value * 100)}%"
    if kind == "days":
        days = f"{float(value):g}"  # type: ignore[arg-type]
        return f"{days} {'day' if days == '1' else 'days'}"
    return str(value) if isinstance(value, Money) else f"{value:,}"


def in_a_file(figure: Figure) -> Any:
    """A figure as a sheet can add it up, its unit in a column of its own: sums, counts, days, and shares in percent."""
    value = figure.value
    if value is None:
        return NOTHING
    if isinstance(value, Fraction):
        return round(value * 100) if figure.measure.kind == "share" else f"{float(value):g}"
    return value


@dataclass(frozen=True)
class Line:
    """One line of a table: its key, its words, and each cell with the measure that it is of, in words and for a file."""

    key: str
    words: str
    cells: tuple[tuple[str, str, Any], ...]


def figures(facts: Facts, period: Period) -> list[Figure]:
    """Every figure of a period."""
    return [figure_of(each, facts, period=period) for each in MEASURES]


def lines(facts: Facts, period: Period, *, by: str, is_outside: bool) -> list[Line]:
    """The figures by sub-sector or area, of those with anything; the small ones held back for people outside."""
    parts = {key: facts.of(**_only(by, key)) for key in BY[by]}
    cells = {
        key: {name: figure_of(BY_KEY[name], part, period=period) for name in COLUMNS}
        for key, part in parts.items()
    }
    kept = {key: row for key, row in cells.items() if any(each.count for each in row.values())}
    hidden = {name: _hidden(kept, name) if is_outside else set() for name in COLUMNS}
    return [
        Line(
            key,
            BY[by][key],
            tuple(_cell(row[name], is_hidden=key in hidden[name]) for name in COLUMNS),
        )
        for key, row in kept.items()
    ]


def _cell(figure: Figure, *, is_hidden: bool) -> tuple[str, str, Any]:
    told = (HIDDEN, HIDDEN) if is_hidden else (in_words(figure), in_a_file(figure))
    return figure.measure.key, *told


def _only(by: str, key: str) -> dict[str, str]:
    return {"sector": key if by == "sector" else "", "area": key if by == "area" else ""}


def _hidden(rows: Mapping[str, Mapping[str, Figure]], name: str) -> set[str]:
    return held_back({key: row[name].base for key, row in rows.items()})


@dataclass(frozen=True)
class GapLine:
    """One line of the gap: what was asked, completed and missing, for one reason; held back where it is of few."""

    reason: str
    raises: int | str
    asked: Money | str
    completed: Money | str
    missing: Money | str


def gap_tables(
    facts: Facts, period: Period, *, is_outside: bool
) -> list[tuple[str, str, list[GapLine], GapLine]]:
    """For each instrument: its words, the gap by reason and in all. What is missing is always asked less completed."""
    found = []
    for form in FORMS:
        rows = gaps(facts, period, form=form)
        if rows:
            of = [each for each in ended(facts, period) if each.instrument == form]
            whole = Gap(
                "",
                len(of),
                total_of(each.asked for each in rows),
                total_of(each.completed for each in rows),
            )
            hidden = held_back({each.reason: each.raises for each in rows}) if is_outside else set()
            total = _gap(whole, is_hidden=is_outside and bool(held_back({"": whole.raises})))
            found.append(
                (
                    form,
                    INSTRUMENTS[form],
                    [_gap(each, is_hidden=each.reason in hidden) for each in rows],
                    total,
                )
            )
    return found


def _gap(found: Gap, *, is_hidden: bool) -> GapLine:
    if is_hidden:
        return GapLine(found.reason, HIDDEN, HIDDEN, HIDDEN, HIDDEN)
    return GapLine(found.reason, found.raises, found.asked, found.completed, found.missing)


def every_cell(
    facts: Facts, period: Period, *, is_outside: bool, reasons: Mapping[str, str]
) -> list[list[Any]]:
    """All that the page shows, as rows of a file: for what, which figure, how much, its unit, of how many, what it means."""
    rows = cells_of(figures(facts, period), is_outside=is_outside)
    for by in BY:
        for line in lines(facts, period, by=by, is_outside=is_outside):
            rows += [
                [
                    line.words,
                    BY_KEY[name].words,
                    value,
                    UNITS.get(BY_KEY[name].kind, ""),
                    "",
                    BY_KEY[name].meaning,
                ]
                for name, _, value in line.cells
            ]
    for _, words, gap_lines, total in gap_tables(facts, period, is_outside=is_outside):
        rows += [
            cells for each in gap_lines for cells in _gap_cells(words, reasons.get(each.reason, MET), each)
        ]
        rows += _gap_cells(words, ALL_REASONS, total)
    if not is_outside:
        rows.append([ALL, REVERSED_WORDS, len(reversed_since(facts, period)), "", "", ""])
        rows.append([ALL, LEFT_OUT_WORDS, len(left_out(facts, period)), "", "", ""])
    return rows


def _gap_cells(instrument: str, reason: str, found: GapLine) -> list[list[Any]]:
    values = (found.raises, found.asked, found.completed, found.missing)
    told = zip(GAP_WORDS, values, ("", POUNDS, POUNDS, POUNDS), strict=True)
    return [[f"{instrument}: {reason}", words, value, unit, "", ""] for words, value, unit in told]


def cells_of(shown: Sequence[Figure], *, is_outside: bool) -> list[list[Any]]:
    """The figures of the whole network as rows of a file."""
    return [
        [
            ALL,
            each.measure.words,
            HIDDEN if is_outside and not each.can_be_told else in_a_file(each),
            UNITS.get(each.measure.kind, ""),
            _of_whole(each, is_outside),
            each.measure.meaning,
        ]
        for each in shown
    ]


def _of_whole(figure: Figure, is_outside: bool) -> str:
    if not figure.measure.of or (is_outside and not figure.can_be_told):
        return ""
    return f"{figure.count} of {figure.whole}"
