"""The papers of a place: prepared again, and what was decided about money that was given for it."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.exporting.delegations.models import DelegationPlace
from crm.exporting.delegations.policy import POLICY
from crm.exporting.delegations.queries import seating
from crm.exporting.delegations.service import papering
from crm.exporting.delegations.service.telling import emailed
from crm.exporting.delegations.workflow import Act
from crm.funding.subsidy.queries import subsidy
from crm.kernel.permissions import Audience
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import permits
from crm.web.reasons import ReasonForm

blueprint = Blueprint("place_papers", __name__)
permit = permits(POLICY)
PAGE = "delegation_places.place"


@blueprint.post("/delegation-places/<uuid:place_id>/papers/prepare")
@permit(Act.PREPARE_AGAIN, audience=Audience.INTERNAL, load=seating.place, unless=papering.why_not_prepare)
def prepare(found: DelegationPlace) -> ResponseReturnValue:
    """Prepare the papers again, after they were cancelled."""
    papering.prepare_again(found, by=current_actor())
    words = "The papers of the subsidy are prepared again."
    return done(saved(words, PAGE, place_id=found.id))


@blueprint.route("/delegation-places/<uuid:place_id>/settle", methods=["GET", "POST"])
@permit(Act.SETTLE, audience=Audience.INTERNAL, load=seating.place, unless=papering.why_not_settle)
def settle(found: DelegationPlace) -> ResponseReturnValue:
    """Record what was decided about money that was given for a place which was given up."""
    form = ReasonForm.of_request(reason=found.settled)
    return answer(
        form,
        page=lambda: _settle_page(form, found),
        act=lambda: papering.settle(found, words=form.reason.data, by=current_actor()),
        then=lambda _: saved(f"Recorded. We have emailed {emailed(found)}.", PAGE, place_id=found.id),
    )


def _settle_page(form: Form, found: DelegationPlace) -> str:
    paper = subsidy(found.subsidy_id) if found.subsidy_id else None
    told = {"form": form, "place": found, "paper": paper, "emailed": emailed(found)}
    return render_template("exporting/delegations/settle.html", **told)
