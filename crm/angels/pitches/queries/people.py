"""Who at a business is written to about its pitch: the one place that says so."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select

from crm.accounts.models import Account, RoleGrant
from crm.accounts.queries import holds_on, people_of_business
from crm.accounts.workflow import AccountStatus
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.queries.pitches import MOST, published
from crm.db.session import session
from crm.kernel.clock import today
from crm.kernel.roles import Role, Standing


def people_told(business_id: UUID, named: Collection[str] = ()) -> list[Account]:
    """The people of a business, of those named by account id, who can sign in for it today; its owners where none is left.

    Empty where no owner can sign in: then no one at the business would hear of an investor.
    """
    people = [pair for pair in people_of_business(business_id) if pair[0].status != AccountStatus.DEACTIVATED]
    chosen = [each for each, _ in people if str(each.id) in named]
    return chosen or [each for each, grant in people if grant.standing is Standing.OWNER]


def without_owner() -> Sequence[Pitch]:
    """The published pitches of businesses that have no owner who can sign in."""
    found = published()
    query = select(RoleGrant.scope_id).join(Account, Account.id == RoleGrant.account_id)
    query = query.where(
        RoleGrant.role == Role.FOUNDER,
        RoleGrant.standing == Standing.OWNER,
        RoleGrant.scope_id.in_([str(each.business_id) for each in found]),
        holds_on(today()),
        Account.__table__.c.status != AccountStatus.DEACTIVATED,
    )
    owned = set(session().scalars(query.distinct().limit(MOST)))
    return [each for each in found if str(each.business_id) not in owned]
