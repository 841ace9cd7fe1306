"""An assessor's own work: what was given to them, their interests, and scoring. Nobody sees anybody else's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.kernel.permissions import Audience
from crm.programme.applications.queries.applications import application
from crm.programme.applications.queries.filling import filled
from crm.programme.applications.views.applications import answered
from crm.programme.assessing.forms import AcceptForm, DeclineForm, ScoreForm, score_form, score_values
from crm.programme.assessing.models import Assessment
from crm.programme.assessing.policy import LIVE, POLICY
from crm.programme.assessing.queries import assessments as queries
from crm.programme.assessing.queries.versions import past_of
from crm.programme.assessing.queries.waiting import to_score_again
from crm.programme.assessing.rules import labels
from crm.programme.assessing.rules.scoring import Tally, total_of
from crm.programme.assessing.service import scoring as service
from crm.programme.assessing.workflow import ASSESSMENTS, Act, AssessmentStatus
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("assessments", __name__)
permit = permits(POLICY)


@blueprint.get("/assessments")
@permit(Act.LIST_ASSESSMENTS, audience=Audience.INTERNAL)
def assessments() -> ResponseReturnValue:
    """What was given to whoever asks, and what they declared."""
    own = current_actor().account_id
    assert own is not None
    shown = {"rows": queries.assessments_of(own), "labels": labels}
    shown["again"] = to_score_again(Assessment.assessor_id == own)
    return render_template(
        "programme/assessing/assessments.html", interests=queries.interests_of(own), **shown
    )


@blueprint.get("/assessments/<uuid:assessment_id>")
@permit(Act.VIEW_ASSESSMENT, audience=Audience.INTERNAL, load=queries.assessment)
def assessment(found: Assessment) -> ResponseReturnValue:
    """What is to be judged, by what, and one's own scores so far."""
    return _assessment_page(found, _score_form(found))


def _stale(found: Assessment) -> set[tuple[str, str]]:
    return {(str(each.criterion_id), each.part) for each in found.scores if each.is_stale}


def _score_form(found: Assessment) -> ScoreForm:
    """Every part; once it is submitted, those alone whose answer changed."""
    is_in = found.status is AssessmentStatus.SUBMITTED
    kind = score_form(
        found.round.criteria, least=found.round.least_words, only=_stale(found) if is_in else None
    )
    values = score_values(kind, found.scores) | {"comment": found.comment, "version": found.version}
    return kind.of_request(**values)


def _assessment_page(found: Assessment, form: ScoreForm, *, conflict: Any = (), **sent: Form) -> str:
    """The page, with whichever of its forms was sent and refused: ``accepting``, ``declining`` or the scores."""
    shown: dict[str, Any] = {"labels": labels, "criteria": _criteria(found, form), "conflict": conflict}
    seen = {"version": found.version}
    shown |= {"accepting": AcceptForm(data=seen), "declining": DeclineForm(data=seen)} | sent
    shown["again"] = to_score_again(Assessment.id == found.id).get(found.id)
    shown["can_see_others"] = POLICY.allows(current_actor(), Act.VIEW_SCORES, found.application)
    is_stopped = found.round.criteria_opened_at is not None
    shown["closed"] = service.CRITERIA_OPEN if is_stopped else service.why_not_in_window(found)
    shown |= {"refused": next(iter(sent.values()), form), "sections": _answers(found)}
    return render_template(
        "programme/assessing/assessment.html", assessment=found, form=form, **shown, **_own(found)
    )


def _own(found: Assessment) -> dict[str, Any]:
    """One's own scores, what they come to so far, and which have to be confirmed again."""
    own = {(str(each.criterion_id), each.part): each for each in found.scores}
    tallies = {key: Tally.of([each.value]) for key, each in own.items() if not each.is_stale}
    total = total_of([each.weighed for each in found.round.criteria], tallies)
    past = [each for each in past_of(found.application_id) if each.assessment_id == found.id]
    return {"own": own, "total": total, "stale": _stale(found), "past": past}


def _criteria(found: Assessment, form: ScoreForm) -> list[tuple[Any, list[tuple[str, Any, Any]]]]:
    """Each criterion with its parts that are asked, and the two fields of each."""
    fields = {key: (score, why) for key, score, why in form.parts()}
    return [
        (each, [(part, *fields[str(each.id), part]) for part in each.parts if (str(each.id), part) in fields])
        for each in found.round.criteria
    ]


def _answers(found: Assessment) -> Any:
    """What the applicant says; nothing of it once somebody is out."""
    whole = application(found.application_id) if found.status in LIVE else None
    return answered(whole, filled(whole)) if whole else []


@blueprint.post("/assessments/<uuid:assessment_id>/accept")
@permit(Act.ACCEPT, audience=Audience.INTERNAL, load=queries.assessment, machine=ASSESSMENTS)
def accept(found: Assessment) -> ResponseReturnValue:
    """Accept it."""
    form = AcceptForm.of_request(version=found.version)
    return answer(
        form,
        page=lambda: _assessment_page(found, _score_form(found), accepting=form),
        act=lambda: service.accept(found, version=form.version.data, by=current_actor()),
        then=lambda _: _saved("Assessment accepted. You can score it now.", found.id),
    )


def _saved(words: str, assessment_id: UUID) -> str:
    return saved(words, "assessments.assessment", assessment_id=assessment_id)


@blueprint.post("/assessments/<uuid:assessment_id>/decline")
@permit(Act.DECLINE, audience=Audience.INTERNAL, load=queries.assessment, machine=ASSESSMENTS)
def decline(found: Assessment) -> ResponseReturnValue:
    """Decline it."""
    form = DeclineForm.of_request(version=found.version)
    return answer(
        form,
        page=lambda: _assessment_page(found, _score_form(found), declining=form),
        act=lambda: _declined(found, form),
        then=lambda _: saved("Assessment declined.", "assessments.assessments"),
    )


def _declined(found: Assessment, form: DeclineForm) -> None:
    told = {"words": form.words.data or "", "version": form.version.data}
    service.decline(found, form.reason(), **told, by=current_actor())


@blueprint.post("/assessments/<uuid:assessment_id>/score")
@permit(Act.SCORE, audience=Audience.INTERNAL, load=queries.assessment)
def score(found: Assessment) -> ResponseReturnValue:
    """Save the scores; or submit them as well."""
    form = _score_form(found)
    return answer(
        form,
        page=lambda: _assessment_page(found, form, conflict=_conflict(found, form)),
        act=lambda: _scored(found, form),
        then=lambda words: _saved(words, found.id),
    )


def _scored(found: Assessment, form: ScoreForm) -> str:
    judgement, actor = form.judgement(), current_actor()
    if found.status is AssessmentStatus.SUBMITTED:
        service.confirm_again(found, judgement, by=actor)
        return "Scores confirmed. They count again."
    service.save(found, judgement, by=actor)
    if "hand_in" not in request.form:
        return "Scores saved. They count once you submit the assessment."
    service.hand_in(found, by=actor)
    return "Assessment submitted."


def _conflict(found: Assessment, form: ScoreForm) -> list[tuple[str, str, str]]:
    """Where another window saved meanwhile: each part that differs, what is kept and what was typed."""
    if form.version.data == found.version:
        return []
    form.version.data, form.version.raw_data = found.version, None
    kept = {(str(each.criterion_id), each.part): str(each.value) for each in found.scores}
    names = service.part_names_of(found.round.criteria)
    return [
        (names[key], kept.get(key, "no score"), score_.data or "no score")
        for key, score_, _ in form.parts()
        if kept.get(key) != (score_.data or None)
    ]
