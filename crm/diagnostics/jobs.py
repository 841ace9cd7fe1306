"""What every installation is asked, and the demonstration: diagnoses and readiness assessments in every state."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from crm.accounts.queries import acting
from crm.businesses.models import Business
from crm.businesses.queries.listing import Search, businesses
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.diagnostics.models import Diagnosis, ReadinessCheck
from crm.diagnostics.queries.readiness import published_set
from crm.diagnostics.queries.results import asked_of
from crm.diagnostics.rules.readiness import EXPORT, IP
from crm.diagnostics.service import readiness, sets
from crm.diagnostics.service import triage as service
from crm.diagnostics.workflow import AnsweredBy
from crm.kernel.clock import now
from crm.kernel.permissions import SYSTEM

WHO = "admin@demo.example"
TAKEN_AGAIN, BEFORE = 6, ("aab", "abac", "bab", "abc", "cdd", "bb")
"""How many businesses took the assessment twice, and how they answered the first time: one did better then."""
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


def load_reference() -> dict[str, int]:
    """The question sets that come with the product."""
    return service.load_shipped_sets() | sets.load_shipped()


def load_demo() -> dict[str, int]:
    """Diagnoses and readiness assessments, each in every state."""
    return _diagnoses() | _assessments()


def _diagnoses() -> dict[str, int]:
    """What the founder's own business needs, and a diagnosis that another business has begun."""
    if session().scalar(select(func.count()).select_from(Diagnosis)):
        return {"demo diagnoses": 0}
    made = 0
    for text, answers in (("Lantern Otter Animation", ANSWERS), ("Copper", {"sales": "2"})):
        found = next(iter(businesses(Search(text=text), SYSTEM).rows), None)
        whole = business(found.id) if found else None
        if whole is None:
            continue
        begun = service.begin(whole, AnsweredBy.TOGETHER, by=acting(WHO))
        service.answer(begun, answers, version=None, by=acting(WHO))
        if answers is ANSWERS:
            service.finish(begun, by=acting(WHO))
        made += 1
    return {"demo diagnoses": made}


def _assessments() -> dict[str, int]:
    """Assessments finished twice, finished once, begun, begun under a version since retired; and a draft of a set."""
    if session().scalar(select(func.count()).select_from(ReadinessCheck)):
        return {"demo readiness assessments": 0}
    own = _found(Search(text="Lantern Otter Animation"), 1)
    others = [
        each
        for each in _found(Search(groups=("film_tv_radio_photo",)), 12)
        if each.id not in {one.id for one in own}
    ]
    for each in own:
        _taken(each, IP, "aabab", is_finished=True, days_ago=400)
        _taken(each, IP, "bdcbcd", is_finished=True)
        _taken(each, EXPORT, "abcbd", is_finished=True)
        _taken(each, EXPORT, "bcd", most=9)
    for place, each in enumerate(others[:7]):
        if place < TAKEN_AGAIN:
            _taken(each, IP, BEFORE[place], is_finished=True, days_ago=380 - 20 * place)
        _taken(each, IP, "abcd"[place % 3 :] + "cb", is_finished=True, days_ago=30 - place)
    for each in others[7:8]:
        _taken(each, IP, "cbd")
        _taken(each, EXPORT, "b", most=4)
    _versions()
    return {
        "demo readiness assessments": session().scalar(select(func.count()).select_from(ReadinessCheck)) or 0
    }


def _found(search: Search, most: int) -> list[Business]:
    rows = [business(each.id) for each in businesses(search, SYSTEM).rows[:most]]
    return [each for each in rows if each is not None and not each.is_archived]


def _taken(
    owner: Business, name: str, pattern: str, *, most: int = 100, is_finished: bool = False, days_ago: int = 0
) -> None:
    """An assessment answered by a pattern of options, over and over, so many days ago."""
    at = now() - timedelta(days=days_ago)
    details = readiness.BeginDetails(AnsweredBy.TOGETHER, is_screen=True)
    made = readiness.begin(owner, name, details=details, by=acting(WHO))
    asked, of = asked_of(made)
    questions = asked.for_circumstances(of)[:most]
    answers = {each.key: pattern[place % len(pattern)] for place, each in enumerate(questions)}
    readiness.answer(made, answers, by=acting(WHO))
    made.begun_at = at - timedelta(minutes=20)
    if is_finished:
        readiness.finish(made, at=at, by=acting(WHO))


def _versions() -> None:
    """A newer version of one set, published since an assessment was begun; of the other a draft, after one discarded."""
    tried = published_set(IP)
    if tried is not None:
        sets.discard(sets.draft(tried, by=acting(WHO)), by=acting(WHO))
    for name in (EXPORT, IP):
        shown = published_set(name)
        if shown is not None:
            draft = sets.draft(shown, by=acting(WHO))
            if name == EXPORT:
                sets.publish(draft, by=acting(WHO))
