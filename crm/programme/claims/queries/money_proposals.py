"""Reads of proposals about the money of awards: one whole, the one that waits, those of awards, and those on desks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from crm.accounts.models import is_on_desks
from crm.db.remembering import remembered
from crm.db.session import session
from crm.programme.claims.models import AwardClaim, MoneyProposal
from crm.programme.claims.queries.claims import MOST, line_of_award, of_award
from crm.programme.claims.workflow import MoneyProposalKind, MoneyProposalStatus

TABLE = MoneyProposal.__table__
STATUS = TABLE.c.status


def _whole() -> Select[MoneyProposal]:
    return select(MoneyProposal).options(
        *of_award(MoneyProposal.award),
        joinedload(MoneyProposal.claim).joinedload(AwardClaim.milestone),
        joinedload(MoneyProposal.proposed_by),
        joinedload(MoneyProposal.decided_by),
    )


def _brief() -> Select[MoneyProposal]:
    """Proposals with what a line about each shows."""
    return select(MoneyProposal).options(
        *line_of_award(MoneyProposal.award),
        joinedload(MoneyProposal.claim),
        joinedload(MoneyProposal.proposed_by),
    )


def proposal(money_proposal_id: UUID) -> MoneyProposal | None:
    """One proposal with its award and claim, as it is now."""
    query = _whole().where(MoneyProposal.id == money_proposal_id)
    return session().scalar(query.execution_options(populate_existing=True))


def proposal_among(ids: Collection[UUID]) -> MoneyProposal | None:
    """The proposal with one of these ids: that of a repayment and of what its instalments left."""
    return session().scalar(_whole().where(MoneyProposal.id.in_(list(ids))).limit(1))


def open_return(claim_id: UUID) -> MoneyProposal | None:
    """The proposal to return a claim that is not decided: one at most."""
    query = _brief().where(MoneyProposal.claim_id == claim_id, STATUS == MoneyProposalStatus.PROPOSED)
    return session().scalar(query)


def open_repayment(award_id: UUID) -> MoneyProposal | None:
    """The proposal to ask for money of an award back that is not decided: one at most."""
    query = _brief().where(MoneyProposal.award_id == award_id, STATUS == MoneyProposalStatus.PROPOSED)
    return session().scalar(query.where(TABLE.c.kind == MoneyProposalKind.REPAYMENT))


def proposals_told(award_ids: Collection[UUID]) -> Sequence[MoneyProposal]:
    """Every proposal about the money of some awards, the oldest first."""
    query = select(MoneyProposal).options(joinedload(MoneyProposal.claim))
    query = query.where(MoneyProposal.award_id.in_(award_ids))
    return session().scalars(query.order_by(MoneyProposal.proposed_at, MoneyProposal.id).limit(MOST)).all()


@remembered
def proposals_on_desks() -> Sequence[MoneyProposal]:
    """Every proposal that is not decided, and what became of the others lately and nobody marked as read; the oldest first: one query."""
    query = _brief().where(is_on_desks(TABLE))
    return session().scalars(query.order_by(MoneyProposal.proposed_at, MoneyProposal.id).limit(MOST)).all()
