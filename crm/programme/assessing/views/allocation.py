"""Who has which application: given by hand, or spread fairly."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.kernel.clock import today
from crm.kernel.permissions import Audience
from crm.programme.applications.models import Application
from crm.programme.applications.queries.applications import application
from crm.programme.assessing.forms import AllocateForm
from crm.programme.assessing.models import Assessment, RoundAssessor
from crm.programme.assessing.policy import LIVE, POLICY
from crm.programme.assessing.queries import assessments as queries
from crm.programme.assessing.queries.able import able_of
from crm.programme.assessing.queries.conflicts import Found
from crm.programme.assessing.queries.reading import reasons_against
from crm.programme.assessing.service import allocating as service
from crm.programme.assessing.views.panel import to_panel
from crm.programme.assessing.workflow import Act
from crm.programme.rounds.models import Round
from crm.programme.rounds.queries import round_
from crm.web.forms import Form, answer, beside, done
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("allocation", __name__)
permit = permits(POLICY)


@blueprint.post("/programme/rounds/<uuid:round_id>/assessors/spread")
@permit(Act.ALLOCATE, audience=Audience.INTERNAL, load=round_)
def spread_out(found: Round) -> ResponseReturnValue:
    """Allocate what still needs assessors, fairly."""
    told = service.spread_out(found, by=current_actor())
    given, short = len(told.given), sum(told.missing.values())
    words = f"{given} assessment{'' if given == 1 else 's'} allocated."
    missing = (
        f"{short} could not be allocated: no assessor is free of interests and has room." if short else ""
    )
    return done(to_panel(beside(missing, words), found.id))


@blueprint.route("/applications/<uuid:application_id>/allocate", methods=["GET", "POST"])
@permit(Act.ALLOCATE, audience=Audience.INTERNAL, load=application, unless=service.why_not_allocated)
def allocate(found: Application) -> ResponseReturnValue:
    """Allocate an application to an assessor."""
    form = AllocateForm.of_request().offer(_able(found))
    return answer(
        form,
        page=lambda: _allocate_page(form, found),
        act=lambda: _allocated(found, form),
        then=lambda _: to_panel("Application allocated. We have written to the assessor.", found.round_id),
    )


def _allocated(found: Application, form: AllocateForm) -> Assessment:
    chosen, override = UUID(form.assessor.data), form.override.data or ""
    return service.allocate(found, chosen, override=override, by=current_actor())


def _allocate_page(form: Form, found: Application) -> str:
    """The assessors that can have it, and what keeps the others from it: where there is none, no form."""
    shown = {"told": _reasons(found), "has_panel": bool(queries.panel(found.round_id))}
    shown |= {"able": _able(found), "holders": _holders(found)}
    shown["can_add"] = POLICY.allows(current_actor(), Act.ADD_ASSESSOR, found.round)
    return render_template("programme/assessing/allocate.html", form=form, application=found, **shown)


def _reasons(found: Application) -> dict[RoundAssessor, list[Found]]:
    """Each assessor of the round, and what keeps them from the application."""
    panel = queries.panel(found.round_id)
    reasons = reasons_against(found, [each.account_id for each in panel])
    return {each: reasons[each.account_id] for each in panel}


def _holders(found: Application) -> set[UUID]:
    given = queries.given_of([found.id]).get(found.id, [])
    return {each.assessor_id for each in given if each.status in LIVE}


def _able(found: Application) -> list[RoundAssessor]:
    """The assessors who can assess, do not have it yet, and have no interest that no reason can override."""
    holders, can = _holders(found), able_of(found.round_id, on=today())
    return [
        each
        for each, reasons in _reasons(found).items()
        if each.account_id in can - holders and all(one.can_be_overridden for one in reasons)
    ]


@blueprint.post("/assessments/<uuid:assessment_id>/take-back")
@permit(Act.TAKE_BACK, audience=Audience.INTERNAL, load=queries.assessment)
def take_back(found: Assessment) -> ResponseReturnValue:
    """Take it back from its assessor."""
    words = f"Assessment taken back from {found.assessor.name}."
    service.take_back(found, by=current_actor())
    return done(to_panel(words, found.round.id))
