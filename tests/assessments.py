"""Readiness assessments as a test needs them, and the samples of what their addresses can name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.diagnostics.models import ReadinessAnswer, ReadinessCheck
from crm.diagnostics.queries.readiness import published_set
from crm.diagnostics.rules.readiness import IP
from crm.diagnostics.service import sets
from crm.diagnostics.workflow import AnsweredBy, ReadinessStatus
from crm.directory.models import Service
from crm.kernel.clock import now
from crm.kernel.permissions import SYSTEM
from tests import factories
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast
from tests.factories import kept


def readiness_check(owner: Business, *, is_finished: bool = False, **fields: Any) -> ReadinessCheck:
    """An IP readiness assessment; a finished one has the lowest answer to every question."""
    asked = published_set(IP)
    assert asked is not None
    given = {"answered_by": AnsweredBy.ADVISER, "begun_at": now(), "set_name": IP} | fields
    if is_finished:
        told = {"finished_at": now(), "score": 0, "band": "exposed"}
        given = {"_status": ReadinessStatus.FINISHED} | told | given
    made: ReadinessCheck = kept(ReadinessCheck(business_id=owner.id, set_id=asked.id, **given))
    for row in asked.content["questions"] if is_finished else ():
        kept(ReadinessAnswer(check_id=made.id, question=row["id"], value="a", answered_at=now()))
    return made


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
    "set_name": lambda _cast, _values: (IP,),
    "version_id": _versions,
    "question_key": lambda _cast, _values: ("own1",),
    "service_key": lambda _cast, _values: ("ipo_audit",),
}
