"""Reads of what several people were asked at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from crm.accounts.models import Account
from crm.angels.investors.models import Angel
from crm.angels.pitches.models import Pitch
from crm.angels.year.models import Asked, Mailing
from crm.angels.year.rules.kinds import Kind
from crm.businesses.models import Business
from crm.db.paging import Order, Slice, slice_of
from crm.db.session import session

MAILING = Mailing.__table__.c
NEWEST = Order((MAILING.sent_at, MAILING.id), lambda each: (each.sent_at, each.id), is_descending=True)


def mailing(mailing_id: UUID) -> Mailing | None:
    """One email to several, with who sent it."""
    query = select(Mailing).where(MAILING.id == mailing_id)
    return session().scalar(query.options(joinedload(Mailing.sent_by)))


def mailings(cursor: str | None = None) -> Slice[Mailing]:
    """One page of them, the newest first."""
    return slice_of(select(Mailing).options(joinedload(Mailing.sent_by)), NEWEST, cursor=cursor)


def counts_of(mailing_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many members or raises each was about."""
    query = select(Asked.mailing_id, func.count()).where(Asked.mailing_id.in_(list(mailing_ids)))
    return dict(session().execute(query.group_by(Asked.mailing_id)).all())


def asked_in(mailing_id: UUID) -> Sequence[Asked]:
    """Who was asked in one."""
    query = select(Asked).where(Asked.mailing_id == mailing_id)
    return session().scalars(query.order_by(Asked.id)).all()


def asked_before(kind: Kind, *, on: date, quiet: int) -> dict[UUID, date]:
    """When each member or raise was asked the same, within so many days."""
    thing = func.coalesce(Asked.angel_id, Asked.pitch_id)
    query = select(thing, func.max(Asked.asked_on)).where(
        Asked.kind == kind, Asked.asked_on >= on - timedelta(days=quiet)
    )
    return {UUID(str(each)): day for each, day in session().execute(query.group_by(thing))}


def latest_asked(pitch_ids: Collection[UUID]) -> dict[UUID, date]:
    """When the founders of some raises were last asked for anything."""
    query = select(Asked.pitch_id, func.max(Asked.asked_on)).where(Asked.pitch_id.in_(list(pitch_ids)))
    rows = session().execute(query.group_by(Asked.pitch_id))
    return {each: day for each, day in rows if each is not None}


def names_of(ids: Collection[UUID]) -> dict[UUID, str]:
    """What some members and raises are called now: a person by name, a raise by its business and reference."""
    people = select(Angel.id, Angel.name).where(Angel.id.in_(list(ids)))
    found = dict(session().execute(people).all())
    raised = select(Pitch.id, Business.name, Pitch.reference).join(Business, Business.id == Pitch.business_id)
    rows = session().execute(raised.where(Pitch.id.in_(list(ids))))
    return found | {each: f"{name}, {reference}" for each, name, reference in rows}


def readers_of(rows: Sequence[Asked]) -> dict[str, str]:
    """The names of those to whom some emails went, by their account ids."""
    ids = {UUID(each) for row in rows for each in row.reader_ids}
    found = session().execute(select(Account.id, Account.name).where(Account.id.in_(list(ids))))
    return {str(each): name for each, name in found}


def accounts_of(ids: Collection[UUID]) -> dict[UUID, Account]:
    """Some accounts by their ids: one query."""
    return {each.id: each for each in session().scalars(select(Account).where(Account.id.in_(list(ids))))}
