"""Who assesses for a round, and who has which application: given by hand, or spread fairly."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.kernel.clock import today
from crm.kernel.eligibility import DCMS_GROUPS
from crm.kernel.permissions import Audience
from crm.programme.forms.assessing import AllocateForm, PanelForm
from crm.programme.models import Application, Assessment, Round, RoundAssessor
from crm.programme.policy import POLICY
from crm.programme.queries import assessing as queries
from crm.programme.queries.applications import application
from crm.programme.queries.conflicts import conflicts_between
from crm.programme.queries.rounds import round_
from crm.programme.queries.totals import drift_of
from crm.programme.rules import labels
from crm.programme.service import allocating, paneling
from crm.programme.workflow import Act
from crm.web.forms import Form, answer
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("paneling", __name__)
permit = permits(POLICY)


@blueprint.get("/programme/rounds/<uuid:round_id>/assessors")
@permit(Act.VIEW_PANEL, audience=Audience.INTERNAL, load=round_)
def assessors(found: Round) -> ResponseReturnValue:
    """Who assesses, how much each has, and which applications still want somebody."""
    shown: dict[str, Any] = {
        "panel": queries.panel(found.id),
        "loads": queries.loads(found.id),
        "rows": queries.allocation(found.id),
        "drift": _drift(found),
        "can_add": POLICY.allows(current_actor(), Act.ADD_ASSESSOR, found),
        "can_allocate": POLICY.allows(current_actor(), Act.ALLOCATE, found),
        "groups": DCMS_GROUPS,
        "labels": labels,
    }
    return render_template("programme/assessors.html", round=found, **shown)


def _drift(found: Round) -> dict[UUID, Decimal]:
    """How the assessors lean; not for somebody who still scores in this round."""
    return {} if queries.open_by(found.id, current_actor().account_id) else drift_of(found.id)


@blueprint.route("/programme/rounds/<uuid:round_id>/assessors/add", methods=["GET", "POST"])
@permit(Act.ADD_ASSESSOR, audience=Audience.INTERNAL, load=round_)
def add_assessor(found: Round) -> ResponseReturnValue:
    """Let somebody assess for it."""
    form = PanelForm.of_request(most=20).offer(queries.candidates(found.id, on=today()))
    if not form.was_sent:
        return _add_assessor_page(form, found)
    return answer(
        form,
        lambda: paneling.add_assessor(found, form.details(), by=current_actor()),
        then=lambda _: _said(found.id, "They assess for this round."),
        again=lambda again: _add_assessor_page(again, found),
    )


def _add_assessor_page(form: Form, found: Round) -> str:
    return render_template("programme/add_assessor.html", form=form, round=found)


def _said(round_id: UUID, words: str) -> str:
    flash(words, "success")
    return url_for("paneling.assessors", round_id=round_id)


@blueprint.post("/programme/rounds/<uuid:round_id>/assessors/<uuid:member_id>/remove")
@permit(Act.REMOVE_ASSESSOR, audience=Audience.INTERNAL, load=queries.panel_member)
def remove_assessor(found: RoundAssessor) -> ResponseReturnValue:
    """Let somebody assess for it no more."""
    paneling.remove_assessor(found, by=current_actor())
    return redirect(_said(found.round_id, f"{found.account.name} assesses for this round no more."), code=303)


@blueprint.post("/programme/rounds/<uuid:round_id>/assessors/spread")
@permit(Act.ALLOCATE, audience=Audience.INTERNAL, load=round_)
def spread_out(found: Round) -> ResponseReturnValue:
    """Spread what still wants somebody over the assessors."""
    told = allocating.spread_out(found, by=current_actor())
    short = sum(told.missing.values())
    words = f"{len(told.given)} given." + (f" For {short} more nobody could be found." if short else "")
    return redirect(_said(found.id, words), code=303)


@blueprint.route("/applications/<uuid:application_id>/allocate", methods=["GET", "POST"])
@permit(Act.ALLOCATE, audience=Audience.INTERNAL, load=application)
def allocate(found: Application) -> ResponseReturnValue:
    """Give it to an assessor."""
    form = AllocateForm.of_request().offer(queries.panel(found.round_id))
    if not form.was_sent:
        return _allocate_page(form, found)
    return answer(
        form,
        lambda: _allocated(found, form),
        then=lambda _: _said(found.round_id, "It is given to them, and they get a letter."),
        again=lambda again: _allocate_page(again, found),
    )


def _allocated(found: Application, form: Any) -> Assessment:
    chosen, override = UUID(form.assessor.data), form.override.data or ""
    return allocating.allocate(found, chosen, override=override, by=current_actor())


def _allocate_page(form: Form, found: Application) -> str:
    """The assessors of the round, and what keeps some of them from it."""
    panel = queries.panel(found.round_id)
    reasons = conflicts_between([each.account_id for each in panel], [found.business_id], on=today())
    told = {each: reasons.get((each.account_id, found.business_id), []) for each in panel}
    return render_template("programme/allocate.html", form=form, application=found, told=told)


@blueprint.post("/assessments/<uuid:assessment_id>/take-back")
@permit(Act.TAKE_BACK, audience=Audience.INTERNAL, load=queries.assessment)
def take_back(found: Assessment) -> ResponseReturnValue:
    """Take it back from whoever has it."""
    allocating.take_back(found, by=current_actor())
    return redirect(_said(found.round.id, f"It is taken back from {found.assessor.name}."), code=303)
