"""Reads for erasing an investor: every place in the network that they had, and what stands against it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import and_, or_, select

from crm.angels.investors.models import Angel
from crm.angels.investors.queries.angels import ANGEL, OVER
from crm.billing.queries import (
    live_subscriptions,
    membership_of,
    payments_on_their_way,
    payments_to_decide,
)
from crm.db.base import Base
from crm.db.session import session
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today

T = TypeVar("T", bound=Base)
PAYING = "A payment for their membership is still to arrive, or to be settled. See to it first."


def places_of(found: Angel) -> Sequence[Angel]:
    """This place in the network, and every other of the same address or account: people apply again."""
    same = and_(ANGEL.email == found.email, ANGEL.email != "")
    if found.account_id is not None:
        same = or_(same, ANGEL.account_id == found.account_id)
    query = select(Angel).where(same, ANGEL.erased_at.is_(None)).order_by(ANGEL.applied_at, ANGEL.id)
    found_all = session().scalars(query).all()
    known = found.account_id or next((each.account_id for each in found_all if each.account_id), None)
    return [each for each in found_all if each.account_id in (None, known)]


def is_in_again(found: Angel) -> bool:
    """Whether the same person has applied again, or is in the network."""
    return any(each.status not in OVER for each in places_of(found))


def rows_of(kind: type[T], account_id: UUID | None) -> Sequence[T]:
    """Every row of a table that is of one account; none for an applicant without one."""
    if account_id is None:
        return ()
    table = kind.__table__.c
    return session().scalars(select(kind).where(table.account_id == account_id).order_by(table.id)).all()


def why_paying(account_id: UUID) -> str | None:
    """What of the membership stands against erasing its member: paid time, a renewal, or a payment nobody has seen to."""
    paid = membership_of(account_id, on=today())
    if paid.is_member and paid.last_day:
        last = day_in_words(paid.last_day)
        return (
            f"Their membership lasts until {last}. Cancel it first, and settle whether anything is paid back."
        )
    if live_subscriptions(account_id):
        return "Their membership still renews itself in Stripe. Stop it first."
    is_open = payments_on_their_way([account_id]) or any(
        each.account_id == account_id for each in payments_to_decide()
    )
    return PAYING if is_open else None
