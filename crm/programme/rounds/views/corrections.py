"""Corrections of a round that is published: its hints; and making it a draft again before it opens."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.kernel.permissions import Audience
from crm.programme.rounds import queries
from crm.programme.rounds.forms.composing import ReasonForm
from crm.programme.rounds.forms.dates import CorrectForm
from crm.programme.rounds.models import Round, RoundQuestion, RoundSection
from crm.programme.rounds.policy import POLICY
from crm.programme.rounds.service import correcting, preparing
from crm.programme.rounds.workflow import Act
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("corrections", __name__)
permit = permits(POLICY)
WHY_NOT = correcting.why_not_corrected


@blueprint.route("/round-questions/<uuid:question_id>/correct", methods=["GET", "POST"])
@permit(Act.CORRECT, audience=Audience.INTERNAL, load=queries.question, unless=WHY_NOT)
def correct_question(found: RoundQuestion) -> ResponseReturnValue:
    """Correct the hint of a question."""
    return _corrected(found, found.label)


@blueprint.route("/round-sections/<uuid:section_id>/correct", methods=["GET", "POST"])
@permit(Act.CORRECT, audience=Audience.INTERNAL, load=queries.section, unless=WHY_NOT)
def correct_section(found: RoundSection) -> ResponseReturnValue:
    """Correct what stands above the questions of a section."""
    return _corrected(found, found.title)


def _corrected(found: correcting.Asked, about: str) -> ResponseReturnValue:
    form = CorrectForm.of_request(hint=found.hint, version=found.version)
    return answer(
        form,
        page=lambda: _correct_page(form, found, about),
        act=lambda: correcting.correct(found, form.hint.data or "", **form.decision(), by=current_actor()),
        then=lambda _: saved(
            "Hint corrected. We have written to everyone with an unfinished application.",
            "rounds.composition",
            round_id=found.round.id,
        ),
    )


def _correct_page(form: Form, found: correcting.Asked, about: str) -> str:
    return render_template("programme/rounds/correct.html", form=form, round=found.round, about=about)


@blueprint.route("/programme/rounds/<uuid:round_id>/unpublish", methods=["GET", "POST"])
@permit(Act.UNPUBLISH, audience=Audience.INTERNAL, load=queries.round_, unless=preparing.why_not_unpublished)
def unpublish(found: Round) -> ResponseReturnValue:
    """Make a round that was published by mistake a draft again."""
    form = ReasonForm.of_request(version=found.version)
    return answer(
        form,
        page=lambda: render_template("programme/rounds/unpublish.html", form=form, round=found),
        act=lambda: preparing.unpublish(found, **form.decision(), by=current_actor()),
        then=lambda _: saved(
            "This round is a draft again. Only staff can see it.", "rounds.composition", round_id=found.id
        ),
    )
