"""One page for each application that the panel which decides has before it, and the same as a paper."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from crm.kernel.errors import Conflict
from crm.kernel.permissions import Audience
from crm.programme.applications.models import Application
from crm.programme.applications.queries.applications import application
from crm.programme.assessing.papers import pack_pdf, pack_told
from crm.programme.assessing.policy import POLICY
from crm.programme.assessing.queries.packing import pack_of
from crm.programme.assessing.queries.totals import ranking
from crm.programme.assessing.workflow import Act
from crm.programme.rounds.models import Round
from crm.programme.rounds.queries import round_
from crm.web.extracts import pdf_response
from crm.web.navigation import settings
from crm.web.permit import permits

blueprint = Blueprint("packs", __name__)
permit = permits(POLICY)
MOST = 100


@blueprint.get("/applications/<uuid:application_id>/pack")
@permit(Act.VIEW_PACK, audience=Audience.INTERNAL, load=application)
def pack(found: Application) -> ResponseReturnValue:
    """Answers, scores and their reasons, help given, needs, the sum and whether it can apply."""
    return render_template("programme/assessing/pack.html", application=found, told=pack_told(pack_of(found)))


@blueprint.get("/applications/<uuid:application_id>/pack.pdf")
@permit(Act.VIEW_PACK, audience=Audience.INTERNAL, load=application)
def pack_paper(found: Application) -> ResponseReturnValue:
    """The same, to be printed."""
    return _paper(found.reference, found.business.name, [found])


def _paper(name: str, title: str, rows: list[Application]) -> Response:
    """The packs of these applications as a file to keep."""
    told = pack_pdf(title, (pack_of(each) for each in rows), service_name=settings().service_name)
    return pdf_response(f"{name}.pdf", told)


@blueprint.get("/programme/rounds/<uuid:round_id>/pack.pdf")
@permit(Act.VIEW_ROUND_PACK, audience=Audience.INTERNAL, load=round_)
def round_pack(found: Round) -> ResponseReturnValue:
    """The packs of those in the ranking that have a total, in its order: the first hundred."""
    ranked = [each.id for each in ranking(found) if each.place.rank is not None]
    rows = [whole for each in ranked[:MOST] if (whole := application(each)) is not None]
    if not rows:
        raise Conflict("Nothing in this round has a total yet, so there is nothing to print.")
    return _paper("pack", found.name, rows)
