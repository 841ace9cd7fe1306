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
from crm.programme.applications.queries.filling import Filled, filled
from crm.programme.applications.rules.answering import SectionState
from crm.programme.applications.service import submitting as service
from crm.programme.applications.service.filling import why_not
from crm.programme.applications.views.application_sections import LATE
from crm.programme.applications.views.applications import answered
from crm.programme.applications.workflow import APPLICATIONS, Act
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("submissions", __name__)
permit = permits(POLICY)


@blueprint.route("/applications/<uuid:application_id>/submit", methods=["GET", "POST"])
@permit(
    Act.SUBMIT,
    audience=Audience.MEMBER,
    load=queries.application,
    machine=APPLICATIONS,
    unless=why_not,
    leaves_trace=LATE,
)
def submit(found: Application) -> ResponseReturnValue:
    """Read it once more, declare, submit."""
    form = SubmitForm.of_request(version=filled(found).seal)
    return answer(
        form,
        page=lambda: _submit_page(form, found),
        act=lambda: _submitted(found, form),
        then=lambda _: url_for("submissions.submitted", application_id=found.id),
    )


def _submit_page(form: Form, found: Application) -> str:
    """The answers and the declaration or, where something is missing, what that is: the form is not shown then."""
    now_filled = filled(found)
    shown = {"sections": answered(found, now_filled), "missing": _missing(found, now_filled)}
    shown["held_up"] = service.why_held_up(found)
    return render_template("programme/applications/submit.html", form=form, application=found, **shown)


def _submitted(found: Application, form: SubmitForm) -> None:
    told = {"declared_by": form.declared_by.data or "", "seal": form.version.data}
    service.submit(found, **told, by=current_actor())


def _missing(found: Application, now_filled: Filled) -> list[tuple[str, str, list[str]]]:
    """Each section that is not finished, where it is filled in, and what its answers lack."""
    labels = {each.id: each.label for each in found.round.questions}
    return [
        (
            each.title,
            url_for("application_sections.fill_in", application_id=found.id, section_id=each.id),
            [f"{labels[key]}: {words}" for key, words in now_filled.faults_in(each).items()],
        )
        for each in found.round.sections
        if now_filled.states[each.id] is not SectionState.COMPLETE
    ]


@blueprint.get("/applications/<uuid:application_id>/submitted")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.application)
def submitted(found: Application) -> ResponseReturnValue:
    """The receipt."""
    if found.submitted_at is None:
        raise Conflict("This application has not been submitted yet.")
    shown = {"standing": found.standing_at(now()), "stage": found.round.assessing_at(now())}
    return render_template("programme/applications/submitted.html", application=found, **shown)


@blueprint.route("/applications/<uuid:application_id>/withdraw", methods=["GET", "POST"])
@permit(
    Act.WITHDRAW,
    audience=Audience.MEMBER,
    load=queries.application,
    machine=APPLICATIONS,
    unless=service.why_not_withdrawn,
)
def withdraw(found: Application) -> ResponseReturnValue:
    """Withdraw it."""
    form = WithdrawForm.of_request(version=found.version)
    return answer(
        form,
        page=lambda: _withdraw_page(form, found),
        act=lambda: service.withdraw(
            found, reason=form.reason.data, version=form.version.data, by=current_actor()
        ),
        then=lambda _: saved("Application withdrawn.", "applications.application", application_id=found.id),
    )


def _withdraw_page(form: Form, found: Application) -> str:
    shown = {"can_start": service.can_start_again(found), "has_answers": service.has_answers(found)}
    return render_template("programme/applications/withdraw.html", form=form, application=found, **shown)
