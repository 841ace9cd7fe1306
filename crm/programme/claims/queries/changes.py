"""Reads of changes to awards: one whole, those of an award, those that wait, and what a change must stay within."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from crm.businesses.models import Business
from crm.db.session import session
from crm.kernel.money import NO_MONEY
from crm.programme.awards.models import Award
from crm.programme.claims.models import AwardChange, AwardClaim
from crm.programme.claims.queries.claims import MOST, line_of_award, of_award, taken
from crm.programme.claims.queries.claims import STATUS as CLAIM_STATUS
from crm.programme.claims.queries.evidence import running_award
from crm.programme.claims.rules.changing import Bounds
from crm.programme.claims.workflow import OPEN_CHANGES, ChangeKind, ClaimStatus

STATUS = AwardChange.__table__.c.status


@dataclass(frozen=True)
class Asking:
    """An award and the kind of change that is asked for."""

    award: Award
    kind: ChangeKind

    @property
    def business(self) -> Business:
        """Whose award it is."""
        return self.award.business

    @property
    def stands_on(self) -> Award:
        """On whose page it is asked for."""
        return self.award


def asking(award_id: UUID, change_kind: str) -> Asking | None:
    """An accepted award of which a change of this kind is asked for."""
    found = running_award(award_id)
    return (
        Asking(found, ChangeKind(change_kind))
        if found is not None and change_kind in list(ChangeKind)
        else None
    )


def _whole() -> Select[AwardChange]:
    return select(AwardChange).options(
        *of_award(AwardChange.award),
        joinedload(AwardChange.asked_by),
        joinedload(AwardChange.supported_by),
        joinedload(AwardChange.decided_by),
    )


def change(award_change_id: UUID) -> AwardChange | None:
    """One change with its award, as it is now."""
    query = _whole().where(AwardChange.id == award_change_id)
    return session().scalar(query.execution_options(populate_existing=True))


def changes_of(award_id: UUID) -> Sequence[AwardChange]:
    """The changes that were asked for of an award, the newest first."""
    query = _whole().where(AwardChange.award_id == award_id)
    return session().scalars(query.order_by(AwardChange.asked_at.desc(), AwardChange.id).limit(MOST)).all()


def open_change(award_id: UUID) -> AwardChange | None:
    """The change of an award that is not decided yet: one at most."""
    return session().scalar(_whole().where(AwardChange.award_id == award_id, STATUS.in_(OPEN_CHANGES)))


def changes_that_wait() -> Sequence[AwardChange]:
    """Every change that is not decided yet, the oldest first."""
    line = (
        *line_of_award(AwardChange.award),
        joinedload(AwardChange.asked_by),
        joinedload(AwardChange.supported_by),
    )
    query = select(AwardChange).options(*line).where(STATUS.in_(OPEN_CHANGES))
    return session().scalars(query.order_by(AwardChange.asked_at, AwardChange.id).limit(MOST)).all()


def claim_being_checked(award_id: UUID) -> int | None:
    """The number of the first claim against an award that was submitted and is not decided."""
    query = select(AwardClaim.number).where(
        AwardClaim.award_id == award_id, CLAIM_STATUS == ClaimStatus.SUBMITTED
    )
    return session().scalar(query.order_by(AwardClaim.number).limit(1))


def bounds_of(found: Award, kind: ChangeKind) -> Bounds:
    """What a change must stay within. A milestone that is claimed for is fixed, but for money of it that was not claimed;
    one that is met, but for its money.
    """
    gone = taken(found.id)
    settled = select(AwardClaim.milestone_id).where(AwardClaim.award_id == found.id)
    settled = settled.where(CLAIM_STATUS.in_([ClaimStatus.APPROVED, ClaimStatus.PAID]))
    fixed = set(session().scalars(settled))
    if kind is ChangeKind.MONEY:
        fixed -= {each.id for each in found.milestones if gone.get(each.id, NO_MONEY) < each.amount}
    met = {each.id for each in found.milestones if each.met_at is not None}
    fixed |= set() if kind is ChangeKind.MONEY else met
    fund = found.envelope
    return Bounds(found.starts_on, found.amount, fixed, gone, fund.ends_on if fund else None, met)
