"""Reads of asks, outputs, their definitions and baselines."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, type_coerce
from sqlalchemy.orm import joinedload, selectinload

from crm.businesses.models import Business
from crm.businesses.policy import visible_to as businesses_visible_to
from crm.db.session import session
from crm.db.types import MoneyType
from crm.evidence.models import Ask, Baseline, Crossing, Indicator, Output, ShutOut
from crm.evidence.workflow import AskStatus, CrossingStatus, Instrument, OutputStatus
from crm.kernel.clock import has_come, is_past
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Actor

COLUMNS = Ask.__table__.c
OUTPUT = Output.__table__.c


def _whole() -> Select[Ask]:
    return select(Ask).options(joinedload(Ask.business).undefer(Business.shared))


def ask(ask_id: UUID) -> Ask | None:
    """One ask with its business."""
    return session().scalar(_whole().where(Ask.id == ask_id))


def asks_of(business_id: UUID) -> Sequence[Ask]:
    """What a business seeks or sought, the newest first."""
    query = _whole().where(Ask.business_id == business_id)
    return session().scalars(query.order_by(Ask.asked_on.desc(), Ask.id).limit(100)).all()


def totals(business_id: UUID | None = None) -> dict[tuple[Instrument, AskStatus], tuple[int, Money]]:
    """How many asks there are and what they come to, by instrument and standing. Instruments are never added up.

    An ask whose amount is not known is counted, and adds nothing. What was found of one that is not met is left out.
    """
    part = func.sum(case((COLUMNS.status == AskStatus.UNMET, Ask.met_amount)))
    left = func.sum(Ask.amount) - func.coalesce(part, literal(NO_MONEY, MoneyType))
    query = select(Ask.instrument, COLUMNS.status, func.count(), type_coerce(left, MoneyType))
    if business_id is not None:
        query = query.where(Ask.business_id == business_id)
    rows = session().execute(query.group_by(Ask.instrument, COLUMNS.status))
    return {(instrument, status): (count, total or Money(0)) for instrument, status, count, total in rows}


def baseline_of(business_id: UUID) -> Baseline | None:
    """How many people a business employed before it was helped."""
    return session().scalar(select(Baseline).where(Baseline.business_id == business_id))


def counts_on_baseline(business_id: UUID) -> bool:
    """Whether something is counted against the baseline of a business."""
    query = select(func.count()).select_from(Output).join(Output.indicator)
    asked = (Output.business_id == business_id, OUTPUT.status != OutputStatus.WITHDRAWN)
    return bool(session().scalar(query.where(*asked, Indicator.needs_baseline)))


def indicators(*, on: date | None = None) -> Sequence[Indicator]:
    """Every definition, or those that hold on a day, by name."""
    query = select(Indicator)
    if on is not None:
        query = query.where(_holds(on))
    return session().scalars(query.order_by(Indicator.name, Indicator.valid_from).limit(500)).all()


def _holds(on: date) -> ColumnElement[bool]:
    return and_(
        has_come(Indicator.valid_from, on=on),
        or_(Indicator.valid_to.is_(None), ~is_past(Indicator.valid_to, on=on)),
    )


def indicator_on(code: str, *, on: date) -> Indicator | None:
    """The definition of an indicator that holds on a day."""
    query = select(Indicator).where(Indicator.code == code, _holds(on))
    return session().scalar(query.order_by(Indicator.valid_from.desc()).limit(1))


def known_indicators() -> set[tuple[str, date]]:
    """Which definitions there are."""
    rows = session().execute(select(Indicator.code, Indicator.valid_from))
    return {(code, valid_from) for code, valid_from in rows}


def _outputs() -> Select[Output]:
    return select(Output).options(
        joinedload(Output.business).undefer(Business.shared), joinedload(Output.indicator)
    )


def output(output_id: UUID) -> Output | None:
    """One output with its business and its definition."""
    return session().scalar(_outputs().where(Output.id == output_id))


def output_of(business_id: UUID, indicator_code: str, *, programme: str) -> Output | None:
    """What is kept of an indicator for a business in a programme, unless it was taken out."""
    asked = (OUTPUT.business_id == business_id, OUTPUT.programme == programme)
    query = select(Output).where(*asked, OUTPUT.indicator_code == indicator_code)
    return session().scalar(query.where(OUTPUT.status != OutputStatus.WITHDRAWN))


def outputs_of(business_id: UUID) -> Sequence[Output]:
    """What help to a business came to, the latest first."""
    query = select(Output).options(joinedload(Output.indicator)).where(Output.business_id == business_id)
    return session().scalars(query.order_by(Output.happened_on.desc(), Output.id).limit(100)).all()


OUTS, CROSSED = ShutOut.__table__.c, Crossing.__table__.c
MOST_SHUT_OUTS, MOST_TODOS = 50_000, 50


def shut_outs_on(business_id: UUID, day: date) -> set[tuple[str, UUID | None, str, str]]:
    """What is noted of a business on a day: occasion, its subject, the offer and the rule."""
    query = select(OUTS.occasion, OUTS.subject_id, OUTS.offer, OUTS.rule)
    rows = session().execute(
        query.where(OUTS.business_id == business_id, OUTS.happened_on == day).limit(1_000)
    )
    return {(row.occasion, row.subject_id, row.offer, row.rule) for row in rows}


def shut_out_of_services(business_ids: Collection[UUID] = ()) -> dict[tuple[UUID, str], list[ShutOut]]:
    """The rows of each business and service of the directory, the latest last: of some businesses, or of all."""
    query = select(ShutOut).where(OUTS.offer.startswith("service:")).order_by(OUTS.at, OUTS.id)
    if business_ids:
        query = query.where(OUTS.business_id.in_(list(business_ids)))
    found: dict[tuple[UUID, str], list[ShutOut]] = {}
    for row in session().scalars(query.limit(MOST_SHUT_OUTS)):
        found.setdefault((row.business_id, row.offer), []).append(row)
    return found


def businesses_in_use(business_ids: Collection[UUID]) -> Sequence[Business]:
    """Some businesses with their figures, but for those that were archived."""
    query = (
        select(Business).where(Business.id.in_(list(business_ids))).options(selectinload(Business.figures))
    )
    rows = session().scalars(query.order_by(Business.id).limit(MOST_SHUT_OUTS))
    return [each for each in rows if not each.is_archived]


def crossings_of(business_ids: Collection[UUID]) -> dict[tuple[UUID, UUID], Crossing]:
    """The latest crossing of each business and service."""
    query = select(Crossing).where(CROSSED.business_id.in_(list(business_ids))).order_by(CROSSED.found_at)
    rows = session().scalars(query.limit(MOST_SHUT_OUTS))
    return {(each.business_id, each.service_id): each for each in rows}


def _crossings() -> Select[Crossing]:
    owner = joinedload(Crossing.business).undefer(Business.shared)
    return select(Crossing).options(owner, joinedload(Crossing.service))


def crossing(crossing_id: UUID) -> Crossing | None:
    """One crossing with its business and its service."""
    return session().scalar(_crossings().where(CROSSED.id == crossing_id))


def crossings_waiting(actor: Actor) -> Sequence[Crossing]:
    """The crossings of the businesses that an actor sees which nobody has followed up, the oldest first."""
    query = _crossings().join(Crossing.business).where(businesses_visible_to(actor))
    query = query.where(CROSSED.status == CrossingStatus.WAITING).order_by(CROSSED.found_at, CROSSED.id)
    return session().scalars(query.limit(MOST_TODOS)).all()
