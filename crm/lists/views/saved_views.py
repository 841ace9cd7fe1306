"""Saving a view of the list under a name, and deleting it."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from crm.kernel.permissions import Audience
from crm.lists.forms import ViewForm
from crm.lists.models import SavedView
from crm.lists.policy import POLICY
from crm.lists.queries import views as queries
from crm.lists.service import saving as service
from crm.lists.views.asked import LIST, filters_of, wanted_of
from crm.lists.views.business_list import shown_list
from crm.lists.workflow import Act
from crm.web.forms import answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("saved_views", __name__)
permit = permits(POLICY)


@blueprint.post("/saved-views/save")
@permit(Act.SAVE_VIEW, audience=Audience.INTERNAL)
def save() -> ResponseReturnValue:
    """Save the filters and the order in the address under a name."""
    form, actor = ViewForm.of_request(), current_actor()
    wanted = wanted_of(filters_of(actor))
    return answer(
        form,
        page=lambda: shown_list(form)[0],
        act=lambda: service.save(form.name.data, wanted, by=actor),
        then=lambda made: saved(f"View saved: {made.name}.", LIST, **made.asked),
    )


@blueprint.post("/saved-views/<uuid:view_id>/delete")
@permit(Act.DELETE_VIEW, audience=Audience.INTERNAL, load=queries.view)
def delete(found: SavedView) -> ResponseReturnValue:
    """Delete a view of one's own."""
    service.delete(found, by=current_actor())
    return done(saved("View deleted.", LIST))
