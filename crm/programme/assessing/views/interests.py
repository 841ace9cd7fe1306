"""What an assessor has an interest in, and so does not assess."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.kernel.permissions import Audience
from crm.programme.assessing.forms import InterestForm
from crm.programme.assessing.models import Interest
from crm.programme.assessing.policy import POLICY
from crm.programme.assessing.queries import assessments as queries
from crm.programme.assessing.service import paneling
from crm.programme.assessing.workflow import Act
from crm.web.forms import answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("interests", __name__)
permit = permits(POLICY)


@blueprint.route("/assessments/interests/declare", methods=["GET", "POST"])
@permit(Act.DECLARE, audience=Audience.INTERNAL)
def declare() -> ResponseReturnValue:
    """Declare an interest."""
    form = InterestForm.of_request()
    return answer(
        form,
        page=lambda: render_template("programme/assessing/declare.html", form=form),
        act=lambda: paneling.declare(form.details(), by=current_actor()),
        then=lambda _: saved(
            "Interest declared. You no longer assess that business.", "assessments.assessments"
        ),
    )


@blueprint.post("/assessments/interests/<uuid:interest_id>/end")
@permit(Act.END_INTEREST, audience=Audience.INTERNAL, load=queries.interest)
def end_interest(found: Interest) -> ResponseReturnValue:
    """End an interest."""
    paneling.end_interest(found, by=current_actor())
    return done(saved("Interest ended.", "assessments.assessments"))
