"""Reads of asks, outputs, their definitions and baselines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, type_coerce
from sqlalchemy.orm import joinedload

from crm.businesses.models import Business
from crm.db.session import session
from crm.db.types import MoneyType
from crm.evidence.models import Ask, Baseline, Indicator, Output
from crm.evidence.workflow import AskStatus, Instrument, OutputStatus
from crm.kernel.clock import has_come, is_past
from crm.kernel.money import NO_MONEY, Money

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
