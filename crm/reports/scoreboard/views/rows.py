"""The rows behind a number, with who says so; and what is missing, stale or overdue, as lists of work."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from crm.businesses.service.extracting import noting
from crm.db.counting import DATA, Measure
from crm.kernel.clock import today
from crm.kernel.permissions import Actor, Audience
from crm.reports.scoreboard.papers import ROWS_HEAD, cells_of
from crm.reports.scoreboard.policy import POLICY, who_opens, whose_numbers
from crm.reports.scoreboard.queries import rows as queries
from crm.reports.scoreboard.queries.rows import PAGE, Behind, Row
from crm.reports.scoreboard.rules.lines import TITLES
from crm.reports.scoreboard.rules.periods import Period, until
from crm.reports.scoreboard.rules.showing import ADDS_UP, said, value_of
from crm.reports.scoreboard.views.asking import Asked, asked, measure, measures
from crm.reports.scoreboard.workflow import Act
from crm.web.extracts import csv_response
from crm.web.identity import current_actor
from crm.web.landmarks import address_of_row
from crm.web.paging import place_in, placed
from crm.web.permit import open_address, permits
from crm.web.transaction import after

blueprint = Blueprint("measure_rows", __name__)
permit = permits(POLICY)


def _period(found: Measure, wanted: Asked) -> Period:
    """What waits to be put right has no period: everything up to today."""
    return until(today()) if found.line == DATA else wanted.period


def _behind(found: Measure) -> tuple[Behind, Asked]:
    wanted = asked()
    if wanted.is_refused:
        abort(404)
    return Behind(found, _period(found, wanted), wanted.wanted), wanted


@blueprint.get("/reports/measures/<string:measure_key>/rows")
@permit(Act.OPEN_ROWS, audience=Audience.INTERNAL, load=measure)
def rows(found: Measure) -> ResponseReturnValue:
    """The rows behind the number, as far as this person may see them."""
    (behind, wanted), actor = _behind(found), current_actor()
    tally, seen = queries.count(behind, actor)
    at = place_in(seen, size=PAGE)
    listed = [(each, _address(found, each, actor=actor)) for each in queries.page(behind, actor, number=at)]
    shown = {"measure": found, "asked": wanted, "period": behind.period, "count": tally.count, "seen": seen}
    shown |= {"page": placed(listed, at=at, count=seen, size=PAGE), "is_data": found.line == DATA}
    shown |= {"value": said(found, value_of(found, tally)), "adds_up": found.kind in ADDS_UP, "said": said}
    shown["whose"] = whose_numbers(actor, hub=wanted.wanted.hub) if seen < tally.count else ""
    shown["who_opens"] = who_opens(found)
    return render_template("reports/scoreboard/rows.html", title=TITLES[found.line], **shown)


def _address(found: Measure, row: Row, *, actor: Actor) -> str:
    """The page of a row, where this person can open it."""
    if row.sees_row or (row.sees_business and found.opens_with_business):
        return address_of_row(found.table, row.id)
    own = open_address(found.table, row.id, to=actor) if actor.has(*found.readers) else ""
    return own or found.public_at.format(id=row.id)


@blueprint.get("/reports/measures/<string:measure_key>/rows.csv")
@permit(
    Act.EXTRACT,
    audience=Audience.INTERNAL,
    load=measure,
    leaves_trace="who downloaded the rows behind a number, and how many",
)
def rows_csv(found: Measure) -> ResponseReturnValue:
    """The same rows as a file; who downloaded it is recorded."""
    (behind, wanted), actor = _behind(found), current_actor()
    _, seen = queries.count(behind, actor)
    filters = {"measure": [found.words], "period": [wanted.period.words]}
    filters |= {"narrowed_to": [wanted.words]} if wanted.words else {}
    after(noting(Act.EXTRACT, filters, rows=seen, by=actor))
    cells = (cells_of(found, each) for each in queries.every(behind, actor))
    return csv_response(f"{found.key.replace('_', '-')}.csv", ROWS_HEAD, rows=cells)


@blueprint.get("/reports/data-quality")
@permit(Act.VIEW_QUALITY, audience=Audience.INTERNAL)
def data_quality() -> ResponseReturnValue:
    """What is missing, stale or overdue, each as a list of work with its owners."""
    wanted, actor, ever = asked(), current_actor(), until(today())
    found: list[Any] = []
    for each in (one for one in measures().values() if one.line == DATA):
        tally, seen = queries.count(Behind(each, ever, wanted.wanted), actor)
        found.append((each, tally.count, seen))
    return render_template("reports/scoreboard/data_quality.html", found=found, asked=wanted)
