"""One page for each application that the panel which decides has before it, and the same as a paper."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from crm.kernel.permissions import Audience
from crm.programme.models import Application
from crm.programme.papers import pack_pdf, pack_told
from crm.programme.policy import POLICY
from crm.programme.queries.applications import application
from crm.programme.queries.packing import pack_of
from crm.programme.workflow import Act
from crm.web.navigation import settings
from crm.web.permit import permits

blueprint = Blueprint("packing", __name__)
permit = permits(POLICY)


@blueprint.get("/applications/<uuid:application_id>/pack")
@permit(Act.VIEW_PACK, audience=Audience.INTERNAL, load=application)
def pack(found: Application) -> ResponseReturnValue:
    """Answers, scores and their reasons, help given, needs, the sum and whether it can apply."""
    return render_template("programme/pack.html", application=found, told=pack_told(pack_of(found)))


@blueprint.get("/applications/<uuid:application_id>/pack.pdf")
@permit(Act.VIEW_PACK, audience=Audience.INTERNAL, load=application)
def pack_paper(found: Application) -> ResponseReturnValue:
    """The same, to be printed."""
    answer = Response(
        pack_pdf(pack_of(found), service_name=settings().service_name), mimetype="application/pdf"
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.reference}.pdf"'
    return answer
