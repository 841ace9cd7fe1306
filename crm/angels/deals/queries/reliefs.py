"""How much of a raise could fall under a tax relief on the day on which its shares were issued."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from crm.angels.deals.models import Investment
from crm.angels.deals.workflow import COMPLETED, STANDING, ShareRelief
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.queries.pitches import limits_of
from crm.angels.pitches.rules.pitching import LimitsOfDay
from crm.db.session import session
from crm.figures.queries import NoFigure
from crm.kernel.calendar import add_months
from crm.kernel.clock import today
from crm.kernel.money import NO_MONEY, Money


@dataclass(frozen=True)
class ReliefCount:
    """What a raise issued under a relief up to a day, and how much of it could fall under it by the limits of that day.
    ``assets`` is the most that its company may own before an issue under EIS; None for SEIS.
    """

    name: str
    issued: Money
    room: Money
    assets: Money | None = None

    @property
    def is_over(self) -> bool:
        """Whether more was issued than could fall under the relief. It says nothing of whether the company qualifies."""
        return self.issued > self.room


def recorded_before(found: Pitch) -> dict[str, Money]:
    """What completed investments in other raises of a business come to under each relief, by the field that states it."""
    column, pitch = Investment.__table__.c, Pitch.__table__.c
    sums = select(column.relief, column.issued_on, func.sum(column.amount)).join(
        Pitch, column.pitch_id == pitch.id
    )
    sums = sums.where(
        pitch.business_id == found.business_id,
        pitch.id != found.id,
        column.relief != ShareRelief.NONE,
        column.status.in_(COMPLETED),
    )
    rows = session().execute(sums.group_by(column.relief, column.issued_on)).all()
    since = add_months(today(), -12)
    by_eis = [(day, amount) for relief, day, amount in rows if relief is ShareRelief.EIS]
    return {
        "seis_raised": sum((amount for relief, _, amount in rows if relief is ShareRelief.SEIS), NO_MONEY),
        "eis_raised": sum((amount for _, amount in by_eis), NO_MONEY),
        "eis_year": sum((amount for day, amount in by_eis if day > since), NO_MONEY),
    }


def known_limits(day: date) -> LimitsOfDay | None:
    """What the reliefs allow for shares issued on a day; None for days of which we know no limits."""
    try:
        return limits_of(day)
    except NoFigure:
        return None


def relief_of(found: Investment) -> ReliefCount | None:
    """What an investment means for the relief that its company names: None where it names none."""
    limits = known_limits(found.issued_on) if found.relief is not ShareRelief.NONE else None
    if limits is None:
        return None
    room, issued = found.pitch.room(limits), _issued(found)
    if found.relief is ShareRelief.SEIS:
        return ReliefCount("SEIS", issued, room.seis)
    return ReliefCount("EIS", issued, room.eis, found.pitch.limits(limits).eis_assets)


def _issued(found: Investment) -> Money:
    column = Investment.__table__.c
    query = select(func.sum(Investment.amount)).where(
        column.pitch_id == found.pitch_id,
        column.relief == found.relief,
        column.status.in_(STANDING),
        column.issued_on <= found.issued_on,
    )
    return session().scalar(query) or NO_MONEY
