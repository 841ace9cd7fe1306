"""Who was funded, by place: each local authority with its awards and their money, for the map."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from crm.businesses.models import Business
from crm.db.session import session
from crm.kernel.money import NO_MONEY, Money
from crm.programme.applications.models import Application
from crm.programme.cohort.models import Decision
from crm.programme.cohort.workflow import DecisionStatus, Outcome
from crm.programme.outcomes.rules.places import Placed, Tile, tiles
from crm.programme.rounds.models import Round


@dataclass(frozen=True)
class Funded:
    """Everything that was awarded: how many awards and how much, by authority, and drawn as tiles."""

    tiles: list[Tile]
    awards: int
    money: Money


def funded(*, least: int = 1) -> Funded:
    """Awards that were told and not withdrawn, by the local authority of their business; fewer than ``least`` in a place are hidden. One query."""
    query = (
        select(Business.authority, func.count(), func.sum(Decision.amount, type_=Decision.amount.type))
        .select_from(Decision)
        .join(Application, Application.id == Decision.application_id)
        .join(Business, Business.id == Application.business_id)
        .join(Round, Round.id == Application.round_id)
        .where(Decision.outcome == Outcome.SUCCESSFUL, Decision.__table__.c.status == DecisionStatus.NOTIFIED)
        .where(Round.is_dry_run.is_(False))
    )
    rows = [
        Placed(name or "", count, money or NO_MONEY)
        for name, count, money in session().execute(query.group_by(Business.authority))
    ]
    money = sum((each.money for each in rows), start=NO_MONEY)
    return Funded(tiles(rows, least=least), sum(each.awards for each in rows), money)
