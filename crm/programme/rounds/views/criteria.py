"""Opening the criteria of a published round again, and letting the new ones hold."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.kernel.permissions import Audience
from crm.programme.rounds.forms import ReasonForm
from crm.programme.rounds.models import Round
from crm.programme.rounds.policy import POLICY
from crm.programme.rounds.queries import round_
from crm.programme.rounds.service import superseding as service
from crm.programme.rounds.workflow import Act
from crm.web.forms import Form, answer
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("criteria", __name__)
permit = permits(POLICY)


@blueprint.route("/programme/rounds/<uuid:round_id>/criteria/open", methods=["GET", "POST"])
@permit(Act.OPEN_CRITERIA, audience=Audience.INTERNAL, load=round_)
def open_criteria(found: Round) -> ResponseReturnValue:
    """Open them, with a reason; every score by the old ones is invalid then."""
    form = ReasonForm.of_request()
    if not form.was_sent:
        return _open_criteria_page(form, found)
    return answer(
        form,
        lambda: service.open_criteria(found, reason=form.reason.data or "", by=current_actor()),
        then=lambda _: _said(found, "The criteria are open. Assessments that were handed in went back."),
        again=lambda again: _open_criteria_page(again, found),
    )


def _open_criteria_page(form: Form, found: Round) -> str:
    return render_template("programme/rounds/open_criteria.html", form=form, round=found)


def _said(found: Round, words: str) -> str:
    flash(words, "success")
    return url_for("rounds.composition", round_id=found.id)


@blueprint.post("/programme/rounds/<uuid:round_id>/criteria/close")
@permit(Act.CLOSE_CRITERIA, audience=Audience.INTERNAL, load=round_)
def close_criteria(found: Round) -> ResponseReturnValue:
    """Let them hold as they are now."""
    service.close_criteria(found, by=current_actor())
    return redirect(_said(found, "The criteria hold. Assessors can go on."), code=303)
