"""Every published raise with what came of it lately, in a number of queries that does not grow."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, func, select

from crm.accounts.models import Account, RoleGrant
from crm.accounts.queries import holds_on
from crm.accounts.workflow import AccountStatus
from crm.angels.deals.models import Pledge
from crm.angels.introductions.models import Introduction
from crm.angels.pitches.models import Promotion
from crm.angels.pitches.queries.pitches import published
from crm.angels.pitches.workflow import Channel
from crm.angels.year.queries.members import days_on
from crm.angels.year.rules.raises import Raise
from crm.db.remembering import remembered
from crm.db.session import session
from crm.kernel.clock import now, to_local, today
from crm.kernel.roles import Role, Standing

OPENED = (Channel.PAGE, Channel.FILE, Channel.COMPARISON)
"""How an investor opens one pitch: a list that shows it among others is no look at it."""
Told = dict[UUID, tuple[int, datetime]]


@remembered
def raises(on: date) -> Sequence[Raise]:
    """Every published raise, the oldest first."""
    found, since = published(), now() - timedelta(days=days_on(on).stall)
    ids = [each.id for each in found]
    looks, requests, pledges = _looks(ids, since), _requests(ids, since), _pledges(ids, since)
    return [
        Raise(
            pitch_id=each.id,
            business_id=each.business_id,
            business=each.business.name,
            headline=each.headline,
            reference=each.reference,
            published_on=to_local(each.published_at).date() if each.published_at else on,
            closes_on=each.closes_on,
            looks=looks.get(each.id, (0, None))[0],
            requests=requests.get(each.id, (0, None))[0],
            pledges=pledges.get(each.id, (0, None))[0],
            last_on=_latest(looks.get(each.id), requests.get(each.id), pledges.get(each.id)),
        )
        for each in found
    ]


def _latest(*told: tuple[int, datetime] | None) -> date | None:
    return max((to_local(each[1]).date() for each in told if each), default=None)


def _looks(ids: Collection[UUID], since: datetime) -> Told:
    """How many investors opened each since a moment, and when it was opened last."""
    lately = func.count(Promotion.account_id.distinct()).filter(Promotion.shown_at >= since)
    query = select(Promotion.pitch_id, lately, func.max(Promotion.shown_at))
    return _told(
        query.where(Promotion.pitch_id.in_(ids), Promotion.channel.in_(OPENED)).group_by(Promotion.pitch_id)
    )


def _requests(ids: Collection[UUID], since: datetime) -> Told:
    """How many investors asked to be introduced since a moment, and when one did last."""
    lately = func.count(Introduction.account_id.distinct()).filter(Introduction.requested_at >= since)
    query = select(Introduction.pitch_id, lately, func.max(Introduction.requested_at))
    return _told(query.where(Introduction.pitch_id.in_(ids)).group_by(Introduction.pitch_id))


def _pledges(ids: Collection[UUID], since: datetime) -> Told:
    """How many investors pledged since a moment, and when one did last."""
    lately = func.count(Pledge.account_id.distinct()).filter(Pledge.pledged_at >= since)
    query = select(Pledge.pitch_id, lately, func.max(Pledge.pledged_at))
    return _told(query.where(Pledge.pitch_id.in_(ids)).group_by(Pledge.pitch_id))


def _told(query: Select[UUID, int, datetime]) -> Told:
    return {pitch_id: (count, last) for pitch_id, count, last in session().execute(query)}


def owners_of(business_ids: Collection[UUID]) -> dict[UUID, list[Account]]:
    """The owners of some businesses who can sign in, by name: one query."""
    query = select(RoleGrant.scope_id, Account).join(Account, Account.id == RoleGrant.account_id)
    query = query.where(
        RoleGrant.role == Role.FOUNDER,
        RoleGrant.standing == Standing.OWNER,
        RoleGrant.scope_id.in_([str(each) for each in business_ids]),
        holds_on(today()),
        Account.__table__.c.status != AccountStatus.DEACTIVATED,
    )
    found: dict[UUID, list[Account]] = {}
    for scope_id, owner in session().execute(query.order_by(Account.name, Account.id)):
        found.setdefault(UUID(scope_id), []).append(owner)
    return found
