"""What staff decide about an application: more time, whether it can apply, whether it can be chosen."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.kernel.clock import to_local
from crm.kernel.errors import Conflict
from crm.kernel.permissions import Audience
from crm.programme.applications.forms.applying import ExtendForm
from crm.programme.applications.models import Application
from crm.programme.applications.policy import POLICY
from crm.programme.applications.queries import applications as queries
from crm.programme.applications.service import ruling as service
from crm.programme.applications.views.applications import acts_of, application_page
from crm.programme.applications.workflow import Act
from crm.programme.rounds.forms import ReasonForm
from crm.web.forms import Form, answer
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("rulings", __name__)
permit = permits(POLICY)


def _said(found: Application, words: str) -> str:
    flash(words, "success")
    return url_for("applications.application", application_id=found.id)


@blueprint.route("/applications/<uuid:application_id>/extend", methods=["GET", "POST"])
@permit(Act.EXTEND, audience=Audience.INTERNAL, load=queries.application)
def extend(found: Application) -> ResponseReturnValue:
    """Give this applicant more time."""
    local = to_local(found.due_at)
    form = ExtendForm.of_request(day=local.date(), hour=local.time(), reason=found.extension_reason)
    if not form.was_sent:
        return _extend_page(form, found)
    return answer(
        form,
        lambda: service.extend(found, form.until(), reason=form.reason.data or "", by=current_actor()),
        then=lambda _: _said(found, "They have more time, and get a letter about it."),
        again=lambda again: _extend_page(again, found),
    )


def _extend_page(form: Form, found: Application) -> str:
    return render_template("programme/applications/extend.html", form=form, application=found)


DECIDE = {
    Act.CLEAR: (service.clear, "They can hand it in, and get a letter about it."),
    Act.DENY: (service.deny, "They get a letter with the reason."),
    Act.RULE_OUT: (service.rule_out, "It is out of the ranking. They get a letter with the reason."),
    Act.READMIT: (service.readmit, "It takes part again. They get a letter about it."),
}


def _decided(found: Application, act: Act) -> ResponseReturnValue:
    """Decide with a reason, or show the page of the application again."""
    if act not in acts_of(found):
        raise Conflict("This application has moved on: that cannot be decided about it any more.")
    form, (decide, words) = ReasonForm.of_request(), DECIDE[act]
    return answer(
        form,
        lambda: decide(found, reason=form.reason.data or "", by=current_actor()),
        then=lambda _: _said(found, words),
        again=lambda again: application_page(found, form=again),
    )


@blueprint.post("/applications/<uuid:application_id>/clear")
@permit(Act.CLEAR, audience=Audience.INTERNAL, load=queries.application)
def clear(found: Application) -> ResponseReturnValue:
    """It can apply."""
    return _decided(found, Act.CLEAR)


@blueprint.post("/applications/<uuid:application_id>/deny")
@permit(Act.DENY, audience=Audience.INTERNAL, load=queries.application)
def deny(found: Application) -> ResponseReturnValue:
    """It cannot apply."""
    return _decided(found, Act.DENY)


@blueprint.post("/applications/<uuid:application_id>/rule-out")
@permit(Act.RULE_OUT, audience=Audience.INTERNAL, load=queries.application)
def rule_out(found: Application) -> ResponseReturnValue:
    """It cannot be chosen."""
    return _decided(found, Act.RULE_OUT)


@blueprint.post("/applications/<uuid:application_id>/readmit")
@permit(Act.READMIT, audience=Audience.INTERNAL, load=queries.application)
def readmit(found: Application) -> ResponseReturnValue:
    """It takes part again."""
    return _decided(found, Act.READMIT)
