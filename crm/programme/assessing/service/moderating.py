"""What the lead does: moderates scores that lie far apart, lets late ones in, shows scores, and closes an application's assessment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.following import follow
from crm.db.session import session
from crm.db.states import advance, refuse_if, require_as_shown
from crm.kernel.clock import moment_in_words, now
from crm.kernel.errors import Changed, Conflict, Invalid, require_reason
from crm.kernel.permissions import Actor
from crm.programme.applications.models import Application
from crm.programme.applications.policy import application_of
from crm.programme.applications.queries.applications import hold
from crm.programme.applications.queries.querying import open_about
from crm.programme.applications.service.concluding import conclude, resume
from crm.programme.applications.workflow import APPLICATIONS, ApplicationStatus
from crm.programme.applications.workflow import Act as ApplicationAct
from crm.programme.assessing.models import Assessment, Moderation
from crm.programme.assessing.policy import OPEN, POLICY
from crm.programme.assessing.queries import assessments as queries
from crm.programme.assessing.queries.reading import who_cannot
from crm.programme.assessing.queries.totals import came_to, ranking
from crm.programme.assessing.rules.ranking import Standing
from crm.programme.assessing.rules.scoring import Tally
from crm.programme.assessing.service import versions
from crm.programme.assessing.service.telling import tell_assessor
from crm.programme.assessing.workflow import ASSESSMENTS, Act, AssessmentStatus
from crm.programme.rounds.models import Criterion

RETURN_TIME = timedelta(days=7)
"""How long an assessor has at least for an assessment that was returned, whatever the end of assessing."""


@dataclass(frozen=True)
class Settled:
    """What a part of a criterion is given in the place of the assessors' mean, and why. ``version`` of what was seen, or 0.

    ``is_outside`` says that it is meant to be lower or higher than any assessor scored.
    """

    criterion: Criterion
    part: str
    value: int
    reason: str
    version: int = 0
    is_outside: bool = False


def moderate(found: Application, settled: Settled, *, by: Actor) -> Moderation:
    """Settle the score of a part, with a reason. The assessors' own scores stay as they are, and can be read.

    It counts until these change. To say the same again confirms it for the scores that there are now.
    """
    POLICY.require(by, Act.MODERATE, found)
    require_reason(settled.reason)
    hold(found)
    _require_being_assessed(found)
    require_fitting(found, settled)
    kept = _kept(found, settled)
    if kept is None:
        _require_apart(_scored(found, settled), spread=found.round.spread)
    if (kept.version if kept else 0) != settled.version:
        raise Changed
    return _put(found, kept, settled, by=by)


def require_fitting(found: Application, settled: Settled) -> None:
    """Refuse a score that its scale does not have, or that no assessor came near unless that is meant. Raises `Invalid`."""
    if not 0 <= settled.value <= settled.criterion.highest or settled.part not in settled.criterion.parts:
        raise Invalid(f"The score must be between 0 and {settled.criterion.highest}", field="value")
    values = _scored(found, settled)
    if _kept(found, settled) is not None or _are_apart(values, found.round.spread):
        _require_within(values, settled)


def _scored(found: Application, settled: Settled) -> list[int]:
    """What the assessors scored a part, where it counts."""
    return [
        score.value
        for each in queries.of_application(found.id)
        for score in each.scores
        if each.status is AssessmentStatus.SUBMITTED
        and not score.is_stale
        and (score.criterion_id, score.part) == (settled.criterion.id, settled.part)
    ]


def _are_apart(values: list[int], spread: int) -> bool:
    return bool(values) and max(values) - min(values) > spread


def _require_apart(values: list[int], *, spread: int) -> None:
    """Scores are settled where assessors disagree, and nowhere else."""
    if not _are_apart(values, spread):
        raise Conflict(
            f"The assessors’ scores are no more than {spread} points apart here, so there is nothing to moderate."
        )


def _require_within(values: list[int], settled: Settled) -> None:
    """A score that no assessor came near is settled only where that is meant."""
    if not values or min(values) <= settled.value <= max(values) or settled.is_outside:
        return
    words = f"The assessors scored {min(values)} to {max(values)}. Tick the box if {settled.value} is right"
    raise Invalid(words, field="value")


def _put(found: Application, kept: Moderation | None, settled: Settled, *, by: Actor) -> Moderation:
    made = kept or Moderation(application_id=found.id, criterion_id=settled.criterion.id, part=settled.part)
    before = (made.value, made.reason) if kept else (None, None)
    values = _scored(found, settled)
    made.value, made.reason = settled.value, settled.reason
    made.judged = Tally.of(values).code if values else ""
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
    return (
        None
        if found.status is ApplicationStatus.ASSESSED
        else "The assessment of this application is not closed."
    )


def why_not_later(found: Assessment) -> str | None:
    """Why an assessor cannot be given more time."""
    if found.status in OPEN:
        return None
    return "This assessment was submitted or closed, so more time would change nothing."


def _require_being_assessed(found: Application) -> None:
    refuse_if(why_not_moderated(found))


def reveal(found: Application, *, by: Actor) -> None:
    """Let those who submitted their own see the others' scores, once nobody is left who still scores it."""
    POLICY.require(by, Act.REVEAL, found)
    hold(found)
    refuse_if(why_not_revealed(found))
    audit.record(Act.REVEAL, found, amend(found, revealed_at=now()), by=by)


