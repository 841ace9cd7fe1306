"""The scoreboard: each line of Action 6 with its measures, what they came to, and how that stands to before and to a target."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial

from crm.db.counting import Measure
from crm.figures.queries import NoFigure, figure_on
from crm.kernel.permissions import Actor
from crm.kernel.small_numbers import HIDDEN
from crm.reports.scoreboard.policy import is_outside, opens_some
from crm.reports.scoreboard.queries.counting import Key
from crm.reports.scoreboard.queries.summaries import read
from crm.reports.scoreboard.rules.lines import LINES, Line
from crm.reports.scoreboard.rules.periods import Period, before, until
from crm.reports.scoreboard.rules.showing import Tally, Wanted, change, said, told, towards, value_of


@dataclass(frozen=True)
class BoardRow:
    """One measure as the scoreboard has it; ``opens`` is whether its number leads to its rows."""

    measure: Measure
    tally: Tally
    value: str
    change: str
    target: str
    opens: bool


def board(
    measures: Collection[Measure], period: Period, *, wanted: Wanted, actor: Actor
) -> list[tuple[Line, list[BoardRow]]]:
    """The lines of these measures, each with its rows. People outside are told no small number, and no change."""
    outside = is_outside(actor)
    pairs = [(each, one) for each in measures for one in (period, before(period))]
    pairs += [(each, until(period.last)) for each in measures if each.is_target_of_all]
    found = read(pairs, wanted)
    make = _told if outside else partial(_row, actor=actor)
    return [
        (line, [make(each, found, period=period) for each in measures if each.line == line.key])
        for line in LINES
    ]


def _row(measure: Measure, found: Mapping[Key, Tally], *, period: Period, actor: Actor) -> BoardRow:
    tally, earlier = found[(measure.key, *period.days)], found[(measure.key, *before(period).days)]
    value = value_of(measure, tally)
    changed = change(measure, value, earlier=value_of(measure, earlier))
    target = _target(measure, found, period=period)
    opens = bool(tally.count) and opens_some(actor, measure)
    return BoardRow(measure, tally, said(measure, value), changed, target, opens)


def _told(measure: Measure, found: Mapping[Key, Tally], *, period: Period) -> BoardRow:
    tally = found[(measure.key, *period.days)]
    value = told(measure, tally, whole=found.get((measure.within, *period.days)))
    target = "" if value == HIDDEN or measure.is_target_of_all else _target(measure, found, period=period)
    return BoardRow(measure, tally, value, "", target, opens=False)


def _target(measure: Measure, found: Mapping[Key, Tally], *, period: Period) -> str:
    """How much of its target a measure reached: most are of a financial year, some of all years together."""
    if not measure.target or not (period.key.isdigit() or measure.is_target_of_all):
        return ""
    days = until(period.last).days if measure.is_target_of_all else period.days
    try:
        goal = figure_on(measure.target, on=period.first)
    except NoFigure:
        return ""
    return towards(measure, value_of(measure, found[(measure.key, *days)]), target=goal)
