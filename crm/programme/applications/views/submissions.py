"""Submitting, the receipt, and withdrawing."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.kernel.clock import now
from crm.kernel.errors import Conflict
from crm.kernel.permissions import Audience
from crm.programme.applications.forms.applying import SubmitForm, WithdrawForm
from crm.programme.applications.models import Application
from crm.programme.applications.policy import POLICY
from crm.programme.applications.queries import applications as queries
from crm.programme.applications.queries.filling import filled
from crm.programme.applications.service import submitting as service
from crm.programme.applications.views.application_sections import LATE, require_fillable
from crm.programme.applications.views.applications import answered
from crm.programme.applications.workflow import APPLICATIONS, Act
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("submissions", __name__)
permit = permits(POLICY)


@blueprint.route("/applications/<uuid:application_id>/submit", methods=["GET", "POST"])
@permit(
    Act.SUBMIT, audience=Audience.MEMBER, load=queries.application, machine=APPLICATIONS, leaves_trace=LATE
)
def submit(found: Application) -> ResponseReturnValue:
    """Read it once more, declare, submit."""
    form = SubmitForm.of_request(declared_by=current_actor().name)
    if not form.was_sent:
        require_fillable(found)
    return answer(
        form,
        page=lambda: _submit_page(form, found),
        act=lambda: service.submit(found, declared_by=form.declared_by.data or "", by=current_actor()),
        then=lambda _: url_for("submissions.submitted", application_id=found.id),
    )


def _submit_page(form: Form, found: Application) -> str:
    sections = answered(found, filled(found))
    return render_template(
        "programme/applications/submit.html", form=form, application=found, sections=sections
    )


@blueprint.get("/applications/<uuid:application_id>/submitted")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.application)
def submitted(found: Application) -> ResponseReturnValue:
    """The receipt."""
    if found.submitted_at is None:
        raise Conflict("This application has not been submitted yet.")
    shown = {"standing": found.standing_at(now()), "stage": found.round.assessing_at(now())}
    return render_template("programme/applications/submitted.html", application=found, **shown)


@blueprint.route("/applications/<uuid:application_id>/withdraw", methods=["GET", "POST"])
@permit(Act.WITHDRAW, audience=Audience.MEMBER, load=queries.application, machine=APPLICATIONS)
def withdraw(found: Application) -> ResponseReturnValue:
    """Withdraw it."""
    form = WithdrawForm.of_request()
    return answer(
        form,
        page=lambda: render_template("programme/applications/withdraw.html", form=form, application=found),
        act=lambda: service.withdraw(found, reason=form.reason.data or "", by=current_actor()),
        then=lambda _: saved("Application withdrawn.", "applications.application", application_id=found.id),
    )
