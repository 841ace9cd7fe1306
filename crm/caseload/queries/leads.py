"""Who leads a business, who led it before, what a person leads, and what nobody leads any more."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from crm.accounts.models import Account, RoleGrant
from crm.accounts.queries import holds_on
from crm.accounts.workflow import AccountStatus
from crm.businesses.models import Business, BusinessShare
from crm.businesses.policy import HUB_ROLES, SEE_ALL
from crm.businesses.queries.seeing import business
from crm.businesses.workflow import BusinessStatus
from crm.caseload.models import BusinessTag, Lead, Tag
from crm.caseload.policy import Led, is_able, tags_visible_to
from crm.db.remembering import remembered
from crm.db.session import session
from crm.kernel.clock import has_come, is_past, today
from crm.kernel.permissions import Actor
from crm.kernel.roles import Role, Scope

LEADS, GRANTS, ACCOUNTS = Lead.__table__.c, RoleGrant.__table__.c, Account.__table__.c
BUSINESSES, SHARES = Business.__table__.c, BusinessShare.__table__.c
TAGS, TAGGED = Tag.__table__.c, BusinessTag.__table__.c
IS_NOW = LEADS.ended_at.is_(None)
MOST, MOST_TOLD = 500, 50


def _whole() -> Select[Lead]:
    return select(Lead).options(joinedload(Lead.account).joinedload(Account.grants))


def lead_of(business_id: UUID) -> Lead | None:
    """Who leads a business now, whether or not they still work here."""
    return session().scalars(_whole().where(LEADS.business_id == business_id, IS_NOW)).unique().first()


def head_of(business_id: UUID, actor: Actor) -> tuple[Lead | None, list[Tag]]:
    """Who leads a business now, with those of its tags that a person sees, by name: in one statement, as its head shows both."""
    is_led, is_tagged = and_(LEADS.business_id == BUSINESSES.id, IS_NOW), TAGGED.business_id == BUSINESSES.id
    is_seen = and_(TAGS.id == TAGGED.tag_id, tags_visible_to(actor))
    query = select(Lead, Tag).select_from(Business).outerjoin(Lead, is_led)
    query = query.outerjoin(BusinessTag, is_tagged).outerjoin(Tag, is_seen)
    query = query.options(joinedload(Lead.account).joinedload(Account.grants))
    query = query.where(BUSINESSES.id == business_id).order_by(TAGS.match_name, TAGS.id)
    rows: Sequence[Any] = session().execute(query).unique().all()
    return next((lead for lead, _ in rows), None), [tag for _, tag in rows if tag is not None]


def led(business_id: UUID) -> Led | None:
    """One business with who leads it."""
    found = business(business_id)
    return Led(found, lead_of(business_id)) if found is not None else None


def leads_of(business_ids: Collection[UUID]) -> dict[UUID, Lead]:
    """Who leads each of some businesses that anybody leads."""
    query = _whole().where(LEADS.business_id.in_(list(business_ids)), IS_NOW)
    return {each.business_id: each for each in session().scalars(query).unique()} if business_ids else {}


def leaders_of(business_ids: Collection[UUID]) -> dict[UUID, Account]:
    """The lead adviser of each of some businesses that has one who can still work with it."""
    if not business_ids:
        return {}
    query = _whole().join(Lead.business).options(contains_eager(Lead.business).undefer(Business.shared))
    query = query.where(LEADS.business_id.in_(list(business_ids)), IS_NOW)
    rows = session().scalars(query).unique()
    return {each.business_id: each.account for each in rows if is_able(each.account, each.business)}


def leads_since(business_id: UUID, *, most: int = MOST_TOLD) -> Sequence[Lead]:
    """Everybody who leads or led a business, the newest first."""
    query = select(Lead).options(joinedload(Lead.account), joinedload(Lead.given_by))
    query = query.where(LEADS.business_id == business_id).order_by(
        LEADS.ended_at.is_not(None), LEADS.began_at.desc(), LEADS.id
    )
    return session().scalars(query.limit(most)).all()


def led_by(account_ids: Collection[UUID]) -> Sequence[Lead]:
    """The businesses in use that some people lead, by name: 500 at most."""
    query = select(Lead).join(Lead.business).options(contains_eager(Lead.business).undefer(Business.shared))
    theirs = (LEADS.account_id.in_(list(account_ids)), IS_NOW, BUSINESSES.status == BusinessStatus.ACTIVE)
    return session().scalars(query.where(*theirs).order_by(BUSINESSES.sort_name, LEADS.id).limit(MOST)).all()


def led_ids(account_id: UUID) -> Select[Any]:
    """The ids of the businesses that a person leads, as a query."""
    return select(LEADS.business_id).where(LEADS.account_id == account_id, IS_NOW)


@remembered
def _staff() -> dict[str | None, frozenset[UUID]]:
    """The active people who hold a role at each hub today, by its id; under None those who work for every hub."""
    query = select(GRANTS.scope_id, GRANTS.account_id).join(Account, ACCOUNTS.id == GRANTS.account_id)
    query = query.where(GRANTS.role.in_(HUB_ROLES), GRANTS.scope.in_((Scope.HUB, Scope.EVERYWHERE)))
    rows = session().execute(query.where(holds_on(today()), ACCOUNTS.status == AccountStatus.ACTIVE))
    found: dict[str | None, set[UUID]] = {}
    for scope_id, account_id in rows:
        found.setdefault(scope_id, set()).add(account_id)
    return {scope_id: frozenset(people) for scope_id, people in found.items()}


def is_led() -> ColumnElement[bool]:
    """That a business has a lead adviser who can still work with it, as SQL over `Business`: `Led.is_led` again."""
    staff = _staff()
    ways: list[ColumnElement[bool]] = [LEADS.account_id.in_(staff.get(None, frozenset()))]
    ways += [
        and_(LEADS.account_id.in_(people), or_(BUSINESSES.hub_id == UUID(hub_id), _is_shared_with(hub_id)))
        for hub_id, people in staff.items()
        if hub_id is not None
    ]
    everybody = frozenset[UUID]().union(*staff.values())
    ways.append(and_(LEADS.account_id.in_(everybody), BUSINESSES.hub_id.is_(None), ~_is_shared()))
    now_led = select(LEADS.id).where(LEADS.business_id == BUSINESSES.id, IS_NOW, or_(*ways))
    return now_led.correlate(Business.__table__).exists()


def is_left() -> ColumnElement[bool]:
    """That a business has a lead adviser who can no longer work with it, as SQL over `Business`."""
    held = select(LEADS.id).where(LEADS.business_id == BUSINESSES.id, IS_NOW)
    return and_(held.correlate(Business.__table__).exists(), ~is_led())


def _shares_holding() -> Select[Any]:
    day = today()
    until = or_(SHARES.valid_to.is_(None), ~is_past(SHARES.valid_to, on=day))
    query = select(SHARES.id).where(
        SHARES.business_id == BUSINESSES.id, has_come(SHARES.valid_from, on=day), until
    )
    return query.correlate(Business.__table__)


def _is_shared_with(hub_id: str) -> ColumnElement[bool]:
    return _shares_holding().where(SHARES.hub_id == UUID(hub_id)).exists()


def _is_shared() -> ColumnElement[bool]:
    return exists(_shares_holding().subquery())


def count_left(actor: Actor) -> int:
    """How many businesses of a manager's hubs have a lead adviser who can no longer work with them."""
    hubs = [UUID(each) for each in actor.scoped_to(Scope.HUB, Role.HUB_MANAGER)]
    query = (
        select(func.count())
        .select_from(Business)
        .where(BUSINESSES.hub_id.in_(hubs), BUSINESSES.status == BusinessStatus.ACTIVE, is_left())
    )
    return session().scalar(query) or 0 if hubs else 0


def staff_for(actor: Actor) -> Sequence[Account]:
    """Who can be given businesses by a person: the active people of their hubs, and of every hub where they work for all."""
    own = actor.scoped_to(Scope.HUB, *HUB_ROLES)
    sees_all = actor.has(*SEE_ALL) or any(each.scope is Scope.EVERYWHERE for each in actor.grants)
    ids = {
        each
        for hub_id, people in _staff().items()
        if sees_all or hub_id is None or hub_id in own
        for each in people
    }
    return _by_name(ids)


def _by_name(ids: Collection[UUID]) -> Sequence[Account]:
    query = select(Account).where(ACCOUNTS.id.in_(ids)).order_by(ACCOUNTS.name, ACCOUNTS.id)
    return session().scalars(query.limit(MOST)).all()


def people_for(found: Business) -> Sequence[Account]:
    """Who can lead a business: the active people of the hubs that look after it, and of every hub where none does."""
    staff, hubs = _staff(), found.hub_ids(on=today())
    ids = {
        each
        for hub_id, people in staff.items()
        if not hubs or hub_id is None or hub_id in hubs
        for each in people
    }
    return _by_name(ids)
