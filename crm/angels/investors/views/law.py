"""The legal basis of the network: its regulatory basis, and the wordings that a lawyer has signed off."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.angels.investors.forms.joining import ApprovalForm, BasisForm
from crm.angels.investors.models import StatementWording
from crm.angels.investors.policy import POLICY
from crm.angels.investors.queries import angels as queries
from crm.angels.investors.queries.gate import basis_on
from crm.angels.investors.rules import labels
from crm.angels.investors.rules.statements import with_blanks
from crm.angels.investors.service import network as service
from crm.angels.investors.workflow import Act
from crm.kernel.clock import today
from crm.kernel.permissions import Audience
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("law", __name__)
permit = permits(POLICY)


@blueprint.get("/angels/law")
@permit(Act.LIST_WORDINGS, audience=Audience.INTERNAL)
def law() -> ResponseReturnValue:
    """The legal basis today and before, the wordings, and the results of the last security checks."""
    may = POLICY.allows(current_actor(), Act.APPROVE_WORDING)
    shown = {"bases": queries.bases(), "wordings": queries.wordings(), "basis": basis_on(today())}
    return render_template(
        "angels/investors/law.html", labels=labels, may=may, visits=queries.visits(), **shown
    )


@blueprint.get("/angels/wordings/<uuid:wording_id>")
@permit(Act.LIST_WORDINGS, audience=Audience.INTERNAL, load=queries.wording)
def wording(found: StatementWording) -> ResponseReturnValue:
    """The words of one version."""
    conditions = with_blanks(found.body["conditions"])
    can_approve = POLICY.allows(current_actor(), Act.APPROVE_WORDING, found)
    return render_template(
        "angels/investors/wording.html", wording=found, conditions=conditions, can_approve=can_approve
    )


@blueprint.route("/angels/wordings/<uuid:wording_id>/approval", methods=["GET", "POST"])
@permit(
    Act.APPROVE_WORDING, audience=Audience.INTERNAL, load=queries.wording, unless=service.why_not_approved
)
def approval(found: StatementWording) -> ResponseReturnValue:
    """Record that a lawyer signed it off."""
    form = ApprovalForm.of_request()
    return answer(
        form,
        page=lambda: _approval_page(form, found),
        act=lambda: service.approve(found, form.approval(), by=current_actor()),
        then=lambda _: saved("Sign-off recorded. Investors can sign this statement now.", "law.law"),
    )


def _approval_page(form: Form, found: StatementWording) -> str:
    return render_template("angels/investors/approval.html", form=form, wording=found, labels=labels)


@blueprint.route("/angels/law/basis", methods=["GET", "POST"])
@permit(Act.RECORD_BASIS, audience=Audience.INTERNAL)
def basis() -> ResponseReturnValue:
    """Record what lets the network arrange introductions."""
    form = BasisForm.of_request(valid_from=today())
    return answer(
        form,
        page=lambda: render_template("angels/investors/basis.html", form=form),
        act=lambda: service.record_basis(form.details(), by=current_actor()),
        then=lambda _: saved("Legal basis recorded.", "law.law"),
    )
