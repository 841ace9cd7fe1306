"""Scoring: taken on or declined, scored part by part with reasons, submitted within the window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm.attributes import flag_modified

from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.session import session
from crm.db.states import advance, refuse_if, require_as_shown
from crm.kernel.clock import moment_in_words, now, today
from crm.kernel.errors import Conflict, Invalid, says_something
from crm.kernel.permissions import Actor
from crm.programme.applications.queries.applications import hold
from crm.programme.applications.rules.answering import words_in
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.assessing.models import Assessment, Score
from crm.programme.assessing.policy import POLICY
from crm.programme.assessing.queries import assessments as queries
from crm.programme.assessing.queries.conflicts import conflicts_between
from crm.programme.assessing.rules.scoring import Key, part_names
from crm.programme.assessing.service import versions
from crm.programme.assessing.workflow import ASSESSMENTS, Act, AssessmentStatus, DeclineReason
from crm.programme.rounds.models import Criterion

CRITERIA_OPEN = (
    "The criteria of this round are being changed. You will get an email when you can score again."
)


@dataclass(frozen=True)
class Given:
    """What a part is given, and why."""

    value: int
    rationale: str


@dataclass(frozen=True)
class Judgement:
    """The scores of an assessment by criterion and part, a comment, and the version of what was seen."""

    scores: Mapping[Key, Given]
    comment: str
    version: int


def accept(found: Assessment, *, version: int | None = None, by: Actor) -> None:
    """Accept an assessment, and declare that there is no interest."""
    POLICY.require(by, Act.ACCEPT, found)
    ASSESSMENTS.target(Act.ACCEPT, found.status)
    require_as_shown(found, version)
    _require_no_interest(found)
    audit.record(Act.ACCEPT, found, advance(ASSESSMENTS, found, Act.ACCEPT), by=by)


def _require_no_interest(found: Assessment) -> None:
    business_id = found.application.business_id
    reasons = conflicts_between([found.assessor_id], [business_id], on=today())
    for each in reasons.get((found.assessor_id, business_id), []):
        if not (each.can_be_overridden and found.override_reason):
            raise Conflict(f"You cannot assess this application. {each.words}.")


def decline(
    found: Assessment, why: DeclineReason, *, words: str, version: int | None = None, by: Actor
) -> None:
    """Decline an assessment, accepted or not; with the reason, and in words where there is an interest."""
    POLICY.require(by, Act.DECLINE, found)
    ASSESSMENTS.target(Act.DECLINE, found.status)
    require_as_shown(found, version)
    if why is DeclineReason.INTEREST and not says_something(words):
        raise Invalid("Say what your interest is", field="words")
    changes = amend(found, declined_for=why, declined_words=words) | advance(ASSESSMENTS, found, Act.DECLINE)
    audit.record(Act.DECLINE, found, changes, by=by)


def save(found: Assessment, judgement: Judgement, *, by: Actor) -> None:
    """Keep scores as a draft that counts for nothing yet. Each has a reason of so many words, within its scale.

    Raises `Conflict` where the same assessor saved meanwhile in another window.
    """
    POLICY.require(by, Act.SCORE, found)
    if found.status is not AssessmentStatus.ACCEPTED:
        raise Conflict("This assessment was submitted or closed, so its scores cannot be changed.")
    _require_scorable(found)
    require_as_shown(found, judgement.version)
    _put(found, judgement)
    found.comment = judgement.comment
    _note_saved(found)
    audit.record(Act.SCORE, found, {"parts_scored": (None, len(judgement.scores))}, by=by)
    queries.read_again(found)


def _note_saved(found: Assessment) -> None:
    """Every save is a new version, even within one tick of the clock: another window has to hear of it."""
    found.saved_at = now()
    flag_modified(found, "saved_at")
    session().flush()


def _require_scorable(found: Assessment) -> None:
    if found.round.criteria_opened_at is not None:
        raise Conflict(CRITERIA_OPEN)
    if found.application.status is not ApplicationStatus.SUBMITTED:
        raise Conflict("This application is no longer being assessed.")


def _put(found: Assessment, judgement: Judgement) -> None:
    criteria = {str(each.id): each for each in found.round.criteria}
    kept = {(str(each.criterion_id), each.part): each for each in found.scores}
    for (code, part), given in judgement.scores.items():
        _require_sound(criteria.get(code), part, given, least=found.round.least_words)
        row = kept.get((code, part))
        if row is None:
            row = Score(assessment_id=found.id, criterion_id=criteria[code].id, part=part)
            session().add(row)
        row.value, row.rationale, row.is_stale = given.value, given.rationale, False
    for key, row in kept.items():
        if key not in judgement.scores and key[0] in criteria:
            session().delete(row)


def _require_sound(criterion: Criterion | None, part: str, given: Given, *, least: int) -> None:
    """The part has to be one of the round's, the score on its scale, and its reason long enough."""
    if criterion is None or part not in criterion.parts:
        raise Invalid("This is not part of the criteria of this round")
    if type(given.value) is not int or not 0 <= given.value <= criterion.highest:
        raise Invalid(f"{part}: the score must be between 0 and {criterion.highest}")
    short = least - words_in(given.rationale)
    if short > 0:
        raise Invalid(f"{part}: give reasons in at least {least} words. {short} more needed")


