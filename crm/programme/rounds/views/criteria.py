"""Opening the criteria of a published round again, and letting the new ones hold."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.kernel.permissions import Audience
from crm.programme.rounds.forms.composing import ReasonForm
from crm.programme.rounds.models import Round
from crm.programme.rounds.policy import POLICY
from crm.programme.rounds.queries import round_
from crm.programme.rounds.service import superseding as service
from crm.programme.rounds.workflow import Act
from crm.web.forms import answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import permits
from crm.web.seen import SeenForm

blueprint = Blueprint("criteria", __name__)
permit = permits(POLICY)


@blueprint.route("/programme/rounds/<uuid:round_id>/criteria/open", methods=["GET", "POST"])
@permit(Act.OPEN_CRITERIA, audience=Audience.INTERNAL, load=round_, unless=service.why_not_opened)
def open_criteria(found: Round) -> ResponseReturnValue:
    """Open them, with a reason; scores given by the old ones then do not count."""
    form = ReasonForm.of_request(version=found.version)
    return answer(
        form,
        page=lambda: render_template("programme/rounds/open_criteria.html", form=form, round=found),
        act=lambda: service.open_criteria(found, **form.decision(), by=current_actor()),
        then=lambda _: _saved(
            "Criteria opened. Submitted assessments went back to their assessors, and we have written to them.",
            found,
        ),
    )


def _saved(words: str, found: Round) -> str:
    return saved(words, "rounds.composition", round_id=found.id)


@blueprint.post("/programme/rounds/<uuid:round_id>/criteria/close")
@permit(Act.CLOSE_CRITERIA, audience=Audience.INTERNAL, load=round_, unless=service.why_not_closed)
def close_criteria(found: Round) -> ResponseReturnValue:
    """Close them as they are now."""
    service.close_criteria(found, version=SeenForm.of_request().version.data, by=current_actor())
    return done(_saved("Criteria closed. Assessors can score again.", found))
