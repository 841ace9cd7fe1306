"""Feedback for applicants: written by criterion, shared only where that is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.session import session
from crm.db.states import refuse_if, require_as_shown
from crm.kernel.clock import now
from crm.kernel.errors import Invalid
from crm.kernel.permissions import Actor
from crm.programme.applications.models import Application
from crm.programme.cohort.models import Feedback
from crm.programme.cohort.policy import POLICY
from crm.programme.cohort.queries import decisions
from crm.programme.cohort.queries.independence import judges_of
from crm.programme.cohort.service.telling import require_nameless
from crm.programme.cohort.workflow import Act, DecisionStatus
from crm.programme.rounds.models import Criterion


@dataclass(frozen=True)
class FeedbackDetails:
    """Feedback on a criterion. ``version`` is that of what was seen, None where there was none."""

    criterion: Criterion
    words: str
    is_shared: bool = False
    version: int | None = None


def why_no_feedback(found: Application) -> str | None:
    """Why feedback cannot be changed: the application was never submitted, or its decision was sent."""
    if found.submitted_at is None:
        return "This application was not submitted, so there is nothing to say about it."
    decided = decisions.decision_about(found.id)
    if decided is None or decided.status is DecisionStatus.SAVED:
        return None
    return "The decision was sent with its feedback, so the feedback cannot be changed."


def write_feedback(found: Application, details: FeedbackDetails, *, by: Actor) -> Feedback:
    """Write what the panel says about one criterion; it goes into the letter only where it is shared (P37)."""
    POLICY.require(by, Act.WRITE_FEEDBACK, found)
    refuse_if(why_no_feedback(found))
    made = kept(found, details.criterion)
    if made is not None:
        require_as_shown(made, details.version)
    words = details.words.strip()
    if not words:
        raise Invalid("Enter the feedback", field="words")
    require_nameless(words, judges_of(found.id))
    made = made or _new(found, details)
    changes = amend(made, words=words, is_shared=details.is_shared)
    amend(made, written_at=now(), written_by_id=by.account_id)
    session().flush()
    told = {"criterion": (None, details.criterion.title), **changes, "words": (None, words)}
    audit.record(Act.WRITE_FEEDBACK, made, told, by=by)
    return made


def write_all(found: Application, rows: Sequence[FeedbackDetails], *, by: Actor) -> list[Feedback]:
    """Write the feedback on several criteria at once. What is unchanged is left as it is; what is refused, at its field."""
    POLICY.require(by, Act.WRITE_FEEDBACK, found)
    refuse_if(why_no_feedback(found))
    if not any(each.words.strip() for each in rows):
        raise Invalid("Enter the feedback on at least one criterion", field=field_of(rows[0].criterion))
    return [_write_at_its_field(found, each, by=by) for each in rows if _is_new(found, each)]


def _is_new(found: Application, details: FeedbackDetails) -> bool:
    """Whether something was written on a criterion that was not there before. Blank where nothing was is not yet written."""
    made = kept(found, details.criterion)
    if made is None:
        return bool(details.words.strip()) or details.is_shared
    return (made.words, made.is_shared) != (details.words.strip(), details.is_shared)


def _write_at_its_field(found: Application, details: FeedbackDetails, *, by: Actor) -> Feedback:
    try:
        return write_feedback(found, details, by=by)
    except Invalid as refusal:
        raise Invalid(refusal.message, field=field_of(details.criterion)) from refusal


def field_of(criterion: Criterion) -> str:
    """The name of the field for the feedback on a criterion, where there are several."""
    return f"words_{criterion.id.hex}"


def _new(found: Application, details: FeedbackDetails) -> Feedback:
    """Feedback on a criterion that has none yet."""
    words = details.words.strip()
    made = Feedback(application_id=found.id, criterion_id=details.criterion.id, words=words, written_at=now())
    made.is_shared = False
    session().add(made)
    return made


def kept(found: Application, criterion: Criterion) -> Feedback | None:
    """What was written about a criterion of an application."""
    rows = decisions.feedback_of([found.id]).get(found.id, [])
    return next((each for each in rows if each.criterion_id == criterion.id), None)
