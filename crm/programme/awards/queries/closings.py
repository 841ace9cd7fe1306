"""Reads of proposals to close an award: one whole, the one that waits, and all that wait."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from crm.accounts.models import is_on_desks
from crm.businesses.models import Business
from crm.db.remembering import remembered
from crm.db.session import session
from crm.funding.subsidy.models import Subsidy
from crm.programme.applications.models import Application
from crm.programme.awards.models import Award, AwardClosing
from crm.programme.awards.workflow import ClosingStatus
from crm.programme.cohort.models import Cohort, Decision

TABLE = AwardClosing.__table__
STATUS = TABLE.c.status
MOST = 500


def _whole() -> Select[AwardClosing]:
    award = joinedload(AwardClosing.award)
    return select(AwardClosing).options(
        award.joinedload(Award.business).undefer(Business.shared),
        award.joinedload(Award.application).joinedload(Application.round),
        award.joinedload(Award.application).joinedload(Application.business),
        award.joinedload(Award.decision).joinedload(Decision.cohort).joinedload(Cohort.round),
        award.joinedload(Award.envelope),
        award.joinedload(Award.subsidy).joinedload(Subsidy.business),
        award.selectinload(Award.milestones),
        joinedload(AwardClosing.proposed_by),
        joinedload(AwardClosing.decided_by),
    )


def closing(closing_id: UUID) -> AwardClosing | None:
    """One proposal with its award, as it is now."""
    query = _whole().where(AwardClosing.id == closing_id)
    return session().scalar(query.execution_options(populate_existing=True))


@remembered
def open_closing(award_id: UUID) -> AwardClosing | None:
    """The proposal to close an award that is not decided: one at most."""
    query = _whole().where(AwardClosing.award_id == award_id, STATUS == ClosingStatus.PROPOSED)
    return session().scalar(query)


@remembered
def closings_on_desks() -> Sequence[AwardClosing]:
    """Every proposal that is not decided, and what became of the others lately and nobody marked as read; the oldest first: one query."""
    award = joinedload(AwardClosing.award)
    line = (award.joinedload(Award.business).undefer(Business.shared), joinedload(AwardClosing.proposed_by))
    query = select(AwardClosing).options(*line).where(is_on_desks(TABLE))
    return session().scalars(query.order_by(AwardClosing.proposed_at, AwardClosing.id).limit(MOST)).all()
