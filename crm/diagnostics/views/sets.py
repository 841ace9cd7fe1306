"""Versions of readiness question sets: read, copied to a draft, edited, published and retired."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.diagnostics.forms.readiness import new_question_form, question_form, results_form
from crm.diagnostics.models import ReadinessSet
from crm.diagnostics.policy import POLICY
from crm.diagnostics.queries import readiness as queries
from crm.diagnostics.rules.readiness import Question, read_set
from crm.diagnostics.rules.scoring import in_words
from crm.diagnostics.service import sets as service
from crm.diagnostics.workflow import SETS, Act, SetStatus
from crm.kernel.eligibility import DCMS_GROUPS
from crm.kernel.permissions import Audience
from crm.web.forms import answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import open_acts, permits
from crm.web.seen import seen_version

blueprint = Blueprint("readiness_sets", __name__)
permit = permits(POLICY)
PAGE = "readiness_sets.readiness_set"


@blueprint.get("/question-sets/readiness/<uuid:version_id>")
@permit(Act.VIEW_QUESTIONS, audience=Audience.INTERNAL, load=queries.version)
def readiness_set(found: ReadinessSet) -> ResponseReturnValue:
    """One version as it is asked: to read, to preview and to print."""
    also = (Act.EDIT_SET,) if found.status is SetStatus.DRAFT else (Act.DRAFT_SET,)
    acts = open_acts(found, machine=SETS, policy=POLICY, also=also)
    shown = {"asked": read_set(found.content), "groups": DCMS_GROUPS, "in_words": in_words}
    return render_template("diagnostics/readiness_set.html", found=found, acts=acts, **shown)


@blueprint.post("/question-sets/readiness/<uuid:version_id>/draft")
@permit(Act.DRAFT_SET, audience=Audience.INTERNAL, load=queries.version)
def draft(found: ReadinessSet) -> ResponseReturnValue:
    """Copy it to a draft, or go on with the draft that there is."""
    made = service.draft(found, by=current_actor())
    return done(saved(f"Version {made.number} is a draft. Nobody is asked it yet.", PAGE, version_id=made.id))


@blueprint.post("/question-sets/readiness/<uuid:version_id>/publish")
@permit(Act.PUBLISH_SET, audience=Audience.INTERNAL, load=queries.version, machine=SETS)
def publish(found: ReadinessSet) -> ResponseReturnValue:
    """Ask it from now on."""
    service.publish(found, by=current_actor())
    return done(saved(f"Version {found.number} published.", PAGE, version_id=found.id))


@blueprint.post("/question-sets/readiness/<uuid:version_id>/retire")
@permit(Act.RETIRE_SET, audience=Audience.INTERNAL, load=queries.version, machine=SETS)
def retire(found: ReadinessSet) -> ResponseReturnValue:
    """Stop asking it."""
    service.retire(found, by=current_actor())
    return done(saved(f"Version {found.number} retired.", PAGE, version_id=found.id))


class Drafted:
    """One question of a draft."""

    def __init__(self, question_set: ReadinessSet, question: Question) -> None:
        self.question_set, self.question = question_set, question


def _question(version_id: UUID, question_key: str) -> Drafted | None:
    found = queries.version(version_id)
    question = read_set(found.content).question(question_key) if found is not None else None
    return Drafted(found, question) if found is not None and question is not None else None


def _why_not_edit(found: Drafted) -> str | None:
    return service.why_not_edit(found.question_set)


@blueprint.route(
    "/question-sets/readiness/<uuid:version_id>/questions/<string:question_key>", methods=["GET", "POST"]
)
@permit(Act.EDIT_SET, audience=Audience.INTERNAL, load=_question, unless=_why_not_edit)
def edit_question(found: Drafted) -> ResponseReturnValue:
    """Change one question of a draft."""
    version, key = found.question_set, found.question.key
    form = question_form(found.question, version=version.version)
    told = {"seen": form.version.data, "by": current_actor()}
    return answer(
        form,
        page=lambda: render_template("diagnostics/edit_question.html", form=form, found=found),
        act=lambda: service.edit_question(version, key, details=form.details(), **told),
        then=lambda _: f"{saved('Question saved.', PAGE, version_id=version.id)}#{key}",
    )


@blueprint.post("/question-sets/readiness/<uuid:version_id>/questions/<string:question_key>/remove")
@permit(Act.EDIT_SET, audience=Audience.INTERNAL, load=_question, unless=_why_not_edit)
def remove_question(found: Drafted) -> ResponseReturnValue:
    """Remove one question from a draft."""
    key, seen = found.question.key, seen_version()
    service.remove_question(found.question_set, key, seen=seen, by=current_actor())
    return done(saved("Question removed.", PAGE, version_id=found.question_set.id))


@blueprint.route("/question-sets/readiness/<uuid:version_id>/new-question", methods=["GET", "POST"])
@permit(Act.EDIT_SET, audience=Audience.INTERNAL, load=queries.version, unless=service.why_not_edit)
def add_question(found: ReadinessSet) -> ResponseReturnValue:
    """Add a question to a draft."""
    form = new_question_form(read_set(found.content).areas, version=found.version)
    told = {"seen": form.version.data, "by": current_actor()}
    return answer(
        form,
        page=lambda: render_template("diagnostics/add_question.html", form=form, found=found),
        act=lambda: service.add_question(found, form.area.data, details=form.details(), **told),
        then=lambda key: f"{saved('Question added.', PAGE, version_id=found.id)}#{key}",
    )


@blueprint.route("/question-sets/readiness/<uuid:version_id>/results", methods=["GET", "POST"])
@permit(Act.EDIT_SET, audience=Audience.INTERNAL, load=queries.version, unless=service.why_not_edit)
def edit_results(found: ReadinessSet) -> ResponseReturnValue:
    """Change the title, the introduction and the results of a draft."""
    form = results_form(found.title, read_set(found.content), version=found.version)
    told = {"seen": form.version.data, "by": current_actor()}
    return answer(
        form,
        page=lambda: render_template("diagnostics/edit_results.html", form=form, found=found),
        act=lambda: service.edit_results(found, form.details(), **told),
        then=lambda _: saved("Saved. Nobody is asked this version yet.", PAGE, version_id=found.id),
    )
