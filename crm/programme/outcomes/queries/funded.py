"""Who was funded, by place: each local authority with its awards and their money, for the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select, type_coerce

from crm.businesses.models import Business
from crm.db.session import session
from crm.db.types import MoneyType
from crm.kernel.money import NO_MONEY, Money
from crm.programme.applications.models import Application
from crm.programme.cohort.models import Decision
from crm.programme.cohort.workflow import DecisionStatus, Outcome
from crm.programme.outcomes.rules.places import ELSEWHERE, GRID, Placed, Tile, tiles
from crm.programme.rounds.models import Round


@dataclass(frozen=True)
class FundedAward:
    """One award on the map: its decision, whose it is, of which application and round, and how much."""

    decision_id: UUID
    business: str
    reference: str
    round: str
    money: Money


@dataclass(frozen=True)
class Funded:
    """Everything that was awarded: how many awards and how much, by authority, and drawn as tiles."""

    tiles: list[Tile]
    awards: int
    money: Money


LEFT = type_coerce(Decision.amount - Decision.released, MoneyType())
"""What is left of an award: without what was released when it ended."""


def _told() -> Select[Any]:
    """Awards that were told and not withdrawn, outside dry runs."""
    return (
        select(Decision)
        .join(Application, Application.id == Decision.application_id)
        .join(Business, Business.id == Application.business_id)
        .join(Round, Round.id == Application.round_id)
        .where(Decision.outcome == Outcome.SUCCESSFUL, Decision.__table__.c.status == DecisionStatus.NOTIFIED)
        .where(Round.is_dry_run.is_(False))
    )


def funded_in(place: str = "") -> list[FundedAward]:
    """The awards that the map counts in one place, or everywhere, the largest first. One query."""
    query = _told()
    if place == ELSEWHERE:
        query = query.where(or_(Business.authority.is_(None), Business.authority.not_in(GRID)))
    elif place:
        query = query.where(Business.authority == place)
    columns = (Decision.id, Business.name, Application.reference, Round.name, LEFT)
    query = query.order_by(LEFT.desc(), Business.name, Decision.id)
    rows = session().execute(query.with_only_columns(*columns))
    return [
        FundedAward(key, name, reference, round_, money or NO_MONEY)
        for key, name, reference, round_, money in rows
    ]


def funded(*, least: int = 1) -> Funded:
    """Awards that were told and not withdrawn, by the local authority of their business; fewer than ``least`` in a place are hidden. One query."""
    total = func.sum(LEFT, type_=MoneyType())
    query = _told().with_only_columns(Business.authority, func.count(), total)
    rows = [
        Placed(name or "", count, money or NO_MONEY)
        for name, count, money in session().execute(query.group_by(Business.authority))
    ]
    money = sum((each.money for each in rows), start=NO_MONEY)
    return Funded(tiles(rows, least=least), sum(each.awards for each in rows), money)
