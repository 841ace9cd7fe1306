"""What readers tell us is wrong with a service, and what was done about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from crm.audit import service as audit
from crm.db.changes import amend, created
from crm.db.session import session
from crm.db.states import advance
from crm.directory import queries
from crm.directory.models import Service, ServiceReport
from crm.directory.policy import POLICY
from crm.directory.workflow import REPORTS, Act
from crm.figures.queries import figure_on
from crm.kernel.clock import now, today
from crm.kernel.permissions import Actor
from crm.throttles import service as throttles
from crm.throttles.rules import REPORTS_BY_ADDRESS, Source


@dataclass(frozen=True)
class Told:
    """What is wrong, and who says so, if they want to be answered."""

    said: str
    name: str = ""
    email: str | None = None


def report_wrong(service: Service, told: Told, *, source: Source, by: Actor) -> ServiceReport:
    """Put a report on the desk of whoever looks after the service; so many an hour from one network."""
    POLICY.require(by, Act.REPORT_WRONG, service)
    throttles.take(REPORTS_BY_ADDRESS, source.address, secret=source.secret)
    made = ServiceReport(
        service_id=service.id, said=told.said, name=told.name, email=told.email or None, reported_at=now()
    )
    session().add(made)
    session().flush()
    audit.record(Act.REPORT_WRONG, made, created(service=service.name, said=told.said), by=by)
    return made


def settle(report: ServiceReport, answer: str, *, by: Actor) -> None:
    """Say what was done about a report: it leaves the desks."""
    POLICY.require(by, Act.SETTLE_REPORT, report)
    changes = amend(report, answer=answer, settled_at=now(), settled_by_id=by.account_id)
    audit.record(Act.SETTLE_REPORT, report, changes | advance(REPORTS, report, Act.SETTLE_REPORT), by=by)


def forget_reporters() -> None:
    """Daily: forget who reported what was dealt with so many days ago, by the dated figure; what was wrong stays."""
    if not queries.reports_to_anonymise(now()):
        return
    kept = timedelta(days=int(figure_on("retention.reporter_days", on=today())))
    for each in queries.reports_to_anonymise(now() - kept):
        each.name, each.email = "", None
