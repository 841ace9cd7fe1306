"""Asking applicants about some answers, and their answers, old and new side by side."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.kernel.permissions import Audience
from crm.programme.applications.forms.applying import section_form, values_of
from crm.programme.applications.forms.asking import AskForm
from crm.programme.applications.models import ApplicantQuery, Application
from crm.programme.applications.policy import POLICY
from crm.programme.applications.queries import querying as queries
from crm.programme.applications.queries.applications import application, latest_by_question
from crm.programme.applications.rules import labels
from crm.programme.applications.rules.answering import answer_in_words
from crm.programme.applications.service import querying as service
from crm.programme.applications.workflow import QUERIES, Act, QueryStatus
from crm.programme.rounds.models import RoundQuestion
from crm.programme.rounds.rules.asking import limits_in_words
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import open_acts, permits
from crm.web.seen import SeenForm

blueprint = Blueprint("applicant_queries", __name__)
permit = permits(POLICY)


@blueprint.route("/applications/<uuid:application_id>/queries/ask", methods=["GET", "POST"])
@permit(Act.ASK, audience=Audience.INTERNAL, load=application, unless=service.why_not_asked)
def ask(found: Application) -> ResponseReturnValue:
    """Ask the applicant about some answers."""
    form = AskForm.of_request().offer(service.to_ask_about(found))
    return answer(
        form,
        page=lambda: _ask_page(form, found),
        act=lambda: service.ask(found, form.details(), by=current_actor()),
        then=lambda made: _saved("Query sent. The applicant is not told who asked.", made.id),
    )


def _ask_page(form: Form, found: Application) -> str:
    """The questions that can be asked about, and those that an open query is about already."""
    labels_ = {each.id: each.label for each in found.round.questions}
    taken = [
        (labels_[one.question_id], each.id) for each in queries.open_about(found.id) for one in each.questions
    ]
    return render_template("programme/applications/ask.html", form=form, application=found, taken=taken)


def _saved(words: str, query_id: UUID) -> str:
    return saved(words, "applicant_queries.query", query_id=query_id)


@blueprint.get("/queries/<uuid:query_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.query)
def query(found: ApplicantQuery) -> ResponseReturnValue:
    """What was asked, and each answer before and after."""
    acts = open_acts(found, policy=POLICY, machine=QUERIES)
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
@permit(
    Act.ANSWER,
    audience=Audience.MEMBER,
    load=queries.query,
    machine=QUERIES,
    unless=service.why_not_answered,
)
def answer_query(found: ApplicantQuery) -> ResponseReturnValue:
    """Change the answers that are asked about, or leave them, and reply."""
    form = _answer_form(found)
    return answer(
        form,
        page=lambda: _answer_query_page(form, found),
        act=lambda: service.answer(found, form.answers(), **_said(form), by=current_actor()),
        then=lambda _: _saved("Answer sent.", found.id),
    )


def _said(sent: Any) -> dict[str, Any]:
    return {"reply": sent.reply.data or "", "version": sent.version.data}


def _answer_query_page(form: Form, found: ApplicantQuery) -> str:
    asked = {each.id: each.label for each in found.round.questions}
    shown = {"labels": asked, "limits": limits_in_words(found.round.checks, asked)}
    return render_template("programme/applications/answer_query.html", form=form, query=found, **shown)


def _answer_form(found: ApplicantQuery) -> Any:
    questions = service.questions_of(found)
    kind = section_form(questions, with_reply=True)
    values = values_of(questions, latest_by_question(found.application_id))
    return kind.of_request(**values, version=found.version)


@blueprint.post("/queries/<uuid:query_id>/close")
@permit(Act.CLOSE_QUERY, audience=Audience.INTERNAL, load=queries.query, machine=QUERIES)
def close_query(found: ApplicantQuery) -> ResponseReturnValue:
    """Close a query that was not answered."""
    service.close(found, version=SeenForm.of_request().version.data, by=current_actor())
    return done(_saved("Query closed. We have told the applicant that no answer is needed.", found.id))
