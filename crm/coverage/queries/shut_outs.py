"""Who a rule shut out of what they asked for: the rows that a person may see, with businesses and attempts counted apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager

from crm.businesses.policy import visible_to as businesses_visible_to
from crm.db.paging import Order, Slice, slice_of
from crm.db.session import session
from crm.evidence.models import ShutOut
from crm.evidence.workflow import Occasion
from crm.exporting.cover.models import CoverCheck
from crm.exporting.cover.queries import IS_WITHDRAWN
from crm.kernel.money import Money
from crm.kernel.permissions import Actor
from crm.signposting.models import Enquiry
from crm.signposting.policy import visible_to as enquiries_visible_to

OUTS, CHECKS = ShutOut.__table__.c, CoverCheck.__table__.c
NEWEST = Order((OUTS.at, OUTS.id), lambda row: (row.at, row.id), is_descending=True)
MOST_ROWS, MOST_THRESHOLDS = 5_000, 200


@dataclass(frozen=True)
class ShutOutsWanted:
    """Which rows a list shows; what is empty asks nothing. ``threshold`` is in pence."""

    rule: str = ""
    threshold: str = ""
    need: str = ""
    occasion: str = ""


def _rows(wanted: ShutOutsWanted, actor: Actor) -> Select[ShutOut]:
    query = select(ShutOut).join(ShutOut.business).where(businesses_visible_to(actor), ~IS_WITHDRAWN)
    if wanted.rule:
        query = query.where(OUTS.rule == wanted.rule)
    if wanted.threshold:
        query = query.where(OUTS.threshold == Money(int(wanted.threshold)))
    if wanted.need:
        query = query.where(OUTS.wanted == wanted.need)
    if wanted.occasion:
        query = query.where(OUTS.occasion == wanted.occasion)
    return query.options(contains_eager(ShutOut.business))


def shut_outs(wanted: ShutOutsWanted, actor: Actor, *, cursor: str | None = None) -> Slice[ShutOut]:
    """One page of them, the newest first."""
    return slice_of(_rows(wanted, actor), NEWEST, cursor=cursor)


def every_shut_out(wanted: ShutOutsWanted, actor: Actor) -> Sequence[ShutOut]:
    """The same as one list, for a file."""
    query = _rows(wanted, actor).order_by(OUTS.at.desc(), OUTS.id.desc())
    return session().scalars(query.limit(MOST_ROWS)).all()


@dataclass(frozen=True)
class Counts:
    """How many rows there are, by how many businesses, in how many attempts.

    An attempt is one check of a contract, enquiry, plan or referral, or the eligibility check of one round on one day. It has a
    row for each rule of each offer that excluded the business.
    """

    rows: int
    businesses: int
    attempts: int


def counts(wanted: ShutOutsWanted, actor: Actor) -> Counts:
    """Businesses and attempts are two numbers and never added."""
    subject = func.coalesce(OUTS.subject_id, CHECKS.id, OUTS.id).label("subject_id")
    columns = (OUTS.business_id, OUTS.occasion, subject, OUTS.happened_on)
    query = _rows(wanted, actor).outerjoin(CoverCheck, CHECKS.shut_out_id == OUTS.id)
    query = query.with_only_columns(*columns, func.count().label("rows")).order_by(None)
    attempts = query.group_by(*columns).subquery()
    asked = select(func.sum(attempts.c.rows), func.count(attempts.c.business_id.distinct()), func.count())
    rows, businesses, tried = session().execute(asked.select_from(attempts)).one()
    return Counts(int(rows or 0), businesses, tried)


def thresholds(actor: Actor) -> list[Money]:
    """The thresholds of turnover that shut out businesses which an actor sees, the lowest first."""
    query = (
        _rows(ShutOutsWanted(), actor).with_only_columns(OUTS.threshold).where(OUTS.threshold.is_not(None))
    )
    rows = session().scalars(query.distinct().order_by(OUTS.threshold).limit(MOST_THRESHOLDS))
    return [each for each in rows if each is not None]


@dataclass(frozen=True)
class Behind:
    """What the rows of a page came from: the check of each that is of one, and the enquiries that an actor may see."""

    checks: Mapping[UUID, tuple[UUID, str]]
    enquiries: frozenset[UUID]


def behind(rows: Sequence[ShutOut], actor: Actor) -> Behind:
    """What recorded these rows. A check is told with the contract that it was about."""
    return Behind(_checks_behind(rows), _enquiries_behind(rows, actor))


def _checks_behind(rows: Sequence[ShutOut]) -> dict[UUID, tuple[UUID, str]]:
    """The check of each row that is of one, by the row."""
    own = {each.id: each.subject_id or each.id for each in rows if each.occasion is Occasion.COVER}
    query = select(CoverCheck).where(CHECKS.id.in_(own.values()) | CHECKS.shut_out_id.in_(own))
    found: dict[UUID, CoverCheck] = {}
    for check in session().scalars(query) if own else ():
        found |= {check.id: check} | ({check.shut_out_id: check} if check.shut_out_id else {})
    there = {row_id: found[key] for row_id, key in own.items() if key in found}
    return {row_id: (check.id, check.told["sentence"]) for row_id, check in there.items()}


def _enquiries_behind(rows: Sequence[ShutOut], actor: Actor) -> frozenset[UUID]:
    """The enquiries among the rows that an actor may see: one may be with another hub than its business."""
    asked = {each.subject_id for each in rows if each.occasion is Occasion.ENQUIRY}
    query = select(Enquiry.id).where(Enquiry.id.in_(asked), enquiries_visible_to(actor))
    return frozenset(session().scalars(query)) if asked else frozenset()
