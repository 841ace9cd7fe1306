"""What the offers of raises count: people who were shown them, and sums within twelve months."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from crm.angels.deals.models import Investment, RaiseExemption
from crm.angels.deals.rules.exemptions import Counters, OfferLimits, kinds_of
from crm.angels.deals.workflow import STANDING
from crm.angels.pitches.models import Pitch, Promotion
from crm.angels.pitches.workflow import PitchStatus
from crm.db.remembering import remembered
from crm.db.session import session
from crm.figures.queries import figure_on
from crm.kernel.calendar import add_months
from crm.kernel.clock import today
from crm.kernel.money import NO_MONEY, Money

MONTHS = 12
"""Within so many months offers are added up (POATRs 2024): the words of the pages repeat it."""
SHOWN = (PitchStatus.PUBLISHED, PitchStatus.PAUSED)


@remembered
def exemption_of(pitch_id: UUID) -> RaiseExemption | None:
    """The exemption that a raise relies on, if it was recorded."""
    query = select(RaiseExemption).options(joinedload(RaiseExemption.recorded_by))
    return session().scalar(query.where(RaiseExemption.pitch_id == pitch_id))


def limits_on(day: date) -> OfferLimits:
    """The limits of the law on a day."""
    return OfferLimits(
        total=figure_on("exemption.total", on=day),
        people=int(figure_on("exemption.people", on=day)),
        warn=int(figure_on("exemption.warn", on=day)),
    )


@remembered
def counters_of(found: Pitch) -> Counters | None:
    """What one raise counts now; None where no exemption is recorded."""
    known = exemption_of(found.id)
    return _counted([found], {found.id: known}).get(found.id) if known is not None else None


def counters_of_many(found: Collection[Pitch]) -> dict[UUID, Counters]:
    """What some raises count now, in four questions; those whose exemption is not recorded are left out."""
    query = select(RaiseExemption).where(RaiseExemption.pitch_id.in_([each.id for each in found]))
    return _counted(found, {each.pitch_id: each for each in session().scalars(query)})


def _counted(found: Collection[Pitch], rows: Mapping[UUID, RaiseExemption]) -> dict[UUID, Counters]:
    ids, limits = [each.id for each in found], limits_on(today())
    people, before = _shown_to(ids), _raised_elsewhere(found)
    return {
        each.id: Counters(
            people=people.get(each.id, 0) + rows[each.id].people_before,
            total=_offered(each) + rows[each.id].raised_before + before.get(each.id, NO_MONEY),
            relied_on=kinds_of(rows[each.id].kinds),
            limits=limits,
        )
        for each in found
        if each.id in rows
    }


def _offered(found: Pitch) -> Money:
    """What is paid for an offer at most: what it asks for, and once it has closed, what it raised."""
    return found.raised if found.status is PitchStatus.CLOSED else found.amount


def _shown_to(pitch_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many different people each pitch was shown to, by the ledger."""
    query = select(Promotion.pitch_id, func.count(Promotion.account_id.distinct()))
    query = query.where(Promotion.pitch_id.in_(list(pitch_ids))).group_by(Promotion.pitch_id)
    return dict(session().execute(query).all())


def _raised_elsewhere(found: Collection[Pitch]) -> dict[UUID, Money]:
    """What each business took in other raises of the network within twelve months."""
    since = add_months(today(), -MONTHS)
    query = select(Pitch.business_id, Investment.pitch_id, func.sum(Investment.amount))
    query = query.join(Investment, Investment.pitch_id == Pitch.id).where(
        Pitch.business_id.in_([each.business_id for each in found]),
        Investment.__table__.c.status.in_(STANDING),
        Investment.issued_on > since,
    )
    rows = session().execute(query.group_by(Pitch.business_id, Investment.pitch_id)).all()
    return {
        each.id: sum(
            (amount for business_id, pitch_id, amount in rows if _is_other(each, business_id, pitch_id)),
            NO_MONEY,
        )
        for each in found
    }


def _is_other(found: Pitch, business_id: UUID, pitch_id: UUID) -> bool:
    return business_id == found.business_id and pitch_id != found.id


def shown_now() -> Sequence[Pitch]:
    """The raises that are published or paused, with their businesses."""
    query = select(Pitch).options(joinedload(Pitch.business))
    query = query.where(Pitch.__table__.c.status.in_(SHOWN))
    return session().scalars(query.order_by(Pitch.published_at, Pitch.id).limit(500)).all()
