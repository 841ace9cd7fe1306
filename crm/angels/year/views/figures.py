"""The network's figures by period, sub-sector and area: each opens its rows for staff; small ones are held back for others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.angels.investors.rules.labels import INSTRUMENTS
from crm.angels.pitches.rules.labels import BARRIERS
from crm.angels.year.papers import FIGURES_HEAD
from crm.angels.year.policy import POLICY, is_outside
from crm.angels.year.queries.facts import facts
from crm.angels.year.rules.facts import (
    DealFact,
    Facts,
    Period,
    PlaceFact,
    PledgeFact,
    RaiseFact,
    SyndicateFact,
    periods,
    whole_years,
)
from crm.angels.year.rules.measures import BY_KEY, MEASURES, ended, left_out, reversed_since
from crm.angels.year.rules.showing import (
    ALL,
    BY,
    COLUMNS,
    FORMS,
    HEADINGS,
    LEFT_OUT_WORDS,
    NOTHING,
    REVERSED_WORDS,
    every_cell,
    gap_tables,
    lines,
    told,
)
from crm.angels.year.rules.showing import (
    figures as all_figures,
)
from crm.angels.year.workflow import Act
from crm.businesses.service.extracting import noting
from crm.evidence.rules import UNMET_REASONS
from crm.kernel.clock import today
from crm.kernel.permissions import Audience
from crm.kernel.small_numbers import HIDDEN
from crm.web.extracts import csv_response
from crm.web.filtering import chosen
from crm.web.identity import current_actor
from crm.web.paging import numbered
from crm.web.permit import permits
from crm.web.transaction import after

blueprint = Blueprint("network_figures", __name__)
permit = permits(POLICY)
ROWS = 50
REASONS = UNMET_REASONS | BARRIERS
GAP, REVERSED, LEFT_OUT = "ended", "reversed", "left_out"
"""Rows opened from beside the measures: raises that ended, investments reversed since, and raises that no figure counts."""
OTHERS: Mapping[str, tuple[Callable[[Facts, Period], list[Any]], str]] = {
    REVERSED: (reversed_since, REVERSED_WORDS),
    LEFT_OUT: (left_out, LEFT_OUT_WORDS),
}


@dataclass(frozen=True)
class Asked:
    """What the address asks for: people outside choose a whole year, and nothing that two figures could be told apart by."""

    period: Period
    sector: str = ""
    area: str = ""
    offered: tuple[Period, ...] = ()

    @property
    def filters(self) -> dict[str, Any]:
        """As the address has it."""
        found = {"period": self.period.key, "sector": self.sector, "area": self.area}
        return {name: value for name, value in found.items() if value}

    @property
    def words(self) -> str:
        """What is shown, in words."""
        return ", ".join(each for each in (self.period.words, self.part) if each)

    @property
    def part(self) -> str:
        """The part of the network that is asked for, in words; empty where it is all of it."""
        parts = (BY["sector"].get(self.sector, ""), BY["area"].get(self.area, ""))
        return ", ".join(each for each in parts if each)

    def of(self, found: Facts) -> Facts:
        """Just the facts that are asked for."""
        return found.of(self.sector, self.area)


def _asked() -> Asked:
    outside = is_outside(current_actor())
    offered = whole_years(today()) if outside else periods(today())
    known = {each.key: each for each in offered}
    period = known[chosen("period", set(known), default=offered[0].key)]
    if outside:
        return Asked(period, offered=offered)
    return Asked(period, chosen("sector", set(BY["sector"])), chosen("area", set(BY["area"])), offered)


@blueprint.get("/angels/figures")
@permit(Act.VIEW_FIGURES, audience=Audience.INTERNAL)
def figures() -> ResponseReturnValue:
    """Every figure of a period with its definition; the same by sub-sector and area; what was asked for and not found."""
    asked, outside = _asked(), is_outside(current_actor())
    found = asked.of(facts())
    shown: dict[str, Any] = {"asked": asked, "is_outside": outside, "told": told, "hidden": HIDDEN}
    shown["nothing"] = NOTHING
    shown |= {"figures": all_figures(found, asked.period), "names": BY, "headings": HEADINGS}
    shown["tables"] = {by: lines(found, asked.period, by=by, is_outside=outside) for by in BY}
    shown["columns"] = [(name, BY_KEY[name].words) for name in COLUMNS]
    shown["gaps"] = gap_tables(found, asked.period, is_outside=outside)
    shown["reversed"] = () if outside else reversed_since(found, asked.period)
    shown["left_out"] = () if outside else left_out(found, asked.period)
    return render_template("angels/year/figures.html", reasons=REASONS, **shown)


@blueprint.get("/angels/figures.csv")
@permit(
    Act.EXTRACT_FIGURES,
    audience=Audience.INTERNAL,
    leaves_trace="who downloaded the network's figures, and for which period",
)
def extract() -> ResponseReturnValue:
    """The same figures as a file, held back as on the page; who downloaded it is recorded."""
    asked, actor = _asked(), current_actor()
    outside = is_outside(actor)
    shown: dict[str, Any] = {"is_outside": outside, "reasons": REASONS, "whole": asked.part or ALL}
    rows = every_cell(asked.of(facts()), asked.period, **shown)
    after(noting(Act.EXTRACT_FIGURES, {k: [v] for k, v in asked.filters.items()}, rows=len(rows), by=actor))
    return csv_response(
        "network-figures.csv", FIGURES_HEAD, rows=[[asked.period.words, *each] for each in rows]
    )


@blueprint.get("/angels/figures/rows")
@permit(Act.OPEN_FIGURES, audience=Audience.INTERNAL)
def rows() -> ResponseReturnValue:
    """What one figure counts."""
    asked = _asked()
    key = chosen("measure", {*BY_KEY, GAP, REVERSED, LEFT_OUT}, default=MEASURES[0].key)
    found, words = _rows_of(key, asked)
    shown: dict[str, Any] = {"words": words, "meaning": BY_KEY[key].meaning if key in BY_KEY else ""}
    return render_template("angels/year/rows.html", asked=asked, **_listed(found), **shown)


def _listed(found: list[Any]) -> dict[str, Any]:
    """One page of the rows, how many there are, and the words of their codes."""
    shown: dict[str, Any] = {"page": numbered(found, size=ROWS), "count": len(found), "kind": _kind(found)}
    return shown | {"instruments": INSTRUMENTS, "reasons": REASONS}


def _rows_of(key: str, asked: Asked) -> tuple[list[Any], str]:
    """The rows of a measure, and what they are called."""
    found = asked.of(facts())
    if key in OTHERS:
        which, words = OTHERS[key]
        return which(found, asked.period), words
    if key in BY_KEY:
        return list(BY_KEY[key].rows(found, asked.period)), BY_KEY[key].words
    form, reason = chosen("form", set(FORMS)), chosen("reason", {*REASONS, "met"})
    rows = [each for each in ended(found, asked.period) if form in ("", each.instrument)]
    if reason:
        rows = [each for each in rows if (each.unmet_for or "met") == reason]
    return rows, "Raises that ended"


def _kind(found: list[Any]) -> str:
    """What the rows are: deals, pledges, raises, syndicates, places in them, or statements."""
    kinds = {DealFact: "deals", PledgeFact: "pledges", RaiseFact: "raises"}
    kinds |= {SyndicateFact: "syndicates", PlaceFact: "places"}
    return kinds.get(type(found[0]), "signed") if found else ""
