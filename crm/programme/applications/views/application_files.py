"""Files that answer a question of an application."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.documents.forms import UploadForm
from crm.documents.models import Document
from crm.documents.papers import file_answer, stored_first
from crm.documents.rules import ACCEPT, TAKEN
from crm.documents.service import Stored
from crm.kernel.errors import Conflict
from crm.kernel.permissions import Audience
from crm.programme.applications.models import Application
from crm.programme.applications.policy import POLICY
from crm.programme.applications.queries import applications as queries
from crm.programme.applications.service import filling as service
from crm.programme.applications.views.application_sections import LATE, why_not_filled
from crm.programme.applications.views.applications import OfApplication
from crm.programme.applications.workflow import Act
from crm.programme.rounds.models import RoundQuestion
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("application_files", __name__)
permit = permits(POLICY)


@dataclass(frozen=True)
class Asked(OfApplication):
    """A question of an application."""

    question: RoundQuestion


@dataclass(frozen=True)
class Handed(OfApplication):
    """A file of an application."""

    document: Document


def _asked(application_id: UUID, question_id: UUID) -> Asked | None:
    found = queries.application(application_id)
    question = queries.question_of(found, question_id) if found else None
    return Asked(found, question) if found and question and str(question.kind) == "file" else None


def _handed(application_id: UUID, document_id: UUID) -> Handed | None:
    found, kept = queries.application(application_id), queries.file_of(application_id, document_id)
    return Handed(found, kept.document) if found and kept else None


@blueprint.route(
    "/applications/<uuid:application_id>/questions/<uuid:question_id>/attach", methods=["GET", "POST"]
)
@permit(
    Act.ATTACH,
    audience=Audience.MEMBER,
    load=_asked,
    unless=why_not_filled,
    takes_files=True,
    leaves_trace=LATE,
)
def attach(asked: Asked) -> ResponseReturnValue:
    """Add a file."""
    form = UploadForm.of_request()
    paper = stored_first(lambda: [form.file.data])
    return answer(
        form,
        page=lambda: _attach_page(form, asked),
        first=paper,
        act=lambda: _attached(asked, *paper.result),
        then=lambda made: _back_to(asked.application, asked.question.section_id, f"File {made.name} added."),
    )


def _attached(asked: Asked, paper: Stored) -> Document:
    return service.attach(asked.application, paper, question=asked.question, by=current_actor())


def _attach_page(form: Form, asked: Asked) -> str:
    shown = {"application": asked.application, "question": asked.question}
    return render_template(
        "programme/applications/attach.html", form=form, accept=ACCEPT, taken=TAKEN, **shown
    )


def _back_to(found: Application, section_id: UUID, words: str) -> str:
    return saved(words, "application_sections.fill_in", application_id=found.id, section_id=section_id)


@blueprint.get("/applications/<uuid:application_id>/files/<uuid:document_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=_handed)
def file(handed: Handed) -> ResponseReturnValue:
    """A file, to be saved."""
    return file_answer(handed.document)


@blueprint.post("/applications/<uuid:application_id>/files/<uuid:document_id>/remove")
@permit(Act.REMOVE_FILE, audience=Audience.MEMBER, load=_handed, leaves_trace=LATE)
def remove(handed: Handed) -> ResponseReturnValue:
    """Remove a file."""
    kept = queries.file_of(handed.application.id, handed.document.id)
    question = queries.question_of(handed.application, kept.question_id) if kept else None
    service.remove(handed.application, handed.document, by=current_actor())
    if question is None:
        raise Conflict("This file has been removed already.")
    words = f"File {handed.document.name} removed."
    return done(_back_to(handed.application, question.section_id, words))
