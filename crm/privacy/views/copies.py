"""The copy of a person's data for a request: the person found, what will be in it by counts, and the archive at a button."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.accounts.papers import archive_of, copy_about
from crm.db.personal import Subject
from crm.kernel.errors import Conflict
from crm.kernel.permissions import Audience
from crm.privacy.forms import CopyForm
from crm.privacy.models import DataRequest
from crm.privacy.policy import POLICY
from crm.privacy.queries.erasing import chosen_for
from crm.privacy.service import copies as service
from crm.privacy.views.data_requests import load_request
from crm.privacy.views.people import CHOOSE, chosen_person, find_person_page
from crm.privacy.workflow import Act
from crm.web.beforehand import Beforehand, done_first
from crm.web.extracts import zip_response
from crm.web.forms import preview
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("copies", __name__)
permit = permits(POLICY)


@blueprint.route("/data-requests/<uuid:data_request_id>/copy", methods=["GET", "POST"])
@permit(Act.MAKE_COPY, audience=Audience.INTERNAL, load=load_request, unless=service.why_not_copied)
def make_copy(found: DataRequest) -> ResponseReturnValue:
    """Find the person who asked for a copy, see what will be in it, and download it."""
    about, form = chosen_person(), CopyForm.of_request()
    if not form.was_sent:
        return _copy_page(form, found, about)
    archive = Beforehand(lambda: archive_of(copy_about(about)) if about else b"")
    before = done_first(archive)  # while no transaction is open to the store; what is refused is thrown away
    return before if before is not None else _handed_out(form, found, about, archive.result)


def _handed_out(
    form: CopyForm, found: DataRequest, about: Subject | None, archive: bytes
) -> ResponseReturnValue:
    name = f"data-{found.reference}.zip"
    return preview(
        form,
        page=lambda: _copy_page(form, found, about),
        weigh=lambda: _note(form, found, about),
        then=lambda _: zip_response(name, archive),
    )


def _note(form: CopyForm, found: DataRequest, about: Subject | None) -> None:
    if about is None:
        raise Conflict(CHOOSE)
    is_checked, seen = bool(form.checked.data), form.seen.data or None
    service.make_copy(found, about, is_checked=is_checked, seen=seen, by=current_actor())


def _copy_page(form: CopyForm, found: DataRequest, about: Subject | None) -> str:
    shown = {"found": found, "person": request.values.get("person", "")}
    if about is None:
        return find_person_page("copy", lacks=form.was_sent, **shown)
    chosen, copy = chosen_for(found, about), copy_about(about)
    form.seen.object_data = service.mark_of_chosen(chosen)
    return render_template("privacy/copy.html", form=form, chosen=chosen, copy=copy, **shown)
