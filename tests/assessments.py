"""Readiness assessments as a test needs them, and the samples of what their addresses can name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.diagnostics.models import ReadinessAnswer, ReadinessCheck
from crm.diagnostics.queries.readiness import assessment, published_set
from crm.diagnostics.queries.results import asked_of
from crm.diagnostics.rules.readiness import IP
from crm.diagnostics.service import readiness, sets
from crm.diagnostics.workflow import AnsweredBy, ReadinessStatus
from crm.directory.models import Service
from crm.kernel.clock import now
from crm.kernel.permissions import SYSTEM
from tests import factories
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast
from tests.factories import kept

BY_ADVISER = readiness.BeginDetails(AnsweredBy.ADVISER)
FINISHED_STAYS = "a finished assessment never changes"
PUBLISHED_STAYS = "a published question set never changes"
WALLS = {
    *(
        f"readiness_{table}_{wall}"
        for table in ("check", "answer", "set")
        for wall in ("stays", "not_removed")
    ),
    "readiness_answer_not_added",
}
ONE_MORE = (
    "INSERT INTO readiness_answer (id, check_id, question, answered_at, version) "
    "SELECT set_id, id, 'one_more', begun_at, 1 FROM readiness_check"
)
WALLS_TRIED = (
    ("UPDATE readiness_check SET score = 1000", FINISHED_STAYS),
    ("UPDATE readiness_check SET status = 'answering'", FINISHED_STAYS),
    ("DELETE FROM readiness_check", FINISHED_STAYS),
    ("UPDATE readiness_answer SET value = 'd'", FINISHED_STAYS),
    ("DELETE FROM readiness_answer", FINISHED_STAYS),
    (ONE_MORE, FINISHED_STAYS),
    ("UPDATE readiness_set SET title = 'Another'", PUBLISHED_STAYS),
    ("UPDATE readiness_set SET content = '{}'", PUBLISHED_STAYS),
    ("UPDATE readiness_set SET status = 'draft', published_at = NULL", PUBLISHED_STAYS),
    ("DELETE FROM readiness_set", PUBLISHED_STAYS),
)
"""Each wall of the database tried, where every assessment is finished and every set published."""
ANOTHER_SET = (
    "INSERT INTO readiness_set (number, status, id, name, title, content, source, made_at, version) SELECT {}, "
    "(SELECT id FROM account LIMIT 1), 'another', title, content, source, made_at, 1 FROM readiness_set LIMIT 1"
)
"""Another version of a question set, with a number and a status."""


def readiness_check(owner: Business, *, is_finished: bool = False, **fields: Any) -> ReadinessCheck:
    """An IP readiness assessment; a finished one has the lowest answer to every question."""
    asked = published_set(IP)
    assert asked is not None
    given = {"answered_by": AnsweredBy.ADVISER, "begun_at": now(), "set_name": IP} | fields
    told = {"finished_at": now(), "score": 0, "band": "exposed", "set_name": IP} if is_finished else {}
    told |= {name: given[name] for name in [*given] if name in told}
    given |= {"set_name": "made"} if is_finished else {}
    given = {name: value for name, value in given.items() if name == "set_name" or name not in told}
    made: ReadinessCheck = kept(ReadinessCheck(business_id=owner.id, set_id=asked.id, **given))
    for row in asked.content["questions"] if is_finished else ():
        kept(ReadinessAnswer(check_id=made.id, question=row["id"], value="a", answered_at=now()))
    if is_finished:
        for name, value in {"_status": ReadinessStatus.FINISHED, **told}.items():
            setattr(made, name, value)
        session().flush()
    return made


def taken(owner: Any, name: str = IP, pattern: str = "c", *, most: int = 100) -> ReadinessCheck:
    made = readiness.begin(owner, name, details=BY_ADVISER, by=SYSTEM)
    asked, of = asked_of(made)
    questions = asked.for_circumstances(of)[:most]
    given = {each.key: pattern[place % len(pattern)] for place, each in enumerate(questions)}
    readiness.answer(made, given, by=SYSTEM)
    return again(made)


def finished(owner: Any, name: str = IP, pattern: str = "c") -> ReadinessCheck:
    return again(readiness.finish(taken(owner, name, pattern), by=SYSTEM))


def again(made: ReadinessCheck) -> ReadinessCheck:
    """The assessment as a new request loads it."""
    found = assessment(made.id)
    assert found is not None
    return found


def own() -> Any:
    found = business(BUSINESS)
    assert found is not None
    return found


def open_service(service_id: str) -> None:
    """A service that is on offer, whatever the directory knows of it."""
    changed = update(Service.__table__).where(Service.service_id == service_id).values(status="open")
    session().execute(changed)
    session().expire_all()


def _readiness(_cast: Cast, _values: Any) -> tuple[Any, ...]:
    """One that is answered and one that is finished of their own business; a finished one of the stranger's."""
    own, other = business(BUSINESS), business(OTHER_BUSINESS)
    assert own is not None
    assert other is not None
    open_service("ipo_audit")
    factories.person(own)
    going = readiness_check(own)
    return (going.id, *(readiness_check(each, is_finished=True).id for each in (own, other)))


def _versions(_cast: Cast, _values: Any) -> tuple[Any, ...]:
    """What is asked now, and a draft."""
    shown = published_set(IP)
    assert shown is not None
    return (shown.id, sets.draft(shown, by=SYSTEM).id)


SAMPLES: dict[str, Any] = {
    "section": lambda _cast, _values: ("areas",),
    "readiness_id": _readiness,
    "area_key": lambda _cast, _values: ("ownership",),
    "band_key": lambda _cast, _values: ("managed",),
    "set_name": lambda _cast, _values: (IP,),
    "version_id": _versions,
    "rule_place": lambda _cast, _values: (1,),
    "question_key": lambda _cast, _values: ("own1",),
    "service_key": lambda _cast, _values: ("ipo_audit",),
}
