"""The list of awards: those in a state and of a business, and what they come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from crm.businesses.models import Business
from crm.db.paging import Order, Slice, slice_of
from crm.db.session import session
from crm.kernel.money import NO_MONEY, Money
from crm.programme.applications.models import Application
from crm.programme.awards.models import Award
from crm.programme.awards.queries.awards import whole
from crm.programme.awards.workflow import AwardStatus

AWARD = Award.__table__.c
GIVEN_UP = (AwardStatus.DECLINED, AwardStatus.LAPSED, AwardStatus.WITHDRAWN)
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


def sum_of(search: AwardSearch) -> tuple[int, Money]:
    """How many awards a search finds, and what those come to that are not declined, lapsed or withdrawn."""
    query = select(func.count(Award.id)).where(*_asked(search))
    total = select(func.sum(Award.amount, type_=Award.amount.type)).where(
        *_asked(search), AWARD.status.not_in(GIVEN_UP)
    )
    return session().scalar(query) or 0, session().scalar(total) or NO_MONEY


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
