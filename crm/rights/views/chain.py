"""Who made which part of a work, with the signed assignments; and licences."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.businesses.service.keeping import why_archived
from crm.documents.forms import UploadForm
from crm.documents.papers import file_answer, store
from crm.documents.rules import ACCEPT, TAKEN
from crm.kernel.permissions import Audience
from crm.kernel.workflow import first_reason
from crm.rights import queries
from crm.rights.forms import LicenceForm, PartForm
from crm.rights.models import Right, RightLicence, RightPart
from crm.rights.policy import POLICY
from crm.rights.queries import Paper
from crm.rights.rules.gaps import is_secret
from crm.rights.service import licensing, titling
from crm.rights.workflow import Act
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("right_chain", __name__)
permit = permits(POLICY)


def _why_no_parts(found: Right) -> str | None:
    return titling.NO_PARTS if is_secret(found.kind) else None


def _why_no_licences(found: Right) -> str | None:
    return licensing.NO_LICENCES if is_secret(found.kind) else None


def _to_right(words: str, found: Right) -> str:
    return saved(words, "rights.right", right_id=found.id)


@blueprint.route("/rights/<uuid:right_id>/parts/add", methods=["GET", "POST"])
@permit(
    Act.ADD_PART,
    audience=Audience.MEMBER,
    load=queries.right,
    unless=first_reason(_why_no_parts, why_archived),
)
def add_part(found: Right) -> ResponseReturnValue:
    """Record who made a part of a work."""
    form = PartForm.of_request()
    return answer(
        form,
        page=lambda: render_template("rights/add_part.html", form=form, right=found),
        act=lambda: titling.add_part(found, form.details(), by=current_actor()),
        then=lambda made: _to_right(f"{made.title} added.", found),
    )


@blueprint.post("/right-parts/<uuid:part_id>/remove")
@permit(Act.REMOVE_PART, audience=Audience.MEMBER, load=queries.part, unless=why_archived)
def remove_part(found: RightPart) -> ResponseReturnValue:
    """Remove a part."""
    titling.remove_part(found, by=current_actor())
    return done(_to_right(f"{found.title} removed.", found.right))


@blueprint.route("/right-parts/<uuid:part_id>/assignment", methods=["GET", "POST"])
@permit(
    Act.ATTACH_ASSIGNMENT, audience=Audience.MEMBER, load=queries.part, takes_files=True, unless=why_archived
)
def attach(found: RightPart) -> ResponseReturnValue:
    """Attach the signed assignment of a part."""
    form = UploadForm.of_request()
    return answer(
        form,
        page=lambda: _attach_page(form, found),
        act=lambda: titling.attach(found, form.file.data, files=store(), by=current_actor()),
        then=lambda made: _to_right(f"{made.name} attached to {found.title}.", found.right),
    )


def _attach_page(form: Form, found: RightPart) -> str:
    return render_template("rights/attach.html", form=form, part=found, accept=ACCEPT, taken=TAKEN)


@blueprint.get("/right-parts/<uuid:part_id>/assignment/<uuid:document_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.paper)
def paper(found: Paper) -> ResponseReturnValue:
    """The signed assignment, to be saved."""
    return file_answer(found.document)


@blueprint.post("/right-parts/<uuid:part_id>/assignment/<uuid:document_id>/remove")
@permit(Act.REMOVE_ASSIGNMENT, audience=Audience.MEMBER, load=queries.paper, unless=why_archived)
def remove_paper(found: Paper) -> ResponseReturnValue:
    """Remove a signed assignment."""
    titling.detach(found.part, found.document, by=current_actor())
    return done(_to_right(f"{found.document.name} removed.", found.part.right))


@blueprint.route("/rights/<uuid:right_id>/licences/add", methods=["GET", "POST"])
@permit(
    Act.ADD_LICENCE,
    audience=Audience.MEMBER,
    load=queries.right,
    unless=first_reason(_why_no_licences, why_archived),
)
def add_licence(found: Right) -> ResponseReturnValue:
    """Record a licence."""
    form = LicenceForm.of_request()
    return answer(
        form,
        page=lambda: render_template("rights/add_licence.html", form=form, right=found),
        act=lambda: licensing.add_licence(found, form.details(), by=current_actor()),
        then=lambda made: _to_right(f"Licence with {made.party} added.", found),
    )


@blueprint.post("/right-licences/<uuid:licence_id>/remove")
@permit(Act.REMOVE_LICENCE, audience=Audience.MEMBER, load=queries.licence, unless=why_archived)
def remove_licence(found: RightLicence) -> ResponseReturnValue:
    """Remove a licence."""
    licensing.remove_licence(found, by=current_actor())
    return done(_to_right(f"Licence with {found.party} removed.", found.right))
