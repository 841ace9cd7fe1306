"""Reads of what came of a pitch night in pledges and investments, by investors who were there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from crm.angels.deals.models import Investment, Pledge
from crm.angels.deals.workflow import COMPLETED, PledgeStatus
from crm.angels.events.models import PitchNight
from crm.angels.events.queries.nights import pitched_at
from crm.angels.events.queries.wishes import came_to
from crm.angels.events.rules.running import outcomes_until
from crm.db.session import session
from crm.kernel.clock import day_of, end_of
from crm.kernel.money import NO_MONEY, Money

PLEDGE, INVESTED = Pledge.__table__.c, Investment.__table__.c


@dataclass(frozen=True)
class CameOf:
    """What one pitch of a night was pledged, committed and paid since, each apart; paid by instrument."""

    business: str
    pledged: Money
    committed: Money
    invested: dict[str, Money] = field(default_factory=dict)


def came_of(found: PitchNight) -> list[CameOf]:
    """What came of each pitch of a night within 90 days: pledges made, and completed investments by their day of issue."""
    slots, there, until = pitched_at(found.id), list(came_to(found.id)), outcomes_until(found.starts_at)
    ids = [each.pitch_id for each in slots]
    pledged, invested = _pledged(found, ids, there, until), _invested(found, ids, there, until)
    return [
        CameOf(
            each.pitch.business.name,
            pledged.get((each.pitch_id, PledgeStatus.PLEDGED), NO_MONEY),
            pledged.get((each.pitch_id, PledgeStatus.COMMITTED), NO_MONEY),
            {kind: sum_ for (pitch_id, kind), sum_ in invested.items() if pitch_id == each.pitch_id},
        )
        for each in slots
    ]


def _pledged(
    found: PitchNight, ids: list[UUID], there: list[UUID], until: date
) -> dict[tuple[UUID, PledgeStatus], Money]:
    query = select(PLEDGE.pitch_id, PLEDGE.status, func.sum(Pledge.amount)).where(
        PLEDGE.pitch_id.in_(ids),
        PLEDGE.account_id.in_(there),
        PLEDGE.status.in_((PledgeStatus.PLEDGED, PledgeStatus.COMMITTED)),
        PLEDGE.pledged_at >= found.starts_at,
        PLEDGE.pledged_at < end_of(until),
    )
    rows = session().execute(query.group_by(PLEDGE.pitch_id, PLEDGE.status))
    return {(pitch_id, status): amount for pitch_id, status, amount in rows}


def _invested(
    found: PitchNight, ids: list[UUID], there: list[UUID], until: date
) -> dict[tuple[UUID, str], Money]:
    query = select(INVESTED.pitch_id, INVESTED.instrument, func.sum(Investment.amount)).where(
        INVESTED.pitch_id.in_(ids),
        INVESTED.account_id.in_(there),
        INVESTED.status.in_(COMPLETED),
        INVESTED.issued_on >= day_of(found.starts_at),
        INVESTED.issued_on <= until,
    )
    rows = session().execute(
        query.group_by(INVESTED.pitch_id, INVESTED.instrument).order_by(INVESTED.instrument)
    )
    return {(pitch_id, str(kind)): amount for pitch_id, kind, amount in rows}
