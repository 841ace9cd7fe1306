"""What is to be paid by which day: the instalments of the awards that run, for the forecast of their envelopes."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from crm.db.session import session
from crm.kernel.money import NO_MONEY, Money
from crm.programme.awards.models import Award, AwardMilestone
from crm.programme.awards.workflow import AwardStatus

Instalments = list[tuple[UUID, UUID, date, Money]]


def instalments() -> Instalments:
    """Each instalment of an accepted award that has an envelope: the envelope, the decision, the day and the amount."""
    query = (
        select(Award.envelope_id, Award.decision_id, AwardMilestone.due_on, AwardMilestone.amount)
        .join(AwardMilestone, AwardMilestone.award_id == Award.id)
        .where(Award.__table__.c.status == AwardStatus.ACCEPTED, Award.envelope_id.is_not(None))
        .where(AwardMilestone.amount > NO_MONEY)
    )
    rows = session().execute(query.order_by(AwardMilestone.due_on, AwardMilestone.id))
    return [(owner, about, day, amount) for owner, about, day, amount in rows if owner is not None]
