"""Acting on the rows of the list that were ticked: previewed, done, and what came of it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.kernel.permissions import Audience
from crm.lists.forms import DEEDS, ChangeForm, ViewForm
from crm.lists.models import BulkChange
from crm.lists.policy import POLICY
from crm.lists.queries import rows as queries
from crm.lists.service import changing as service
from crm.lists.service.changing import MOST_AT_ONCE, Weighed, Wish
from crm.lists.views.asked import address, filters_of, wanted_of
from crm.lists.views.business_list import choose_form, shown_list
from crm.lists.workflow import Act
from crm.web.forms import answer, saved
from crm.web.forms import preview as form_preview
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("changes", __name__)
permit = permits(POLICY)


@blueprint.post("/caseload/preview")
@permit(Act.CHANGE_MANY, audience=Audience.INTERNAL, records=False)
def preview() -> ResponseReturnValue:
    """What will be done to which of the rows that were ticked, and what is left out. Nothing is done yet."""
    actor = current_actor()
    wanted = wanted_of(filters_of(actor))
    form = choose_form(actor)
    if form.everyone.data:
        form.listed = tuple(queries.every_id(wanted, actor, most=MOST_AT_ONCE + 1))
    return form_preview(
        form,
        page=lambda: shown_list(ViewForm(), choose=form)[0],
        weigh=lambda: service.weigh(form.wish(), by=actor),
        then=lambda found: _preview_page(form.wish(), found, back=address(wanted)),
    )


def _preview_page(wish: Wish, found: Weighed, *, back: str = "", form: ChangeForm | None = None) -> str:
    form = form or ChangeForm(None, data={"seen": found.mark})
    shown: dict[str, Any] = {"wish": wish, "found": found, "deeds": DEEDS, "back": back}
    return render_template("lists/preview.html", form=form, **shown)


@blueprint.post("/caseload/change")
@permit(Act.CHANGE_MANY, audience=Audience.INTERNAL)
def change() -> ResponseReturnValue:
    """Do what was previewed."""
    actor, form = current_actor(), ChangeForm.of_request()
    return answer(
        form,
        page=lambda: _again_page(form),
        act=lambda: service.change(form.wish(), seen=form.seen.data, by=actor),
        then=lambda made: saved("Done.", "changes.result", bulk_change_id=made.id),
    )


def _again_page(form: ChangeForm) -> str:
    """The preview as things are now, where what was shown has changed; the list, where nothing was chosen."""
    if not form.ids or not form.deed.data or form.deed.errors:
        return shown_list(ViewForm(), choose=choose_form(current_actor()))[0]
    wish = form.wish()
    found = service.weigh(wish, by=current_actor())
    form.seen.object_data = found.mark
    return _preview_page(wish, found, form=form)


@blueprint.get("/caseload/changes/<uuid:bulk_change_id>")
@permit(Act.VIEW_CHANGE, audience=Audience.INTERNAL, load=queries.change_of_many)
def result(found: BulkChange) -> ResponseReturnValue:
    """What was done to which businesses, and what was left out and why."""
    return render_template("lists/result.html", change=found, deeds=DEEDS)
