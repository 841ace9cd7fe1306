"""A person's own views of the list, and who can be chosen in its filters."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Text, cast, select

from crm.accounts.models import Account
from crm.caseload.models import Lead
from crm.db.session import session
from crm.kernel.permissions import Actor
from crm.lists.models import SavedView
from crm.lists.rules import MOST_VIEWS

VIEWS, LEADS, ACCOUNTS = SavedView.__table__.c, Lead.__table__.c, Account.__table__.c
MOST = 300


def views_of(actor: Actor) -> Sequence[SavedView]:
    """A person's own views, by name."""
    query = select(SavedView).where(VIEWS.account_id == actor.account_id)
    return session().scalars(query.order_by(VIEWS.match_name, VIEWS.id).limit(MOST_VIEWS)).all()


def view(view_id: UUID) -> SavedView | None:
    """One saved view."""
    return session().get(SavedView, view_id)


def view_named(actor: Actor, match_name: str) -> SavedView | None:
    """A person's own view of a name."""
    named = (VIEWS.account_id == actor.account_id, VIEWS.match_name == match_name)
    return session().scalar(select(SavedView).where(*named))


def views_asking(filter_name: str, value: str) -> Sequence[SavedView]:
    """Everybody's views that have a filter with this value."""
    asked = cast(VIEWS.asked, Text).like(f'%"{value}"%')
    rows = session().scalars(select(SavedView).where(asked).order_by(VIEWS.id))
    return [each for each in rows if value in each.asked.get(filter_name, ())]


def leaders() -> Sequence[tuple[UUID, str]]:
    """Everybody who leads a business now, by name: account ids and names."""
    leading = select(LEADS.account_id).where(LEADS.ended_at.is_(None))
    query = select(ACCOUNTS.id, ACCOUNTS.name).where(ACCOUNTS.id.in_(leading))
    rows = session().execute(query.order_by(ACCOUNTS.name, ACCOUNTS.id).limit(MOST))
    return [(key, name) for key, name in rows]
