"""Who made which part of a work, with the signed assignments; and licences."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.businesses.service.keeping import why_archived
from crm.documents.papers import file_answer, stored_first
from crm.documents.service import Stored
from crm.kernel.permissions import Audience
from crm.kernel.workflow import first_reason
from crm.rights import queries
from crm.rights.forms import (
    AssignmentForm,
    CorrectPartForm,
    LicenceForm,
    PartForm,
    licence_values,
    part_values,
)
from crm.rights.models import Right, RightLicence, RightPart
from crm.rights.policy import POLICY
from crm.rights.queries import Paper
from crm.rights.rules.gaps import is_secret
from crm.rights.service import licensing, titling
from crm.rights.views.showing import remove_page
from crm.rights.workflow import Act
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("right_chain", __name__)
permit = permits(POLICY)
GOES_WITH_PART = "Its signed assignment is removed from the chain of title with it."
GOES_WITH_LICENCE = "If the licence has ended, correct it and enter the day on which it ended: then the register still shows it."


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


@blueprint.route("/right-parts/<uuid:part_id>/correct", methods=["GET", "POST"])
@permit(Act.CORRECT_PART, audience=Audience.MEMBER, load=queries.part, unless=why_archived)
def correct_part(found: RightPart) -> ResponseReturnValue:
    """Correct a part, who made it or how they worked."""
    form = CorrectPartForm.of_request(**part_values(found)).about(found)
    return answer(
        form,
        page=lambda: render_template("rights/correct_part.html", form=form, right=found.right),
        act=lambda: _corrected(form, found),
        then=lambda _: _to_right(f"{found.title} corrected.", found.right),
    )


def _corrected(form: CorrectPartForm, found: RightPart) -> None:
    shown, actor = form.version.data, current_actor()
    titling.correct_part(found, form.details(), is_signed=form.has_checked, version=shown, by=actor)


@blueprint.route("/right-parts/<uuid:part_id>/remove", methods=["GET", "POST"])
@permit(Act.REMOVE_PART, audience=Audience.MEMBER, load=queries.part, unless=why_archived)
def remove_part(found: RightPart) -> ResponseReturnValue:
    """Ask, then remove a part."""
    form, what = Form.of_request(), f"{found.title} by {found.maker}"
    return answer(
        form,
        page=lambda: remove_page(form, found.right, what=what, says=[GOES_WITH_PART]),
        act=lambda: titling.remove_part(found, by=current_actor()),
        then=lambda _: _to_right(f"{found.title} removed.", found.right),
    )


@blueprint.route("/right-parts/<uuid:part_id>/assignment", methods=["GET", "POST"])
@permit(
    Act.ATTACH_ASSIGNMENT, audience=Audience.MEMBER, load=queries.part, takes_files=True, unless=why_archived
)
def attach(found: RightPart) -> ResponseReturnValue:
    """Attach the signed assignment of a part."""
    others = queries.others_by_maker(found)
    signed = queries.others_by_maker(found, signed=True)
    form = AssignmentForm.of_request().offer(others, signed=signed, maker=found.maker)
    papers = stored_first(lambda: [form.file.data] * (1 + len(form.chosen)))
    return answer(
        form,
        page=lambda: _attach_page(form, found),
        first=papers,
        act=lambda: _attached(form, found, papers.result),
        then=lambda titles: _to_right(f"Signed assignment attached to {', '.join(titles)}.", found.right),
    )


def _attached(form: AssignmentForm, found: RightPart, papers: Sequence[Stored]) -> list[str]:
    """Attach the file to this part and to each other that was ticked and still lacks one, by a copy each; their titles."""
    parts = [found, *(each for each in queries.others_by_maker(found) if each.id in form.chosen)]
    for each, paper in zip(parts, papers, strict=False):
        titling.attach(each, paper, signed_on=form.signed_on.data, by=current_actor())
    return [each.title for each in parts]


def _attach_page(form: Form, found: RightPart) -> str:
    kinds = {"accept": titling.SIGNED.accept, "taken": titling.SIGNED.words}
    return render_template("rights/attach.html", form=form, part=found, **kinds)


@blueprint.get("/right-parts/<uuid:part_id>/assignment/<uuid:document_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.paper)
def paper(found: Paper) -> ResponseReturnValue:
    """The signed assignment, to be saved."""
    return file_answer(found.document)


@blueprint.route("/right-parts/<uuid:part_id>/assignment/<uuid:document_id>/remove", methods=["GET", "POST"])
@permit(Act.REMOVE_ASSIGNMENT, audience=Audience.MEMBER, load=queries.paper, unless=why_archived)
def remove_paper(found: Paper) -> ResponseReturnValue:
    """Ask, then remove a signed assignment."""
    form, right, name = Form.of_request(), found.part.right, found.document.name
    return answer(
        form,
        page=lambda: remove_page(form, right, what=name, says=[_goes_with_paper(found.part)]),
        act=lambda: titling.detach(found.part, found.document, by=current_actor()),
        then=lambda _: _to_right(f"{name} removed.", right),
    )


def _goes_with_paper(found: RightPart) -> str:
    return (
        f"The file is deleted. Unless another file is attached, {found.title} has no signed assignment from "
        f"{found.maker} again, and that is shown as a gap."
    )


@blueprint.route("/rights/<uuid:right_id>/licences/add", methods=["GET", "POST"])
@permit(
    Act.ADD_LICENCE,
    audience=Audience.MEMBER,
    load=queries.right,
    unless=first_reason(_why_no_licences, why_archived),
)
def add_licence(found: Right) -> ResponseReturnValue:
    """Record a licence."""
    form = LicenceForm.of_request().checked()
    return answer(
        form,
        page=lambda: render_template("rights/add_licence.html", form=form, right=found),
        act=lambda: licensing.add_licence(found, form.details(), by=current_actor()),
        then=lambda made: _to_right(f"Licence with {made.party} added.", found),
    )


@blueprint.route("/right-licences/<uuid:licence_id>/correct", methods=["GET", "POST"])
@permit(Act.CORRECT_LICENCE, audience=Audience.MEMBER, load=queries.licence, unless=why_archived)
def correct_licence(found: RightLicence) -> ResponseReturnValue:
    """Correct a licence, or enter the day on which it ended."""
    form = LicenceForm.of_request(**licence_values(found)).checked()
    told = {"version": form.version.data, "by": current_actor()}
    return answer(
        form,
        page=lambda: render_template("rights/correct_licence.html", form=form, right=found.right),
        act=lambda: licensing.correct_licence(found, form.details(), **told),
        then=lambda _: _to_right(f"Licence with {found.party} corrected.", found.right),
    )


@blueprint.route("/right-licences/<uuid:licence_id>/remove", methods=["GET", "POST"])
@permit(Act.REMOVE_LICENCE, audience=Audience.MEMBER, load=queries.licence, unless=why_archived)
def remove_licence(found: RightLicence) -> ResponseReturnValue:
    """Ask, then remove a licence."""
    form, what = Form.of_request(), f"the licence with {found.party}"
    return answer(
        form,
        page=lambda: remove_page(form, found.right, what=what, says=[GOES_WITH_LICENCE]),
        act=lambda: licensing.remove_licence(found, by=current_actor()),
        then=lambda _: _to_right(f"Licence with {found.party} removed.", found.right),
    )
