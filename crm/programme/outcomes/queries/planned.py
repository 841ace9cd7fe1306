"""What is to be paid by which day: the instalments of the awards that run, for the forecast of their envelopes."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from crm.db.session import session
from crm.kernel.clock import day_of
from crm.kernel.money import NO_MONEY, Money
from crm.programme.awards.models import Award, AwardMilestone
from crm.programme.awards.workflow import AwardStatus
from crm.programme.claims.models import AwardClaim
from crm.programme.claims.queries.claims import TAKEN

Instalments = list[tuple[UUID, UUID, date, Money, date | None]]


def instalments() -> Instalments:
    """Each instalment of an accepted award that has an envelope: the envelope, the decision, the day and the amount.

    What was claimed of it stands apart, with the day of the claim.
    """
    milestone = (AwardMilestone.id, AwardMilestone.due_on, AwardMilestone.amount)
    query = (
        select(Award.envelope_id, Award.decision_id, *milestone)
        .join(AwardMilestone, AwardMilestone.award_id == Award.id)
        .where(Award.__table__.c.status == AwardStatus.ACCEPTED, Award.envelope_id.is_not(None))
        .where(AwardMilestone.amount > NO_MONEY)
    )
    rows, claims = session().execute(query.order_by(AwardMilestone.due_on, AwardMilestone.id)), _claims()
    found: Instalments = []
    for owner, about, key, day, amount in rows:
        made = claims.get(key, [])
        left = amount - sum((sum_ for _, sum_ in made), start=NO_MONEY)
        parts = [*made, (None, left)] if left > NO_MONEY else made
        found += [(owner, about, day, sum_, claimed_on) for claimed_on, sum_ in parts if owner is not None]
    return found


def _claims() -> dict[UUID, list[tuple[date | None, Money]]]:
    """What was claimed of each milestone of the awards that run, and when."""
    query = (
        select(AwardClaim.milestone_id, AwardClaim.submitted_at, AwardClaim.approved, AwardClaim.amount)
        .join(Award, Award.id == AwardClaim.award_id)
        .where(Award.__table__.c.status == AwardStatus.ACCEPTED, AwardClaim.__table__.c.status.in_(TAKEN))
    )
    found: dict[UUID, list[tuple[date | None, Money]]] = {}
    for key, at, approved, amount in session().execute(
        query.order_by(AwardClaim.submitted_at, AwardClaim.id)
    ):
        found.setdefault(key, []).append((day_of(at) if at else None, approved or amount or NO_MONEY))
    return found
