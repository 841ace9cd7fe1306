"""Reads of accounts, roles, sessions and hubs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from crm.accounts.models import Account, Handover, HandoverCase, Hub, HubArea, LoginSession, RoleGrant
from crm.accounts.policy import HOLDERS
from crm.accounts.rules import hash_of_token
from crm.accounts.workflow import AccountStatus
from crm.db.paging import Order, Slice, slice_of
from crm.db.remembering import remembered
from crm.db.session import session
from crm.db.types import has_words
from crm.kernel.clock import end_of, has_come, is_past, now, today
from crm.kernel.permissions import SYSTEM, Actor
from crm.kernel.roles import Role, Scope, Standing
from crm.notices.models import Letter

ACCOUNTS, GRANTS, AREAS = Account.__table__.c, RoleGrant.__table__.c, HubArea.__table__.c
BY_NAME = Order((ACCOUNTS.name, ACCOUNTS.id), lambda account: (account.name, account.id))
LONGEST_SEARCH = 100
SHOWN_FOR = timedelta(days=30)
OWN = "crm_own_account"
"""Where a session holds the account of the person who is signed in."""


def account(account_id: UUID) -> Account | None:
    """One account with its grants."""
    return session().scalar(
        select(Account).where(Account.id == account_id).options(selectinload(Account.grants))
    )


def account_again(account_id: UUID) -> Account:
    """An account as it stands now, with the grants that were changed or deleted meanwhile."""
    query = select(Account).where(Account.id == account_id).options(selectinload(Account.grants))
    return session().scalars(query.execution_options(populate_existing=True)).one()


def account_of(email: str) -> Account | None:
    """The account of an address, which is given in lower case."""
    return session().scalar(select(Account).where(Account.email == email))


def people(cursor: str | None = None, *, text: str = "", role: Role | None = None) -> Slice[Account]:
    """One page of accounts by name, whose name or address has ``text`` in it and who hold ``role`` today."""
    query = select(Account).options(selectinload(Account.grants))
    if text:
        query = query.where(has_words(text[:LONGEST_SEARCH], ACCOUNTS.name, ACCOUNTS.email))
    if role is not None:
        held = select(GRANTS.account_id).where(GRANTS.role == role, holds_on(today()))
        query = query.where(ACCOUNTS.id.in_(held))
    return slice_of(query, BY_NAME, cursor=cursor)


def holds_on(day: date) -> ColumnElement[bool]:
    """That a grant is in force on a day, as SQL: the same as `Grant.holds_on`."""
    return and_(has_come(GRANTS.valid_from, on=day), ~is_over(day))


def is_over(day: date) -> ColumnElement[bool]:
    """That a grant holds no longer on a day, as SQL: the same as `Grant.is_over`."""
    is_ended = func.coalesce(GRANTS.ended_at < end_of(day), false())
    return or_(func.coalesce(is_past(GRANTS.valid_to, on=day), false()), is_ended)


def grant_of(account_id: UUID, grant_id: UUID) -> RoleGrant | None:
    """One grant of just this account."""
    return session().scalar(
        select(RoleGrant).where(RoleGrant.id == grant_id, RoleGrant.account_id == account_id)
    )


def grants_of(account_id: UUID) -> Sequence[RoleGrant]:
    """Every grant of an account, which stays locked meanwhile, so that no two grant it the same at once."""
    session().execute(select(ACCOUNTS.id).where(ACCOUNTS.id == account_id).with_for_update())
    query = select(RoleGrant).where(GRANTS.account_id == account_id)
    return session().scalars(query.order_by(GRANTS.valid_from, GRANTS.id).limit(500)).all()


def _founders_of(business_id: UUID) -> ColumnElement[bool]:
    return and_(GRANTS.role == Role.FOUNDER, GRANTS.scope_id == str(business_id), holds_on(today()))


def live_grant_at(account_id: UUID, business_id: UUID) -> RoleGrant | None:
    """The grant by which somebody is let in to a business today."""
    query = select(RoleGrant).where(GRANTS.account_id == account_id, _founders_of(business_id)).limit(1)
    return session().scalar(query)


def grants_at(business_id: UUID) -> Sequence[RoleGrant]:
    """Every grant of access to a business, ended ones too; they stay locked, so that no two end each other at once."""
    query = select(RoleGrant).where(GRANTS.role == Role.FOUNDER, GRANTS.scope_id == str(business_id))
    query = query.order_by(GRANTS.valid_from, GRANTS.id).options(joinedload(RoleGrant.account))
    return session().scalars(query.with_for_update(of=RoleGrant).limit(500)).all()


def lately_ended_at(business_id: UUID, *, since: datetime) -> list[tuple[Account, RoleGrant]]:
    """Who lost access to a business since a moment and has not got it back, by name, with the grant that ended last."""
    here = select(GRANTS.account_id).where(_founders_of(business_id))
    query = select(Account, RoleGrant).join(RoleGrant, RoleGrant.account_id == Account.id)
    query = query.where(GRANTS.role == Role.FOUNDER, GRANTS.scope_id == str(business_id))
    query = query.where(GRANTS.ended_at > since, ACCOUNTS.id.not_in(here))
    rows = session().execute(query.order_by(ACCOUNTS.name, GRANTS.ended_at, GRANTS.id).limit(100))
    return list({found.id: (found, held) for found, held in rows}.values())


@remembered
def people_of_business(business_id: UUID) -> list[tuple[Account, RoleGrant]]:
    """Who is let in to a business today, by name, and how each stands there."""
    rows = session().execute(
        select(Account, RoleGrant)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(_founders_of(business_id))
        .order_by(ACCOUNTS.name, GRANTS.id)
        .limit(100)
    )
    return [(found, held) for found, held in rows]


def businesses_with_people(business_ids: Collection[UUID]) -> set[UUID]:
    """Those of some businesses to which somebody is let in today."""
    query = select(GRANTS.scope_id).where(GRANTS.role == Role.FOUNDER, holds_on(today()))
    known = {str(each) for each in business_ids}
    return {UUID(each) for each in session().scalars(query.where(GRANTS.scope_id.in_(known)).distinct())}


@remembered
def people_at(business_ids: Collection[UUID]) -> dict[UUID, list[Account]]:
    """By each of some businesses those let in to it today, by name: one query, however many there are."""
    query = select(GRANTS.scope_id, Account).join(Account, ACCOUNTS.id == GRANTS.account_id)
    query = query.where(GRANTS.role == Role.FOUNDER, holds_on(today()))
    query = query.where(GRANTS.scope_id.in_({str(each) for each in business_ids}))
    found: dict[UUID, list[Account]] = {}
    for scope, each in session().execute(query.order_by(ACCOUNTS.name, GRANTS.id)):
        found.setdefault(UUID(scope), []).append(each)
    return found


def colleagues(*hub_ids: UUID | str, roles: Iterable[Role] = HOLDERS) -> Sequence[Account]:
    """Every active person who holds one of these roles at one of some hubs today, by name."""
    at = [str(each) for each in hub_ids]
    here = (GRANTS.role.in_(list(roles)), GRANTS.scope_id.in_(at), holds_on(today()))
    held = select(GRANTS.account_id).where(*here)
    query = select(Account).where(ACCOUNTS.id.in_(held), ACCOUNTS.status == AccountStatus.ACTIVE)
    return session().scalars(query.order_by(ACCOUNTS.name, ACCOUNTS.id).limit(200)).all()


def receivers_for(found: Account, *, roles: Iterable[Role] = HOLDERS) -> list[Account]:
    """The active colleagues of a person who hold one of these roles at any hub they belong or belonged to, by name.

    Its grants must be loaded.
    """
    hubs = {each.scope_id for each in found.grants if each.scope is Scope.HUB and each.scope_id}
    return [each for each in colleagues(*hubs, roles=roles) if each.id != found.id]


def leavers_of(hub_ids: Iterable[str]) -> Sequence[Account]:
    """Advisers and managers of some hubs whose accounts are deactivated, or one of whose roles there ended, by name.

    Each comes with its grants.
    """
    held = select(GRANTS.account_id).where(
        GRANTS.scope == Scope.HUB, GRANTS.role.in_(HOLDERS), GRANTS.scope_id.in_(list(hub_ids))
    )
    has_ended = ACCOUNTS.id.in_(held.where(is_over(today())))
    is_gone = or_(ACCOUNTS.status == AccountStatus.DEACTIVATED, has_ended)
    query = select(Account).where(ACCOUNTS.id.in_(held), is_gone).options(joinedload(Account.grants))
    return session().scalars(query.order_by(ACCOUNTS.name, ACCOUNTS.id).limit(100)).unique().all()


def have_left(
    holder: ColumnElement[Any], hub: ColumnElement[Any], *, roles: Iterable[Role]
) -> ColumnElement[bool]:
    """`rules.has_left` as SQL: the person in one column no longer works on what the hub in the other looks after."""
    held = _holding(tuple(roles))
    live = held.where(holds_on(today()))
    is_gone = or_(ACCOUNTS.status == AccountStatus.DEACTIVATED, ACCOUNTS.id.not_in(live))
    moved = [and_(holder == who, hub == UUID(where)) for who, where in _moved(tuple(roles))]
    # Asked of each holder, for the accounts of founders are many and only a few people hold anything.
    return or_(select(ACCOUNTS.id).where(holder == ACCOUNTS.id, is_gone).exists(), *moved)


def _holding(roles: tuple[Role, ...]) -> Select[UUID]:
    """Who was ever given one of some roles, or administers."""
    return select(GRANTS.account_id).where(GRANTS.role.in_([*roles, Role.ADMINISTRATOR]))


@remembered
def _moved(roles: tuple[Role, ...]) -> set[tuple[UUID, str]]:
    """Whose last such role at a hub has ended, and the hub."""
    held = _holding(roles)
    pairs = held.add_columns(GRANTS.scope_id).where(GRANTS.scope == Scope.HUB)
    ended = pairs.where(is_over(today()))
    everywhere = held.where(GRANTS.scope == Scope.EVERYWHERE, holds_on(today()))
    gone = session().execute(ended.where(GRANTS.account_id.not_in(everywhere))).all()
    here = session().execute(pairs.where(holds_on(today()))).all() if gone else ()
    return {(who, where) for who, where in gone} - {(who, where) for who, where in here}


def handovers_of(hub_ids: Iterable[str], *, account_id: UUID | None = None) -> Sequence[Handover]:
    """What was handed over in the last thirty days at some hubs, or from one person; the newest first."""
    at = select(GRANTS.account_id).where(GRANTS.scope == Scope.HUB, GRANTS.scope_id.in_(list(hub_ids)))
    whose = Handover.giver_id == account_id if account_id else Handover.giver_id.in_(at)
    query = select(Handover).where(whose, Handover.at > now() - SHOWN_FOR)
    query = query.options(joinedload(Handover.giver), selectinload(Handover.cases))
    return session().scalars(query.order_by(Handover.at.desc(), Handover.id).limit(20)).all()


def handover(handover_id: UUID) -> Handover | None:
    """One handover: whose caseload it was, and what went to whom."""
    giver = joinedload(Handover.giver).selectinload(Account.grants)
    cases = selectinload(Handover.cases).joinedload(HandoverCase.receiver)
    return session().scalar(
        select(Handover).where(Handover.id == handover_id).options(giver, cases, joinedload(Handover.by))
    )


def names_of(account_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of these accounts by id."""
    query = select(ACCOUNTS.id, ACCOUNTS.name).where(ACCOUNTS.id.in_(list(account_ids)))
    return {row.id: row.name for row in session().execute(query)}


