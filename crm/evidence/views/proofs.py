"""The files that show how an output is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.documents.forms import UploadForm
from crm.documents.models import Document
from crm.documents.papers import file_answer, stored_first
from crm.documents.queries import document_about
from crm.documents.rules import ACCEPT, TAKEN
from crm.evidence import queries
from crm.evidence.models import Output
from crm.evidence.policy import POLICY
from crm.evidence.service import proving as service
from crm.evidence.workflow import Act, why_not_attach, why_not_remove_files
from crm.kernel.permissions import Audience
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("proofs", __name__)
permit = permits(POLICY)


@dataclass(frozen=True)
class Proof:
    """A file with the output that it is about."""

    output: Output
    document: Document

    @property
    def business(self) -> Any:
        """Whose output it is."""
        return self.output.business

    @property
    def stands_on(self) -> Output:
        """On whose page it is shown."""
        return self.output


def _proof(output_id: UUID, document_id: UUID) -> Proof | None:
    """A file, if it is about this output."""
    output, found = (
        queries.output(output_id),
        document_about(document_id, kind=service.KIND, thing_id=output_id),
    )
    return Proof(output, found) if output is not None and found is not None else None


def _why_not_remove(found: Proof) -> str | None:
    return why_not_remove_files(found.output)


@blueprint.route("/outputs/<uuid:output_id>/files/attach", methods=["GET", "POST"])
@permit(
    Act.ATTACH_PROOF, audience=Audience.INTERNAL, load=queries.output, takes_files=True, unless=why_not_attach
)
def attach(found: Output) -> ResponseReturnValue:
    """Add a file."""
    form = UploadForm.of_request()
    paper = stored_first(lambda: [form.file.data])
    return answer(
        form,
        page=lambda: _attach_page(form, found),
        first=paper,
        act=lambda: service.attach(found, *paper.result, by=current_actor()),
        then=lambda made: saved(f"{made.name} added.", "outputs.output", output_id=found.id),
    )


def _attach_page(form: Form, found: Output) -> str:
    return render_template("evidence/attach.html", form=form, output=found, accept=ACCEPT, taken=TAKEN)


@blueprint.get("/outputs/<uuid:output_id>/files/<uuid:document_id>")
@permit(Act.VIEW_OUTPUT, audience=Audience.INTERNAL, load=_proof)
def proof(found: Proof) -> ResponseReturnValue:
    """The file, to be saved."""
    return file_answer(found.document)


@blueprint.post("/outputs/<uuid:output_id>/files/<uuid:document_id>/remove")
@permit(Act.REMOVE_PROOF, audience=Audience.INTERNAL, load=_proof, unless=_why_not_remove)
def remove(found: Proof) -> ResponseReturnValue:
    """Remove the file."""
    service.remove(found.output, found.document, by=current_actor())
    return done(saved(f"{found.document.name} removed.", "outputs.output", output_id=found.output.id))
