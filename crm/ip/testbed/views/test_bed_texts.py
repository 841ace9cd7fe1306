"""Texts of lessons on their way: written, agreed by those whom they name, approved by another person, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.audit.models import AuditEntry
from crm.audit.queries import entries_about_any
from crm.ip.testbed.forms import AskForm, LessonForm, PublishForm
from crm.ip.testbed.models import Lesson, Project
from crm.ip.testbed.policy import POLICY
from crm.ip.testbed.queries import reading, seeing
from crm.ip.testbed.rules import labels
from crm.ip.testbed.service import naming, writing
from crm.ip.testbed.workflow import LESSONS, Act, LessonStatus, why_not_change_text, why_not_write
from crm.kernel.clock import today
from crm.kernel.permissions import Audience
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import open_acts, permits
from crm.web.reasons import ReasonForm

blueprint = Blueprint("test_bed_texts", __name__)
permit = permits(POLICY)


def _saved(words: str, found: Lesson) -> str:
    return saved(words, "test_bed_texts.text", text_id=found.id)


def _lesson_form_page(form: Form, project: Project, found: Lesson | None = None) -> str:
    return render_template("ip/testbed/lesson_form.html", form=form, project=project, lesson=found)


@blueprint.route("/test-bed/<uuid:project_id>/lessons/write", methods=["GET", "POST"])
@permit(Act.WRITE_LESSON, audience=Audience.INTERNAL, load=seeing.project, unless=why_not_write)
def write(found: Project) -> ResponseReturnValue:
    """Write a lesson."""
    form = LessonForm.of_request()
    return answer(
        form,
        page=lambda: _lesson_form_page(form, found),
        act=lambda: writing.write(found, form.details(), by=current_actor()),
        then=lambda made: _saved("Draft saved. Nothing is published yet.", made),
    )


@blueprint.get("/test-bed/texts/<uuid:text_id>")
@permit(Act.VIEW_LESSON, audience=Audience.INTERNAL, load=reading.lesson_text)
def text(found: Lesson) -> ResponseReturnValue:
    """One text: the words, whom they name, and what comes next."""
    return _text_page(found)


def _text_page(found: Lesson, **forms: Form) -> str:
    shown: dict[str, Any] = {"labels": labels, "Act": Act, "mark": naming.mark_now(found), "on": today()}
    shown["acts"] = _acts(found)
    shown |= _naming_of(found) | _to_check(found)
    shown["is_writer"] = found.written_by_id == current_actor().account_id
    shown["publishing"] = forms.get("publishing") or PublishForm.of_request(seen=writing.mark_shown(found))
    shown["reason"] = forms.get("reason") or ReasonForm()
    shown["form"] = forms.get("publishing") or forms.get("reason")
    trail = entries_about_any([found, *found.namings])
    shown |= _waiting(found, trail)
    return render_template("ip/testbed/text.html", lesson=found, trail=trail, **shown)


def _to_check(found: Lesson) -> dict[str, Any]:
    """What is looked at before a text is published: other names in it, and what the partners agreed."""
    is_waiting = found.status in (LessonStatus.DRAFT, LessonStatus.SUBMITTED)
    others = writing.also_names(found) if is_waiting else []
    return {"others": others, "against": writing.why_against_terms(found) if is_waiting else None}


def _waiting(found: Lesson, trail: Sequence[AuditEntry]) -> dict[str, Any]:
    """Since when a text waits to be approved, and who can publish it."""
    if found.status is not LessonStatus.SUBMITTED:
        return {"publishers": (), "waits_since": None}
    sent = next((each.at for each in trail if each.act == Act.SUBMIT_LESSON), None)
    return {"publishers": reading.publishers(besides=found.written_by_id), "waits_since": sent}


def _naming_of(found: Lesson) -> dict[str, Any]:
    """Whom the text names: what it lacks, whom to ask, and the names for its history."""
    to_ask = naming.to_ask(found) if found.status is LessonStatus.DRAFT else []
    shown: dict[str, Any] = {"unnamed": naming.why_unnamed(found), "to_ask": to_ask}
    shown["was_refused"] = naming.was_refused(found)
    return shown | {"named": {str(each.id): each.business.name for each in found.namings}}


def _acts(found: Lesson) -> frozenset[Any]:
    also = [] if why_not_change_text(found) else [Act.CHANGE_LESSON]
    also += [] if naming.why_not_ask(found) else [Act.ASK_NAMING]
    acts = open_acts(found, machine=LESSONS, policy=POLICY, also=also)
    return acts - {Act.SUBMIT_LESSON, Act.PUBLISH_LESSON} if naming.why_unnamed(found) else acts


@blueprint.route("/test-bed/texts/<uuid:text_id>/change", methods=["GET", "POST"])
@permit(Act.CHANGE_LESSON, audience=Audience.INTERNAL, load=reading.lesson_text, unless=why_not_change_text)
def change(found: Lesson) -> ResponseReturnValue:
    """Change a draft."""
    form = LessonForm.of_request(version=found.version, title=found.title, text=found.text)
    by = current_actor()
    return answer(
        form,
        page=lambda: _lesson_form_page(form, found.project, found),
        act=lambda: writing.change_text(found, form.details(), version=form.version.data, by=by),
        then=lambda _: _saved("Draft saved.", found),
    )


@blueprint.route("/test-bed/texts/<uuid:text_id>/ask", methods=["GET", "POST"])
@permit(Act.ASK_NAMING, audience=Audience.INTERNAL, load=reading.lesson_text, unless=naming.why_not_ask)
def ask(found: Lesson) -> ResponseReturnValue:
    """Show whom the text names and what they are sent, and ask them."""
    form = AskForm.of_request(seen=naming.mark_to_ask(found))
    return answer(
        form,
        page=lambda: _ask_page(form, found),
        act=lambda: naming.ask(found, seen=form.seen.data or None, by=current_actor()),
        then=lambda asked: _saved(f"Asked: {', '.join(each.business.name for each in asked)}.", found),
    )


def _ask_page(form: Form, found: Lesson) -> str:
    asked = naming.readers_to_ask(found)
    return render_template("ip/testbed/ask.html", form=form, lesson=found, asked=asked, on=today())


@blueprint.post("/test-bed/texts/<uuid:text_id>/submit")
@permit(Act.SUBMIT_LESSON, audience=Audience.INTERNAL, load=reading.lesson_text, machine=LESSONS)
def submit(found: Lesson) -> ResponseReturnValue:
    """Send it to be approved."""
    writing.submit(found, by=current_actor())
    return done(_saved("Sent for approval. Another person publishes it.", found))


@blueprint.post("/test-bed/texts/<uuid:text_id>/recall")
@permit(Act.RECALL_LESSON, audience=Audience.INTERNAL, load=reading.lesson_text, machine=LESSONS)
def recall(found: Lesson) -> ResponseReturnValue:
    """Take it back from approval."""
    writing.recall(found, by=current_actor())
    return done(_saved("Taken back from approval. It is a draft again.", found))


@blueprint.post("/test-bed/texts/<uuid:text_id>/return")
@permit(Act.RETURN_LESSON, audience=Audience.INTERNAL, load=reading.lesson_text, machine=LESSONS)
def return_text(found: Lesson) -> ResponseReturnValue:
    """Send it back to its writer."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: _text_page(found, reason=form),
        act=lambda: writing.return_(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: _saved("Sent back to its writer.", found),
    )


