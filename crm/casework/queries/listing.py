"""The lists of hours on a desk: disputed ones, and those that no business was asked to confirm yet."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from crm.accounts.queries import have_left
from crm.businesses.models import Business
from crm.businesses.policy import HUB_ROLES, visible_to
from crm.businesses.workflow import BusinessStatus
from crm.casework.models import SupportHours
from crm.casework.workflow import HoursStatus
from crm.db.remembering import remembered
from crm.db.session import session
from crm.kernel.permissions import Actor
from crm.kernel.roles import Role

SUPPORT_HOURS = SupportHours.__table__.c
MOST = 100
LISTS = ("disputed", "unasked")


def hours_shown(show: str, actor: Actor) -> Sequence[SupportHours]:
    """The hours that one list shows, of the businesses that this actor can see, the oldest first: 100 at most."""
    query = select(SupportHours).options(joinedload(SupportHours.business).undefer(Business.shared))
    query = query.join(SupportHours.business).where(*_listed(show, actor))
    return session().scalars(query.order_by(SUPPORT_HOURS.happened_on, SUPPORT_HOURS.id).limit(MOST)).all()


@remembered
def counts_of_hours(actor: Actor) -> dict[str, int]:
    """How many hours each list has for this actor, in one statement."""
    counts = [func.count().filter(and_(*_listed(show, actor))).label(show) for show in LISTS]
    query = select(*counts).select_from(SupportHours).join(SupportHours.business)
    open_ = SUPPORT_HOURS.status.in_((HoursStatus.DISPUTED, HoursStatus.STATED))
    return dict(session().execute(query.where(visible_to(actor), open_)).mappings().one())


def _listed(show: str, actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Disputed hours, or those that the business was not asked about yet: a person's own, and for managers also those of
    people who have left.
    """
    in_use = Business.__table__.c.status != BusinessStatus.ARCHIVED
    shown = (visible_to(actor), in_use, SUPPORT_HOURS.voided_at.is_(None))
    if show == "disputed":
        return (*shown, SUPPORT_HOURS.status == HoursStatus.DISPUTED)
    mine = SUPPORT_HOURS.asker_id == actor.account_id
    if actor.has(Role.HUB_MANAGER):
        mine = or_(mine, have_left(SUPPORT_HOURS.asker_id, Business.__table__.c.hub_id, roles=HUB_ROLES))
    return (*shown, SUPPORT_HOURS.status == HoursStatus.STATED, SUPPORT_HOURS.asked_at.is_(None), mine)
