"""Reads of what each investor has in a raise: with a place, and in all. The minimum of a raise is counted over these sums."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import and_, func, select

from crm.angels.deals.models import Investment, Pledge
from crm.angels.deals.rules.matching import beyond
from crm.angels.deals.workflow import LIVE, STANDING, TAKING_ROOM, PledgeStatus
from crm.db.session import session
from crm.kernel.money import NO_MONEY, Money

PLEDGED, INVESTED = Pledge.__table__.c, Investment.__table__.c
Sums = dict[tuple[UUID, UUID], Money]


def held_in(pitch_id: UUID) -> dict[UUID, Money]:
    """What each investor has a place for in a raise: offered, pledged, committed, and what was invested beyond that."""
    found = _sums([pitch_id], TAKING_ROOM)
    return {account_id: amount for (_, account_id), amount in found.items()}


def standing_in(pitch_ids: Collection[UUID]) -> Sums:
    """What each investor has in each of some raises, with what they have waiting, by raise and investor."""
    return _sums(pitch_ids, LIVE)


def _sums(pitch_ids: Collection[UUID], statuses: Collection[PledgeStatus]) -> Sums:
    ids = list(pitch_ids)
    if not ids:
        return {}
    pledged = select(PLEDGED.pitch_id, PLEDGED.account_id, func.sum(Pledge.amount)).where(
        PLEDGED.pitch_id.in_(ids), PLEDGED.status.in_(statuses)
    )
    rows = session().execute(pledged.group_by(PLEDGED.pitch_id, PLEDGED.account_id))
    found: Sums = {(pitch_id, account_id): amount for pitch_id, account_id, amount in rows}
    invested = (
        select(Investment.pitch_id, Investment.account_id, Investment.amount, Pledge.amount)
        .outerjoin(Pledge, and_(PLEDGED.id == INVESTED.pledge_id, PLEDGED.status.in_(statuses)))
        .where(INVESTED.pitch_id.in_(ids), INVESTED.status.in_(STANDING), INVESTED.account_id.is_not(None))
    )
    for pitch_id, account_id, amount, linked in session().execute(invested.order_by(INVESTED.id)):
        if account_id is not None:
            key = (pitch_id, account_id)
            found[key] = found.get(key, NO_MONEY) + beyond(amount, linked)
    return found
