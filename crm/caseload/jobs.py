"""The demonstration's lead advisers: three at one hub with a caseload each, one elsewhere, and one who can no longer."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from crm.accounts.models import Account
from crm.accounts.queries import account, account_of, actor_of
from crm.businesses.models import Business
from crm.businesses.queries.listing import Search, businesses
from crm.businesses.workflow import BusinessStatus
from crm.caseload.models import Lead
from crm.caseload.policy import Led, is_able
from crm.caseload.queries.leads import led
from crm.caseload.service import leading
from crm.caseload.workflow import Act
from crm.db.session import session
from crm.kernel.permissions import SYSTEM

NAMED = {
    "Lantern Otter Animation": "adviser@demo.example",
    "Copper Lark Games": "hub.manager.cw@demo.example",
}
CASELOADS = (("adviser@demo.example", 12), ("adviser.two@demo.example", 8), ("adviser.three@demo.example", 4))
GONE, LEFT_WITH = "export.cw@demo.example", 2
"""A colleague of another hub, with whose hub these businesses are no longer shared."""


def load_demo() -> dict[str, int]:
    """Lead advisers, where there are none yet."""
    if session().scalar(select(func.count()).select_from(Lead)):
        return {"demo lead advisers": 0}
    count = sum(_named(words, email) for words, email in NAMED.items())
    rest = _of_the_hub()
    for email, many in CASELOADS:
        count += sum(_takes(rest.pop(), email) for _ in range(min(many, len(rest))))
    return {
        "demo lead advisers": count + sum(_left_behind(rest.pop()) for _ in range(min(LEFT_WITH, len(rest))))
    }


def _of_the_hub() -> list[UUID]:
    """Businesses in use of the hub that the demonstration's adviser works for, which nobody leads."""
    who = _person("adviser@demo.example")
    if who is None:
        return []
    columns = Business.__table__.c
    hubs = [UUID(each.scope_id) for each in who.grants if each.scope_id]
    query = select(columns.id).where(columns.hub_id.in_(hubs), columns.status == BusinessStatus.ACTIVE)
    query = query.where(columns.id.not_in(select(Lead.business_id))).order_by(columns.sort_name, columns.id)
    return list(session().scalars(query.limit(40)))[::-1]


def _person(email: str) -> Account | None:
    found = account_of(email)
    return account(found.id) if found else None


def _named(words: str, email: str) -> int:
    found = next(iter(businesses(Search(text=words), SYSTEM).rows), None)
    return _takes(found.id, email) if found else 0


def _takes(business_id: UUID, email: str) -> int:
    who, found = _person(email), led(business_id)
    if who is None or found is None or found.lead is not None or not is_able(who, found.business):
        return 0
    leading.take(found, by=actor_of(who))
    return 1


def _left_behind(business_id: UUID) -> int:
    who, found = _person(GONE), led(business_id)
    if who is None or found is None:
        return 0
    leading.give(Led(found.business, None), who, act=Act.TAKE_LEAD, by=actor_of(who))
    return 1
