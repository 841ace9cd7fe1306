"""The demonstration's portfolio: incomes protected for sure, in part, perhaps and not at all; all of it invented."""

from __future__ import annotations

from sqlalchemy import func, select

from crm.businesses.queries.listing import Search, businesses
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.ip.portfolio import queries, service
from crm.ip.portfolio.models import IncomeLine
from crm.ip.portfolio.service import IncomeDetails, ProtectionDetails
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.rights.queries import rights_of

INCOMES = (
    (
        "Invented: Otter and Lantern, series",
        145_000,
        (("series", 100, ""), ("OTTERLANTERN", 60, "sales abroad")),
    ),
    (
        "Invented: toys",
        62_500,
        (("OTTERLANTERN", 60, "toys with the name"), ("plush", 30, "the plush otter")),
    ),
    ("Invented: lamps", 40_000, (("lamp that folds", 100, ""),)),
    ("Invented: licences for lamps", 30_000, (("OTTER LAMPS", 100, ""),)),
    ("Invented: commissioned films", 90_000, ()),
)


def load_demo() -> dict[str, int]:
    """What the rights of the founder's own business protect."""
    found = next(iter(businesses(Search(text="Lantern Otter Animation"), SYSTEM).rows), None)
    owner = business(found.id) if found else None
    if owner is None or session().scalar(select(func.count()).select_from(IncomeLine)):
        return {"demo incomes": 0}
    rights = rights_of(owner.id, with_secrets=True)
    for name, pounds, links in INCOMES:
        made = service.add_income(owner, IncomeDetails(name, Money.pounds(pounds)), by=SYSTEM)
        for word, share, part in links:
            whole = queries.line(made.id)
            chosen = next((each for each in rights if word in each.title), None)
            if whole is not None and chosen is not None:
                service.protect(whole, ProtectionDetails(chosen.id, share, part), by=SYSTEM)
    return {"demo incomes": len(INCOMES)}
