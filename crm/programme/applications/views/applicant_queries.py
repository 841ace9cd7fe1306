"""Asking applicants about some answers, and their answers, old and new side by side."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.kernel.permissions import Audience
from crm.programme.applications.forms.applying import section_form, values_of
from crm.programme.applications.forms.asking import AskForm
from crm.programme.applications.models import ApplicantQuery, Application
from crm.programme.applications.policy import POLICY
from crm.programme.applications.queries import querying as queries
from crm.programme.applications.queries.applications import application
from crm.programme.applications.rules import labels
from crm.programme.applications.rules.answering import answer_in_words
from crm.programme.applications.service import querying as service
from crm.programme.applications.workflow import QUERIES, Act, QueryStatus
from crm.programme.rounds.models import RoundQuestion
from crm.web.forms import Form, answer
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("applicant_queries", __name__)
permit = permits(POLICY)


@blueprint.route("/applications/<uuid:application_id>/queries/ask", methods=["GET", "POST"])
@permit(Act.ASK, audience=Audience.INTERNAL, load=application)
def ask(found: Application) -> ResponseReturnValue:
    """Ask the applicant about some answers."""
    form = AskForm.of_request().offer(found.round.questions)
    if not form.was_sent:
        return _ask_page(form, found)
    return answer(
        form,
        lambda: service.ask(found, form.details(), by=current_actor()),
        then=lambda made: _said(made.id, "The applicant gets a letter. They do not learn who asks."),
        again=lambda again: _ask_page(again, found),
    )


def _ask_page(form: Form, found: Application) -> str:
    return render_template("programme/applications/ask.html", form=form, application=found)


def _said(query_id: UUID, words: str) -> str:
    flash(words, "success")
    return url_for("applicant_queries.query", query_id=query_id)


@blueprint.get("/queries/<uuid:query_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.query)
def query(found: ApplicantQuery) -> ResponseReturnValue:
    """What was asked, and each answer before and after."""
    actor = current_actor()
    acts = {act for act in QUERIES.possible(found.status) if POLICY.allows(actor, act, found)}
    shown: dict[str, Any] = {"labels": labels, "rows": _rows(found), "Act": Act, "acts": acts}
    shown["is_answered"] = found.status is QueryStatus.ANSWERED
    return render_template("programme/applications/query.html", query=found, **shown)


def _rows(found: ApplicantQuery) -> list[tuple[str, str, str]]:
    """Each question that it is about, with the answer before and after."""
    questions = {each.id: each for each in found.round.questions}
    asked = [(questions[each.question_id], each) for each in found.questions]
    return [(question.label, *_both(question, each)) for question, each in asked]


def _both(question: RoundQuestion, asked: Any) -> tuple[str, str]:
    return answer_in_words(question, asked.before), answer_in_words(question, asked.after)


@blueprint.route("/queries/<uuid:query_id>/answer", methods=["GET", "POST"])
@permit(Act.ANSWER, audience=Audience.MEMBER, load=queries.query)
def answer_query(found: ApplicantQuery) -> ResponseReturnValue:
    """Change the answers that are asked about, or leave them, and reply."""
    QUERIES.target(Act.ANSWER, found.status)
    form = _answer_form(found)
    if not form.was_sent:
        return _answer_query_page(form, found)
    return answer(
        form,
        lambda: service.answer(found, form.answers(), reply=form.reply.data or "", by=current_actor()),
        then=lambda _: _said(found.id, "Thank you. Your answer is kept."),
        again=lambda again: _answer_query_page(again, found),
    )


def _answer_form(found: ApplicantQuery) -> Any:
    asked = {each.question_id: each.before for each in found.questions}
    questions = [each for each in found.round.questions if each.id in asked]
    kind = section_form(questions, with_reply=True)
    return kind.of_request(**values_of(questions, {str(key): value for key, value in asked.items()}))


def _answer_query_page(form: Form, found: ApplicantQuery) -> str:
    return render_template("programme/applications/answer_query.html", form=form, query=found)


@blueprint.post("/queries/<uuid:query_id>/close")
@permit(Act.CLOSE_QUERY, audience=Audience.INTERNAL, load=queries.query)
def close_query(found: ApplicantQuery) -> ResponseReturnValue:
    """Let it rest."""
    service.close(found, by=current_actor())
    return redirect(_said(found.id, "It is closed. The answers stay as they were handed in."), code=303)
