"""Reads of memberships."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from crm.accounts.models import Account, RoleGrant
from crm.billing.models import MembershipPeriod
from crm.billing.rules import Membership, Period, membership_on
from crm.db.paging import Order, Slice, slice_of
from crm.db.session import session
from crm.figures.queries import figure_on
from crm.kernel.clock import has_come, today
from crm.kernel.roles import Role

MOST = 200
BY_NAME = Order((Account.__table__.c.name, Account.__table__.c.id), lambda each: (each.name, each.id))


def grace_on(day: date) -> int:
    """For how many days after its last a membership still holds."""
    return int(figure_on("membership.grace_days", on=day))


def periods_of(account_id: UUID) -> Sequence[MembershipPeriod]:
    """Every period of an account, latest first, cancelled ones too."""
    query = select(MembershipPeriod).where(MembershipPeriod.account_id == account_id)
    query = query.options(joinedload(MembershipPeriod.recorded_by)).order_by(
        MembershipPeriod.starts_on.desc(), MembershipPeriod.recorded_at.desc()
    )
    return session().scalars(query.limit(MOST)).all()


def period_of(account_id: UUID, period_id: UUID) -> MembershipPeriod | None:
    """One period of just this account."""
    query = select(MembershipPeriod).where(
        MembershipPeriod.account_id == account_id, MembershipPeriod.id == period_id
    )
    return session().scalar(query)


def live_spans_of(account_ids: Collection[UUID]) -> dict[UUID, list[Period]]:
    """The periods of some accounts that were not voided: one query."""
    query = select(MembershipPeriod.account_id, MembershipPeriod.starts_on, MembershipPeriod.ends_on)
    query = query.where(
        MembershipPeriod.account_id.in_(list(account_ids)), MembershipPeriod.voided_at.is_(None)
    )
    found: dict[UUID, list[Period]] = {}
    for account_id, starts_on, ends_on in session().execute(query):
        found.setdefault(account_id, []).append(Period(starts_on, ends_on))
    return found


def memberships_of(account_ids: Collection[UUID], *, on: date) -> dict[UUID, Membership]:
    """Where some accounts stand on a day: two queries, however many there are."""
    spans, grace = live_spans_of(account_ids), grace_on(on)
    return {each: membership_on(spans.get(each, ()), on=on, grace_days=grace) for each in account_ids}


def membership_of(account_id: UUID, *, on: date) -> Membership:
    """The membership of an account on a day."""
    return memberships_of([account_id], on=on)[account_id]


def paid_on(day: date) -> Select[UUID]:
    """The ids of those whose membership holds on a day, with grace, as a part of another query."""
    return select(MembershipPeriod.account_id).where(
        MembershipPeriod.voided_at.is_(None),
        has_come(MembershipPeriod.starts_on, on=day),
        MembershipPeriod.ends_on >= day - timedelta(days=grace_on(day)),
    )


def in_grace(on: date) -> Sequence[tuple[Account, date]]:
    """Those whose paid time is over and whose membership still holds, each with their last paid day, the oldest first."""
    last = func.max(MembershipPeriod.ends_on)
    paid = (
        select(MembershipPeriod.account_id, last.label("until"))
        .where(MembershipPeriod.voided_at.is_(None))
        .group_by(MembershipPeriod.account_id)
        .having(last < on, last >= on - timedelta(days=grace_on(on)))
        .subquery()
    )
    query = select(Account, paid.c.until).join(paid, paid.c.account_id == Account.id)
    rows = session().execute(query.order_by(paid.c.until, Account.name).limit(MOST))
    return [(account, until) for account, until in rows]


def members(cursor: str | None = None) -> Slice[Account]:
    """One page of accounts that are investors or ever paid, by name."""
    paid = select(MembershipPeriod.account_id)
    angels = select(RoleGrant.account_id).where(
        RoleGrant.role == Role.ANGEL, has_come(RoleGrant.valid_from, on=today())
    )
    query = select(Account).where(Account.id.in_(paid.union(angels)))
    return slice_of(query, BY_NAME, cursor=cursor)


def hold(account_id: UUID) -> None:
    """Lock an account until this transaction ends, so that no two record a period of it at once."""
    session().execute(select(Account.id).where(Account.id == account_id).with_for_update())
