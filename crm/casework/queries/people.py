"""Who works in which team, who can be given something to do, and who can be written to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import false, func, select

from crm.accounts.models import Account, Hub, RoleGrant
from crm.accounts.queries import colleagues, holds_on, is_over
from crm.accounts.workflow import AccountStatus
from crm.businesses.models import Business, Person
from crm.businesses.policy import HUB_ROLES
from crm.businesses.queries.seeing import people_of
from crm.caseload.queries.leads import leaders_of
from crm.casework.models import Conversation
from crm.db.session import session
from crm.kernel.calendar import ONE_DAY
from crm.kernel.clock import end_of, has_come, is_past, today
from crm.kernel.permissions import Actor
from crm.kernel.roles import STAFF, Role, Scope

GRANTS, CONVERSATIONS = RoleGrant.__table__.c, Conversation.__table__.c
CENTRAL = "Central team"
"""The team of whoever works for every hub."""


def team_of(account_id: UUID, *, on: date) -> str:
    """The hub that somebody worked for on a day, in words."""
    found = _hub_of(account_id, on=on)
    return found.name if found else CENTRAL


def team_hub_of(account_id: UUID, *, on: date) -> UUID | None:
    """The hub that somebody worked for on a day; None for whoever works for all."""
    found = _hub_of(account_id, on=on)
    return found.id if found else None


def _hub_of(account_id: UUID, *, on: date) -> Hub | None:
    """Of two hubs, the first by name."""
    held = select(GRANTS.scope_id).where(
        GRANTS.account_id == account_id,
        GRANTS.role.in_(HUB_ROLES),
        GRANTS.scope == Scope.HUB,
        holds_on(on),
    )
    hub_ids = [UUID(each) for each in session().scalars(held)]
    query = select(Hub).where(Hub.id.in_(hub_ids)).order_by(Hub.name, Hub.id).limit(1)
    return session().scalar(query) if hub_ids else None


def advisers_for(business: Business, actor: Actor) -> dict[str, str]:
    """Who may have taken part, by id: the colleagues at the hub that cares for it, and whoever asks."""
    known = {str(each.id): each.name for each in colleagues(business.hub_id)} if business.hub_id else {}
    return ({str(actor.account_id): actor.name} if actor.account_id else {}) | known


def in_charge_of(business: Business) -> list[UUID]:
    """Who looks after a business: its own adviser, or else the managers of its hub."""
    known = [each.id for each in advisers_of([business.id]).values()]
    if known or not business.hub_id:
        return known
    return [each.id for each in colleagues(business.hub_id, roles=(Role.HUB_MANAGER,))]


def advisers_of(business_ids: Iterable[UUID]) -> dict[UUID, Account]:
    """The own adviser of each of some businesses that has one: who leads it, or else who spoke with it last, while they work for us."""
    ids = list(business_ids)
    return _last_to_speak(ids) | leaders_of(ids)


def _last_to_speak(business_ids: list[UUID]) -> dict[UUID, Account]:
    place = func.row_number().over(
        partition_by=CONVERSATIONS.business_id,
        order_by=(CONVERSATIONS.happened_on.desc(), CONVERSATIONS.id),
    )
    talks = select(CONVERSATIONS.business_id, CONVERSATIONS.holder_id, place.label("place")).where(
        CONVERSATIONS.business_id.in_(business_ids), CONVERSATIONS.holder_id.is_not(None)
    )
    last = talks.subquery()
    query = select(last.c.business_id, Account).join(Account, Account.id == last.c.holder_id)
    found = [(key, each) for key, each in session().execute(query.where(last.c.place == 1))]
    at_work = are_active_staff({each.id for _, each in found}, on=today()) if found else set()
    return {key: each for key, each in found if each.id in at_work}


def are_active_staff(account_ids: Iterable[UUID], *, on: date) -> set[UUID]:
    """Those of some accounts that can sign in and hold a role at a hub, or for every hub, on a day."""
    held = select(GRANTS.account_id).where(
        GRANTS.account_id.in_(list(account_ids)),
        GRANTS.scope.in_((Scope.HUB, Scope.EVERYWHERE)),
        holds_on(on),
    )
    joined = held.join(Account, Account.id == GRANTS.account_id)
    return set(session().scalars(joined.where(Account.__table__.c.status == AccountStatus.ACTIVE)))


def worked_on(account_ids: Iterable[UUID], day: date) -> set[UUID]:
    """Those of some accounts that worked for a hub, or for every hub, at any time of a day, also if they left since."""
    was_over = func.coalesce(GRANTS.ended_at < end_of(day - ONE_DAY), false())
    has_ended = func.coalesce(is_past(GRANTS.valid_to, on=day), false())
    query = select(GRANTS.account_id).where(
        GRANTS.account_id.in_(list(account_ids)),
        GRANTS.scope.in_((Scope.HUB, Scope.EVERYWHERE)),
        has_come(GRANTS.valid_from, on=day),
        ~has_ended,
        ~was_over,
    )
    return set(session().scalars(query))


def named(account_ids: Iterable[UUID]) -> str:
    """The names of some accounts, by the alphabet."""
    query = select(Account.name).where(Account.id.in_(list(account_ids))).order_by(Account.name)
    return ", ".join(session().scalars(query))


def readers_at(business_id: UUID) -> list[Person]:
    """The people at a business that can be asked about its hours: with an address, and not staff of ours."""
    people = [each for each in people_of(business_id) if each.email and not each.left_on]
    held = select(Account.email).join(RoleGrant, RoleGrant.account_id == Account.id)
    emails = [each.email for each in people]
    staff = set(
        session().scalars(held.where(Account.email.in_(emails), GRANTS.role.in_(STAFF), ~is_over(today())))
    )
    return [each for each in people if each.email not in staff]
