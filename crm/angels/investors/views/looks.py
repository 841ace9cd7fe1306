"""Looking through an investor's eyes, read-only, and stopping it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.angels.investors.forms.joining import ReasonForm
from crm.angels.investors.models import Angel
from crm.angels.investors.policy import POLICY
from crm.angels.investors.queries import angels as queries
from crm.angels.investors.service import looking as service
from crm.angels.investors.views.network import own_angel
from crm.angels.investors.workflow import Act
from crm.kernel.errors import Conflict
from crm.kernel.permissions import Audience
from crm.web.forms import Form, answer
from crm.web.identity import begin_look, current_actor, end_look, looker
from crm.web.permit import permits

blueprint = Blueprint("looks", __name__)
permit = permits(POLICY)


@blueprint.route("/angels/<uuid:angel_id>/view-as", methods=["GET", "POST"])
@permit(Act.VIEW_AS, audience=Audience.INTERNAL, load=queries.angel, repeats=True)
def view_as(found: Angel) -> ResponseReturnValue:
    """Say why, and look."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: _view_as_page(form, found),
        act=lambda: service.view_as(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: _begun(found),
    )


def _view_as_page(form: Form, found: Angel) -> str:
    return render_template("angels/investors/view_as.html", form=form, angel=found)


def _begun(found: Angel) -> str:
    begin_look(found.id)
    return url_for("network.mine")


@blueprint.post("/angels/stop-viewing")
@permit(Act.STOP_VIEWING, audience=Audience.MEMBER, ends_look=True, repeats=True)
def stop_viewing() -> ResponseReturnValue:
    """Be oneself again."""
    who = looker()
    if who is None:
        raise Conflict(
            "You have already stopped viewing as someone else. It ends by itself after half an hour."
        )
    found = own_angel()
    service.stop_viewing(found, by=who)
    end_look()
    flash(f"You have stopped viewing as {found.name}. The audit log shows that you viewed.", "success")
    return redirect(url_for("angels.angel", angel_id=found.id), code=303)
