"""The demonstration's asks and outputs: one in every standing."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from sqlalchemy import func, select

from crm.accounts.queries import acting
from crm.businesses.models import Business
from crm.businesses.queries.listing import Search, businesses
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.directory.queries import all_services
from crm.evidence.models import Ask
from crm.evidence.queries import crossings_waiting
from crm.evidence.rules import Excluded, key_of_service
from crm.evidence.service import asking as service
from crm.evidence.service import counting
from crm.evidence.service.crossing import follow_up, look_again
from crm.evidence.service.excluding import Asked, note_shut_outs
from crm.evidence.workflow import Instrument, Medium, UnmetReason
from crm.kernel.clock import today
from crm.kernel.eligibility import Terms
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM

WHO = "admin@demo.example"
ASKS = (
    (250_000, Instrument.EQUITY, Medium.SCREEN, "Invented: the first season of an animated series"),
    (20_000, Instrument.GRANT, Medium.MIXED_MEDIA, "Invented: a touring show with augmented reality"),
    (1_500_000, Instrument.EQUITY, Medium.SCREEN, "Invented: a slate of three films"),
    (None, Instrument.LOAN, Medium.OTHER, "Invented: a larger kiln"),
)


def load_demo() -> dict[str, int]:
    """An ask that is open, one that was met, one that was not, and one that was dropped."""
    if session().scalar(select(func.count()).select_from(Ask)):
        return {"demo asks": 0}
    owners = [
        found for each in islice(businesses(Search(), SYSTEM).rows, len(ASKS)) if (found := business(each.id))
    ]
    made = [
        service.record(
            owner,
            service.AskDetails(instrument, purpose, medium, Money.pounds(pounds) if pounds else None),
            by=acting(WHO),
        )
        for owner, (pounds, instrument, medium, purpose) in zip(owners, ASKS, strict=True)
    ]
    met = service.Found("An invented fund", today(), Money.pounds(15_000))
    service.meet(made[1], met, by=acting(WHO))
    service.leave_unmet(
        made[2], UnmetReason.TOO_LARGE, note="Invented: too large for any one fund here.", by=acting(WHO)
    )
    service.drop(made[3], by=acting(WHO))
    return {
        "demo asks": len(made),
        "demo outputs": _outputs(_known() or owners[0]),
    }


def load_shut_outs(asked: Iterable[tuple[Business, Asked]]) -> int:
    """Businesses that a rule shut out which is gone since: all but the last to follow up, and the last followed up.

    Rooms above call it with what each business was doing: an enquiry or a plan of theirs.
    """
    open_now = [each for each in all_services() if each.is_available(on=today()) and each.terms == Terms()]
    service = next(iter(open_now), None)
    if service is None:
        return 0
    five, small = Money.pounds(5_000_000), Money.pounds(400_000)
    said = {"rule": "min_turnover_gbp", "needed": f"{five.short()} or more", "actual": small.short()}
    told: dict[str, Any] = {**said, "wanted": service.needs[0], "threshold": five, "figure": small}
    rule = Excluded(key_of_service(service), service.name, **told)
    for owner, doing in asked:
        note_shut_outs(owner, [rule], asked=doing, by=acting(WHO))
        look_again(owner, by=acting(WHO))
    waiting = crossings_waiting(SYSTEM)
    for each in waiting[-1:]:
        follow_up(each, note="Invented: rang them, and referred them.", by=acting(WHO))
    return len(waiting)


def _known() -> Business | None:
    """The business of the demonstration's founder."""
    found = next(iter(businesses(Search(text="Lantern Otter Animation"), SYSTEM).rows), None)
    return business(found.id) if found else None


def _outputs(owner: Business) -> int:
    """One that is kept, one that is counted, one that was taken out; and the baseline of a fourth."""
    counting.set_baseline(owner, counting.BaselineDetails(350, today(), "Invented payroll"), by=acting(WHO))
    made = [
        counting.record(owner, counting.OutputDetails(code, today(), 100, "Invented."), by=acting(WHO))
        for code in ("new_product", "new_market", "job_safeguarded")
    ]
    counting.claim(made[1], proof="Invented: an order from abroad.", by=acting(WHO))
    counting.withdraw(made[2], reason="Invented: kept twice.", by=acting(WHO))
    return len(made)
