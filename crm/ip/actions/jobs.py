"""The demonstration of actions from assessments: done, overdue, to do and dropped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from crm.accounts.queries import acting, standing_in
from crm.businesses.queries.listing import Search, businesses
from crm.businesses.queries.seeing import person_to_name
from crm.db.session import session
from crm.diagnostics.models import ReadinessCheck
from crm.diagnostics.queries.readiness import assessment
from crm.diagnostics.rules.readiness import IP
from crm.diagnostics.workflow import ReadinessStatus
from crm.ip.actions import queries, service
from crm.ip.actions.models import ReadinessAction
from crm.ip.actions.service import ActionDetails
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM

ADVISER = "adviser@demo.example"
MOST = 3


def load_demo() -> dict[str, int]:
    """The actions of a few finished assessments: of the first one done and one overdue, of the others one dropped."""
    if session().scalar(select(func.count()).select_from(ReadinessAction)):
        return {"demo actions from assessments": 0}
    query = select(ReadinessCheck.id).where(ReadinessCheck.__table__.c.status == ReadinessStatus.FINISHED)
    latest = query.order_by(ReadinessCheck.finished_at.desc(), ReadinessCheck.id)
    own = latest.where(ReadinessCheck.business_id.in_(_own()))
    ids = [*session().scalars(own.limit(MOST)), *session().scalars(latest.limit(MOST))]
    return {"demo actions from assessments": sum(_planned(each) for each in dict.fromkeys(ids))}


def _own() -> list[UUID]:
    """The business of the demonstration's founder."""
    return [each.id for each in businesses(Search(text="Lantern Otter Animation"), SYSTEM).rows[:1]]


def _planned(readiness_id: UUID) -> int:
    check = assessment(readiness_id)
    assert check is not None
    person = person_to_name(check.business_id)
    if person is None or check.business.is_archived:
        return 0
    made = []
    known = queries.planned_of(check)
    left = [each for each in queries.helps_for(check) if each.drag.question.key not in known]
    for days, each in zip((5, 12, 20), left, strict=False):
        found, due_on = queries.NextAction(check, each.drag), today() + timedelta(days=days)
        made.append(service.plan(found, ActionDetails(due_on, person.id), by=standing_in(acting(ADVISER))))
    whole = [each for each in (queries.planned(one.id) for one in made) if each is not None]
    _settle(whole)
    return len(whole)


def _settle(actions: Sequence[ReadinessAction]) -> None:
    """The first is overdue, the second done, the third dropped in one assessment of two and to do in the other."""
    for each in actions[:1]:
        each.due_on = today() - timedelta(days=2)
    session().flush()
    for each in actions[1:2]:
        service.finish(each, by=standing_in(acting(ADVISER)))
    for each in actions[2:]:
        if each.check.set_name == IP:
            service.drop(each, reason="Invented: the partner does this", by=standing_in(acting(ADVISER)))
