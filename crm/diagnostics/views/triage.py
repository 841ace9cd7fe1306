"""Triage: the questions, a section at a time, what they came to, and the question sets themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.businesses.service.keeping import why_archived
from crm.diagnostics.forms.triage import BeginForm, form_of
from crm.diagnostics.models import Diagnosis, QuestionSet
from crm.diagnostics.policy import POLICY
from crm.diagnostics.queries import triage as queries
from crm.diagnostics.queries.readiness import versions
from crm.diagnostics.rules.triage import (
    NOT_SURE,
    TriageQuestion,
    given_in_words,
    is_asked,
    needs_in_words,
    read_questions,
    warm_reasons,
)
from crm.diagnostics.service import triage as service
from crm.diagnostics.workflow import MACHINE, Act, AnsweredBy, DiagnosisStatus
from crm.kernel.permissions import Actor, Audience
from crm.kernel.roles import STAFF, Role
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import open_acts, permits
from crm.web.telling import Happening

blueprint = Blueprint("diagnostics", __name__)
permit = permits(POLICY)


@blueprint.route("/businesses/<uuid:business_id>/diagnosis/new", methods=["GET", "POST"])
@permit(Act.BEGIN, audience=Audience.MEMBER, load=business, unless=why_archived)
def begin(found: Business) -> ResponseReturnValue:
    """Begin, or go on with the one that is open. A founder answers for the business."""
    form = BeginForm.of_request(answered_by="together")
    if form.was_sent and not _asks_who(found):
        return done(_begun(found, AnsweredBy.BUSINESS))
    return answer(
        form,
        page=lambda: _begin_page(form, found),
        act=lambda: _begun(found, AnsweredBy(form.answered_by.data)),
        then=lambda address: address,
    )


def _asks_who(found: Business) -> bool:
    """Whether it is asked who answers: of staff, where no diagnosis is open."""
    return current_actor().has(*STAFF) and not queries.open_diagnosis(found.id)


def _begun(found: Business, answered_by: AnsweredBy) -> str:
    """The first section of the diagnosis that was begun, or that is open already."""
    made = service.begin(found, answered_by, by=current_actor())
    return _section_address(made, _sections(made)[0])


def _begin_page(form: Form, found: Business) -> str:
    shown = {"is_staff": current_actor().has(*STAFF), "open": queries.open_diagnosis(found.id)}
    return render_template("diagnostics/begin.html", form=form, business=found, **shown)


def _questions(found: Diagnosis) -> tuple[TriageQuestion, ...]:
    return read_questions(found.question_set.questions)


def _sections(found: Diagnosis) -> list[str]:
    return list(dict.fromkeys(each.section for each in _questions(found)))


def _section_address(found: Diagnosis, section: str) -> str:
    return url_for("diagnostics.answer_section", diagnosis_id=found.id, section=section)


class Asked:
    """One section of a diagnosis, as its page asks it."""

    def __init__(self, found: Diagnosis, section: str) -> None:
        self.diagnosis, self.section, self.sections = found, section, _sections(found)
        self.business = found.business
        self.questions = [
            each for each in _questions(found) if each.section == section and is_asked(each, found.answers)
        ]

    @property
    def next_address(self) -> str:
        """The section after this one; after the last, what it came to."""
        at = self.sections.index(self.section) + 1
        if at < len(self.sections):
            return _section_address(self.diagnosis, self.sections[at])
        return self.whole_address

    @property
    def whole_address(self) -> str:
        """What the diagnosis came to."""
        return url_for("diagnostics.diagnosis", diagnosis_id=self.diagnosis.id)

    @property
    def form(self) -> Any:
        """The questions with the answers so far."""
        return form_of(self.questions, self.diagnosis.answers, version=self.diagnosis.version)


def _asked(diagnosis_id: UUID, section: str) -> Asked | None:
    found = queries.diagnosis(diagnosis_id)
    return Asked(found, section) if found is not None and section in _sections(found) else None


@blueprint.route("/diagnoses/<uuid:diagnosis_id>/<string:section>", methods=["GET", "POST"])
@permit(Act.ANSWER, audience=Audience.MEMBER, load=_asked)
def answer_section(asked: Asked) -> ResponseReturnValue:
    """One section. What is answered is kept at once, so that it can be left and gone on with."""
    found, form = asked.diagnosis, asked.form
    if found.status is DiagnosisStatus.FINISHED:
        return redirect(asked.whole_address, code=303)
    return answer(
        form,
        page=lambda: _answer_section_page(form, asked),
        act=lambda: service.answer(found, form.given(), version=form.seen, by=current_actor()),
        then=lambda _: asked.next_address,
    )


def _answer_section_page(form: Form, asked: Asked) -> str:
    at = asked.sections.index(asked.section)
    before = _section_address(asked.diagnosis, asked.sections[at - 1]) if at else None
    shown = {"step": at + 1, "total": len(asked.sections), "before": before}
    titles = queries.shipped_set("triage")["sections"]
    return render_template(
        "diagnostics/answer_section.html", form=form, asked=asked, title=titles.get(asked.section), **shown
    )


@blueprint.get("/diagnoses/<uuid:diagnosis_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.diagnosis)
def diagnosis(found: Diagnosis) -> ResponseReturnValue:
    """What was answered, and what it came to."""
    questions, actor = _questions(found), current_actor()
    asked = [each for each in questions if is_asked(each, found.answers)]
    shown: dict[str, Any] = {"told": _told(asked, found), "not_sure": NOT_SURE}
    shown["needs"] = needs_in_words(questions, found.needs)
    shown |= {"reasons": warm_reasons(questions, found.answers), "is_staff": actor.has(*STAFF)}
    shown["first"] = _section_address(found, asked[0].section)
    shown["can_finish"] = Act.FINISH in open_acts(found, machine=MACHINE, policy=POLICY)
    return render_template("diagnostics/diagnosis.html", diagnosis=found, **shown)


def _told(asked: list[TriageQuestion], found: Diagnosis) -> list[tuple[TriageQuestion, str]]:
    """Each question that was asked, with its answer in words."""
    return [(each, given_in_words(each, found.answers)) for each in asked]


@blueprint.post("/diagnoses/<uuid:diagnosis_id>/finish")
@permit(Act.FINISH, audience=Audience.MEMBER, load=queries.diagnosis, machine=MACHINE)
def finish(found: Diagnosis) -> ResponseReturnValue:
    """Work out what the business needs."""
    service.finish(found, by=current_actor())
    return done(saved("Diagnosis complete.", "diagnostics.diagnosis", diagnosis_id=found.id))


@blueprint.get("/question-sets")
@permit(Act.VIEW_QUESTIONS, audience=Audience.INTERNAL)
def question_sets() -> ResponseReturnValue:
    """Every version of every set."""
    return render_template(
        "diagnostics/question_sets.html", rows=queries.question_sets(), versions=versions()
    )


@blueprint.get("/question-sets/<uuid:set_id>")
@permit(Act.VIEW_QUESTIONS, audience=Audience.INTERNAL, load=queries.question_set)
def question_set(found: QuestionSet) -> ResponseReturnValue:
    """One version, to read and to print."""
    questions = read_questions(found.questions)
    return render_template("diagnostics/question_set.html", found=found, questions=questions)


def load_panel(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """What a business was last found to need, and the diagnosis that is open."""
    rows: Sequence[Diagnosis] = queries.diagnoses_of(found.id)
    finished = next((each for each in rows if each.status is DiagnosisStatus.FINISHED), None)
    open_one = next((each for each in rows if each.status is DiagnosisStatus.OPEN), None)
    needs = needs_in_words(_questions(finished), finished.needs) if finished else []
    can_begin = not found.is_archived and POLICY.allows(actor, Act.BEGIN, found)
    shown = {"finished": finished, "open": open_one, "needs": needs, "can_begin": can_begin}
    return shown | {"business": found, "is_own": actor.holds_for(found.id, Role.FOUNDER)}


def timeline(_actor: Actor, business_id: UUID, most: int) -> list[Happening]:
    """When it was found what a business needs."""
    return [
        Happening(
            at=each.finished_at,
            title="Diagnosis completed",
            by=each.finished_by.name if each.finished_by else "",
            href=url_for("diagnostics.diagnosis", diagnosis_id=each.id),
        )
        for each in queries.diagnoses_of(business_id)[:most]
        if each.finished_at is not None
    ]
