"""Ending an award early, with a reason, or completing one whose milestones are all met."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.kernel.permissions import Audience
from crm.programme.awards.forms import EndForm
from crm.programme.awards.models import Award
from crm.programme.awards.policy import POLICY
from crm.programme.awards.queries import awards as queries
from crm.programme.awards.service import closing
from crm.programme.awards.workflow import MACHINE, Act
from crm.web.forms import answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("award_closing", __name__)
permit = permits(POLICY)
HERE, PAGE = "/awards/<uuid:award_id>", "awards.award"


@blueprint.route(f"{HERE}/end", methods=["GET", "POST"])
@permit(
    Act.END, audience=Audience.INTERNAL, load=queries.award, machine=MACHINE, unless=closing.why_not_ended
)
def end(found: Award) -> ResponseReturnValue:
    """End an award early: what was not claimed is free again."""
    form = EndForm.of_request(version=found.version)
    why, seen, left = form.reason.data or "", form.version.data, closing.left_of(found)
    return answer(
        form,
        page=lambda: render_template("programme/awards/end.html", form=form, award=found, left=left),
        act=lambda: closing.end(found, reason=why, version=seen, by=current_actor()),
        then=lambda _: saved("Award ended. We have written to the business.", PAGE, award_id=found.id),
    )


@blueprint.post(f"{HERE}/complete")
@permit(
    Act.COMPLETE,
    audience=Audience.INTERNAL,
    load=queries.award,
    machine=MACHINE,
    unless=closing.why_not_completed,
)
def complete(found: Award) -> ResponseReturnValue:
    """Complete an award whose milestones are all met and paid out."""
    closing.complete(found, by=current_actor())
    return done(saved("Award completed. We have written to the business.", PAGE, award_id=found.id))
