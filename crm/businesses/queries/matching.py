"""Businesses that may be the same as one about to be added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, undefer

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
    """Businesses with the same number, the same name or the same website, wherever they are.

    Those with the same number come first, then those in the same district. A name is compared as `match_name` folds it.
    """
    ways = [Business.match_name == match_name(signs.name)]
    if signs.number:
        ways.append(Business.company_number == signs.number)
    domain = website_domain(signs.website)
    if domain:
        ways.append(Business.website_domain == domain)
    query = select(Business).where(or_(*ways))
    if but is not None:
        query = query.where(Business.id != but)
    same_number_first = (Business.company_number != (signs.number or "")).asc().nulls_last()
    same_district_first = (Business.trading_outcode != (signs.outcode or "")).asc().nulls_last()
    return (
        session()
        .scalars(
            query.options(undefer(Business.shared), joinedload(Business.hub))
            .order_by(same_number_first, same_district_first, Business.sort_name, Business.id)
            .limit(MOST_CANDIDATES)
        )
        .all()
    )
