"""The trail as administrators and auditors read it."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.audit import queries
from crm.audit.policy import POLICY, Act
from crm.kernel.permissions import Audience
from crm.web.paging import cursor, page_of
from crm.web.permit import permits

blueprint = Blueprint("audit", __name__)
permit = permits(POLICY)


@blueprint.get("/audit")
@permit(Act.VIEW_TRAIL, audience=Audience.INTERNAL)
def trail() -> ResponseReturnValue:
    """Who did what, newest first."""
    return render_template("audit/trail.html", page=page_of(queries.trail(cursor())))