def email_of(account_id: UUID | None) -> str:
    """The address of an account; empty for the system. An account that is loaded already is not read again."""
    found = session().get(Account, account_id) if account_id else None
    return found.email if found else ""


def administrators_on(day: date, *, locked: bool = True) -> set[UUID]:
    """Which active accounts are administrators on a day.

    They stay ``locked`` for a verb, so that no two end each other at once; a page only reads them.
    """
    query = (
        select(ACCOUNTS.id)
        .join(RoleGrant, ACCOUNTS.id == GRANTS.account_id)
        .where(GRANTS.role == Role.ADMINISTRATOR, holds_on(day), ACCOUNTS.status == AccountStatus.ACTIVE)
        .order_by(ACCOUNTS.id, GRANTS.id)
    )
    return set(session().scalars(query.with_for_update() if locked else query))


def actor_of(account_: Account) -> Actor:
    """The account as policies know it, with the grants that hold today. Its grants must be loaded."""
    held = tuple(each.as_grant() for each in account_.grants)
    day = today()
    return Actor(account_.id, account_.name, tuple(grant for grant in held if grant.holds_on(day)))


def acting(email: str) -> Actor:
    """The person of the demonstration with this address as who acts; the system where there is no such account."""
    found = account_of(email)
    whole = account(found.id) if found else None
    return actor_of(whole) if whole else SYSTEM


