"""The demonstration of exporting: the export adviser's calendar, plans and delegations."""

from __future__ import annotations

from sqlalchemy import func, select

from crm.accounts.queries import account, account_of, actor_of
from crm.businesses.models import Business
from crm.businesses.queries.listing import Search, businesses
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.exporting.jobs.delegated import load_delegations
from crm.exporting.jobs.planned import load_plans
from crm.exporting.plans.models import ExportCountry
from crm.kernel.permissions import SYSTEM, Actor

MOST = 20


def load_demo() -> dict[str, int]:
    """Markets, export plans and delegations, one in every state."""
    who = account_of("export@demo.example") or account_of("adviser@demo.example")
    adviser = account(who.id) if who else None
    if adviser is None or session().scalar(select(func.count()).select_from(ExportCountry)):
        return {"demo export plans": 0}
    owners, by = _owners(), actor_of(adviser)
    lead = _lead() or by
    made = {"demo export plans": load_plans(owners, by=by)}
    return made | {"demo delegations": load_delegations(owners, by=lead)}


def _lead() -> Actor | None:
    """Who leads the delegations: the export adviser, or the manager of a hub."""
    for email in ("export@demo.example", "hub.manager@demo.example"):
        who = account_of(email)
        found = account(who.id) if who else None
        if found is not None:
            return actor_of(found)
    return None


def _owners() -> list[Business]:
    """The founder's own business, then others of the demonstration."""
    found = [*businesses(Search(text="Lantern Otter Animation"), SYSTEM).rows[:1]]
    ids = list(dict.fromkeys(each.id for each in (*found, *businesses(Search(), SYSTEM).rows)))
    whole = (business(each) for each in ids[:MOST])
    return [each for each in whole if each is not None]
