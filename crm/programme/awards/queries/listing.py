"""The list of awards: those in a state and of a business, and what they come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from crm.businesses.models import Business
from crm.db.paging import Order, Slice, slice_of
from crm.db.session import session
from crm.funding.envelopes.queries.ledger import taken_in_sql
from crm.kernel.money import NO_MONEY, Money
from crm.programme.applications.models import Application
from crm.programme.awards.models import Award
from crm.programme.awards.queries.awards import whole
from crm.programme.awards.workflow import AwardStatus

AWARD = Award.__table__.c
GIVEN_UP = (AwardStatus.DECLINED, AwardStatus.LAPSED, AwardStatus.WITHDRAWN)
CLOSED = (AwardStatus.ENDED, AwardStatus.COMPLETED)
LESS = (*GIVEN_UP, *CLOSED)
"""The states in which less than what was awarded counts."""
NEWEST_FIRST = Order(
    (AWARD.prepared_at, AWARD.id), lambda each: (each.prepared_at, each.id), is_descending=True
)


@dataclass(frozen=True)
class AwardSearch:
    """Which awards are looked for; empty parts ask nothing."""

    status: AwardStatus | None = None
    business: str = ""


def listed(search: AwardSearch, cursor: str | None = None) -> Slice[Award]:
    """One page of the awards that a search finds, the newest first."""
    return slice_of(whole().where(*_asked(search)), NEWEST_FIRST, cursor=cursor)


@dataclass(frozen=True)
class StatusSum:
    """The awards in one state: how many, what they were awarded, and what of that still counts: nothing of those given up.

    Of an award that is over, that is what the ledger has for it: what was approved, and not what was released.
    """

    status: AwardStatus
    number: int
    awarded: Money
    counts: Money


def sums_of(search: AwardSearch) -> list[StatusSum]:
    """The awards that a search finds, state by state, in the order of an award's life: three queries."""
    total = func.sum(Award.amount, type_=Award.amount.type)
    query = select(AWARD.status, func.count(), total).where(*_asked(search)).group_by(AWARD.status)
    known = {status: (number, awarded) for status, number, awarded in session().execute(query)}
    left = _left_of(search) if known.keys() & set(CLOSED) else {}
    return [
        StatusSum(each, *known[each], left.get(each, NO_MONEY) if each in LESS else known[each][1])
        for each in AwardStatus
        if each in known
    ]


def _left_of(search: AwardSearch) -> dict[AwardStatus, Money]:
    """What the ledger has for the awards in each state that were closed after they ran."""
    total = func.sum(taken_in_sql("decision", AWARD.decision_id), type_=Award.amount.type).label("sum_")
    query = select(AWARD.status, total).where(*_asked(search), AWARD.status.in_(CLOSED))
    rows = session().execute(query.group_by(AWARD.status))
    return {row.status: row.sum_ for row in rows}


def found_by(words: str, *, most: int) -> Sequence[Award]:
    """The awards whose business or application reference has these words."""
    query = whole().join(Business, Business.id == Award.business_id)
    query = query.join(Application, Application.id == Award.application_id)
    named = Business.name.icontains(words, autoescape=True)
    query = query.where(or_(named, Application.reference.icontains(words, autoescape=True)))
    return session().scalars(query.order_by(Award.prepared_at.desc(), Award.id).limit(most)).all()


def _asked(search: AwardSearch) -> list[ColumnElement[bool]]:
    asked = []
    if search.status is not None:
        asked.append(AWARD.status == search.status)
    if search.business:
        wanted = select(Business.id).where(Business.name.icontains(search.business, autoescape=True))
        asked.append(AWARD.business_id.in_(wanted))
    return asked
