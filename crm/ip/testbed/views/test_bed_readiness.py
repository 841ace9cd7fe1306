"""How ready the businesses of a project were before it, and are now."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.diagnostics.queries.readiness import finished_by
from crm.diagnostics.rules.readiness import IP
from crm.diagnostics.rules.scoring import in_words
from crm.ip.testbed.models import Project
from crm.ip.testbed.policy import POLICY
from crm.ip.testbed.queries import joining, seeing
from crm.ip.testbed.rules.comparing import Pair, moved, pair_of
from crm.ip.testbed.workflow import Act, PartStatus
from crm.kernel.permissions import Actor, Audience
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("test_bed_readiness", __name__)
permit = permits(POLICY)


@blueprint.get("/test-bed/<uuid:project_id>/readiness")
@permit(Act.VIEW_PROJECT, audience=Audience.INTERNAL, load=seeing.project)
def readiness(found: Project) -> ResponseReturnValue:
    """The IP readiness of each business of a project before it joined and now."""
    rows = _pairs(found, current_actor())
    return render_template(
        "ip/testbed/readiness.html", project=found, rows=rows, moved=moved(rows), in_words=in_words
    )


def _pairs(found: Project, actor: Actor) -> list[Pair]:
    """The businesses that take part and that this person sees, each with its results."""
    parts = [each for each in joining.parts_in(found.id) if each.status is PartStatus.TAKING_PART]
    seen = [each for each in parts if POLICY.allows(actor, Act.VIEW, each)]
    checks = finished_by([each.business_id for each in seen], IP, by=actor)
    return [pair_of(part, [each for each in checks if each.business_id == part.business_id]) for part in seen]
