"""Lists of businesses: filtered, sorted and paged, no more of them than the actor may see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload, with_expression

from crm.businesses.models import Business
from crm.businesses.policy import visible_to
from crm.businesses.queries.searching import matches, ranking
from crm.businesses.rules.searching import terms_of
from crm.businesses.workflow import BusinessStatus
from crm.db.paging import Order, Slice, slice_of
from crm.db.session import session
from crm.db.types import has_word
from crm.kernel.errors import BadInput
from crm.kernel.permissions import Actor
from crm.kernel.postcodes import Postcode, parse_outcode

COLUMNS = Business.__table__.c
BY_NAME = Order((COLUMNS.sort_name, COLUMNS.id), lambda row: (row.sort_name, row.id))
NEWEST = Order((COLUMNS.created_at, COLUMNS.id), lambda row: (row.created_at, row.id), is_descending=True)
SORTS = {"name": BY_NAME, "newest": NEWEST}
COUNTED = 10_000
FOUND = 100
"""So many are shown to whoever searches for words: who has not found it in four pages should add a word."""
AREA = re.compile(r"[A-Z]{1,2}")
SECTOR = re.compile(r"([A-Z]{1,2}[0-9][0-9A-Z]?) ([0-9])")


@dataclass(frozen=True)
class Search:
    """What is looked for among businesses; empty parts ask nothing. Filters combine; the sectors are alternatives.

    ``among`` are queries of ids: a business is in one of them. None asks nothing.
    """

    text: str = ""
    place: str = ""
    groups: tuple[str, ...] = ()
    stage: str = ""
    hub_id: UUID | None = None
    with_archived: bool = False
    among: tuple[Any, ...] | None = None
    sort: str = "name"


@dataclass(frozen=True)
class Found:
    """One page of what a search finds, and how many it finds: no more than ``most`` are counted out, and one more."""

    page: Slice[Business]
    count: int
    most: int


def businesses(search: Search, actor: Actor, *, cursor: str | None = None) -> Slice[Business]:
    """One page of what a search finds: the best first where words are searched, else as sorted."""
    query, order = _found(search, actor, most=FOUND + 1)
    return slice_of(query, order, cursor=cursor)


def found(search: Search, actor: Actor, *, cursor: str | None = None) -> Found:
    """One page of what a search finds, with how many it finds. Raises `BadInput` for what is no place."""
    page = businesses(search, actor, cursor=cursor)
    if terms_of(search.text):
        return Found(page, (page.rows[0].count or 0) if page.rows else 0, FOUND)
    return Found(page, count(search, actor), COUNTED)


def count(search: Search, actor: Actor) -> int:
    """How many businesses a search without words finds, up to the most that are counted."""
    query, _ = _found(search, actor)
    bounded = query.with_only_columns(COLUMNS.id).limit(COUNTED + 1).subquery()
    return session().scalar(select(func.count()).select_from(bounded)) or 0


def every(search: Search, actor: Actor) -> Iterator[Business]:
    """Every business that a search finds, in the order of the list: for an extract."""
    query, order = _found(search, actor)
    sort = [column.desc() if order.is_descending else column.asc() for column in order.columns]
    yield from session().scalars(query.order_by(*sort).execution_options(yield_per=500))


def _found(search: Search, actor: Actor, *, most: int | None = None) -> tuple[Select[Business], Order]:
    conditions = (visible_to(actor), *_filters(search))
    query = select(Business).options(joinedload(Business.hub), selectinload(Business.names))
    best = matches(search.text, *conditions, most=most) if search.text else None
    if best is None:
        return query.where(*conditions), SORTS.get(search.sort, BY_NAME)
    query = query.join(best, best.c.business_id == COLUMNS.id).options(
        with_expression(Business.tier, best.c.tier),
        with_expression(Business.met_by, best.c.word),
        with_expression(Business.count, best.c.count),
    )
    return query, Order(ranking(best), lambda row: (row.tier, row.met_by, row.sort_name, row.id))


def conditions(search: Search, actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """What a search asks of a business that this actor may see, for a list that sorts otherwise. Raises `BadInput` for what is no place."""
    asked = (visible_to(actor), *_filters(search))
    best = matches(search.text, *asked) if search.text else None
    return asked if best is None else (*asked, COLUMNS.id.in_(select(best.c.business_id)))


def _filters(search: Search) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if search.place:
        asked.append(lies_in(search.place))
    if search.groups:
        asked.append(or_(*(has_word(COLUMNS.dcms_groups, group) for group in search.groups)))
    if search.stage:
        asked.append(COLUMNS.stage == search.stage)
    if search.hub_id:
        asked.append(COLUMNS.hub_id == search.hub_id)
    if search.among is not None:
        asked.append(or_(false(), *(COLUMNS.id.in_(each) for each in search.among)))
    if not search.with_archived:
        asked.append(COLUMNS.status == BusinessStatus.ACTIVE)
    return asked


def lies_in(typed: str) -> ColumnElement[bool]:
    """That a business trades in an area (B), a district (B1), a sector (B1 1) or at a postcode (B1 1AA).

    B1 is not B10, and B is not BA. Raises `BadInput` for anything else.
    """
    text = " ".join(typed.upper().split())
    if AREA.fullmatch(text):
        return or_(*(COLUMNS.trading_outcode.like(f"{text}{figure}%") for figure in range(10)))
    sector = SECTOR.fullmatch(text)
    if sector:
        return COLUMNS.trading_postcode.like(f"{sector[1]} {sector[2]}%")
    try:
        return COLUMNS.trading_postcode == str(Postcode.parse(text))
    except BadInput:
        pass
    try:
        return COLUMNS.trading_outcode == parse_outcode(text)
    except BadInput:
        raise BadInput("Enter a postcode or the beginning of one, like B, B1, B1 1 or B1 1AA") from None
