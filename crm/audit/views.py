"""The trail as administrators and auditors read it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.audit import queries
from crm.audit.policy import POLICY, Act
from crm.audit.rules import in_words
from crm.kernel.permissions import Audience
from crm.web.paging import cursor, page_of
from crm.web.permit import permits

blueprint = Blueprint("audit", __name__)
permit = permits(POLICY)
blueprint.add_app_template_filter(in_words, "kept")


@blueprint.get("/audit")
@permit(Act.VIEW_TRAIL, audience=Audience.INTERNAL)
def trail() -> ResponseReturnValue:
    """Who did what, newest first: all of it, one person's acts, or what was done to one thing."""
    by, kind, thing = request.args.get("by", type=UUID), request.args.get("kind"), request.args.get("thing")
    about = (kind, thing) if kind and thing else None
    page = page_of(queries.trail(cursor(), by=by, about=about))
    return render_template("audit/trail.html", page=page, by=by, about=about)
