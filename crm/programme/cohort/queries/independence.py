"""Who had a hand in the scores of a round."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import literal, select, union

from crm.accounts.models import Account
from crm.db.remembering import remembered
from crm.db.session import session
from crm.programme.applications.models import Application
from crm.programme.assessing.models import Assessment, Moderation

NOT_WHO_SCORED = "You scored applications in this round, so another approver decides."
NOT_WHO_MODERATED = "You moderated scores in this round, so another approver decides."


@remembered
def _had_a_hand(account_id: UUID) -> set[tuple[str, UUID]]:
    """The rounds in which somebody ever submitted an assessment, or moderated a score, each with why they decide nothing there."""
    scored = select(literal(NOT_WHO_SCORED), Application.round_id)
    scored = scored.join(Assessment, Assessment.application_id == Application.id)
    scored = scored.where(Assessment.assessor_id == account_id, Assessment.submitted_at.is_not(None))
    moderated = select(literal(NOT_WHO_MODERATED), Application.round_id)
    moderated = moderated.join(Moderation, Moderation.application_id == Application.id)
    moderated = moderated.where(Moderation.moderated_by_id == account_id)
    return set(session().execute(union(scored, moderated)))


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
    why = _had_a_hand(account_id)
    return next((each for each in (NOT_WHO_SCORED, NOT_WHO_MODERATED) if (each, round_id) in why), None)
