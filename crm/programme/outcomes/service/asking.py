"""Planning what a business is asked when its award is accepted; asking, reminding and chasing by email."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from crm.accounts.queries import people_of_business
from crm.audit import service as audit
from crm.businesses.queries.seeing import people_of
from crm.db.changes import amend, created
from crm.db.session import session
from crm.db.states import advance, refuse_if
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, has_come, now, today
from crm.kernel.errors import Invalid
from crm.kernel.permissions import SYSTEM, Actor
from crm.kernel.text import series
from crm.links.rules import Purpose
from crm.notices.service import Extras, LinkWanted, Reader, queue
from crm.programme.applications.models import Application
from crm.programme.awards.models import Award
from crm.programme.cohort.models import Decision
from crm.programme.cohort.queries.decisions import decision_about
from crm.programme.cohort.workflow import DecisionStatus, Outcome
from crm.programme.outcomes.models import OutcomeReport
from crm.programme.outcomes.policy import POLICY
from crm.programme.outcomes.queries import reports as queries
from crm.programme.outcomes.rules.timing import points_of
from crm.programme.outcomes.service import giving
from crm.programme.outcomes.workflow import REPORTS, Act, ReportStatus

MONTHS = ("first_months", "second_months", "third_months")


def why_not_planned(found: Application) -> str | None:
    """Why a business cannot be asked for outcomes: it has no award that it was told of, or it is asked already."""
    made = decision_about(found.id)
    if made is None or made.outcome is not Outcome.SUCCESSFUL or made.status is not DecisionStatus.NOTIFIED:
        return "This application has no award that the business was told of."
    if made.round.is_dry_run:
        return "This is a dry run, so there are no outcomes."
    return (
        "This business is asked for its outcomes already."
        if queries.reports_of_application(found.id)
        else None
    )


def start(found: Application, accepted_on: date, *, by: Actor) -> None:
    """Begin to ask for outcomes, counted from the day on which the business accepted its award."""
    POLICY.require(by, Act.PLAN, found)
    refuse_if(why_not_planned(found))
    told = decision_about(found.id)
    assert told is not None
    assert told.notified_at is not None
    if not day_of(told.notified_at) <= accepted_on <= today():
        raise Invalid(
            f"Enter a day from {day_in_words(day_of(told.notified_at))}, when the award was sent, to today",
            field="accepted_on",
        )
    plan(found.id, accepted_on, by=by)


def plan(application_id: UUID, accepted_on: date, *, by: Actor) -> None:
    """Plan the baseline and the figures at fixed days after acceptance, once; the baseline is asked for at once."""
    if queries.reports_of_application(application_id):
        return
    months = sorted(queries.days_on(name, on=accepted_on) for name in MONTHS)
    days = queries.days_on("answer_days", on=accepted_on)
    for point in points_of(accepted_on, months, answer_days=days):
        made = OutcomeReport(application_id=application_id, **vars(point))
        session().add(made)
        session().flush()
        audit.record(Act.PLAN, made, created(as_at=made.as_at, due_on=made.due_on), by=by)
    for each in queries.reports_of_application(application_id):
        if has_come(each.as_at, on=today()):
            ask(each)


def plan_with_award(found: Award, *, by: Actor) -> None:
    """Its outcomes are planned from the day on which the business accepted the offer."""
    if found.accepted_at is not None and not found.round.is_dry_run:
        plan(found.application_id, day_of(found.accepted_at), by=by)


def cancel_with_award(found: Decision | Award, *, by: Actor) -> None:
    """What is not sent yet is no longer asked for when an award is withdrawn or ended early. Figures that were sent stay."""
    for each in queries.reports_of_application(found.application_id):
        if REPORTS.find(Act.CANCEL, each.status) is not None:
            audit.record(Act.CANCEL, each, advance(REPORTS, each, Act.CANCEL), by=by)


def ask(report: OutcomeReport) -> None:
    """Ask a business for its figures by email, once for all its awards of which they are due for the same day.

    Where it sent them for another award already, they count for this one too.
    """
    changes = advance(REPORTS, report, Act.ASK) | amend(report, asked_at=now())
    twins = queries.twins_of(report)
    known = next((each for each in twins if each.figures), None)
    if not known and all(each.status is not ReportStatus.ASKED for each in twins):
        tell(report, "figures_asked")
    session().flush()
    audit.record(Act.ASK, report, changes, by=SYSTEM)
    if known:
        giving.count_too(report, known)


def ask_all() -> int:
    """Daily: ask for what is due, remind of what is nearly due, chase what is late, each once. Returns how many reports."""
    day = today()
    asked = queries.to_ask(on=day)
    for each in asked:
        ask(each)
    if not queries.is_any_asked():
        return 0
    new, days = {each.id for each in asked}, queries.days_on("remind_days", on=day)
    nearly = [each for each in queries.to_remind(on=day, days=days) if each.id not in new]
    for each in nearly:
        tell(each, "figures_due")
        audit.record(Act.REMIND, each, amend(each, reminded_at=now()), by=SYSTEM)
    late = queries.to_chase(on=day)
    for each in late:
        tell(each, "figures_late")
        audit.record(Act.CHASE, each, amend(each, chased_at=now()), by=SYSTEM)
    session().flush()
    return len(asked) + len(nearly) + len(late)


def tell(report: OutcomeReport, kind: str) -> int:
    """Write to everyone let in to the business; where nobody is, to its first person with an address, by a lasting link."""
    every = (report, *queries.twins_of(report))
    context: dict[str, Any] = {
        "business": report.business.name,
        "references": series(sorted({each.application.reference for each in every})),
        "time": report.time.lower(),
        "as_at": day_in_words(report.as_at),
        "due": day_in_words(report.due_on),
        "awards": len(every),
    }
    accounts = people_of_business(report.business.id)
    about = ("application", report.application_id)
    own = {"path": f"/outcomes/{report.id}/give", "near": _near(report)}
    signed_in = Extras(context | own, about=about)
    for each, _ in accounts:
        queue(kind, Reader(each.email, each.name, each.id), having=signed_in)
    return len(accounts) or _tell_by_link(report, kind, context)


def _near(report: OutcomeReport) -> str:
    """For which days and awards else the business is asked a few weeks apart: those figures can be filled in with one click."""
    found = {each.as_at: each.application.reference for each in queries.near_of(report)}
    named = [f"{day_in_words(day)} ({reference})" for day, reference in sorted(found.items())]
    return series(named) if named else ""


def _tell_by_link(report: OutcomeReport, kind: str, context: dict[str, Any]) -> int:
    known = next((each for each in people_of(report.business.id) if each.email and not each.left_on), None)
    if known is None or known.email is None:
        return 0
    link, about = LinkWanted(Purpose.FIGURES, str(report.id)), ("application", report.application_id)
    having = Extras(context | {"path": ""}, link=link, about=about)
    queue(kind, Reader(known.email, known.name), having=having)
    return 1
