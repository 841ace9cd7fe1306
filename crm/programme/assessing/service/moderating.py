"""What the lead does: moderates scores that lie far apart, lets late ones in, shows scores, and closes an application's assessment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.session import session
from crm.db.states import advance
from crm.kernel.clock import now
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.permissions import Actor
from crm.programme.applications.models import Application
from crm.programme.applications.policy import application_of
from crm.programme.applications.queries.applications import hold
from crm.programme.applications.service.concluding import conclude, resume
from crm.programme.applications.workflow import APPLICATIONS, ApplicationStatus
from crm.programme.applications.workflow import Act as ApplicationAct
from crm.programme.assessing.models import Assessment, Moderation
from crm.programme.assessing.policy import OPEN, POLICY
from crm.programme.assessing.queries import assessments as queries
from crm.programme.assessing.queries.totals import ranking
from crm.programme.assessing.service import versions
from crm.programme.assessing.workflow import ASSESSMENTS, Act, AssessmentStatus
from crm.programme.rounds.models import Criterion

MEANWHILE = "Somebody else moderated this meanwhile. Look at what it says now, then save again."


@dataclass(frozen=True)
class Settled:
    """What a part of a criterion is given in the place of the assessors' mean, and why. ``version`` of what was seen, or 0."""

    criterion: Criterion
    part: str
    value: int
    reason: str
    version: int = 0


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid("Say why", field="reason")


def moderate(found: Application, settled: Settled, *, by: Actor) -> Moderation:
    """Settle the score of a part, with a reason. The assessors' own scores stay as they are, and can be read."""
    POLICY.require(by, Act.MODERATE, found)
    _require_reason(settled.reason)
    hold(found)
    _require_being_assessed(found)
    if not 0 <= settled.value <= settled.criterion.highest or settled.part not in settled.criterion.parts:
        raise Invalid(f"The score must be between 0 and {settled.criterion.highest}", field="value")
    kept = _kept(found, settled)
    if kept is None:
        _require_apart(found, settled)
    if (kept.version if kept else 0) != settled.version:
        raise Conflict(MEANWHILE)
    return _put(found, kept, settled, by=by)


def _require_apart(found: Application, settled: Settled) -> None:
    """Scores are settled where assessors disagree, and nowhere else."""
    values = [
        score.value
        for each in queries.of_application(found.id)
        for score in each.scores
        if each.status is AssessmentStatus.SUBMITTED
        and not score.is_stale
        and (score.criterion_id, score.part) == (settled.criterion.id, settled.part)
    ]
    if not values or max(values) - min(values) <= found.round.spread:
        raise Conflict(
            f"The assessors do not differ by more than {found.round.spread} points here, so there is nothing to moderate."
        )


def _put(found: Application, kept: Moderation | None, settled: Settled, *, by: Actor) -> Moderation:
    made = kept or Moderation(application_id=found.id, criterion_id=settled.criterion.id, part=settled.part)
    before = (made.value, made.reason) if kept else (None, None)
    made.value, made.reason = settled.value, settled.reason
    made.moderated_at, made.moderated_by_id = now(), by.account_id
    session().add(made)
    session().flush()
    told = {
        "part": (None, settled.part),
        "score": (before[0], made.value),
        "reason": (before[1], made.reason),
    }
    audit.record(Act.MODERATE, found, told, by=by)
    return made


def _kept(found: Application, settled: Settled) -> Moderation | None:
    rows = queries.moderations_of(found.id)
    return next(
        (each for each in rows if (each.criterion_id, each.part) == (settled.criterion.id, settled.part)),
        None,
    )


def why_not_moderated(thing: Any) -> str | None:
    """Why nothing of an application, or of a part of one, can be moderated or given back: it is not being assessed."""
    found = application_of(thing)
    is_open = found is not None and found.status is ApplicationStatus.SUBMITTED
    return None if is_open else "This application is not being assessed."


def why_not_reopened(found: Application) -> str | None:
    """Why the assessment of an application cannot be opened again."""
    return None if found.status is ApplicationStatus.ASSESSED else "Its assessment is not closed."


def why_not_later(found: Assessment) -> str | None:
    """Why an assessor cannot be given more time."""
    if found.status in OPEN:
        return None
    return "This assessment is not being worked on, so more time would change nothing."


def _require_being_assessed(found: Application) -> None:
    reason = why_not_moderated(found)
    if reason:
        raise Conflict(reason)


def reveal(found: Application, *, by: Actor) -> None:
    """Let those who submitted their own see the others' scores, once nobody is left who still scores it."""
    POLICY.require(by, Act.REVEAL, found)
    hold(found)
    if queries.open_of_application(found.id):
        raise Conflict("Somebody still scores it. Wait until all have submitted.")
    if found.revealed_at is not None:
        raise Conflict("The scores are shown already.")
    audit.record(Act.REVEAL, found, amend(found, revealed_at=now()), by=by)


def finalise(found: Application, *, by: Actor) -> None:
    """Close the assessment of an application: its total is whole, and nothing lies too far apart without a moderated score."""
    POLICY.require(by, Act.FINALISE, found)
    hold(found)
    APPLICATIONS.target(ApplicationAct.CONCLUDE, found.status)
    standing = ranking(found.round, only=found.id)[0].place.standing
    if not standing.is_complete:
        raise Conflict(f"Its total is {standing.in_words}.")
    if standing.apart:
        parts = "part" if standing.apart == 1 else "parts"
        raise Conflict(
            f"The scores of {standing.apart} {parts} lie too far apart. Moderate them first, with a reason."
        )
    changes = conclude(found, by.account_id)
    audit.record(Act.FINALISE, found, changes | {"total": (None, standing.in_words)}, by=by)


def assess_again(found: Application, *, reason: str, by: Actor) -> None:
    """Open the assessment of an application again, with a reason."""
    POLICY.require(by, Act.ASSESS_AGAIN, found)
    _require_reason(reason)
    hold(found)
    audit.record(Act.ASSESS_AGAIN, found, resume(found) | {"why": (None, reason)}, by=by)


def return_(found: Assessment, *, reason: str, by: Actor) -> None:
    """Give an assessment back to be gone over; until it is submitted again, it does not count."""
    POLICY.require(by, Act.RETURN, found)
    _require_reason(reason)
    hold(found.application)
    _require_being_assessed(found.application)
    told = {"why": (None, reason), "scores": (versions.in_words(found), None)}
    versions.note_return(found, reason, returned_by_id=by.account_id, total=_came_to(found.application))
    changes = advance(ASSESSMENTS, found, Act.RETURN)
    audit.record(Act.RETURN, found, changes | told, by=by)


def _came_to(found: Application) -> str:
    """The total of an application and its rank, as they are until something of it is returned."""
    place = next((each.place for each in ranking(found.round) if each.id == found.id), None)
    if place is None:
        return ""
    rank = "" if place.rank is None else f", rank {place.rank}"
    below = f", {place.standing.fails[0].lower()}" if place.standing.fails else ""
    return f"{place.standing.in_words}{rank}{below}"[:100]


def allow_late(found: Assessment, until: datetime, *, reason: str, by: Actor) -> None:
    """Let one assessor submit after the window, with a reason."""
    POLICY.require(by, Act.ALLOW_LATE, found)
    _require_reason(reason)
    if until <= max(now(), found.round.assess_until):
        raise Invalid("More time ends after the window, and is still to come", field="day")
    audit.record(Act.ALLOW_LATE, found, amend(found, extended_until=until, extension_reason=reason), by=by)