def why_not_revealed(found: Application) -> str | None:
    """Why the scores of an application cannot be shown to its assessors: one still scores it, or they see them already."""
    if found.revealed_at is not None:
        return "The assessors can already see each other’s scores."
    if queries.open_of_application(found.id):
        return "An assessor is still scoring this application. Wait until all have submitted."
    return why_not_moderated(found)


def why_not_finalised(found: Application, standing: Standing | None) -> str | None:
    """What keeps the assessment of an application from being closed, in words; None where nothing does."""
    if standing is None:
        return "This application is not in the ranking."
    return " ".join(_hindrances(found, standing)) or None


def _hindrances(found: Application, standing: Standing) -> Iterator[str]:
    """Each thing that keeps an assessment from being closed: all are said at once, so that nobody meets them one by one."""
    if not standing.is_complete:
        yield f"The total is {standing.in_words}."
    if standing.apart:
        parts = "part are" if standing.apart == 1 else "parts are"
        yield f"The scores of {standing.apart} {parts} too far apart. Moderate them first, with a reason."
    waiting = open_about(found.id)
    if waiting:
        due = moment_in_words(waiting[0].due_at)
        yield f"The applicant has an open query, due by {due}. Wait for the answer, or close the query first."


def finalise(found: Application, *, total: str = "", by: Actor) -> None:
    """Close the assessment of an application: its total is whole, nothing too far apart is left, and no query is open.

    ``total`` is what the page showed, in words: raises `Changed` where it is another now.
    """
    POLICY.require(by, Act.FINALISE, found)
    hold(found)
    APPLICATIONS.target(ApplicationAct.CONCLUDE, found.status)
    standing = ranking(found.round, only=found.id)[0].place.standing
    refuse_if(why_not_finalised(found, standing))
    if total and total != standing.in_words:
        raise Changed
    changes = conclude(found, by.account_id)
    audit.record(Act.FINALISE, found, changes | {"total": (None, standing.in_words)}, by=by)


def assess_again(found: Application, *, reason: str, version: int | None = None, by: Actor) -> None:
    """Open the assessment of an application again, with a reason."""
    POLICY.require(by, Act.ASSESS_AGAIN, found)
    require_reason(reason)
    hold(found)
    refuse_if(why_not_reopened(found))
    require_as_shown(found, version)
    audit.record(Act.ASSESS_AGAIN, found, resume(found) | {"why": (None, reason)}, by=by)
    follow(Act.ASSESS_AGAIN, found, by=by)


def return_(found: Assessment, *, reason: str, version: int | None = None, by: Actor) -> None:
    """Return an assessment to be scored again; until it is submitted again it does not count. Its assessor is told.

    Raises `Changed` where it is not as it was shown.
    """
    POLICY.require(by, Act.RETURN, found)
    require_reason(reason)
    hold(found.application)
    refuse_if(why_not_returned(found))
    require_as_shown(found, version)
    told = {"why": (None, reason), "scores": (versions.in_words(found), None)}
    versions.note_return(found, reason, returned_by_id=by.account_id, total=_came_to(found.application))
    changes = advance(ASSESSMENTS, found, Act.RETURN)
    if due_if_returned(found) > found.due_at:
        changes |= amend(found, extended_until=due_if_returned(found), extension_reason=reason)
    audit.record(Act.RETURN, found, changes | told, by=by)
    due = moment_in_words(found.due_at)
    tell_assessor(found, "assessment_returned", reason=reason, returned_by=by.name, due=due)


def why_not_returned(found: Assessment) -> str | None:
    """Why an assessment cannot be returned: its application is not being assessed, or its assessor could not submit it again."""
    why = who_cannot([found], found.application).get(found.id)
    return why_not_moderated(found) or (
        f"{found.assessor.name} could not submit it again. {why}" if why else None
    )


def due_if_returned(found: Assessment) -> datetime:
    """Until when an assessment could be submitted again if it were returned now: its own end or, if later, in some days."""
    return max(found.due_at, now() + RETURN_TIME)


def _came_to(found: Application) -> str:
    """The total of an application and its rank, as they are until something of it is returned."""
    return came_to(found.round).get(found.id, "")


def allow_late(
    found: Assessment, until: datetime, *, reason: str, version: int | None = None, by: Actor
) -> None:
    """Let one assessor submit later than all others, with a reason, and tell them."""
    POLICY.require(by, Act.ALLOW_LATE, found)
    require_reason(reason)
    refuse_if(why_not_later(found))
    require_as_shown(found, version)
    if until <= max(now(), found.round.assess_until):
        raise Invalid(
            "The new time must be later than the end of the assessment, and still to come", field="day"
        )
    changes = amend(found, extended_until=until, extension_reason=reason)
    audit.record(Act.ALLOW_LATE, found, changes, by=by)
    tell_assessor(found, "assessment_extended", due=moment_in_words(found.due_at))
