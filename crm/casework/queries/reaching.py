"""Whom advisers spoke with in some days, and each of those conversations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import contains_eager

from crm.businesses.models import Business
from crm.casework.models import Conversation
from crm.casework.queries.conversations import COLUMNS, COUNTS
from crm.db.paging import Order, Slice, slice_of
from crm.db.session import session

LATEST = Order((COLUMNS.happened_on, COLUMNS.id), lambda row: (row.happened_on, row.id), is_descending=True)


def spoken_with(first: date, last: date, *, visible: ColumnElement[bool]) -> tuple[dict[UUID, int], int]:
    """Which businesses advisers spoke with in some days, with the quarter-hours of each; and how often altogether.

    ``visible`` says which businesses the asking actor may see.
    """
    is_counted = (*COUNTS, COLUMNS.happened_on.between(first, last))
    total = func.coalesce(func.sum(COLUMNS.quarters), 0)
    query = select(COLUMNS.business_id, total, func.count()).join_from(Conversation, Conversation.business)
    query = query.where(visible, *is_counted).group_by(COLUMNS.business_id)
    rows = session().execute(query).all()
    return {business_id: int(quarters) for business_id, quarters, _ in rows}, sum(row[2] for row in rows)


def spoken(
    first: date, last: date, *, visible: ColumnElement[bool], cursor: str | None
) -> Slice[Conversation]:
    """One page of the conversations that count in some days, the latest first, each with its business."""
    query = select(Conversation).join(Conversation.business).options(contains_eager(Conversation.business))
    query = query.where(visible, *COUNTS, COLUMNS.happened_on.between(first, last))
    return slice_of(query, LATEST, cursor=cursor)


def names_of(business_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The names of some businesses, by id."""
    columns = Business.__table__.c
    query = select(columns.id, columns.name).where(columns.id.in_(business_ids))
    return {each.id: each.name for each in session().execute(query)}
