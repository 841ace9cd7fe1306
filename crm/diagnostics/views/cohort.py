"""How all the businesses stand that an adviser, or the test-bed, works with."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.diagnostics.policy import POLICY
from crm.diagnostics.queries import readiness as queries
from crm.diagnostics.queries import results
from crm.diagnostics.workflow import Act
from crm.kernel.permissions import Audience
from crm.web.filtering import chosen as chosen_filter
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("readiness_cohort", __name__)
permit = permits(POLICY)


@blueprint.get("/readiness/cohort")
@permit(Act.VIEW_COHORT, audience=Audience.INTERNAL)
def cohort() -> ResponseReturnValue:
    """Results of one set over all the businesses that this person may see, each at its latest assessment."""
    sets = queries.published_sets()
    asked = chosen_filter("set", {each.name for each in sets})
    chosen = next((each for each in sets if each.name == asked), sets[0] if sets else None)
    shown = results.cohort_shown(current_actor(), chosen) if chosen is not None else {"cohort": None}
    return render_template("diagnostics/cohort.html", sets=sets, chosen=chosen, **shown)
