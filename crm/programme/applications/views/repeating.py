"""Copying what a business answered before into a new application."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from crm.documents.papers import copied_first
from crm.kernel.permissions import Audience
from crm.programme.applications.models import Application
from crm.programme.applications.policy import POLICY
from crm.programme.applications.queries.applications import application
from crm.programme.applications.service import repeating as service
from crm.programme.applications.views.application_sections import LATE
from crm.programme.applications.workflow import Act
from crm.web.beforehand import done_first
from crm.web.forms import done, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("repeating", __name__)
permit = permits(POLICY)


@blueprint.post("/applications/<uuid:application_id>/take-over")
@permit(
    Act.TAKE_OVER,
    audience=Audience.MEMBER,
    load=application,
    unless=service.why_not_taken_over,
    leaves_trace=LATE,
)
def take_over(found: Application) -> ResponseReturnValue:
    """Copy the answers of the business's latest earlier application."""
    copies = copied_first(lambda: service.files_offered(found))
    before = done_first(copies)
    if before is not None:
        return before
    count = service.take_over(found, copies.result, by=current_actor())
    words = f"{count} answers copied." if count > 1 else "1 answer copied."
    return done(saved(f"{words} Check each section.", "applications.application", application_id=found.id))
