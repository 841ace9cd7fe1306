"""Reads of investments: lists and sums, the reports of both sides, and whom each waits for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from crm.angels.deals.models import Investment, InvestmentReport, Pledge
from crm.angels.deals.policy import visible_to
from crm.angels.deals.workflow import COMPLETED, STANDING, InvestmentStatus, PledgeStatus, Side
from crm.angels.pitches.models import Pitch
from crm.businesses.models import Business
from crm.db.paging import Order, Slice, slice_of
from crm.db.session import session
from crm.figures.queries import due_after, figure_on
from crm.kernel.clock import day_of, is_past
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Actor

S = InvestmentStatus
COLUMN, REPORT = Investment.__table__.c, InvestmentReport.__table__.c
MOST, MOST_TAKEN = 500, 10_000
NETWORK = "network"
"""A filter of the list: what only the network can settle now."""
GROUPS = {"completed": COMPLETED, "unconfirmed": (S.REPORTED, S.DIFFERS)}
"""Filters of the list that take several statuses together, as the sums of a raise do."""
NEWEST_REPORT = Order(
    (COLUMN.reported_at, COLUMN.id), lambda each: (each.reported_at, each.id), is_descending=True
)


def _whole() -> Select[Investment]:
    return select(Investment).options(
        joinedload(Investment.pitch).joinedload(Pitch.business).undefer(Business.shared),
        joinedload(Investment.account),
        joinedload(Investment.pledge),
    )


def investment(investment_id: UUID) -> Investment | None:
    """One investment with its pitch, business, investor and pledge."""
    return session().scalar(_whole().where(COLUMN.id == investment_id))


@dataclass(frozen=True)
class Asked:
    """Which investments a list is asked for: none of these means all of them."""

    status: str = ""
    instrument: str = ""
    pitch_id: UUID | None = None


def investments(actor: Actor, asked: Asked, *, cursor: str | None = None) -> Slice[Investment]:
    """One page of the investments that an actor may see, the newest report first."""
    return slice_of(_asked_for(actor, asked), NEWEST_REPORT, cursor=cursor)


def all_investments(actor: Actor, asked: Asked) -> Sequence[Investment]:
    """The same, as many as one file holds."""
    query = _asked_for(actor, asked).order_by(COLUMN.reported_at.desc(), COLUMN.id.desc())
    return session().scalars(query.limit(MOST_TAKEN)).all()


def _asked_for(actor: Actor, asked: Asked) -> Select[Investment]:
    status = asked.status
    query = _whole().where(visible_to(Investment, actor))
    if status == NETWORK:
        query = query.where(_waits_for_network())
    elif status in GROUPS:
        query = query.where(COLUMN.status.in_(GROUPS[status]))
    elif status:
        query = query.where(COLUMN.status == status)
    if asked.instrument:
        query = query.where(COLUMN.instrument == asked.instrument)
    if asked.pitch_id is not None:
        query = query.where(COLUMN.pitch_id == asked.pitch_id)
    return query


def _waits_for_network() -> ColumnElement[bool]:
    """Where the sides say different things, or there is no other side in the network to ask."""
    alone = and_(COLUMN.status == S.REPORTED, COLUMN.account_id.is_(None))
    return or_(COLUMN.status == S.DIFFERS, alone)


def totals(actor: Actor, *, pitch_id: UUID | None = None) -> Mapping[tuple[str, str], tuple[int, Money]]:
    """How many investments of each status and instrument an actor may see, and their sum: each apart."""
    query = select(COLUMN.status, COLUMN.instrument, func.count(), func.sum(Investment.amount))
    query = query.where(visible_to(Investment, actor))
    if pitch_id is not None:
        query = query.where(COLUMN.pitch_id == pitch_id)
    rows = session().execute(query.group_by(COLUMN.status, COLUMN.instrument))
    return {(str(one), str(two)): (count, amount or NO_MONEY) for one, two, count, amount in rows}


def of_pitch(pitch_id: UUID) -> Sequence[Investment]:
    """The investments in a raise that were not reversed, by day of issue."""
    query = _whole().where(COLUMN.pitch_id == pitch_id, COLUMN.status.in_(STANDING))
    return session().scalars(query.order_by(COLUMN.issued_on, COLUMN.reported_at).limit(MOST)).all()


def unanswered_of(pitch_id: UUID, account_id: UUID, *, by: Side) -> Sequence[Investment]:
    """The investments of one investor in a raise that this side reported and the other has not answered, the oldest first."""
    query = _whole().where(
        COLUMN.pitch_id == pitch_id,
        COLUMN.account_id == account_id,
        COLUMN.status == S.REPORTED,
        COLUMN.first_side == by,
    )
    return session().scalars(query.order_by(COLUMN.reported_at, COLUMN.id).limit(MOST)).all()


def pledge_for(pitch_id: UUID, account_id: UUID, *, amount: Money) -> Pledge | None:
    """The pledge of an investor that an investment of this sum completes: a committed one first, then one of the same sum.

    One that completes another investment already is left out.
    """
    linked = select(COLUMN.pledge_id).where(COLUMN.status.in_(STANDING), COLUMN.pledge_id.is_not(None))
    query = select(Pledge).where(
        Pledge.pitch_id == pitch_id,
        Pledge.account_id == account_id,
        Pledge.__table__.c.status.in_((PledgeStatus.PLEDGED, PledgeStatus.COMMITTED)),
        Pledge.id.not_in(linked),
    )
    found = session().scalars(query.order_by(Pledge.pledged_at, Pledge.id).limit(MOST)).all()
    fit = sorted(found, key=lambda each: (each.status is not PledgeStatus.COMMITTED, each.amount != amount))
    return fit[0] if fit else None


def committed_for(pitch_id: UUID, account_id: UUID) -> Pledge | None:
    """The committed pledge of an investor for which no investment is reported yet; of several, the earliest."""
    found = pledge_for(pitch_id, account_id, amount=NO_MONEY)
    return found if found is not None and found.status is PledgeStatus.COMMITTED else None


def reports_of(investment_id: UUID) -> Sequence[InvestmentReport]:
    """What both sides reported of an investment, in the order in which they said it."""
    query = select(InvestmentReport).options(joinedload(InvestmentReport.reported_by))
    query = query.where(REPORT.investment_id == investment_id).order_by(REPORT.at, REPORT.id)
    return session().scalars(query.limit(MOST)).all()


def last_reports(investment_id: UUID) -> dict[Side, InvestmentReport]:
    """The report of each side that counts: its latest."""
    return {each.side: each for each in reports_of(investment_id)}


def waiting_for_investor(account_id: UUID) -> Sequence[Investment]:
    """What a business reported of an investor, and they have not answered."""
    query = _whole().where(
        COLUMN.account_id == account_id, COLUMN.status == S.REPORTED, COLUMN.first_side == Side.COMPANY
    )
    return session().scalars(query.order_by(COLUMN.reported_at).limit(MOST)).all()


def waiting_for_businesses(business_ids: Collection[UUID]) -> Sequence[Investment]:
    """What investors reported of some businesses, and these have not answered."""
    query = _whole().join(Pitch, Pitch.id == COLUMN.pitch_id)
    query = query.where(
        Pitch.business_id.in_(list(business_ids)),
        COLUMN.status == S.REPORTED,
        COLUMN.first_side == Side.INVESTOR,
    )
    return session().scalars(query.order_by(COLUMN.reported_at).limit(MOST)).all()


def for_network() -> Sequence[Investment]:
    """What only the network can settle now, the oldest first."""
    query = _whole().where(_waits_for_network())
    return session().scalars(query.order_by(COLUMN.reported_at).limit(MOST)).all()


def unanswered(on: date) -> Sequence[Investment]:
    """Reports that the other side should have answered by now."""
    query = _whole().where(COLUMN.status == S.REPORTED, COLUMN.account_id.is_not(None))
    found = session().scalars(query.order_by(COLUMN.reported_at).limit(MOST)).all()
    return [each for each in found if is_past(answer_by(each), on=on)]


def answer_by(found: Investment) -> date:
    """The last day on which the other side is asked to answer a report."""
    reported_on = day_of(found.reported_at)
    return due_after(reported_on, int(figure_on("investment.answer_days", on=reported_on)))


def invested_sum(pitch_id: UUID) -> Money:
    """What was reported of a raise and not reversed."""
    query = select(func.sum(Investment.amount)).where(
        COLUMN.pitch_id == pitch_id, COLUMN.status.in_(STANDING)
    )
    return session().scalar(query) or NO_MONEY
