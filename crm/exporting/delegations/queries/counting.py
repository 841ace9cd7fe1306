"""What came of delegations: what each place is asked and has told, and its sums."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from crm.accounts.queries import have_left
from crm.businesses.models import Business
from crm.db.remembering import remembered
from crm.db.session import session
from crm.exporting.delegations.models import Delegation, DelegationPlace, DelegationReturn
from crm.exporting.delegations.queries.seeing import DELEGATION, LEAD_WITH_HUBS, MOST, PLACE
from crm.exporting.delegations.rules import Sums, Told, sums_of, told_so_far
from crm.exporting.delegations.workflow import PlaceStatus
from crm.exporting.plans.policy import LEADERS
from crm.kernel.clock import has_come

RETURN = DelegationReturn.__table__.c


def _returns() -> Select[DelegationReturn]:
    to_place = joinedload(DelegationReturn.place)
    return select(DelegationReturn).options(
        to_place.joinedload(DelegationPlace.business).undefer(Business.shared),
        to_place.joinedload(DelegationPlace.person),
        to_place.joinedload(DelegationPlace.delegation).options(LEAD_WITH_HUBS),
    )


def return_(return_id: UUID) -> DelegationReturn | None:
    """One return with its place."""
    return session().scalar(_returns().where(RETURN.id == return_id))


@remembered
def returns_of(place_id: UUID) -> Sequence[DelegationReturn]:
    """What a place is asked, in order."""
    return session().scalars(_returns().where(RETURN.place_id == place_id).order_by(RETURN.months)).all()


def returns_due(on: date) -> Sequence[DelegationReturn]:
    """The returns that are due up to a day and were not answered, the oldest first."""
    is_asked = RETURN.months > 0
    query = _returns().where(has_come(RETURN.due_on, on=on), RETURN.answered_at.is_(None), is_asked)
    return session().scalars(query.order_by(RETURN.due_on, RETURN.id).limit(MOST)).all()


def asked_now(rows: Sequence[DelegationReturn], *, on: date) -> list[DelegationReturn]:
    """Those of some returns that are still asked for: the question of later months counts everything since."""
    query = select(RETURN.place_id, func.max(RETURN.months)).where(has_come(RETURN.due_on, on=on))
    query = query.where(RETURN.place_id.in_([each.place_id for each in rows])).group_by(RETURN.place_id)
    last = {row[0]: row[1] for row in session().execute(query)} if rows else {}
    return [each for each in rows if each.months >= last.get(each.place_id, 0)]


def unanswered_results(lead_id: UUID) -> Sequence[DelegationReturn]:
    """What was asked and reminded of in vain, in the delegations that a person leads, or that nobody leads any longer."""
    has_left = have_left(DELEGATION.lead_id, Business.__table__.c.hub_id, roles=LEADERS)
    query = _returns().join(DelegationPlace, PLACE.id == RETURN.place_id)
    query = query.join(Business, Business.id == PLACE.business_id)
    query = query.join(Delegation, DELEGATION.id == PLACE.delegation_id).where(
        (DELEGATION.lead_id == lead_id) | DELEGATION.lead_id.is_(None) | has_left,
        *(RETURN.reminded_at.is_not(None), RETURN.answered_at.is_(None)),
    )
    return session().scalars(query.order_by(RETURN.due_on, RETURN.id).limit(MOST)).all()


def answers_of(place_ids: Sequence[UUID]) -> Sequence[DelegationReturn]:
    """What some places have told, in the order of the months."""
    query = select(DelegationReturn).where(RETURN.place_id.in_(place_ids), RETURN.answered_at.is_not(None))
    return session().scalars(query.order_by(RETURN.months, RETURN.id)).all() if place_ids else ()


def most_told(*, besides: UUID) -> Told:
    """The most that any business has told of each figure, leaving out one answer; None where nobody has."""
    query = select(func.max(RETURN.meetings), func.max(RETURN.leads), func.max(RETURN.sales))
    meetings, leads, sales = session().execute(query.where(RETURN.id != besides)).one()
    return Told(meetings, leads, sales)


def told_by(places: Sequence[DelegationPlace]) -> dict[UUID, Told]:
    """What each of some places has said came of it."""
    return told_so_far(answers_of([each.id for each in places]))


def sums(delegation_ids: Sequence[UUID]) -> dict[UUID, Sums]:
    """What came of each of some delegations: of each place that went, each figure as it was last known."""
    went = select(PLACE.delegation_id, PLACE.id).where(
        PLACE.delegation_id.in_(list(delegation_ids)), PLACE.status == PlaceStatus.WENT
    )
    by_place = {row[1]: row[0] for row in session().execute(went)}
    query = select(DelegationReturn).where(
        RETURN.place_id.in_(list(by_place)), RETURN.answered_at.is_not(None)
    )
    told = told_so_far(session().scalars(query.order_by(RETURN.months)))
    return {
        each: sums_of([told.get(place_id) for place_id, owner in by_place.items() if owner == each])
        for each in delegation_ids
    }
