"""Acting on the rows of the list that were ticked: asked, previewed, done, and what came of it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.kernel.permissions import Audience
from crm.lists.forms import DEEDS, ChooseForm, ViewForm
from crm.lists.models import BulkChange
from crm.lists.policy import POLICY
from crm.lists.queries import mailed
from crm.lists.queries import rows as queries
from crm.lists.service import changing as service
from crm.lists.service.changing import MOST_AT_ONCE
from crm.lists.service.deeds import Weighed
from crm.lists.views.asked import address, filters_of, wanted_of
from crm.lists.views.business_list import choose_form, offered, shown_list
from crm.lists.workflow import Act, Deed
from crm.web.forms import answer, saved
from crm.web.forms import preview as form_preview
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("changes", __name__)
permit = permits(POLICY)
DONE = {Deed.EMAIL: "The emails are on their way.", Deed.INVITE: "The invitations are on their way."}


@blueprint.post("/caseload/preview")
@permit(Act.CHANGE_MANY, audience=Audience.INTERNAL, records=False)
def preview() -> ResponseReturnValue:
    """What will be done to which of the rows that were ticked, and what is left out; first what a deed asks. Nothing is done yet."""
    form = _sent_form()
    return form_preview(
        form,
        page=lambda: _asking_page(form),
        weigh=lambda: None if form.next_asks else service.weigh(form.wish(), by=current_actor()),
        then=lambda found: _preview_page(form, found) if found else _asking_page(_next_form(form)),
    )


def _sent_form() -> ChooseForm:
    """What was sent, with all of the list where that was ticked."""
    actor = current_actor()
    form = choose_form(actor)
    if form.everyone.data:
        wanted = wanted_of(filters_of(actor))
        form.listed = tuple(queries.every_id(wanted, actor, most=MOST_AT_ONCE + 1))
    return form


def _next_form(form: ChooseForm) -> ChooseForm:
    """The form of the page on which the deed asks for more."""
    kind = form.next_asks
    assert kind is not None
    data = {"who": [str(each) for each in form.ids], "deed": form.deed.data}
    return offered(kind(None, data=data), current_actor())


def _preview_page(form: ChooseForm, found: Weighed) -> str:
    shown: dict[str, Any] = {"wish": form.wish(), "found": found, **_around()}
    form.seen.object_data = found.mark
    return render_template("lists/preview.html", form=form, **shown)


def _asking_page(form: ChooseForm) -> str:
    """The page on which a deed asks for more; the list, where it is not clear yet to which businesses what is to be done."""
    if not form.is_chosen or not form.asks:
        return shown_list(ViewForm(), choose=form)[0]
    return render_template("lists/asking.html", form=form, **_around())


def _around() -> dict[str, Any]:
    """The list from which one came, and what the deeds are called."""
    wanted = wanted_of(filters_of(current_actor()))
    return {"deeds": DEEDS, "back": address(wanted), "preview_to": address(wanted, "changes.preview")}


@blueprint.post("/caseload/change")
@permit(Act.CHANGE_MANY, audience=Audience.INTERNAL)
def change() -> ResponseReturnValue:
    """Do what was previewed."""
    actor = current_actor()
    form = choose_form(actor)
    return answer(
        form,
        page=lambda: _again_page(form),
        act=lambda: service.change(form.wish(), seen=form.seen.data, by=actor),
        then=lambda made: saved(DONE.get(made.deed, "Done."), "changes.result", bulk_change_id=made.id),
    )


def _again_page(form: ChooseForm) -> str:
    """The preview as things are now, where what was shown has changed; what asks, where something is missing."""
    if not form.is_chosen or form.next_asks or any(form[name].errors for name in form.asks):
        return _asking_page(form)
    return _preview_page(form, service.weigh(form.wish(), by=current_actor()))


@blueprint.get("/caseload/changes/<uuid:bulk_change_id>")
@permit(Act.VIEW_CHANGE, audience=Audience.INTERNAL, load=queries.change_of_many)
def result(found: BulkChange) -> ResponseReturnValue:
    """What was done to which businesses, what was left out and why, and how far the emails are."""
    shown = {"people": mailed.left_out_by_name(found), "sent": mailed.emails_of(found)}
    return render_template("lists/result.html", change=found, deeds=DEEDS, **shown)
