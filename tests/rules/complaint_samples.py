"""Samples of complaints, and their CHECKs, each with a change that it refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from crm.businesses.models import Business
from crm.complaints.models import Complaint
from crm.complaints.workflow import Channel
from crm.kernel.clock import now, today
from crm.kernel.references import new_reference
from crm.privacy.models import RetentionRun
from tests import factories
from tests.rules import privacy_samples


def a_complaint(**fields: Any) -> Complaint:
    """A complaint that came today by letter, from a person with an email address."""
    on = fields.get("received_on", today())
    given = {"reference": new_reference("C"), "channel": Channel.LETTER, "name": "Ann Reader"}
    given |= {"email": "ann@reader.example", "said": "My notes were read aloud", "recorded_at": now()}
    given |= {
        "received_on": on,
        "alert_on": on + timedelta(days=19),
        "due_on": on + timedelta(days=29),
    }
    made: Complaint = factories.kept(Complaint(**(given | fields)))
    return made


SAMPLES: dict[str, Callable[..., tuple[Any, ...]]] = {
    **privacy_samples.SAMPLES,
    "complaint_id": lambda _cast, _values: (a_complaint().id,),
}
CHECKS = {
    **privacy_samples.CHECKS,
    "ck_complaint_something_was_said": "UPDATE complaint SET said = ''",
    "ck_complaint_email_in_lower_case": "UPDATE complaint SET email = 'ANN@made.example'",
    "ck_complaint_somebody_to_answer": "UPDATE complaint SET email = NULL",
    "ck_complaint_days_in_order": "UPDATE complaint SET due_on = received_on",
    "ck_complaint_acknowledged_with_its_moment": "UPDATE complaint SET status = 'acknowledged'",
    "ck_complaint_answered_with_its_moment": "UPDATE complaint SET answered_at = recorded_at, answer = 'made'",
    "ck_complaint_answered_with_words": "UPDATE complaint SET status = 'answered', acknowledged_at = recorded_at, "
    "answered_at = recorded_at",
    "ck_retention_run_counted": "UPDATE retention_run SET done = -1",
}


def rows(made: Business) -> None:
    """A complaint that waits, and a run of retention."""
    privacy_samples.rows(made)
    a_complaint()
    factories.kept(RetentionRun(kind="made", before=now(), found=1, planned_at=now()))
