"""What a proposal said of its own cohort, and when it no longer holds."""

from __future__ import annotations

from sqlalchemy import select

from crm.db.session import session
from crm.programme.cohort.models import CohortDraft, DraftPlace

OF_PROPOSAL = "Proposed: with it the cohort has the highest total score that keeps every target."
"""Why a draft that was taken over from a proposal goes over higher ranks: true of just that cohort."""


def lapse(found: CohortDraft, *, is_changed: bool = True) -> None:
    """Take back what a proposal said once its draft was changed: where a reason is still needed, a person gives it."""
    if not is_changed:
        return
    for each in session().scalars(select(DraftPlace).where(DraftPlace.draft_id == found.id)):
        each.reason = "" if each.reason == OF_PROPOSAL else each.reason