def standing_in(found: Actor) -> Actor:
    """A person of the demonstration as who acts where no rule refuses: what they did is told under their name."""
    return replace(found, is_system=True)


def standing_in_for(business_id: UUID, *, otherwise: Actor) -> Actor:
    """The same of the first owner of a business, or else of who has access to it; ``otherwise`` acts where nobody has."""
    people = sorted(people_of_business(business_id), key=lambda each: each[1].standing is not Standing.OWNER)
    found = account(people[0][0].id) if people else None
    return standing_in(actor_of(found) if found else otherwise)


def actor_behind(token: str) -> Actor | None:
    """Whose live session this is: account, roles and revocation in one query."""
    given = {"token_hash": hash_of_token(token), "moment": now()}
    found = session().scalars(_behind(), given).unique().one_or_none()
    session().info[OWN] = found  # so that what turns on who asks does not read their account again
    return actor_of(found) if found else None


@cache
def _behind() -> Select[Account]:
    """The account of a live session. Asked at every request: it is put together once."""
    return (
        select(Account)
        .join(LoginSession, LoginSession.account_id == Account.id)
        .options(joinedload(Account.grants))
        .where(
            LoginSession.token_hash == bindparam("token_hash"),
            LoginSession.ended_at.is_(None),
            LoginSession.expires_at > bindparam("moment"),
            ACCOUNTS.status == AccountStatus.ACTIVE,
        )
    )


