"""One measure: its definition, its trend, and the parts that its number divides into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.db.counting import DATA, Measure
from crm.kernel.clock import today
from crm.kernel.folding import folded
from crm.kernel.permissions import Audience
from crm.kernel.small_numbers import HIDDEN
from crm.programme.outcomes.rules.trends import drawn
from crm.reports.scoreboard.policy import POLICY, is_outside, opens_some, who_opens, whose_numbers
from crm.reports.scoreboard.queries.counting import Part, by_part
from crm.reports.scoreboard.queries.summaries import split
from crm.reports.scoreboard.queries.summaries import trend as counted_in
from crm.reports.scoreboard.rules.lines import TITLES
from crm.reports.scoreboard.rules.periods import Period, quarters
from crm.reports.scoreboard.rules.showing import (
    BY,
    CONFIDENCE,
    NONE,
    NOT_RECORDED,
    SECTORS,
    SIZES,
    SIZES_SOURCE,
    Tally,
    lines_told,
    said,
    summed,
    told,
    value_of,
)
from crm.reports.scoreboard.views.asking import Asked, asked, dict_of, measure, measures, periods_for
from crm.reports.scoreboard.workflow import Act
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("measures", __name__)
permit = permits(POLICY)


@blueprint.get("/reports/measures/<string:measure_key>")
@permit(Act.VIEW_MEASURE, audience=Audience.INTERNAL, load=measure)
def one_measure(found: Measure) -> ResponseReturnValue:
    """What a measure means, how it went, and how it divides."""
    wanted, outside = asked(), is_outside(current_actor())
    divided = {} if found.line == DATA else split(found, wanted.period, wanted=wanted.wanted)
    (total,) = _said(found, [summed(divided.values())], wanted=wanted, periods=[wanted.period])
    shown: dict[str, Any] = {"measure": found, "asked": wanted, "is_outside": outside, "total": total}
    shown["trend"] = None if found.line == DATA else _trend(found, wanted)
    shown["whose"] = whose_numbers(current_actor(), hub=wanted.wanted.hub)
    tables = _tables(found, total, outside=outside)
    shown["tables"] = {name: _table(found, divided, wanted=wanted, by=name) for name in tables}
    page = render_template("reports/scoreboard/one_measure.html", **shown, **_around(found))
    return page, 422 if wanted.is_refused else 200


def _around(found: Measure) -> dict[str, Any]:
    """What the page says around the numbers, and whether they lead anywhere for this reader."""
    opens = opens_some(current_actor(), found)
    told = {"confidence": CONFIDENCE[found.confidence], "sizes_source": SIZES_SOURCE, "headings": BY}
    return (
        told
        | {"title": TITLES[found.line], "hidden": HIDDEN, "opens": opens}
        | {"who_opens": "" if opens or is_outside(current_actor()) else who_opens(found)}
    )


def _said(found: Measure, tallies: Sequence[Tally], *, wanted: Asked, periods: Sequence[Period]) -> list[str]:
    """The numbers of some periods; for people outside, held back where few are behind them or left of a larger measure."""
    if not is_outside(current_actor()):
        return [said(found, value_of(found, each)) for each in tallies]
    larger = measures().get(found.within)
    wholes = counted_in(larger, periods, wanted=wanted.wanted) if larger else [None] * len(tallies)
    return [told(found, each, whole=whole) for each, whole in zip(tallies, wholes, strict=True)]


def _tables(found: Measure, total: str, *, outside: bool) -> list[str]:
    """In which ways a number is divided. A hub is made of local authorities, and a part of a larger measure leaves a rest: people
    outside could tell small numbers from two such tables.
    """
    if outside and (found.within or total == HIDDEN):
        return []
    return [name for name in BY if not (outside and name == "hub")]


def _trend(found: Measure, wanted: Asked) -> dict[str, Any]:
    """The numbers of the last quarters, the oldest first; for people outside, of the years that they are told of."""
    actor = current_actor()
    periods = tuple(reversed(periods_for(actor) if is_outside(actor) else quarters(today())))
    tallies = counted_in(found, periods, wanted=wanted.wanted)
    words = _said(found, tallies, wanted=wanted, periods=periods)
    values = [
        None if word == HIDDEN else value_of(found, each) for word, each in zip(words, tallies, strict=True)
    ]
    picture = drawn(values)
    where = [dict_of(each) | wanted.wanted.filters for each in periods]
    rows = list(zip([each.words for each in periods], words, where, strict=True))
    return {"picture": picture, "rows": rows, "top": said(found, int(picture.top))}


def _table(found: Measure, divided: Mapping[Part, Tally], *, wanted: Asked, by: str) -> list[dict[str, Any]]:
    """One way in which a number divides: each line with its words, its number and where it leads."""
    lines = by_part(divided, tuple(BY).index(by))
    held = lines_told(lines) if is_outside(current_actor()) else set()
    names = {"hub": wanted.hubs, "sector": SECTORS, "size": SIZES}.get(by, {})
    words = {key: names.get(key, key) if key else NOT_RECORDED[by] for key in lines}
    values = {
        key: HIDDEN if key in held else said(found, value_of(found, each)) for key, each in lines.items()
    }
    ordered = sorted(lines, key=lambda key: folded(words[key]))
    where = {key: wanted.filters | {by: key or NONE} for key in lines}
    return [{"words": words[key], "value": values[key], "filters": where[key]} for key in ordered]
