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
    Measure,
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
NO_FIGURE = "No figure: there was nothing to count"
IN_ALL, BY_REASON, TOTAL = "In all", "By reason", ", in all"
"""How a file tells a figure in all from its parts."""
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
    """A figure as a sheet can add it up, its unit in a column of its own: sums, counts, days, and shares in percent.

    None where there is no figure.
    """
    value = figure.value
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
    facts: Facts, period: Period, *, is_outside: bool, reasons: Mapping[str, str], whole: str = ALL
) -> list[list[Any]]:
    """All that the page shows, as rows of a file: for what, in all or by what, which figure, how much, its unit, of how many, a
    note and what it means. ``whole`` is what the figures in all are of: the network, or the part of it that was asked for.
    """
    rows = cells_of(figures(facts, period), is_outside=is_outside, whole=whole)
    for by in BY:
        for line in lines(facts, period, by=by, is_outside=is_outside):
            rows += [_row(line.words, HEADINGS[by], BY_KEY[name], value) for name, _, value in line.cells]
    for _, words, gap_lines, total in gap_tables(facts, period, is_outside=is_outside):
        for each in gap_lines:
            rows += _gap_cells(f"{words}: {reasons.get(each.reason, MET)}", each)
        rows += _gap_cells(f"{words}: {ALL_REASONS}", total, is_total=True)
    if not is_outside:
        for name, found in ((REVERSED_WORDS, reversed_since), (LEFT_OUT_WORDS, left_out)):
            rows.append([whole, IN_ALL, name, len(found(facts, period)), "", "", "", ""])
    return rows


def _row(of: str, breakdown: str, measure: Measure, value: Any, *, base: str = "") -> list[Any]:
    """One figure as a row. Where there is none its cell is empty, and the note says so."""
    note = NO_FIGURE if value is None else ""
    return [of, breakdown, measure.words, value, UNITS.get(measure.kind, ""), base, note, measure.meaning]


def _gap_cells(of: str, found: GapLine, *, is_total: bool = False) -> list[list[Any]]:
    """What was asked and completed, for one reason or in all: a sum over all reasons is called another thing than its parts."""
    values = (found.raises, found.asked, found.completed, found.missing)
    told = zip(GAP_WORDS, values, ("", POUNDS, POUNDS, POUNDS), strict=True)
    breakdown, more = (IN_ALL, TOTAL) if is_total else (BY_REASON, "")
    return [[of, breakdown, f"{words}{more}", value, unit, "", "", ""] for words, value, unit in told]


def cells_of(shown: Sequence[Figure], *, is_outside: bool, whole: str = ALL) -> list[list[Any]]:
    """The figures of the whole network, or of the part that was asked for, as rows of a file."""
    return [
        _row(
            whole,
            IN_ALL,
            each.measure,
            HIDDEN if is_outside and not each.can_be_told else in_a_file(each),
            base=_of_whole(each, is_outside),
        )
        for each in shown
    ]


def _of_whole(figure: Figure, is_outside: bool) -> str:
    if not figure.measure.of or (is_outside and not figure.can_be_told):
        return ""
    return f"{figure.count} of {figure.whole}"
