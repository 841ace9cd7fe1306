"""Reads of proposals to change a decision that was sent: one whole, the one that waits, and all that wait or are to be read."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from crm.accounts.models import is_on_desks
from crm.businesses.models import Business
from crm.db.remembering import remembered
from crm.db.session import session
from crm.programme.applications.models import Application
from crm.programme.cohort.models import Cohort, Decision, DecisionChange
from crm.programme.cohort.workflow import ChangeStatus
from crm.programme.rounds.models import Round

TABLE = DecisionChange.__table__
STATUS = TABLE.c.status
MOST = 500


def _brief() -> Select[DecisionChange]:
    about = joinedload(DecisionChange.decision)
    applied = about.joinedload(Decision.application)
    return select(DecisionChange).options(
        applied.joinedload(Application.business).undefer(Business.shared),
        applied.joinedload(Application.round),
        about.joinedload(Decision.cohort).joinedload(Cohort.round).selectinload(Round.criteria),
        joinedload(DecisionChange.proposed_by),
        joinedload(DecisionChange.decided_by),
    )


def change(decision_change_id: UUID) -> DecisionChange | None:
    """One proposal with its decision, as it is now."""
    query = _brief().where(DecisionChange.id == decision_change_id)
    return session().scalar(query.execution_options(populate_existing=True))


def open_change(decision_id: UUID) -> DecisionChange | None:
    """The proposal to change a decision that is not decided: one at most."""
    query = _brief().where(DecisionChange.decision_id == decision_id, STATUS == ChangeStatus.PROPOSED)
    return session().scalar(query)


def changes_of(decision_id: UUID) -> Sequence[DecisionChange]:
    """Every proposal to change a decision, the newest first."""
    query = _brief().where(DecisionChange.decision_id == decision_id)
    return session().scalars(query.order_by(DecisionChange.proposed_at.desc()).limit(MOST)).all()


@remembered
def changes_on_desks() -> Sequence[DecisionChange]:
    """Every proposal that is not decided, and what became of the others lately and nobody marked as read; the oldest first: one query."""
    about = joinedload(DecisionChange.decision)
    applied = about.joinedload(Decision.application)
    query = (
        select(DecisionChange)
        .options(
            applied.joinedload(Application.business).undefer(Business.shared),
            about.joinedload(Decision.cohort).joinedload(Cohort.round),
        )
        .where(is_on_desks(TABLE))
    )
    return session().scalars(query.order_by(DecisionChange.proposed_at, DecisionChange.id).limit(MOST)).all()


def changes_that_wait() -> Sequence[DecisionChange]:
    """Every proposal that is not decided, the oldest first."""
    return [each for each in changes_on_desks() if each.status is ChangeStatus.PROPOSED]