@blueprint.post("/test-bed/texts/<uuid:text_id>/publish")
@permit(Act.PUBLISH_LESSON, audience=Audience.INTERNAL, load=reading.lesson_text, machine=LESSONS)
def publish(found: Lesson) -> ResponseReturnValue:
    """Publish it."""
    form = PublishForm.of_request(seen=writing.mark_shown(found))
    told: dict[str, Any] = {"kept": form.kept.data or "", "is_checked": bool(form.checked.data)}
    told |= {"seen": form.seen.data or None, "by": current_actor()}
    return answer(
        form,
        page=lambda: _text_page(found, publishing=form),
        act=lambda: writing.publish(found, **told),
        then=lambda _: _saved("Published. Anyone can read it now.", found),
    )


@blueprint.post("/test-bed/texts/<uuid:text_id>/take-back")
@permit(Act.TAKE_BACK_LESSON, audience=Audience.INTERNAL, load=reading.lesson_text, machine=LESSONS)
def take_back(found: Lesson) -> ResponseReturnValue:
    """Take a published lesson back."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: _text_page(found, reason=form),
        act=lambda: writing.take_back(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: _saved("Lesson taken back. Its page now says so.", found),
    )


@blueprint.post("/test-bed/texts/<uuid:text_id>/discard")
@permit(Act.DISCARD_LESSON, audience=Audience.INTERNAL, load=reading.lesson_text, machine=LESSONS)
def discard(found: Lesson) -> ResponseReturnValue:
    """Discard a draft."""
    writing.discard(found, by=current_actor())
    return done(saved("Draft discarded.", "test_bed.project", project_id=found.project_id))
