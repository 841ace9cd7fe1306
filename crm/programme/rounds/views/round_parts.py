"""The parts of a round: sections, questions, checks and criteria."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.kernel.permissions import Audience
from crm.programme.rounds import queries
from crm.programme.rounds.forms import (
    CheckForm,
    CriterionForm,
    QuestionForm,
    SectionForm,
    criterion_values,
    question_values,
    section_values,
)
from crm.programme.rounds.models import Criterion, Round, RoundCheck, RoundQuestion, RoundSection
from crm.programme.rounds.policy import POLICY
from crm.programme.rounds.service import composing as service
from crm.programme.rounds.service.preparing import require_criteria_open, require_draft
from crm.programme.rounds.views.weights import criterion_form_page
from crm.programme.rounds.workflow import Act
from crm.web.forms import Form, answer
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("round_parts", __name__)
permit = permits(POLICY)


def _said(found: Round, words: str) -> str:
    flash(words, "success")
    return url_for("rounds.composition", round_id=found.id)


def _draft_of(found: RoundSection) -> Round:
    """The round of a part, as long as it is being prepared."""
    require_draft(found.round)
    return found.round


def _open_round_of(found: Criterion) -> Round:
    """The round of a criterion, as long as its criteria can be changed."""
    require_criteria_open(found.round)
    return found.round


def _next(rows: list[Any]) -> int:
    """Behind all that are there."""
    return max((each.position for each in rows), default=0) + 1


@blueprint.route("/programme/rounds/<uuid:round_id>/sections/add", methods=["GET", "POST"])
@permit(Act.CHANGE, audience=Audience.INTERNAL, load=queries.round_)
def add_section(found: Round) -> ResponseReturnValue:
    """Add a section."""
    require_draft(found)
    form = SectionForm.of_request(position=_next(found.sections))
    if not form.was_sent:
        return _section_form_page(form, found)
    return answer(
        form,
        lambda: service.add_section(found, form.details(), by=current_actor()),
        then=lambda _: _said(found, "The section is added. Now add its questions."),
        again=lambda again: _section_form_page(again, found),
    )


def _section_form_page(form: Form, found: Round, kept: RoundSection | None = None) -> str:
    return render_template("programme/rounds/section_form.html", form=form, round=found, section=kept)


@blueprint.route("/round-sections/<uuid:section_id>/change", methods=["GET", "POST"])
@permit(Act.CHANGE, audience=Audience.INTERNAL, load=queries.section)
def change_section(found: RoundSection) -> ResponseReturnValue:
    """Change a section."""
    owner, form = _draft_of(found), SectionForm.of_request(**section_values(found))
    if not form.was_sent:
        return _section_form_page(form, owner, found)
    return answer(
        form,
        lambda: service.change_section(found, form.details(), version=form.version.data, by=current_actor()),
        then=lambda _: _said(owner, "The section is changed."),
        again=lambda again: _section_form_page(again, owner, found),
    )


@blueprint.post("/round-sections/<uuid:section_id>/remove")
@permit(Act.CHANGE, audience=Audience.INTERNAL, load=queries.section)
def remove_section(found: RoundSection) -> ResponseReturnValue:
    """Take a section out."""
    owner = found.round
    service.remove_section(found, by=current_actor())
    return redirect(_said(owner, f"“{found.title}” is taken out."), code=303)


@blueprint.route("/round-sections/<uuid:section_id>/questions/add", methods=["GET", "POST"])
@permit(Act.CHANGE, audience=Audience.INTERNAL, load=queries.section)
def add_question(found: RoundSection) -> ResponseReturnValue:
    """Add a question to a section."""
    require_draft(found.round)
    form = QuestionForm.of_request(position=_next(found.questions), is_needed=True).offer(found.round)
    if not form.was_sent:
        return _question_form_page(form, found)
    return answer(
        form,
        lambda: service.add_question(found, form.details(), by=current_actor()),
        then=lambda _: _said(found.round, "The question is added."),
        again=lambda again: _question_form_page(again, found),
    )


def _question_form_page(form: Form, found: RoundSection, kept: RoundQuestion | None = None) -> str:
    return render_template("programme/rounds/question_form.html", form=form, section=found, question=kept)


@blueprint.route("/round-questions/<uuid:question_id>/change", methods=["GET", "POST"])
@permit(Act.CHANGE, audience=Audience.INTERNAL, load=queries.question)
def change_question(found: RoundQuestion) -> ResponseReturnValue:
    """Change a question."""
    round_ = found.section.round
    require_draft(round_)
    form = QuestionForm.of_request(**question_values(found)).offer(round_, but=found)
    if not form.was_sent:
        return _question_form_page(form, found.section, found)
    return answer(
        form,
        lambda: service.change_question(found, form.details(), version=form.version.data, by=current_actor()),
        then=lambda _: _said(round_, "The question is changed."),
        again=lambda again: _question_form_page(again, found.section, found),
    )


@blueprint.post("/round-questions/<uuid:question_id>/remove")
@permit(Act.CHANGE, audience=Audience.INTERNAL, load=queries.question)
def remove_question(found: RoundQuestion) -> ResponseReturnValue:
    """Take a question out."""
    owner = found.section.round
    service.remove_question(found, by=current_actor())
    return redirect(_said(owner, f"“{found.label}” is taken out."), code=303)


@blueprint.route("/programme/rounds/<uuid:round_id>/checks/add", methods=["GET", "POST"])
@permit(Act.CHANGE, audience=Audience.INTERNAL, load=queries.round_)
def add_check(found: Round) -> ResponseReturnValue:
    """Add a check between two answers."""
    require_draft(found)
    form = CheckForm.of_request(percent=10_000, comparison="at_most").offer(found)
    if not form.was_sent:
        return _add_check_page(form, found)
    return answer(
        form,
        lambda: service.add_check(found, form.details(), by=current_actor()),
        then=lambda _: _said(found, "The check is added."),
        again=lambda again: _add_check_page(again, found),
    )


def _add_check_page(form: Form, found: Round) -> str:
    return render_template("programme/rounds/add_check.html", form=form, round=found)


@blueprint.post("/round-checks/<uuid:check_id>/remove")
@permit(Act.CHANGE, audience=Audience.INTERNAL, load=queries.check)
def remove_check(found: RoundCheck) -> ResponseReturnValue:
    """Take a check out."""
    owner = found.round
    service.remove_check(found, by=current_actor())
    return redirect(_said(owner, "The check is taken out."), code=303)


@blueprint.route("/programme/rounds/<uuid:round_id>/criteria/add", methods=["GET", "POST"])
@permit(Act.CHANGE, audience=Audience.INTERNAL, load=queries.round_)
def add_criterion(found: Round) -> ResponseReturnValue:
    """Add a criterion."""
    require_criteria_open(found)
    form = CriterionForm.of_request(position=_next(found.criteria), highest=5).offer(found)
    if not form.was_sent:
        return criterion_form_page(form, found)
    return answer(
        form,
        lambda: service.add_criterion(found, form.details(), by=current_actor()),
        then=lambda _: _said(found, "The criterion is added."),
        again=lambda again: criterion_form_page(again, found),
    )


@blueprint.route("/criteria/<uuid:criterion_id>/change", methods=["GET", "POST"])
@permit(Act.CHANGE, audience=Audience.INTERNAL, load=queries.criterion)
def change_criterion(found: Criterion) -> ResponseReturnValue:
    """Change a criterion."""
    owner, form = _open_round_of(found), _criterion_form(found)
    if not form.was_sent:
        return criterion_form_page(form, owner, found)
    return answer(
        form,
        lambda: _changed(found, form),
        then=lambda _: _said(owner, "The criterion is changed."),
        again=lambda again: criterion_form_page(again, owner, found),
    )


def _criterion_form(found: Criterion) -> Any:
    return CriterionForm.of_request(**criterion_values(found)).offer(found.round)


def _changed(found: Criterion, form: Any) -> None:
    service.change_criterion(found, form.details(), version=form.version.data, by=current_actor())


@blueprint.post("/criteria/<uuid:criterion_id>/remove")
@permit(Act.CHANGE, audience=Audience.INTERNAL, load=queries.criterion)
def remove_criterion(found: Criterion) -> ResponseReturnValue:
    """Take a criterion out."""
    owner = found.round
    service.remove_criterion(found, by=current_actor())
    return redirect(_said(owner, f"“{found.title}” is taken out."), code=303)
