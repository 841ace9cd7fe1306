"""How all the businesses stand that an adviser, or the test-bed, works with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.businesses.policy import whose
from crm.businesses.service.extracting import noting
from crm.diagnostics.models import ReadinessSet
from crm.diagnostics.papers import COHORT_HEAD, cohort_rows
from crm.diagnostics.policy import BEGINNERS, POLICY
from crm.diagnostics.queries import readiness as queries
from crm.diagnostics.queries import results
from crm.diagnostics.workflow import Act
from crm.kernel.permissions import Actor, Audience
from crm.web.extracts import csv_response
from crm.web.filtering import chosen as chosen_filter
from crm.web.identity import current_actor
from crm.web.permit import permits
from crm.web.transaction import after

blueprint = Blueprint("readiness_cohort", __name__)
permit = permits(POLICY)


@blueprint.get("/readiness/cohort")
@permit(Act.VIEW_COHORT, audience=Audience.INTERNAL)
def cohort() -> ResponseReturnValue:
    """Results of one set over all the businesses that this person may see, each at its latest assessment."""
    actor = current_actor()
    sets, chosen = _chosen(actor)
    shown: dict[str, Any] = results.cohort_shown(actor, chosen) if chosen is not None else {"cohort": None}
    shown |= {"can_begin": actor.has(*BEGINNERS), "whose": whose(actor)}
    return render_template("diagnostics/cohort.html", sets=sets, chosen=chosen, **shown)


def _chosen(actor: Actor) -> tuple[Sequence[ReadinessSet], ReadinessSet | None]:
    """The sets whose results this person can see, and the one that the address chooses."""
    sets = queries.shown_sets(actor)
    asked = chosen_filter("set", {each.name for each in sets})
    return sets, next((each for each in sets if each.name == asked), sets[0] if sets else None)


@blueprint.get("/readiness/cohort.csv")
@permit(
    Act.EXTRACT_READINESS,
    audience=Audience.INTERNAL,
    leaves_trace="who downloaded which results, and how many",
)
def extract_cohort() -> ResponseReturnValue:
    """The figures of the page across businesses as a file."""
    actor = current_actor()
    _, chosen = _chosen(actor)
    rows = cohort_rows(results.cohort_shown(actor, chosen)) if chosen is not None else []
    given = {name: values for name, values in request.args.lists() if name == "set"}
    after(noting(Act.EXTRACT_READINESS, given, rows=len(rows), by=actor))
    name = f"{chosen.name}-across-businesses.csv".replace("_", "-") if chosen else "readiness.csv"
    return csv_response(name, COHORT_HEAD, rows=rows)
