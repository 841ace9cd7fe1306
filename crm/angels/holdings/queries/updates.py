"""Reads of the quarterly updates of companies: asked, due, late, and what investors read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import joinedload, undefer

from crm.accounts.models import Account
from crm.angels.deals.models import Investment
from crm.angels.deals.workflow import COMPLETED
from crm.angels.holdings.models import CompanyUpdate, UpdateCorrection
from crm.angels.holdings.policy import updates_visible_to
from crm.angels.holdings.workflow import UpdateStatus
from crm.angels.investors.workflow import Instrument
from crm.angels.pitches.models import Pitch
from crm.businesses.models import Business
from crm.db.paging import Order, Slice, slice_of
from crm.db.session import session
from crm.kernel.clock import is_past, today
from crm.kernel.permissions import Actor

COLUMN, INVESTMENT = CompanyUpdate.__table__.c, Investment.__table__.c
MOST = 500
LATE = "late"
NEWEST = Order((COLUMN.asked_at, COLUMN.id), lambda each: (each.asked_at, each.id), is_descending=True)


def _whole() -> Select[Any]:
    return select(CompanyUpdate).options(
        joinedload(CompanyUpdate.business).undefer(Business.shared), joinedload(CompanyUpdate.given_by)
    )


def update(update_id: UUID) -> CompanyUpdate | None:
    """One update with its business and who sent it."""
    found: CompanyUpdate | None = session().scalar(_whole().where(COLUMN.id == update_id))
    return found


def updates(actor: Actor, *, status: str = "", cursor: str | None = None) -> Slice[CompanyUpdate]:
    """One page of the updates that an actor may see in the list, those asked for last first; "late" ones are past their day."""
    query = _whole().where(updates_visible_to(actor))
    if status == LATE:
        query = query.where(_is_late(today()))
    elif status:
        query = query.where(COLUMN.status == status)
    return slice_of(query, NEWEST, cursor=cursor)


def _is_late(on: date) -> ColumnElement[bool]:
    return and_(COLUMN.status == UpdateStatus.ASKED, is_past(COLUMN.due_on, on=on))


def count_late(on: date) -> int:
    """How many updates are overdue: as many as the list of late ones shows."""
    return session().scalar(select(func.count()).select_from(CompanyUpdate).where(_is_late(on))) or 0


def asked_of(business_ids: Collection[UUID]) -> Sequence[CompanyUpdate]:
    """The updates that some businesses are asked for and have not sent, the one due first first."""
    query = _whole().where(COLUMN.business_id.in_(list(business_ids)), COLUMN.status == UpdateStatus.ASKED)
    return session().scalars(query.order_by(COLUMN.due_on, COLUMN.id).limit(MOST)).all()


def of_businesses(business_ids: Collection[UUID]) -> dict[UUID, list[CompanyUpdate]]:
    """Every update of some businesses, the latest quarter first, by business."""
    query = _whole().where(COLUMN.business_id.in_(list(business_ids)))
    found: dict[UUID, list[CompanyUpdate]] = {}
    if business_ids:
        for each in session().scalars(query.order_by(COLUMN.quarter_end.desc(), COLUMN.id).limit(MOST)):
            found.setdefault(each.business_id, []).append(each)
    return found


def to_ask(quarter_end: date) -> Sequence[Business]:
    """The businesses in which a member had invested by the end of a quarter, and which were not asked about it yet."""
    asked = select(COLUMN.business_id).where(COLUMN.quarter_end == quarter_end)
    held = (
        select(Pitch.business_id)
        .join(Investment, Investment.pitch_id == Pitch.id)
        .where(
            INVESTMENT.account_id.is_not(None),
            INVESTMENT.status.in_(COMPLETED),
            INVESTMENT.issued_on <= quarter_end,
        )
    )
    query = (
        select(Business)
        .options(undefer(Business.shared))
        .where(Business.id.in_(held), Business.id.not_in(asked))
    )
    return session().scalars(query.order_by(Business.id).limit(MOST)).unique().all()


def is_any_asked() -> bool:
    """Whether any company was asked for an update that it has not sent."""
    asked = select(COLUMN.id).where(COLUMN.status == UpdateStatus.ASKED).limit(1)
    return session().scalar(asked) is not None


def to_remind(on: date, *, days: int) -> Sequence[CompanyUpdate]:
    """The updates that are due within so many days, and of which the business was not reminded."""
    query = _whole().where(
        COLUMN.status == UpdateStatus.ASKED,
        COLUMN.due_on <= on + timedelta(days=days),
        COLUMN.reminded_at.is_(None),
    )
    return session().scalars(query.order_by(COLUMN.due_on).limit(MOST)).all()


def shares_held(business_id: UUID, on: date) -> int:
    """How many shares of a business are recorded here as issued by a day, to members and to others."""
    query = select(func.sum(INVESTMENT.shares)).join(Pitch, Pitch.id == INVESTMENT.pitch_id)
    query = query.where(Pitch.business_id == business_id, INVESTMENT.status.in_(COMPLETED))
    query = query.where(INVESTMENT.instrument == Instrument.EQUITY, INVESTMENT.issued_on <= on)
    return session().scalar(query) or 0


def holders_of(business_id: UUID) -> Sequence[Account]:
    """The members of the network who invested in a business."""
    held = (
        select(Investment.account_id)
        .join(Pitch, Pitch.id == Investment.pitch_id)
        .where(Pitch.business_id == business_id, INVESTMENT.status.in_(COMPLETED))
    )
    return (
        session().scalars(select(Account).where(Account.id.in_(held)).order_by(Account.id).limit(MOST)).all()
    )


def corrections_of(update_ids: Collection[UUID]) -> dict[UUID, list[UpdateCorrection]]:
    """The corrections of some updates, by update, the latest first: each with what was said before it."""
    query = select(UpdateCorrection).options(joinedload(UpdateCorrection.corrected_by))
    query = query.where(UpdateCorrection.update_id.in_(list(update_ids)))
    found: dict[UUID, list[UpdateCorrection]] = {}
    for each in session().scalars(
        query.order_by(UpdateCorrection.at.desc(), UpdateCorrection.id).limit(MOST)
    ):
        found.setdefault(each.update_id, []).append(each)
    return found
