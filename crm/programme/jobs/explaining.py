"""What the panel of the demonstration says to applicants."""

from __future__ import annotations

from uuid import UUID

from crm.db.session import session
from crm.kernel.permissions import Actor
from crm.programme.applications.queries import applications
from crm.programme.cohort.service import feedback
from crm.programme.cohort.service.feedback import FeedbackDetails
from crm.programme.jobs.inventing import EXPLAINED


def explain(application_id: UUID, *, by: Actor) -> bool:
    """Feedback on every criterion of a refusal, which can then be sent."""
    found = applications.application(application_id)
    assert found is not None
    for place, each in enumerate(found.round.criteria):
        words = f"Invented: {EXPLAINED[place % len(EXPLAINED)]}"
        feedback.write_feedback(found, FeedbackDetails(each, words, is_shared=True), by=by)
    session().flush()
    session().expire_all()
    return True


def say(application_id: UUID, *, by: Actor) -> None:
    """What the panel says of an application, of which a part is shared."""
    for place in (0, 1):
        found = applications.application(application_id)
        assert found is not None
        criterion = found.round.criteria[place]
        words = "Invented: say more about who will buy it, and when."
        feedback.write_feedback(found, FeedbackDetails(criterion, words, is_shared=place == 0), by=by)
        session().flush()
        session().expire_all()
