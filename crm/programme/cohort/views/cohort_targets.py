"""What a cohort is balanced by: targets that are fixed before the round opens."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.kernel.permissions import Audience
from crm.programme.cohort.forms.confirming import TargetForm
from crm.programme.cohort.models import Cohort, CohortTarget
from crm.programme.cohort.policy import POLICY
from crm.programme.cohort.queries import cohorts as queries
from crm.programme.cohort.queries.drafts import aims_of
from crm.programme.cohort.service import beginning as service
from crm.programme.cohort.workflow import Act
from crm.web.forms import answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import open_acts, permits

blueprint = Blueprint("cohort_targets", __name__)
permit = permits(POLICY)


@blueprint.get("/cohorts/<uuid:cohort_id>/targets")
@permit(Act.VIEW, audience=Audience.INTERNAL, load=queries.cohort)
def targets(found: Cohort) -> ResponseReturnValue:
    """The targets of a cohort."""
    return _targets_page(None, found)


def _targets_page(form: TargetForm | None, found: Cohort) -> str:
    words = [each.words for each in aims_of(found)]
    fixed = service.why_targets_fixed(found)
    also = () if fixed else (Act.SET_TARGET, Act.REMOVE_TARGET)
    shown: dict[str, Any] = {"rows": list(zip(found.targets, words, strict=True)), "fixed": fixed, "Act": Act}
    shown |= {"acts": open_acts(found, policy=POLICY, also=also), "form": form}
    return render_template("programme/cohort/targets.html", cohort=found, **shown)


@blueprint.route("/cohorts/<uuid:cohort_id>/targets/set", methods=["GET", "POST"])
@permit(Act.SET_TARGET, audience=Audience.INTERNAL, load=queries.cohort, unless=service.why_targets_fixed)
def set_target(found: Cohort) -> ResponseReturnValue:
    """Add a target."""
    form = TargetForm.of_request(side="in", measure="money")
    return answer(
        form,
        page=lambda: _targets_page(form, found),
        act=lambda: service.set_target(found, form.details(), by=current_actor()),
        then=lambda _: saved("Target added.", "cohort_targets.targets", cohort_id=found.id),
    )


@blueprint.post("/cohort-targets/<uuid:target_id>/remove")
@permit(Act.REMOVE_TARGET, audience=Audience.INTERNAL, load=queries.target, unless=service.why_targets_fixed)
def remove_target(found: CohortTarget) -> ResponseReturnValue:
    """Remove a target."""
    cohort_id = found.cohort_id
    service.remove_target(found, by=current_actor())
    return done(saved("Target removed.", "cohort_targets.targets", cohort_id=cohort_id))
