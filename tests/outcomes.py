"""Outcome reports made as a test needs them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from crm.businesses.models import Business
from crm.db.session import session
from crm.kernel.clock import now, today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.programme.applications.models import Application
from crm.programme.cohort.workflow import DecisionStatus
from crm.programme.outcomes.models import OutcomeReport
from crm.programme.outcomes.queries.reports import report, reports_of_application
from crm.programme.outcomes.rules.labels import NAMES
from crm.programme.outcomes.service import asking, giving
from crm.programme.outcomes.service.giving import Given
from tests import cohorts, rounds

UNKNOWN = Given({}, NAMES)


def awarded(owner: Business, **fields: Any) -> Application:
    """An application with an award of £5,000 that its business was told of."""
    judged = cohorts.judged()
    panel = [rounds.on_panel(judged, most=9).account_id for _ in range(2)]
    made = cohorts.assessed(judged, panel, 80, owner)
    found = cohorts.cohort(judged, envelope_id=None)
    given = {"status": DecisionStatus.NOTIFIED, "notified_at": now(), "amount": Money.pounds(5_000)}
    cohorts.decision(found, made, **given | fields)
    return rounds.whole_application(made)


def planned(found: Application, accepted_on: date | None = None) -> list[OutcomeReport]:
    """Its reports, the baseline asked for."""
    asking.plan(found.id, accepted_on or today(), by=SYSTEM)
    return reports(found.id)


def reports(application_id: UUID) -> list[OutcomeReport]:
    """The reports of an application, read again."""
    session().flush()
    session().expire_all()
    return list(reports_of_application(application_id))


def given(found: OutcomeReport, figures: Given = UNKNOWN) -> OutcomeReport:
    """A report whose figures were sent: none of them is known, unless told otherwise."""
    giving.give(found, figures, name="Made Person", by=SYSTEM)
    session().expire_all()
    again = report(found.id)
    assert again is not None
    return again
