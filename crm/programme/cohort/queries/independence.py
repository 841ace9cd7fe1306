"""Who had a hand in the scores of a round."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from crm.accounts.models import Account
from crm.db.session import session
from crm.programme.applications.models import Application
from crm.programme.assessing.models import Assessment, Moderation

NOT_WHO_SCORED = "You scored applications in this round, so another approver decides."
NOT_WHO_MODERATED = "You moderated scores in this round, so another approver decides."


def has_moderated(account_id: UUID, round_id: UUID) -> bool:
    """Whether somebody moderated a score in a round."""
    query = select(Moderation.id).join(Application, Application.id == Moderation.application_id)
    found = query.where(Moderation.moderated_by_id == account_id, Application.round_id == round_id)
    return session().scalar(found.limit(1)) is not None


def has_scored(account_id: UUID, round_id: UUID) -> bool:
    """Whether somebody ever submitted an assessment in a round."""
    query = select(Assessment.id).join(Application, Application.id == Assessment.application_id)
    found = query.where(Assessment.assessor_id == account_id, Application.round_id == round_id)
    return session().scalar(found.where(Assessment.submitted_at.is_not(None)).limit(1)) is not None


def judges_of(application_id: UUID) -> list[str]:
    """The names of everybody who assessed or moderated an application: they never stand in a letter (P37)."""
    assessed = select(Assessment.assessor_id).where(Assessment.application_id == application_id)
    moderated = select(Moderation.moderated_by_id).where(Moderation.application_id == application_id)
    query = select(Account.name).where(Account.id.in_(assessed) | Account.id.in_(moderated))
    return list(session().scalars(query.order_by(Account.name)))


def why_not_apart(account_id: UUID | None, round_id: UUID) -> str | None:
    """Why just this approver decides nothing in a round: they had a hand in its scores (P25)."""
    if account_id is None:
        return None
    if has_scored(account_id, round_id):
        return NOT_WHO_SCORED
    return NOT_WHO_MODERATED if has_moderated(account_id, round_id) else None
