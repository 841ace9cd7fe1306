"""The files of a pitch, on the business's side: added and taken away while it is being written."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.angels.pitches.models import Pitch
from crm.angels.pitches.policy import POLICY
from crm.angels.pitches.queries import pitches as queries
from crm.angels.pitches.service import pitching as service
from crm.angels.pitches.workflow import Act
from crm.documents.forms import UploadForm
from crm.documents.models import Document
from crm.documents.papers import file_answer, stored_first
from crm.documents.queries import document_about
from crm.documents.rules import ACCEPT, TAKEN
from crm.kernel.permissions import Audience
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("pitch_files", __name__)
permit = permits(POLICY)


@dataclass(frozen=True)
class Handed:
    """A file of just this pitch."""

    pitch: Pitch
    file: Document


def handed(pitch_id: UUID, document_id: UUID) -> Handed | None:
    """The file of a pitch; None where it is of another, or taken away."""
    found, file_ = queries.pitch(pitch_id), document_about(document_id, kind="pitch", thing_id=pitch_id)
    return Handed(found, file_) if found is not None and file_ is not None else None


@blueprint.route("/raises/<uuid:pitch_id>/attach", methods=["GET", "POST"])
@permit(
    Act.ATTACH, audience=Audience.MEMBER, load=queries.pitch, takes_files=True, unless=service.why_not_written
)
def attach(found: Pitch) -> ResponseReturnValue:
    """Add a file."""
    form = UploadForm.of_request()
    paper = stored_first(lambda: [form.file.data])
    return answer(
        form,
        page=lambda: _attach_page(form, found),
        first=paper,
        act=lambda: service.attach(found, *paper.result, by=current_actor()),
        then=lambda made: saved(f"{made.name} added.", "raises.one_raise", pitch_id=found.id),
    )


def _attach_page(form: Form, found: Pitch) -> str:
    return render_template("angels/pitches/attach.html", form=form, pitch=found, accept=ACCEPT, taken=TAKEN)


@blueprint.get("/raises/<uuid:pitch_id>/files/<uuid:document_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=handed)
def own_file(found: Handed) -> ResponseReturnValue:
    """A file, to be saved."""
    return file_answer(found.file)


@blueprint.post("/raises/<uuid:pitch_id>/files/<uuid:document_id>/detach")
@permit(Act.DETACH, audience=Audience.MEMBER, load=handed)
def detach(found: Handed) -> ResponseReturnValue:
    """Take a file away."""
    service.detach(found.pitch, found.file, by=current_actor())
    return done(saved(f"{found.file.name} removed.", "raises.one_raise", pitch_id=found.pitch.id))
