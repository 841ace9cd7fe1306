"""Reads of the ledger: what was shown to whom, and on which statement that rests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from crm.angels.investors.models import Certification
from crm.angels.pitches.models import Promotion
from crm.db.paging import Order, Slice, slice_of
from crm.db.session import session

MOST_EXTRACTED = 100_000
PROMOTIONS = Promotion.__table__.c
LATEST_SHOWN = Order(
    (PROMOTIONS.shown_at, PROMOTIONS.id), lambda each: (each.shown_at, each.id), is_descending=True
)


def _ledger(account_id: UUID | None, pitch_id: UUID | None, *, with_erased: bool = True) -> Select[Promotion]:
    query = select(Promotion).options(
        joinedload(Promotion.certification).options(
            joinedload(Certification.wording), joinedload(Certification.account)
        ),
        joinedload(Promotion.account),
        joinedload(Promotion.pitch),
        joinedload(Promotion.basis),
    )
    if account_id:
        query = query.where(PROMOTIONS.account_id == account_id)
    if not with_erased:
        restricted = select(Certification.id).where(Certification.restricted_at.is_not(None))
        query = query.where(PROMOTIONS.certification_id.not_in(restricted))
    return query.where(PROMOTIONS.pitch_id == pitch_id) if pitch_id else query


def promotions(
    *,
    account_id: UUID | None = None,
    pitch_id: UUID | None = None,
    with_erased: bool = True,
    cursor: str | None = None,
) -> Slice[Promotion]:
    """One page of the ledger, latest first: all of it, of one person, or of one pitch."""
    return slice_of(_ledger(account_id, pitch_id, with_erased=with_erased), LATEST_SHOWN, cursor=cursor)


def shown_to(account_id: UUID) -> tuple[int, date | None]:
    """How many showings to one person are on record, and the day of the last."""
    query = select(func.count(), func.max(PROMOTIONS.shown_on)).where(PROMOTIONS.account_id == account_id)
    count, last = session().execute(query).one()
    return count, last


def every_promotion(
    *, account_id: UUID | None = None, pitch_id: UUID | None = None, with_erased: bool = True
) -> Sequence[Promotion]:
    """The whole ledger of one person or one pitch, the earliest first; nothing where neither is named."""
    if account_id is None and pitch_id is None:
        return ()
    query = _ledger(account_id, pitch_id, with_erased=with_erased).order_by(
        PROMOTIONS.shown_at, PROMOTIONS.id
    )
    return session().scalars(query.limit(MOST_EXTRACTED)).all()