def was_asked_for_password(account_id: UUID) -> bool:
    """Whether somebody was invited as staff: by a letter to set a password."""
    asked = select(Letter.id).where(Letter.account_id == account_id, Letter.kind == "set_password").limit(1)
    return session().scalar(asked) is not None


def reason_not_to_send(letter: Letter) -> str | None:
    """Asked when a letter with a way in is about to leave: nobody who was deactivated meanwhile gets one.

    Nor does an address that is no longer theirs.
    """
    found = session().get(Account, letter.account_id) if letter.account_id else None
    if found is None:
        return None
    if found.status is AccountStatus.DEACTIVATED:
        return "The account was deactivated before the letter left."
    return None if found.email == letter.to_address else "The address was corrected before the letter left."


def live_sessions_of(account_id: UUID) -> Sequence[LoginSession]:
    """The sessions in which somebody is signed in now, the newest first."""
    return (
        session()
        .scalars(
            select(LoginSession)
            .where(
                LoginSession.account_id == account_id,
                LoginSession.ended_at.is_(None),
                LoginSession.expires_at > now(),
            )
            .order_by(LoginSession.began_at.desc())
            .limit(50)
        )
        .all()
    )


def login_session(session_id: UUID) -> LoginSession | None:
    """One session."""
    return session().get(LoginSession, session_id)


def hubs() -> Sequence[Hub]:
    """Every hub with its areas, by name."""
    return session().scalars(select(Hub).options(selectinload(Hub.areas)).order_by(Hub.name).limit(200)).all()


def hub_names() -> dict[str, str]:
    """The hubs that a role can be held for: their names by id."""
    return {
        str(hub_id): name for hub_id, name in session().execute(select(Hub.id, Hub.name).order_by(Hub.name))
    }


def hub(hub_id: UUID) -> Hub | None:
    """One hub with its areas."""
    return session().scalar(select(Hub).where(Hub.id == hub_id).options(selectinload(Hub.areas)))


def areas_of(hub_id: UUID) -> Sequence[HubArea]:
    """Every area of a hub, which stays locked meanwhile, so that no two add the same at once."""
    session().execute(select(Hub.id).where(Hub.id == hub_id).with_for_update())
    return (
        session().scalars(select(HubArea).where(HubArea.hub_id == hub_id).order_by(HubArea.valid_from)).all()
    )


def area_of(hub_id: UUID, area_id: UUID) -> HubArea | None:
    """One area of just this hub."""
    return session().scalar(select(HubArea).where(HubArea.id == area_id, HubArea.hub_id == hub_id))


def hubs_serving(authority_code: str, *, on: date) -> Sequence[Hub]:
    """The hubs that serve an authority on a day, by name. There may be two, and each is named."""
    return (
        session()
        .scalars(
            select(Hub)
            .join(HubArea, HubArea.hub_id == Hub.id)
            .where(
                AREAS.authority_code == authority_code,
                has_come(AREAS.valid_from, on=on),
                or_(AREAS.valid_to.is_(None), ~is_past(AREAS.valid_to, on=on)),
                has_come(Hub.opened_on, on=on),
                or_(Hub.closed_on.is_(None), ~is_past(Hub.closed_on, on=on)),
            )
            .order_by(Hub.name)
            .limit(20)
        )
        .all()
    )
