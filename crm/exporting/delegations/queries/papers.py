"""Reads of the papers of places: those that were cancelled, and money given for places that were given up."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, or_, select

from crm.db.session import session
from crm.exporting.delegations.models import DelegationPlace
from crm.exporting.delegations.queries.seating import some_places
from crm.exporting.delegations.queries.seeing import MOST, PLACE
from crm.exporting.delegations.workflow import PlaceStatus
from crm.funding.subsidy.models import Subsidy
from crm.funding.subsidy.workflow import GIVEN, SubsidyStatus

PAPER = Subsidy.__table__.c


def place_of_paper(subsidy_id: UUID) -> DelegationPlace | None:
    """The place whose papers these are."""
    return session().scalar(some_places().where(PLACE.subsidy_id == subsidy_id))


def void_among(places: Sequence[DelegationPlace]) -> frozenset[UUID]:
    """Which of some places have papers that were cancelled: nothing is given for them."""
    papers = [each.subsidy_id for each in places if each.subsidy_id]
    query = select(PAPER.id).where(PAPER.id.in_(papers), PAPER.status == SubsidyStatus.CANCELLED)
    void = frozenset(session().scalars(query)) if papers else frozenset()
    return frozenset(each.id for each in places if each.subsidy_id in void)


def to_decide(delegation_ids: Sequence[UUID]) -> Sequence[DelegationPlace]:
    """The places in some delegations whose money a person decides on: accepted with cancelled papers, or given up with money given."""
    is_void = and_(PLACE.status == PlaceStatus.ACCEPTED, PAPER.status == SubsidyStatus.CANCELLED)
    is_left = and_(PLACE.status == PlaceStatus.GIVEN_UP, PAPER.status.in_(GIVEN), PLACE.settled == "")
    query = some_places().join(Subsidy, PAPER.id == PLACE.subsidy_id)
    query = query.where(PLACE.delegation_id.in_(list(delegation_ids)), or_(is_void, is_left))
    return session().scalars(query.order_by(PLACE.applied_at, PLACE.id).limit(MOST)).all()
