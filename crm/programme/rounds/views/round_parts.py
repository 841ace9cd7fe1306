"""The parts of a round: sections, questions, checks and criteria."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.kernel.permissions import Audience
from crm.programme.rounds import queries
from crm.programme.rounds.forms.checks import CheckForm
from crm.programme.rounds.forms.composing import (
    CriterionForm,
    QuestionForm,
    SectionForm,
    criterion_values,
    question_values,
    section_values,
)
from crm.programme.rounds.models import Criterion, Round, RoundCheck, RoundQuestion, RoundSection
from crm.programme.rounds.policy import POLICY
from crm.programme.rounds.rules.asking import NUMERIC
from crm.programme.rounds.service import checking
from crm.programme.rounds.service import composing as service
from crm.programme.rounds.service.preparing import why_criteria_fixed, why_fixed
from crm.programme.rounds.views.weights import criterion_form_page
from crm.programme.rounds.workflow import Act
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import permits
from crm.web.seen import seen_version

blueprint = Blueprint("round_parts", __name__)
permit = permits(POLICY)


def _saved(words: str, found: Round) -> str:
    return saved(words, "rounds.composition", round_id=found.id)


def _next(rows: list[Any]) -> int:
    """Behind all that are there."""
    return max((each.position for each in rows), default=0) + 1


@blueprint.route("/programme/rounds/<uuid:round_id>/sections/add", methods=["GET", "POST"])
@permit(Act.CHANGE, audience=Audience.INTERNAL, load=queries.round_, unless=why_fixed)
def add_section(found: Round) -> ResponseReturnValue:
    """Add a section."""
    form = SectionForm.of_request(position=_next(found.sections))
    return answer(
        form,
        page=lambda: _section_form_page(form, found),
        act=lambda: service.add_section(found, form.details(), by=current_actor()),
        then=lambda _: _saved("Section added. Now add its questions.", found),
    )


def _section_form_page(form: Form, found: Round, kept: RoundSection | None = None) -> str:
    return render_template("programme/rounds/section_form.html", form=form, round=found, section=kept)


@blueprint.route("/round-sections/<uuid:section_id>/change", methods=["GET", "POST"])
@permit(Act.CHANGE, audience=Audience.INTERNAL, load=queries.section, unless=why_fixed)
def change_section(found: RoundSection) -> ResponseReturnValue:
    """Change a section."""
    owner, form = found.round, SectionForm.of_request(**section_values(found))
    return answer(
        form,
        page=lambda: _section_form_page(form, found.round, found),
        act=lambda: service.change_section(
            found, form.details(), version=form.version.data, by=current_actor()
        ),
        then=lambda _: _saved("Section changed.", owner),
    )


@blueprint.post("/round-sections/<uuid:section_id>/remove")
@permit(Act.CHANGE, audience=Audience.INTERNAL, load=queries.section, unless=why_fixed)
def remove_section(found: RoundSection) -> ResponseReturnValue:
    """Remove a section."""
    owner, title = found.round, found.title
    service.remove_section(found, version=seen_version(), by=current_actor())
    return done(_saved(f"Section “{title}” removed.", owner))


@blueprint.route("/round-sections/<uuid:section_id>/questions/add", methods=["GET", "POST"])
@permit(Act.CHANGE, audience=Audience.INTERNAL, load=queries.section, unless=why_fixed)
def add_question(found: RoundSection) -> ResponseReturnValue:
    """Add a question to a section."""
    owner = found.round
    form = QuestionForm.of_request(position=_next(found.questions), is_needed=True).offer(owner)
    return answer(
        form,
        page=lambda: _question_form_page(form, found),
        act=lambda: service.add_question(found, form.details(), by=current_actor()),
        then=lambda _: _saved("Question added.", owner),
    )


def _question_form_page(form: Form, found: RoundSection, kept: RoundQuestion | None = None) -> str:
    return render_template("programme/rounds/question_form.html", form=form, section=found, question=kept)


@blueprint.route("/round-questions/<uuid:question_id>/change", methods=["GET", "POST"])
@permit(Act.CHANGE, audience=Audience.INTERNAL, load=queries.question, unless=why_fixed)
def change_question(found: RoundQuestion) -> ResponseReturnValue:
    """Change a question."""
    owner = found.round
    form = QuestionForm.of_request(**question_values(found)).offer(owner, but=found)
    return answer(
        form,
        page=lambda: _question_form_page(form, found.section, found),
        act=lambda: _question_changed(found, form),
        then=lambda _: _saved("Question changed.", owner),
    )


def _question_changed(found: RoundQuestion, form: QuestionForm) -> None:
    service.change_question(found, form.details(), version=form.version.data, by=current_actor())


@blueprint.post("/round-questions/<uuid:question_id>/remove")
@permit(Act.CHANGE, audience=Audience.INTERNAL, load=queries.question, unless=why_fixed)
def remove_question(found: RoundQuestion) -> ResponseReturnValue:
    """Remove a question."""
    owner, label = found.round, found.label
    service.remove_question(found, version=seen_version(), by=current_actor())
    return done(_saved(f"Question “{label}” removed.", owner))


def why_not_checked(found: Round) -> str | None:
    """Why no check can be added: it is fixed, or has no answer that could be checked."""
    is_sum = any(each.kind in NUMERIC for each in found.questions)
    return why_fixed(found) or (
        None if is_sum else "Add a question that asks for a number or a sum of money first."
    )


@blueprint.route("/programme/rounds/<uuid:round_id>/checks/add", methods=["GET", "POST"])
@permit(Act.CHANGE, audience=Audience.INTERNAL, load=queries.round_, unless=why_not_checked)
def add_check(found: Round) -> ResponseReturnValue:
    """Add a check between two answers."""
    form = CheckForm.of_request(percent=10_000, comparison="at_most").offer(found)
    return answer(
        form,
        page=lambda: _add_check_page(form, found),
        act=lambda: checking.add_check(found, form.details(), by=current_actor()),
        then=lambda _: _saved("Check added.", found),
    )


def _add_check_page(form: Form, found: Round) -> str:
    return render_template("programme/rounds/add_check.html", form=form, round=found)


@blueprint.post("/round-checks/<uuid:check_id>/remove")
@permit(Act.CHANGE, audience=Audience.INTERNAL, load=queries.check, unless=why_fixed)
def remove_check(found: RoundCheck) -> ResponseReturnValue:
    """Remove a check."""
    owner = found.round
    checking.remove_check(found, by=current_actor())
    return done(_saved("Check removed.", owner))


@blueprint.route("/programme/rounds/<uuid:round_id>/criteria/add", methods=["GET", "POST"])
@permit(Act.CHANGE, audience=Audience.INTERNAL, load=queries.round_, unless=why_criteria_fixed)
def add_criterion(found: Round) -> ResponseReturnValue:
    """Add a criterion."""
    form = CriterionForm.of_request(position=_next(found.criteria), highest=5).offer(found)
    return answer(
        form,
        page=lambda: criterion_form_page(form, found),
        act=lambda: service.add_criterion(found, form.details(), by=current_actor()),
        then=lambda _: _saved("Criterion added.", found),
    )


@blueprint.route("/criteria/<uuid:criterion_id>/change", methods=["GET", "POST"])
@permit(Act.CHANGE, audience=Audience.INTERNAL, load=queries.criterion, unless=why_criteria_fixed)
def change_criterion(found: Criterion) -> ResponseReturnValue:
    """Change a criterion."""
    owner = found.round
    form = CriterionForm.of_request(**criterion_values(found)).offer(owner)
    return answer(
        form,
        page=lambda: criterion_form_page(form, found.round, found),
        act=lambda: _criterion_changed(found, form),
        then=lambda _: _saved("Criterion changed.", owner),
    )


def _criterion_changed(found: Criterion, form: CriterionForm) -> None:
    service.change_criterion(found, form.details(), version=form.version.data, by=current_actor())


@blueprint.post("/criteria/<uuid:criterion_id>/remove")
@permit(Act.CHANGE, audience=Audience.INTERNAL, load=queries.criterion, unless=why_criteria_fixed)
def remove_criterion(found: Criterion) -> ResponseReturnValue:
    """Remove a criterion."""
    owner, title = found.round, found.title
    service.remove_criterion(found, version=seen_version(), by=current_actor())
    return done(_saved(f"Criterion “{title}” removed.", owner))
