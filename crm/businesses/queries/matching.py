"""Businesses that may be the same as one about to be added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from crm.businesses.models import Business
from crm.businesses.rules.naming import match_name, website_domain
from crm.db.session import session

MOST_CANDIDATES = 10


@dataclass(frozen=True)
class Signs:
    """What a business is recognised by: its number, its name and where it is, its website."""

    name: str
    number: str | None = None
    outcode: str | None = None
    website: str | None = None


def candidates_for(signs: Signs, *, but: UUID | None = None) -> Sequence[Business]:
    """Businesses with the same number, the same name in the same district, or the same website: numbers first."""
    ways = [and_(Business.match_name == match_name(signs.name), _is_near(signs.outcode))]
    if signs.number:
        ways.append(Business.company_number == signs.number)
    domain = website_domain(signs.website)
    if domain:
        ways.append(Business.website_domain == domain)
    query = select(Business).where(or_(*ways))
    if but is not None:
        query = query.where(Business.id != but)
    same_number_first = (Business.company_number != (signs.number or "")).asc().nulls_last()
    return (
        session()
        .scalars(
            query.options(selectinload(Business.shares), joinedload(Business.hub))
            .order_by(same_number_first, Business.sort_name, Business.id)
            .limit(MOST_CANDIDATES)
        )
        .all()
    )


def _is_near(outcode: str | None) -> ColumnElement[bool]:
    """In the same district; where one of the two is not known, the name alone is enough to be shown."""
    if outcode is None:
        return Business.id.is_not(None)
    return or_(Business.trading_outcode == outcode, Business.trading_outcode.is_(None))
