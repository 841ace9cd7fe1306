"""The ranking of a round, each number of which opens its parts; and the same rows as a file."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.businesses.service.extracting import noting
from crm.kernel.money import Money
from crm.kernel.permissions import Audience
from crm.programme.applications.queries.querying import queried_in
from crm.programme.assessing.papers import RANKING_HEAD, ranking_cells
from crm.programme.assessing.policy import POLICY
from crm.programme.assessing.queries.assessments import MOST_RANKED
from crm.programme.assessing.queries.totals import RankedApplication, ranking
from crm.programme.assessing.queries.waiting import applications_to_close
from crm.programme.assessing.workflow import Act
from crm.programme.rounds.models import Round
from crm.programme.rounds.queries import round_
from crm.programme.rounds.rules import labels
from crm.programme.rounds.rules.weights import shown
from crm.web.extracts import csv_response
from crm.web.identity import current_actor
from crm.web.paging import numbered
from crm.web.permit import permits
from crm.web.transaction import after

blueprint = Blueprint("ranking", __name__)
permit = permits(POLICY)
ON_A_PAGE = 100
TAKEN_OUT = "who took which ranking out, and how many rows"


@blueprint.get("/programme/rounds/<uuid:round_id>/ranking")
@permit(Act.VIEW_RANKING, audience=Audience.INTERNAL, load=round_)
def round_ranking(found: Round) -> ResponseReturnValue:
    """In order, with what each asks for and what keeps it from being chosen."""
    rows = ranking(found)
    shown_: dict[str, Any] = {"count": len(rows), "asked": _asked(rows)}
    shown_ |= {"with_total": any(each.place.rank is not None for each in rows)}
    shown_["ready"] = {each.id for each in applications_to_close(found.id, most=MOST_RANKED)}
    shown_["queried"] = queried_in(found.id)
    shown_ |= {"labels": labels, "shown": shown, "page": numbered(rows, size=ON_A_PAGE)}
    return render_template("programme/assessing/round_ranking.html", round=found, **shown_)


def _asked(rows: list[RankedApplication]) -> Money:
    """What all of them ask for together."""
    return Money(sum(each.asked_for.pence for each in rows if each.asked_for is not None))


@blueprint.get("/programme/rounds/<uuid:round_id>/ranking.csv")
@permit(Act.EXTRACT, audience=Audience.INTERNAL, load=round_, leaves_trace=TAKEN_OUT)
def extract(found: Round) -> ResponseReturnValue:
    """The rows of the ranking as a file; who took it out is kept."""
    rows = [ranking_cells(each) for each in ranking(found)]
    after(noting(Act.EXTRACT, {"round": [found.name]}, rows=len(rows), by=current_actor()))
    return csv_response("ranking.csv", RANKING_HEAD, rows=rows)
