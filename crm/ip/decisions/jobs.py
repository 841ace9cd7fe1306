"""The demonstration's strategic decisions: one to review now, one later, one settled, all of it invented."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import func, select

from crm.businesses.models import Business
from crm.businesses.queries.listing import Search, businesses
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.ip.decisions import queries, service
from crm.ip.decisions.models import StrategicDecision
from crm.ip.decisions.service import DecisionDetails, EntryDetails
from crm.ip.decisions.workflow import EntryKind
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM


def load_demo() -> dict[str, int]:
    """Decisions of the founder's own business and of another."""
    if session().scalar(select(func.count()).select_from(StrategicDecision)):
        return {"demo strategic decisions": 0}
    own, other = _owner("Lantern Otter Animation"), _owner("")
    if own is None or other is None:
        return {"demo strategic decisions": 0}
    _decided(own, "license the toys, or make them?", ("License to a maker", "Make them ourselves"), -200, 0)
    first = _decided(
        own, "one trade mark, or one for each series?", ("One for the studio", "One each"), -90, 60
    )
    _add(first, EntryKind.CORRECTION, "Invented: Rosa decided it with Ben, not alone")
    settled = _decided(own, "publish the rig, or keep it secret?", ("Publish it", "Keep it secret"), -400, 1)
    _add(settled, EntryKind.OUTCOME, "Invented: kept, and two studios asked to license it")
    going = _decided(other, "patent the lamp, or sell first?", ("Patent first", "Sell first"), -120, 1)
    _add(
        going,
        EntryKind.OUTCOME,
        "Invented: 40 lamps were sold; an attorney was asked",
        review=today() + timedelta(days=90),
    )
    return {"demo strategic decisions": 4}


def _owner(name: str) -> Business | None:
    found = next(iter(businesses(Search(text=name), SYSTEM).rows), None)
    return business(found.id) if found else None


def _decided(
    owner: Business, question: str, options: tuple[str, str], days: int, ahead: int
) -> StrategicDecision:
    details = DecisionDetails(
        question=f"Invented: {question}",
        options=options,
        decided=f"Invented: {options[0].lower()}",
        why="Invented: it brings money sooner, and we keep the right",
        decided_by="Invented: Rosa Okafor, director",
        decided_on=today() + timedelta(days=days),
        review_on=today() + timedelta(days=ahead),
        known_besides="Invented: a maker in Leeds offered 8% of sales",
    )
    return _whole(service.record(owner, details, by=SYSTEM))


def _whole(made: StrategicDecision) -> StrategicDecision:
    found = queries.decision(made.id)
    assert found is not None
    return found


def _add(found: StrategicDecision, kind: EntryKind, words: str, *, review: date | None = None) -> None:
    service.add(found, EntryDetails(kind, words, review), by=SYSTEM)
