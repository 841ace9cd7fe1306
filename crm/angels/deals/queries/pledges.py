"""Reads of pledges: lists, the line for a raise, and the sums that are never added to one another."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select, type_coerce
from sqlalchemy.orm import joinedload

from crm.accounts.models import Account
from crm.angels.deals.models import Investment, Pledge
from crm.angels.deals.policy import visible_to
from crm.angels.deals.rules.matching import beyond
from crm.angels.deals.rules.sums import Sums
from crm.angels.deals.workflow import COMPLETED, LIVE, STANDING, TAKING_ROOM, PledgeStatus
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.workflow import IntroductionStatus
from crm.angels.pitches.models import Pitch
from crm.businesses.models import Business
from crm.db.paging import Order, Slice, slice_of
from crm.db.session import session
from crm.db.types import MoneyType
from crm.kernel.clock import is_past, now
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Actor

S = PledgeStatus
COLUMN, INVESTED = Pledge.__table__.c, Investment.__table__.c
MOST = 500
NEWEST_PLEDGE = Order(
    (COLUMN.pledged_at, COLUMN.id), lambda each: (each.pledged_at, each.id), is_descending=True
)


def _whole() -> Select[Pledge]:
    return select(Pledge).options(
        joinedload(Pledge.pitch).joinedload(Pitch.business).undefer(Business.shared),
        joinedload(Pledge.account),
    )


def pledge(pledge_id: UUID) -> Pledge | None:
    """One pledge with its pitch, business and investor."""
    return session().scalar(_whole().where(COLUMN.id == pledge_id))


def pledges(
    actor: Actor, *, status: str = "", pitch_id: UUID | None = None, cursor: str | None = None
) -> Slice[Pledge]:
    """One page of the pledges that an actor may see, the newest first."""
    query = _whole().where(visible_to(Pledge, actor))
    if status:
        query = query.where(COLUMN.status == status)
    if pitch_id is not None:
        query = query.where(COLUMN.pitch_id == pitch_id)
    return slice_of(query, NEWEST_PLEDGE, cursor=cursor)


def totals(actor: Actor, *, pitch_id: UUID | None = None) -> dict[str, tuple[int, Money]]:
    """How many pledges of each status an actor may see, and their sum, without what is reported as invested already."""
    query = select(COLUMN.status, func.count(), func.sum(_beside_report())).where(visible_to(Pledge, actor))
    query = query.select_from(Pledge).outerjoin(Investment, _IS_REPORTED)
    if pitch_id is not None:
        query = query.where(COLUMN.pitch_id == pitch_id)
    rows = session().execute(query.group_by(COLUMN.status))
    return {str(status): (count, amount or NO_MONEY) for status, count, amount in rows}


def reported_beside(actor: Actor, *, pitch_id: UUID | None = None) -> dict[str, Money]:
    """What of the pledges of each status is left out of `totals`, as it is reported as invested already."""
    query = select(COLUMN.status, func.sum(Pledge.amount)).where(visible_to(Pledge, actor))
    if pitch_id is not None:
        query = query.where(COLUMN.pitch_id == pitch_id)
    beside = totals(actor, pitch_id=pitch_id)
    rows = session().execute(query.group_by(COLUMN.status))
    return {str(key): whole - beside[key][1] for key, whole in rows if whole > beside[key][1]}


_IS_REPORTED = and_(INVESTED.pledge_id == COLUMN.id, INVESTED.status.in_(STANDING))
"""That an investment of a pledge is reported, and not reversed: one at most."""


def _beside_report() -> ColumnElement[Money]:
    """What of a pledge that goes on is not reported as invested already: that counts there, and never twice."""
    nothing = literal(NO_MONEY, MoneyType)
    left = case((INVESTED.amount >= COLUMN.amount, nothing), else_=COLUMN.amount - INVESTED.amount)
    counts_there = and_(COLUMN.status.in_(TAKING_ROOM), INVESTED.amount.is_not(None))
    return type_coerce(
        case((counts_there, type_coerce(left, MoneyType)), else_=COLUMN.amount),
        MoneyType,
    )


def reported_of(pledge_ids: Collection[UUID]) -> dict[UUID, Investment]:
    """The investment that is reported for each of some pledges, where one is and was not reversed."""
    query = select(Investment).where(INVESTED.pledge_id.in_(list(pledge_ids)), INVESTED.status.in_(STANDING))
    return {each.pledge_id: each for each in session().scalars(query) if each.pledge_id} if pledge_ids else {}


def of_pitch(pitch_id: UUID) -> Sequence[Pledge]:
    """The live pledges to a raise, in time order: the order of the line."""
    query = _whole().where(COLUMN.pitch_id == pitch_id, COLUMN.status.in_(LIVE))
    return session().scalars(query.order_by(COLUMN.pledged_at, COLUMN.id).limit(MOST)).all()


def own_of_pitch(pitch_id: UUID, account_id: UUID) -> Sequence[Pledge]:
    """The live pledges of one investor to a raise, in time order."""
    return [each for each in of_account(account_id) if each.pitch_id == pitch_id]


def of_account(account_id: UUID) -> Sequence[Pledge]:
    """The live pledges of one investor, in time order."""
    query = _whole().where(COLUMN.account_id == account_id, COLUMN.status.in_(LIVE))
    return session().scalars(query.order_by(COLUMN.pledged_at, COLUMN.id).limit(MOST)).all()


def line_of(pitch_id: UUID) -> Sequence[Pledge]:
    """The waiting list of a raise, in time order."""
    return [each for each in of_pitch(pitch_id) if each.status is S.WAITING]


def next_in_line(pitch_id: UUID) -> datetime:
    """A moment after that of every pledge to a raise: its lock must be held, so that no two have the same place."""
    last = session().scalar(select(func.max(Pledge.pledged_at)).where(COLUMN.pitch_id == pitch_id))
    return max(now(), last + timedelta(microseconds=1)) if last else now()


def offers_past(on: date) -> Sequence[Pledge]:
    """Offers of a place whose last day has passed."""
    query = _whole().where(COLUMN.status == S.OFFERED, is_past(COLUMN.offered_until, on=on))
    return session().scalars(query.order_by(COLUMN.offered_until).limit(MOST)).all()


def offers_to(account_id: UUID) -> Sequence[Pledge]:
    """The places that an investor is offered now."""
    return [each for each in of_account(account_id) if each.status is S.OFFERED]


def taken_of(pitch_ids: Collection[UUID]) -> dict[UUID, Money]:
    """What takes room in some raises, as the wall of the database counts it.

    A pledge that its investment has not completed yet counts once: what was invested beyond it is added.
    """
    pledged = select(COLUMN.pitch_id, func.sum(Pledge.amount)).where(
        COLUMN.pitch_id.in_(list(pitch_ids)), COLUMN.status.in_(TAKING_ROOM)
    )
    found: dict[UUID, Money] = dict(session().execute(pledged.group_by(COLUMN.pitch_id)).all())
    invested = (
        select(Investment.pitch_id, Investment.amount, Pledge.amount)
        .outerjoin(Pledge, and_(COLUMN.id == INVESTED.pledge_id, COLUMN.status.in_(TAKING_ROOM)))
        .where(INVESTED.pitch_id.in_(list(pitch_ids)), INVESTED.status.in_(STANDING))
    )
    for pitch_id, amount, linked in session().execute(invested.order_by(INVESTED.id)):
        found[pitch_id] = found.get(pitch_id, NO_MONEY) + beyond(amount, linked)
    return found


def sums_of(found: Pitch) -> Sums:
    """What a raise has, each sum apart, and no pound in two of them: three questions."""
    query = select(COLUMN.status, func.sum(_beside_report()))
    query = query.select_from(Pledge).outerjoin(Investment, _IS_REPORTED)
    query = query.where(COLUMN.pitch_id == found.id, COLUMN.status.in_(LIVE)).group_by(COLUMN.status)
    pledged = {str(status): amount for status, amount in session().execute(query)}
    invested = _invested(found.id)
    return Sums(
        target=found.amount,
        taken=taken_of([found.id]).get(found.id, NO_MONEY),
        investors=_count_investors(found.id),
        **{str(each): pledged.get(each, NO_MONEY) for each in LIVE},
        **invested,
    )


def _invested(pitch_id: UUID) -> dict[str, Money]:
    is_completed = case((INVESTED.status.in_(COMPLETED), 1), else_=0)
    query = select(is_completed, func.sum(Investment.amount)).where(
        INVESTED.pitch_id == pitch_id, INVESTED.status.in_(STANDING)
    )
    found: dict[int, Money] = dict(session().execute(query.group_by(is_completed)).all())
    return {"reported": found.get(0) or NO_MONEY, "completed": found.get(1) or NO_MONEY}


def _count_investors(pitch_id: UUID) -> int:
    query = select(func.count(COLUMN.account_id.distinct())).where(
        COLUMN.pitch_id == pitch_id, COLUMN.status.in_((S.PLEDGED, S.COMMITTED))
    )
    return session().scalar(query) or 0


def with_lines() -> Sequence[Pitch]:
    """The pitches that somebody waits for."""
    waiting = select(COLUMN.pitch_id).where(COLUMN.status == S.WAITING).distinct()
    whole = joinedload(Pitch.business).undefer(Business.shared)
    query = select(Pitch).options(whole).where(Pitch.id.in_(waiting))
    return session().scalars(query.order_by(Pitch.id).limit(MOST)).all()


def met_with(business_id: UUID) -> Sequence[tuple[Account, Introduction]]:
    """The investors who were introduced to a business, each with the latest introduction, by name."""
    query = select(Account, Introduction).join(Introduction, Introduction.account_id == Account.id)
    query = query.join(Pitch, Pitch.id == Introduction.pitch_id).where(
        Pitch.business_id == business_id,
        Introduction.__table__.c.status == IntroductionStatus.AGREED,
    )
    rows = session().execute(query.order_by(Account.name, Introduction.met_at).limit(MOST))
    return list({account.id: (account, met) for account, met in rows}.values())


def meeting_of(account_id: UUID, business_id: UUID) -> Introduction | None:
    """The introduction of an investor to a business that took place, if there was one."""
    return next((met for account, met in met_with(business_id) if account.id == account_id), None)


def introduced(account_ids: Collection[UUID], business_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Which of some investors were introduced to which of some businesses: then each knows who the other is."""
    query = select(Introduction.account_id, Pitch.business_id).join(Pitch, Pitch.id == Introduction.pitch_id)
    query = query.where(
        Introduction.account_id.in_(list(account_ids)),
        Pitch.business_id.in_(list(business_ids)),
        Introduction.__table__.c.status == IntroductionStatus.AGREED,
    )
    return {(account_id, business_id) for account_id, business_id in session().execute(query.distinct())}
