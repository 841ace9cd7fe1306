"""Letters to those who assess: what they have to score, and to score again."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from crm.accounts.queries import account
from crm.accounts.workflow import AccountStatus
from crm.notices.service import Extras, Reader, queue
from crm.programme.applications.models import Application
from crm.programme.assessing.models import Assessment, RoundAssessor
from crm.programme.assessing.queries import assessments as queries
from crm.programme.assessing.workflow import AssessmentStatus
from crm.programme.rounds.models import Round


def tell_assessor(
    found: Assessment, kind: str, *, application: Application | None = None, path: str = "", **more: Any
) -> None:
    """A letter to an assessor about one assessment. Its application, given or loaded, must know its round."""
    about = application or found.application
    reader = _reader(found.assessor_id)
    if reader is None:
        return
    context = {
        "round": about.round.name,
        "reference": about.reference,
        "path": path or f"/assessments/{found.id}",
    }
    queue(kind, reader, having=Extras(context | more))


def _reader(account_id: UUID) -> Reader | None:
    """Whom a letter goes to: nobody whose account is closed, since they could not follow its link."""
    found = account(account_id)
    if found is None or found.status is AccountStatus.DEACTIVATED:
        return None
    return Reader(found.email, found.name, found.id)


def tell_member(found: RoundAssessor, kind: str, **more: Any) -> None:
    """A letter to one assessor of a round about what they have of it. The round must be loaded."""
    reader = _reader(found.account_id)
    if reader is not None:
        context = {"round": found.round.name, "path": "/assessments"} | more
        queue(kind, reader, having=Extras(context))


def tell_assessors(found: Round, kind: str, *, only: Collection[AssessmentStatus], **more: Any) -> None:
    """One letter to each who has an assessment of the round in one of these states."""
    for account_id in queries.assessors_with(found.id, only):
        reader = _reader(account_id)
        if reader is not None:
            context = {"round": found.name, "path": "/assessments"} | more
            queue(kind, reader, having=Extras(context))
