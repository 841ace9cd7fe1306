"""Which businesses and people a text could name: those on record, and those at the businesses of a project."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from crm.accounts.models import Account, RoleGrant
from crm.accounts.queries import holds_on
from crm.businesses.models import Business, Person
from crm.db.remembering import remembered
from crm.db.session import session
from crm.ip.testbed.models import ProjectPart
from crm.ip.testbed.queries.seeing import AT_ONCE, MOST_FOUND, MOST_LISTED, PART
from crm.ip.testbed.rules.naming import capitals_of, runs_of
from crm.kernel.clock import today
from crm.kernel.roles import Role


@remembered
def strangers_in(text: str) -> list[str]:
    """The names of businesses on record that a text has in full; one of a single word only where it has a capital letter."""
    runs, found = sorted(runs_of(text) | capitals_of(text)), dict[str, None]()
    for at in range(0, len(runs), AT_ONCE):
        query = select(Business.name).where(Business.match_name.in_(runs[at : at + AT_ONCE]))
        found |= dict.fromkeys(
            session().scalars(query.order_by(Business.sort_name, Business.id).limit(MOST_FOUND))
        )
    return list(found)


@dataclass(frozen=True)
class Someone:
    """A person at a business of a project, by their name on record there or that of their account."""

    name: str
    business_id: UUID
    business: str


@remembered
def people_at(project_ids: Collection[UUID]) -> Sequence[Someone]:
    """The people at the businesses of some projects, by name: those on record there, and those who are let in with an account."""
    query = select(Business.id, Business.name, Person.name).join(ProjectPart, PART.business_id == Business.id)
    query = query.outerjoin(Person, Person.business_id == Business.id)
    rows = session().execute(query.where(PART.project_id.in_(list(project_ids))).limit(MOST_LISTED)).all()
    owners = {str(owner_id): (owner_id, business) for owner_id, business, _ in rows}
    found = {Someone(name, owner_id, business) for owner_id, business, name in rows if name}
    found |= {Someone(name, *owners[where]) for name, where in _with_access(owners)}
    return sorted(found, key=lambda each: (each.name.casefold(), each.business, str(each.business_id)))


def _with_access(business_ids: Collection[str]) -> list[tuple[str, str]]:
    """Who is let in to some businesses today: their names, each with the id of the business as a grant has it."""
    grants = RoleGrant.__table__.c
    query = select(Account.name, grants.scope_id).join(RoleGrant, grants.account_id == Account.id)
    query = query.where(
        grants.role == Role.FOUNDER, grants.scope_id.in_(list(business_ids)), holds_on(today())
    )
    return [
        (name, where) for name, where in session().execute(query.order_by(Account.name).limit(MOST_LISTED))
    ]
