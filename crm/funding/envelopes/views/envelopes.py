"""The envelopes: their list, one of them with its money and how it went over time, opening and editing one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.accounts.queries import people
from crm.audit.queries import entries_about
from crm.funding.envelopes.forms import EnvelopeForm, OpeningForm
from crm.funding.envelopes.models import Envelope
from crm.funding.envelopes.policy import POLICY
from crm.funding.envelopes.queries import changes as change_queries
from crm.funding.envelopes.queries import ledger as queries
from crm.funding.envelopes.rules import by_financial_year
from crm.funding.envelopes.service import opening
from crm.funding.envelopes.service.changing import why_not_proposed
from crm.funding.envelopes.views import showing
from crm.funding.envelopes.views.underspend import forecast_of, left_of
from crm.funding.envelopes.workflow import Act
from crm.kernel.clock import today
from crm.kernel.permissions import Audience
from crm.kernel.roles import Role
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.permit import open_acts, permits

blueprint = Blueprint("envelopes", __name__)
permit = permits(POLICY)
OPENED = "Envelope opened. An approver must approve its limits before any money can be reserved or committed."


@blueprint.get("/envelopes")
@permit(Act.VIEW, audience=Audience.INTERNAL)
def envelopes() -> ResponseReturnValue:
    """Every envelope with what is committed, reserved and free."""
    rows = queries.envelopes()
    shown = {"bars": {each.id: showing.bar(each) for each in rows}, "today": today()}
    shown |= {"can_open": POLICY.allows(current_actor(), Act.OPEN)}
    return render_template("funding/envelopes/envelopes.html", rows=rows, **shown)


@blueprint.get("/envelopes/<uuid:envelope_id>")
@permit(Act.VIEW, audience=Audience.INTERNAL, load=queries.envelope)
def envelope(found: Envelope) -> ResponseReturnValue:
    """One envelope: where its money is, how that came about, and changes to its limit."""
    shown: dict[str, Any] = {"parts": showing.bar(found), "changes": change_queries.changes_of(found.id)}
    shown |= {"lines": [(each, showing.bar(each)) for each in found.lines]}
    shown |= _over_time(found)
    shown |= {"acts": open_acts(found, policy=POLICY, also=(Act.EDIT, Act.PROPOSE)), "Act": Act}
    shown |= {"waits": why_not_proposed(found) is not None, "trail": entries_about(found)}
    return render_template("funding/envelopes/envelope.html", envelope=found, **shown)


def _over_time(found: Envelope) -> dict[str, Any]:
    """The picture of an envelope with its forecast, and the forecast by financial year."""
    left = left_of(found)
    forecast = forecast_of(found, left)
    picture = showing.picture(found, forecast) if showing.opening_of(found) else None
    return {"picture": picture, "years": by_financial_year(left, on=today())}


@blueprint.route("/envelopes/new", methods=["GET", "POST"])
@permit(Act.OPEN, audience=Audience.INTERNAL)
def open_envelope() -> ResponseReturnValue:
    """Open an envelope, and propose its limits."""
    form = OpeningForm.of_request(owner=str(current_actor().account_id))
    form.offer(_owners())
    return answer(
        form,
        page=lambda: render_template("funding/envelopes/open_envelope.html", form=form),
        act=lambda: opening.open_envelope(form.details(), form.limits(), by=current_actor()),
        then=lambda made: saved(OPENED, "envelopes.envelope", envelope_id=made.id),
    )


@blueprint.route("/envelopes/<uuid:envelope_id>/edit", methods=["GET", "POST"])
@permit(Act.EDIT, audience=Audience.INTERNAL, load=queries.envelope)
def edit_envelope(found: Envelope) -> ResponseReturnValue:
    """Change an envelope's name, fund, dates or owner."""
    form = EnvelopeForm.of_request(**_as_it_is(found))
    form.offer(_owners())
    return answer(
        form,
        page=lambda: _edit_envelope_page(form, found),
        act=lambda: opening.edit(found, form.details(), version=form.version.data, by=current_actor()),
        then=lambda _: saved("Envelope saved.", "envelopes.envelope", envelope_id=found.id),
    )


def _as_it_is(found: Envelope) -> dict[str, Any]:
    fields = {name: getattr(found, name) for name in ("name", "fund", "starts_on", "ends_on", "version")}
    return {**fields, "owner": str(found.owner_id)}


def _edit_envelope_page(form: Form, found: Envelope) -> str:
    return render_template("funding/envelopes/edit_envelope.html", form=form, envelope=found)


def _owners() -> list[tuple[UUID, str]]:
    rows = people(role=Role.PROGRAMME_MANAGER).rows
    return [(each.id, each.name) for each in rows if opening.may_own(each)]
