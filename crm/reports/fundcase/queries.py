"""Reads of the asks on which the fund case rests: one query, whatever is counted from them."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from crm.businesses.models import Business
from crm.db.session import session
from crm.evidence.models import Ask
from crm.evidence.workflow import AskStatus
from crm.kernel.eligibility import DCMS_GROUPS, LEPS, STAGES
from crm.kernel.permissions import Actor
from crm.programme.outcomes.rules.places import GRID
from crm.reports.fundcase.policy import visible_to
from crm.reports.fundcase.rules.sought import NOT_KNOWN, Sought, Standing

ASK = Ask.__table__.c
MOST_ASKS = 50_000
COLUMNS = (
    *(Ask.id, Ask.business_id, Business.name, Ask.asked_on, Ask.instrument, Ask.medium, ASK.status),
    *(Ask.amount, Ask.met_amount, Ask.stage, Ask.unmet_reason),
    *(Business.stage.label("stage_now"), Business.dcms_groups, Business.authority, Business.leps),
)


def asks() -> list[Sought]:
    """Every ask on record, in the order of days and, within one, of recording. One query."""
    query = select(*COLUMNS).join(Business, Business.id == Ask.business_id)
    rows = session().execute(query.order_by(Ask.asked_on, Ask.recorded_at, Ask.id).limit(MOST_ASKS))
    return [_sought(row, number) for number, row in enumerate(rows, start=1)]


def seen_by(actor: Actor, found: Sequence[Sought]) -> frozenset[UUID]:
    """The businesses behind these asks that an actor may see. One query."""
    query = select(Business.id).where(Business.id.in_(select(Ask.business_id)), visible_to(actor))
    wanted = {each.business_id for each in found}
    return frozenset(session().scalars(query)) & wanted


def _sought(row: Any, number: int) -> Sought:
    return Sought(
        id=row.id,
        business_id=row.business_id,
        business=row.name,
        asked_on=row.asked_on,
        number=number,
        instrument=str(row.instrument),
        medium=str(row.medium),
        standing=_standing(row),
        amount=row.amount,
        found_amount=row.met_amount,
        stage=_known(row.stage or row.stage_now, STAGES),
        sector=_known(next(iter(row.dcms_groups), None), DCMS_GROUPS),
        place=_known(row.authority, GRID),
        area=_known(next(iter(row.leps), None), LEPS),
        reason=str(row.unmet_reason or ""),
    )


def _known(value: str | None, words: Container[str]) -> str:
    """A value that its table has a line for; anything else counts as not known."""
    return value if value is not None and value in words else NOT_KNOWN


def _standing(row: Any) -> Standing:
    is_part = row.status is AskStatus.UNMET and row.met_amount is not None
    return Standing.PART if is_part else Standing(str(row.status))