def hand_in(found: Assessment, *, by: Actor) -> None:
    """Submit it: from now on it counts. Within the window, or later if the lead gave a reason."""
    POLICY.require(by, Act.HAND_IN, found)
    ASSESSMENTS.target(Act.HAND_IN, found.status)
    hold(found.application, share=True)
    _require_scorable(found)
    _require_in_window(found)
    _require_no_interest(found)
    missing = missing_parts(found)
    if missing:
        raise Conflict(f"Score these first: {', '.join(missing)}.")
    changes = advance(ASSESSMENTS, found, Act.HAND_IN) | amend(found, submitted_at=now())
    versions.keep(found)
    audit.record(Act.HAND_IN, found, changes | {"scores": (None, versions.in_words(found))}, by=by)


def why_not_in_window(found: Assessment) -> str:
    """Why an assessment cannot be submitted now; empty while assessing is open to its assessor."""
    moment, round_ = now(), found.round
    if moment < round_.assess_from:
        return f"You can submit your assessment from {moment_in_words(round_.assess_from)}."
    if moment > found.due_at:
        return f"The time to submit ended on {moment_in_words(found.due_at)}. Ask the lead assessor for more time."
    return ""


def _require_in_window(found: Assessment) -> None:
    refuse_if(why_not_in_window(found))


def missing_parts(found: Assessment) -> list[str]:
    """The parts that have no score that holds, in the order of the criteria."""
    scored = {(str(each.criterion_id), each.part) for each in found.scores if not each.is_stale}
    names = part_names_of(found.round.criteria)
    return [name for key, name in names.items() if key not in scored]


def part_names_of(criteria: Iterable[Criterion]) -> dict[Key, str]:
    """How the parts of some criteria are called, in their order."""
    return part_names(((str(each.id), part), each.title) for each in criteria for part in each.parts)


def _require_to_confirm(found: Assessment, judgement: Judgement, stale: set[Key]) -> None:
    """Every part whose answer changed is scored, nothing else is, and no other window did so meanwhile."""
    if found.status is not AssessmentStatus.SUBMITTED or not stale:
        raise Conflict("There is nothing to confirm.")
    _require_scorable(found)
    require_as_shown(found, judgement.version)
    if set(judgement.scores) != stale:
        raise Invalid("Score every part whose answer changed, and nothing else")


def confirm_again(found: Assessment, judgement: Judgement, *, by: Actor) -> None:
    """Score anew what an applicant changed after it was scored; everything else stands as it was submitted."""
    POLICY.require(by, Act.SCORE, found)
    stale = {(str(each.criterion_id), each.part) for each in found.scores if each.is_stale}
    _require_to_confirm(found, judgement, stale)
    versions.keep_first(found)
    others = {
        (str(each.criterion_id), each.part): Given(each.value, each.rationale)
        for each in found.scores
        if not each.is_stale
    }
    before = versions.in_words(found)
    _put(found, Judgement({**others, **judgement.scores}, found.comment, found.version))
    _note_saved(found)
    queries.read_again(found)
    versions.keep(found)
    told = {"parts_confirmed": (None, len(stale)), "scores": (before, versions.in_words(found))}
    audit.record(Act.SCORE, found, told, by=by)
