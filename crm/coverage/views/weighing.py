"""Figures of how many creative businesses each district has: brought in as a file, looked through, put to use."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.coverage.forms import FiguresForm
from crm.coverage.models import DistrictFigures
from crm.coverage.policy import POLICY
from crm.coverage.queries import weighing as queries
from crm.coverage.queries.parts import outcodes
from crm.coverage.rules.weighing import compared
from crm.coverage.service import weighing as service
from crm.coverage.workflow import Act
from crm.kernel.permissions import Audience
from crm.web.forms import answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("weighing", __name__)
permit = permits(POLICY)
LIST, PAGE, HERE = "weighing.all_figures", "weighing.figures", "/coverage/businesses/<uuid:figures_id>"


@blueprint.get("/coverage/businesses")
@permit(Act.LIST_FIGURES, audience=Audience.INTERNAL)
def all_figures() -> ResponseReturnValue:
    """Every set of figures that was brought in, and by which the emptiest places are weighed."""
    shown = {"every": queries.all_figures(), "in_use": queries.figures_in_use()}
    may_bring = POLICY.allows(current_actor(), Act.BRING_FIGURES)
    return render_template("coverage/all_figures.html", may_bring=may_bring, **shown)


@blueprint.route("/coverage/businesses/bring", methods=["GET", "POST"])
@permit(Act.BRING_FIGURES, audience=Audience.INTERNAL)
def bring() -> ResponseReturnValue:
    """Upload a published count. The map changes once it was looked through and put to use."""
    form = FiguresForm.of_request()
    return answer(
        form,
        page=lambda: render_template("coverage/bring.html", form=form),
        act=lambda: service.bring(form.details(), by=current_actor()),
        then=lambda made: saved(_read(form, made), PAGE, figures_id=made.id),
    )


def _read(form: FiguresForm, made: DistrictFigures) -> str:
    outside = form.counted.outside
    words = f"File read: {made.total:,} businesses. Check the figures, then use them."
    return f"{words} Districts outside the region, left out: {outside:,}." if outside else words


@blueprint.get(HERE)
@permit(Act.LIST_FIGURES, audience=Audience.INTERNAL, load=queries.figures)
def figures(found: DistrictFigures) -> ResponseReturnValue:
    """One set of figures, beside the businesses that we know."""
    actor = current_actor()
    rows = compared(found.businesses, known=queries.businesses_known(), region=outcodes())
    in_use = queries.figures_in_use()
    shown: dict[str, Any] = {"rows": rows, "missing": [each.outcode for each in rows if each.counted is None]}
    shown |= {"is_in_use": in_use is not None and in_use.id == found.id, "Act": Act}
    shown["acts"] = {each for each in (Act.USE_FIGURES, Act.REMOVE_FIGURES) if POLICY.allows(actor, each)}
    shown["sees"] = POLICY.allows(actor, Act.LIST_SHUT_OUTS)
    return render_template("coverage/figures.html", figures=found, **shown)


@blueprint.post(f"{HERE}/use")
@permit(Act.USE_FIGURES, audience=Audience.INTERNAL, load=queries.figures)
def use(found: DistrictFigures) -> ResponseReturnValue:
    """Weigh the emptiest places by these figures."""
    service.use(found, by=current_actor())
    words = "Figures in use. The map is counted again within minutes."
    return done(saved(words, PAGE, figures_id=found.id))


@blueprint.post(f"{HERE}/remove")
@permit(Act.REMOVE_FIGURES, audience=Audience.INTERNAL, load=queries.figures)
def remove(found: DistrictFigures) -> ResponseReturnValue:
    """Delete figures."""
    service.remove(found, by=current_actor())
    return done(saved("Figures removed.", LIST))
