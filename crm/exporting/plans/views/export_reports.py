"""What stood in the way of exporting, and who went to which market: reports whose numbers open their rows."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.businesses.service.extracting import noting
from crm.exporting.plans import queries
from crm.exporting.plans.papers import BARRIERS_HEAD, VISITS_HEAD, barrier_cells, visit_cells
from crm.exporting.plans.policy import POLICY
from crm.exporting.plans.queries import BarriersWanted, VisitsWanted
from crm.exporting.plans.rules import labels
from crm.exporting.plans.rules.reporting import barriers_by_kind, visit_state, visits_by_market
from crm.exporting.plans.workflow import Act
from crm.kernel.permissions import Audience
from crm.web.extracts import csv_response
from crm.web.filtering import chosen, chosen_id
from crm.web.identity import current_actor
from crm.web.paging import numbered
from crm.web.permit import permits
from crm.web.transaction import after

blueprint = Blueprint("export_reports", __name__)
permit = permits(POLICY)
ROWS = 50


def _barriers_wanted() -> BarriersWanted:
    return BarriersWanted(chosen("kind", labels.BARRIERS), chosen("state", labels.BARRIER_STATES))


def _visits_wanted() -> VisitsWanted:
    return VisitsWanted(chosen_id("market"), chosen("status", labels.VISIT_STATES))


@blueprint.get("/export-plans/barriers")
@permit(Act.LIST, audience=Audience.INTERNAL)
def barriers() -> ResponseReturnValue:
    """The barriers to exporting by kind, in the way now and removed, with the rows behind each number."""
    wanted, actor = _barriers_wanted(), current_actor()
    every = queries.barriers_met(BarriersWanted(), actor)
    rows = queries.barriers_met(wanted, actor) if wanted != BarriersWanted() else every
    sent = {name: value for name, value in vars(wanted).items() if value}
    told = [labels.BARRIERS.get(wanted.kind, ""), labels.BARRIER_STATES.get(wanted.state, "")]
    shown: dict[str, Any] = {"labels": labels, "told": ", ".join(filter(None, told)), "count": len(rows)}
    shown |= {"kinds": barriers_by_kind(every), "businesses": len({each.business_id for each in every})}
    shown |= {"every": len(every), "csv": url_for("export_reports.extract_barriers", **sent)}
    return render_template("exporting/plans/barriers.html", page=numbered(rows, size=ROWS), **shown)


@blueprint.get("/export-plans/barriers.csv")
@permit(
    Act.EXTRACT, audience=Audience.INTERNAL, leaves_trace="who downloaded the barriers, and how many rows"
)
def extract_barriers() -> ResponseReturnValue:
    """The same rows as a file; who downloaded it is recorded."""
    wanted, actor = _barriers_wanted(), current_actor()
    rows = [barrier_cells(each) for each in queries.barriers_met(wanted, actor)]
    filters = {name: [value] for name, value in vars(wanted).items()}
    after(noting(Act.EXTRACT, filters, rows=len(rows), by=actor))
    return csv_response("export-barriers.csv", BARRIERS_HEAD, rows=rows)


@blueprint.get("/export-plans/visits")
@permit(Act.LIST, audience=Audience.INTERNAL)
def visits() -> ResponseReturnValue:
    """Who goes to which market by itself and who went, by market, with the rows behind each number."""
    wanted, actor = _visits_wanted(), current_actor()
    every = queries.visits_made(VisitsWanted(), actor)
    rows = queries.visits_made(wanted, actor) if wanted != VisitsWanted() else every
    markets = visits_by_market(every)
    name = next((name for market_id, name, _ in markets if market_id == wanted.market_id), "")
    told = ", ".join(filter(None, (name, labels.VISIT_STATES.get(wanted.status, ""))))
    shown: dict[str, Any] = {"labels": labels, "told": told, "count": len(rows), "markets": markets}
    shown |= {"every": len(every), "csv": _visits_file(wanted), "visit_state": visit_state}
    return render_template("exporting/plans/visits.html", page=numbered(rows, size=ROWS), **shown)


def _visits_file(wanted: VisitsWanted) -> str:
    return url_for("export_reports.extract_visits", market=wanted.market_id, status=wanted.status or None)


@blueprint.get("/export-plans/visits.csv")
@permit(Act.EXTRACT, audience=Audience.INTERNAL, leaves_trace="who downloaded the visits, and how many rows")
def extract_visits() -> ResponseReturnValue:
    """The same rows as a file; who downloaded it is recorded."""
    wanted, actor = _visits_wanted(), current_actor()
    rows = [visit_cells(each) for each in queries.visits_made(wanted, actor)]
    filters = {"market": [str(wanted.market_id or "")], "status": [wanted.status]}
    after(noting(Act.EXTRACT, filters, rows=len(rows), by=actor))
    return csv_response("market-visits.csv", VISITS_HEAD, rows=rows)
