"""Actions from an assessment with an owner and a day."""

from __future__ import annotations

from datetime import timedelta

from crm.businesses.models import Business
from crm.ip.actions import queries, service
from crm.ip.actions.models import ReadinessAction
from crm.ip.actions.service import ActionDetails
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM
from tests import assessments, factories


def action(owner: Business) -> ReadinessAction:
    """The first next action of a finished assessment, planned for a person at the business, as the verbs take it."""
    done = assessments.readiness_check(owner, is_finished=True)
    found = queries.next_action(done.id, question_key="own1")
    assert found is not None
    details = ActionDetails(today() + timedelta(days=3), factories.person(owner).id)
    made = queries.planned(service.plan(found, details, by=SYSTEM).id)
    assert made is not None
    return made


def on_an_open_one() -> None:
    """A row of an assessment that still may change, for the walls."""
    owner = factories.business()
    given = {"question_key": "own1", "title": "Made", "due_on": today()}
    check, person = assessments.readiness_check(owner), factories.person(owner)
    factories.kept(ReadinessAction(readiness_id=check.id, person_id=person.id, **given))
