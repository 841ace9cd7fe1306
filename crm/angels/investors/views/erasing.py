"""Erasing an investor: what goes, what stays and why, and a reason, on one page."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.angels.investors.forms.joining import ErasingForm
from crm.angels.investors.models import Angel
from crm.angels.investors.policy import POLICY
from crm.angels.investors.queries import angels as queries
from crm.angels.investors.service import erasing as service
from crm.angels.investors.workflow import Act
from crm.figures.queries import figure_on
from crm.kernel.clock import today
from crm.kernel.permissions import Audience
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.parts import parts_on
from crm.web.permit import permits

blueprint = Blueprint("erasing", __name__)
permit = permits(POLICY)
ERASED = "Erased. What the law needs is kept under a pseudonym."


def _why_not(found: Angel) -> str | None:
    return service.why_not_erased(found, by=current_actor())


@blueprint.route("/angels/<uuid:angel_id>/erase", methods=["GET", "POST"])
@permit(Act.ERASE, audience=Audience.INTERNAL, load=queries.angel, unless=_why_not)
def erase(found: Angel) -> ResponseReturnValue:
    """Erase an investor."""
    form = ErasingForm.of_request()
    return answer(
        form,
        page=lambda: _erase_page(form, found),
        act=lambda: service.erase(found, reason=form.reason.data or "", by=current_actor()),
        then=lambda _: saved(ERASED, "angels.angel", angel_id=found.id),
    )


def _erase_page(form: Form, found: Angel) -> str:
    shown = {"keeps_account": service.keeps_account(found), "parts": parts_on("erasing.erase", found)}
    months = int(figure_on("angel.evidence_months", on=today()))
    return render_template("angels/investors/erase.html", angel=found, form=form, months=months, **shown)
