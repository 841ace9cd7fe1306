"""What staff decide about an application: more time, whether it can apply, whether it can be chosen."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.kernel.clock import to_local
from crm.kernel.permissions import Audience
from crm.programme.applications.forms.applying import ExtendForm
from crm.programme.applications.models import Application
from crm.programme.applications.policy import POLICY
from crm.programme.applications.queries import applications as queries
from crm.programme.applications.rules.letters import written
from crm.programme.applications.service import ruling as service
from crm.programme.applications.views.applications import application_page
from crm.programme.applications.workflow import APPLICATIONS, Act
from crm.programme.rounds.forms.composing import ReasonForm
from crm.web.forms import answer, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("rulings", __name__)
permit = permits(POLICY)


def _saved(words: str, found: Application, *, letters: int, what: str = "") -> str:
    """The page of the application, with what was done and whether the applicant was written to."""
    return saved(f"{words} {written(letters, what)}", "applications.application", application_id=found.id)


@blueprint.route("/applications/<uuid:application_id>/extend", methods=["GET", "POST"])
@permit(Act.EXTEND, audience=Audience.INTERNAL, load=queries.application, unless=service.why_not_extended)
def extend(found: Application) -> ResponseReturnValue:
    """Give this applicant more time."""
    local = to_local(found.due_at)
    told = {"reason": found.extension_reason, "version": found.version}
    form = ExtendForm.of_request(day=local.date(), hour=local.time(), **told)
    return answer(
        form,
        page=lambda: render_template("programme/applications/extend.html", form=form, application=found),
        act=lambda: service.extend(found, form.until(), **form.decision(), by=current_actor()),
        then=lambda letters: _saved("Deadline extended.", found, letters=letters),
    )


DECIDE = {
    Act.CLEAR: (service.clear, "Recorded: the business can apply.", ""),
    Act.DENY: (
        service.deny,
        "Recorded: the business cannot apply.",
        "with your reason",
    ),
    Act.RULE_OUT: (
        service.rule_out,
        "Application ruled out.",
        "with your reason",
    ),
    Act.READMIT: (service.readmit, "Application readmitted.", ""),
}


def _decided(found: Application, act: Act) -> ResponseReturnValue:
    """Decide with a reason, or show the page of the application again."""
    form, (decide, words, what) = ReasonForm.of_request(), DECIDE[act]
    return answer(
        form,
        page=lambda: application_page(found, form=form),
        act=lambda: decide(found, **form.decision(), by=current_actor()),
        then=lambda letters: _saved(words, found, letters=letters, what=what),
    )


@blueprint.post("/applications/<uuid:application_id>/clear")
@permit(Act.CLEAR, audience=Audience.INTERNAL, load=queries.application, unless=service.why_not_cleared)
def clear(found: Application) -> ResponseReturnValue:
    """The business can apply."""
    return _decided(found, Act.CLEAR)


@blueprint.post("/applications/<uuid:application_id>/deny")
@permit(Act.DENY, audience=Audience.INTERNAL, load=queries.application, unless=service.why_not_cleared)
def deny(found: Application) -> ResponseReturnValue:
    """The business cannot apply."""
    return _decided(found, Act.DENY)


@blueprint.post("/applications/<uuid:application_id>/rule-out")
@permit(
    Act.RULE_OUT,
    audience=Audience.INTERNAL,
    load=queries.application,
    machine=APPLICATIONS,
    unless=service.why_not_ruled_out,
)
def rule_out(found: Application) -> ResponseReturnValue:
    """The application cannot be selected."""
    return _decided(found, Act.RULE_OUT)


@blueprint.post("/applications/<uuid:application_id>/readmit")
@permit(Act.READMIT, audience=Audience.INTERNAL, load=queries.application, machine=APPLICATIONS)
def readmit(found: Application) -> ResponseReturnValue:
    """The application takes part again."""
    return _decided(found, Act.READMIT)
