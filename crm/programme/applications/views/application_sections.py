"""Filling in a section: saved when asked and by itself, compared where two people write at once; and its files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.businesses.queries.seeing import business
from crm.kernel.errors import Refusal
from crm.kernel.permissions import Audience
from crm.programme.applications.forms.applying import (
    SectionForm,
    kept,
    prefilled,
    section_form,
    told_by,
    values_of,
)
from crm.programme.applications.models import SectionAnswers
from crm.programme.applications.policy import POLICY
from crm.programme.applications.queries import applications as queries
from crm.programme.applications.queries.filling import Filled, filled
from crm.programme.applications.rules.answering import SectionState, answer_in_words
from crm.programme.applications.service import filling as service
from crm.programme.applications.views.applications import OfApplication
from crm.programme.applications.workflow import Act
from crm.programme.rounds.models import RoundSection
from crm.programme.rounds.rules.asking import limits_in_words
from crm.web.forms import answer, saved, try_to
from crm.web.identity import current_actor
from crm.web.permit import permits
from crm.web.transaction import after

blueprint = Blueprint("application_sections", __name__)
permit = permits(POLICY)
LATE = "who tried to change an application after its deadline, and when"


@dataclass(frozen=True)
class Page(OfApplication):
    """A section of an application."""

    section: RoundSection


def _page(application_id: UUID, section_id: UUID) -> Page | None:
    found = queries.application(application_id)
    sections = [each for each in found.round.sections if each.id == section_id] if found else []
    return Page(found, sections[0]) if found and sections else None


def why_not_filled(found: OfApplication) -> str:
    """Why an application cannot be filled in any more; empty where it can."""
    return service.why_not(found.application)


@blueprint.route("/applications/<uuid:application_id>/sections/<uuid:section_id>", methods=["GET", "POST"])
@permit(Act.FILL_IN, audience=Audience.MEMBER, load=_page, unless=why_not_filled, leaves_trace=LATE)
def fill_in(page: Page) -> ResponseReturnValue:
    """The questions of a section: saved for later, or finished."""
    now_filled = filled(page.application)
    form = _form(page, now_filled)
    return answer(
        form,
        page=lambda: _fill_in_page(form, page, filled(page.application)),
        act=lambda: service.save(page.application, _saved(form, page, now_filled), by=current_actor()),
        then=lambda _: _next(page),
    )


def _form(page: Page, now_filled: Filled) -> Any:
    """What is saved; until the section is finished, what it lacks is filled in from the record of the business."""
    latest = now_filled.latest.get(page.section.id)
    answered = {key: each for key, each in now_filled.answers.items() if each not in (None, "", [])}
    shown = (
        now_filled.answers if latest and latest.is_finished else _told(page) | (answered if latest else {})
    )
    values = values_of(page.section.questions, shown) | {"version": latest.version if latest else 0}
    return section_form(page.section.questions).of_request(**values)


def _told(page: Page) -> dict[str, Any]:
    whole = business(page.application.business_id)
    return prefilled(page.section.questions, told_by(whole, list(whole.figures))) if whole else {}


def _saved(form: SectionForm, page: Page, now_filled: Filled) -> service.Saved:
    """What was typed or, where somebody chose what a colleague saved meanwhile, that."""
    latest = now_filled.latest.get(page.section.id)
    is_finished = "finish" in request.form
    if "theirs" in request.form and latest is not None:
        return service.Saved(page.section, latest.answers, form.version.data or 0, latest.is_finished)
    return service.Saved(page.section, form.answers(), form.version.data or 0, is_finished)


def _next(page: Page) -> str:
    """On to the list of sections or, where a section was to be finished and lacks something, back to it."""
    found = filled(page.application)
    if "finish" in request.form and found.states[page.section.id] is not SectionState.COMPLETE:
        flash("Saved, but not finished. See below what is missing.", "important")
        return url_for(
            "application_sections.fill_in", application_id=page.application.id, section_id=page.section.id
        )
    words = f"Section “{page.section.title}” saved."
    return saved(words, "applications.application", application_id=page.application.id)


def _fill_in_page(form: SectionForm, page: Page, now_filled: Filled) -> str:
    latest = now_filled.latest.get(page.section.id)
    shown: dict[str, Any] = {
        **vars(page),
        "latest": latest,
        "files": now_filled.files,
        "asked": {each.id for each in now_filled.asked},
        **_said_of_questions(page),
    }
    shown["is_told"] = latest is None and any(form.field_of(each).data for each in form.questions)
    shown |= {"lacks": _lacks(form, page, now_filled), "conflict": _conflict(form, latest)}
    return render_template("programme/applications/fill_in.html", form=form, **shown)


def _said_of_questions(page: Page) -> dict[str, Any]:
    """The label of each question, and the limit that is said at it."""
    labels = {each.id: each.label for each in page.round.questions}
    return {"labels": labels, "limits": limits_in_words(page.round.checks, labels)}


def _lacks(form: SectionForm, page: Page, now_filled: Filled) -> dict[UUID, str]:
    """What is missing, once somebody has said that the section is finished. It is shown at the fields."""
    latest = now_filled.latest.get(page.section.id)
    if form.was_sent:
        return _lacks_as_typed(form, page, now_filled) if form.errors and "finish" in request.form else {}
    if latest is None or not latest.is_finished:
        return {}
    found = now_filled.faults_in(page.section)
    for each in form.questions:
        if each.id in found:
            form.field_of(each).errors = [found[each.id]]
    return found


def _lacks_as_typed(form: SectionForm, page: Page, now_filled: Filled) -> dict[UUID, str]:
    """What else is wrong with what was typed, where something cannot be read: everything is said at once."""
    read = [each for each in form.questions if not form.field_of(each).errors]
    typed = {str(each.id): kept(form.field_of(each).data) for each in read}
    found = now_filled.faults_with(page.application, typed)
    for each in read:
        if each.id in found:
            form.field_of(each).errors = [found[each.id]]
    return found


def _conflict(form: SectionForm, latest: SectionAnswers | None) -> list[tuple[str, str, str]]:
    """Where somebody saved meanwhile: each answer that differs, theirs and yours. The form then stands on theirs."""
    if not form.was_sent or latest is None or form.version.data == latest.version:
        return []
    form.version.data, form.version.raw_data = latest.version, None
    return _differences(form.questions, latest.answers, form.answers())


def _differences(questions: Any, one: Any, other: Any) -> list[tuple[str, str, str]]:
    """Each question that is answered in two ways, and both ways in words."""
    return [
        (
            each.label,
            answer_in_words(each, one.get(str(each.id))),
            answer_in_words(each, other.get(str(each.id))),
        )
        for each in questions
        if one.get(str(each.id)) != other.get(str(each.id))
    ]


@blueprint.post("/applications/<uuid:application_id>/sections/<uuid:section_id>/keep")
@permit(Act.FILL_IN, audience=Audience.MEMBER, load=_page, leaves_trace=LATE, repeats=True)
def keep(page: Page) -> ResponseReturnValue:
    """Save what is being typed, for the script of the page: the new version, or why not."""
    form = section_form(page.section.questions).of_request()
    if not form.validate():
        return jsonify(errors=[each for field in form for each in field.errors]), 422
    saved = service.Saved(page.section, form.answers(), form.version.data or 0)
    try:
        made = try_to(lambda: service.save(page.application, saved, by=current_actor()))
    except Refusal as refusal:
        if refusal.trace:
            after(refusal.trace)
        return jsonify(errors=[refusal.message]), refusal.status
    return jsonify(version=made.version)


@blueprint.get("/applications/<uuid:application_id>/sections/<uuid:section_id>/versions")
@permit(Act.VIEW, audience=Audience.MEMBER, load=_page)
def versions(page: Page) -> ResponseReturnValue:
    """Who saved what, and when."""
    rows = queries.versions_of(page.application.id, page.section.id)
    older = [*(each.answers for each in rows), {}][1:]
    shown = [
        (each, _differences(page.section.questions, before, each.answers))
        for each, before in zip(rows, older, strict=True)
    ]
    told = {"application": page.application, "section": page.section, "versions": shown}
    return render_template("programme/applications/versions.html", **told)
