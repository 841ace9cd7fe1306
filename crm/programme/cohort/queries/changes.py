"""Who changed a decision of a cohort last, in words: for whoever sends letters that are no longer as they were read."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from crm.audit.models import AuditEntry
from crm.audit.queries import acts_on
from crm.businesses.models import Business
from crm.db.session import session
from crm.kernel.clock import moment_in_words
from crm.programme.applications.models import Application
from crm.programme.cohort.models import Cohort, CohortDraft, Decision, Feedback
from crm.programme.cohort.workflow import Act

DONE: dict[str, str] = {
    Act.PROMOTE: "awarded {name} from the waiting list",
    Act.RELEASE_RESERVE: "took {name} off the waiting list",
    Act.WITHDRAW_AWARD: "ended the award of {name}",
    Act.WRITE_FEEDBACK: "wrote feedback for {name}",
    Act.NOTIFY: "sent the decision on {name}",
}
OTHERWISE = "changed the decision on {name}"


def last_change(found: Cohort) -> str:
    """What was done last to a decision of a cohort, or to the feedback in one: by whom, to whom and when. Empty where nothing was."""
    names = _names(found.id)
    last = max(_newest(list(names)), key=lambda each: each.at, default=None)
    if last is None:
        return ""
    done = DONE.get(last.act, OTHERWISE).format(name=names[UUID(last.thing_id)])
    return f"{last.actor_name or 'The system'} {done} on {moment_in_words(last.at)}."


def last_change_of(found: CohortDraft) -> str:
    """That a draft was changed after a page was opened: by whom, and when."""
    last = next(iter(acts_on("cohort_draft", [found.id], limit=1)), None)
    if last is None:
        return "This was changed after you opened the page."
    who = last.actor_name or "The system"
    return (
        f"This was changed after you opened the page: {who} changed the draft on {moment_in_words(last.at)}."
    )


def _newest(ids: Sequence[UUID]) -> list[AuditEntry]:
    """The newest act on any of these decisions, and on any of these pieces of feedback."""
    return [each for kind in ("decision", "feedback") for each in acts_on(kind, ids, limit=1)]


def _names(cohort_id: UUID) -> dict[UUID, str]:
    """The business of each decision of a cohort, and of each piece of feedback on its applications."""
    about = select(Decision.application_id).where(Decision.cohort_id == cohort_id)
    return {
        row[0]: row[1]
        for thing in (Decision, Feedback)
        for row in session().execute(
            select(thing.id, Business.name)
            .join(Application, Application.id == thing.application_id)
            .join(Business, Business.id == Application.business_id)
            .where(thing.application_id.in_(about))
        )
    }
