"""The demonstration's subsidies: declared, in kind, and ours with their papers at every stage."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from crm.accounts.queries import acting
from crm.businesses.models import Business
from crm.businesses.queries.listing import Search, businesses
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.funding.subsidy import queries
from crm.funding.subsidy.service import giving, linking, recording
from crm.funding.subsidy.service.recording import SubsidyDetails
from crm.kernel.clock import today
from crm.kernel.companies import CompanyNumber
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM

OFFICER = "finance@demo.example"
OURS = (
    ("Editing room", 18_000, ()),
    ("Export website", 12_000, ("notify",)),
    ("Sound studio", 24_000, ("notify", "confirm")),
    ("Game engine licence", 30_000, ("notify", "confirm", "give")),
    ("Production line for prints", 120_000, ("notify", "confirm", "give", "issue")),
)
"""What each is for, its pounds, and how far its papers have come."""


def load_demo() -> dict[str, int]:
    """Subsidies of some businesses, at every stage; two of them have one parent."""
    rows = [each for each in businesses(Search(), SYSTEM).rows if each.company_number]
    if queries.every_subsidy() or len(rows) < 2:
        return {"demo subsidies": 0}
    owners = [found for each in rows[:6] if (found := business(each.id)) is not None]
    _elsewhere(owners[0], owners[-1])
    for place, (purpose, pounds, steps) in enumerate(OURS):
        _ours(owners[place % len(owners)], purpose, Money.pounds(pounds), steps)
    for each in owners[:2]:
        linking.link(
            each, CompanyNumber("09999990"), source="The founder said so (invented)", by=acting(OFFICER)
        )
    lantern = next(iter(businesses(Search(text="Lantern Otter Animation"), SYSTEM).rows), None)
    own = business(lantern.id) if lantern else None
    if own is not None:
        recording.declare(
            own, _details("Invented arts fund", "a short film", 41_500, 700), by=acting(OFFICER)
        )
        _ours(own, "Rights training", Money.pounds(6_000), ("notify",))
    return {"demo subsidies": len(queries.every_subsidy())}


def _details(giver: str, purpose: str, pounds: int, days: int) -> SubsidyDetails:
    return SubsidyDetails(giver, purpose, Money.pounds(pounds), today() - timedelta(days=days))


def _elsewhere(first: Business, last: Business) -> None:
    """What others gave, what we gave in kind, and a record that was a mistake."""
    recording.declare(
        first, _details("Invented city council", "a shop front", 95_000, 800), by=acting(OFFICER)
    )
    recording.declare(
        first, _details("Invented innovation fund", "a prototype", 130_000, 400), by=acting(OFFICER)
    )
    recording.record_in_kind(last, _details("This programme", "adviser time", 2_200, 30), by=acting(OFFICER))
    mistake = recording.declare(last, _details("Invented trust", "a van", 9_000, 200), by=acting(OFFICER))
    giving.cancel(mistake, reason="Recorded for the wrong business", by=acting(OFFICER))


def _ours(owner: Business, purpose: str, amount: Money, steps: tuple[str, ...]) -> None:
    details = SubsidyDetails("This programme (invented)", purpose, amount, today())
    made = giving.prepare(owner, details, depends_on_exporting_goods=False, by=acting(OFFICER))
    found = queries.subsidy(made.id)
    assert found is not None
    given: dict[str, dict[str, Any]] = {"confirm": {"confirmed_by": "An invented director"}}
    for step in steps:
        getattr(giving, step)(found, **given.get(step, {}), by=acting(OFFICER))
    session().flush()
