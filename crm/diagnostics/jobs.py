"""The demonstration's diagnoses: one finished, one that is being made."""

from __future__ import annotations

from sqlalchemy import func, select

from crm.businesses.queries.listing import Search, businesses
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.diagnostics import service
from crm.diagnostics.models import Diagnosis
from crm.diagnostics.workflow import AnsweredBy
from crm.kernel.permissions import SYSTEM

ANSWERS = {
    "finance": "3",
    "ip": "2",
    "export": "1",
    "ip_exactly": ["ip_audit", "licensing"],
    "ambition": "scale",
    "barriers": ["money", "people"],
    "seeks_finance": "yes",
    "note": "Invented: they talk to a broadcaster about a second series.",
}


def load_demo() -> dict[str, int]:
    """What the founder's own business needs, and a diagnosis that somebody else has begun."""
    if session().scalar(select(func.count()).select_from(Diagnosis)):
        return {"demo diagnoses": 0}
    made = 0
    for text, answers in (("Lantern Otter Animation", ANSWERS), ("Copper", {"sales": "2"})):
        found = next(iter(businesses(Search(text=text), SYSTEM).rows), None)
        whole = business(found.id) if found else None
        if whole is None:
            continue
        begun = service.begin(whole, AnsweredBy.TOGETHER, by=SYSTEM)
        service.answer(begun, answers, version=None, by=SYSTEM)
        if answers is ANSWERS:
            service.finish(begun, by=SYSTEM)
        made += 1
    return {"demo diagnoses": made}
