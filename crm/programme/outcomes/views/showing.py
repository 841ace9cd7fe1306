"""What outcomes show elsewhere: on desks, on the page of a business, and on the page of an award."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import url_for

from crm.businesses.models import Business
from crm.businesses.queries.seeing import own_ids
from crm.kernel.clock import day_of, today
from crm.kernel.permissions import Actor
from crm.kernel.roles import Role
from crm.programme.applications.queries.applications import known_application
from crm.programme.outcomes.models import OutcomeFigures, OutcomeReport
from crm.programme.outcomes.policy import POLICY
from crm.programme.outcomes.queries import reports as queries
from crm.programme.outcomes.queries.growing import tests_of
from crm.programme.outcomes.queries.planned import instalments
from crm.programme.outcomes.queries.trends import own_trends
from crm.programme.outcomes.rules import labels
from crm.programme.outcomes.rules.growth import Verdict
from crm.programme.outcomes.service.asking import why_not_planned
from crm.programme.outcomes.workflow import Act, ReportStatus
from crm.web.beside import Planned
from crm.web.feature import Number, Todo
from crm.web.identity import current_actor
from crm.web.telling import Happening

COUNTERS = (Role.PROGRAMME_MANAGER, Role.APPROVER, Role.FINANCE_OFFICER)
NUMBERS = {
    "late": "Outcome reports that are late",
    "asked": "Outcome reports asked for, not late",
    "confirm": "Outcome reports to confirm",
}
VERDICTS = {Verdict.YES: "Yes", Verdict.NO: "No", Verdict.CANNOT: "Cannot be said yet"}
SHADES = {Verdict.YES: "green", Verdict.NO: "grey", Verdict.CANNOT: "yellow"}


def of_business(found: Business) -> dict[str, Any]:
    """The reports, trends and tests of one business, by award."""
    rows = [
        each for each in queries.reports_of_business(found.id) if each.status is not ReportStatus.CANCELLED
    ]
    awards: dict[Any, list[OutcomeReport]] = {}
    for each in rows:
        awards.setdefault(each.application_id, []).append(each)
    high, own = tests_of(found, rows, on=today())
    groups = [(reports, own_trends(reports)) for reports in awards.values()]
    shown: dict[str, Any] = {"groups": groups, "high": high, "own": own, "today": today()}
    shown |= {"verdicts": VERDICTS, "colours": SHADES}
    return shown | {"labels": labels}


def load_panel(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """The reports of a business for its page, and what the tests of growth say."""
    if not POLICY.allows(actor, Act.SEE_GROWTH, found):
        return None
    shown = of_business(found)
    return shown | {"business": found} if shown["groups"] else None


def load_of_application(actor: Actor, found: Any) -> Mapping[str, Any] | None:
    """The reports of an award for the page of its application."""
    rows = [each for each in queries.reports_of_application(found.id) if POLICY.allows(actor, Act.VIEW, each)]
    may_give = {each.id for each in rows if _can_give(actor, each)}
    return {"reports": rows, "labels": labels, "today": today(), "may_give": may_give} if rows else None


def load_of_award(actor: Actor, found: Any) -> Mapping[str, Any] | None:
    """The same for the page of the award, whose application is named in it."""
    return load_of_application(actor, found.application)


def story(actor: Actor, application_id: UUID) -> list[Happening]:
    """When the figures of an award were sent, and corrected."""
    rows = queries.reports_of_application(application_id)
    mine = [each for each in rows if POLICY.allows(actor, Act.VIEW, each)]
    return [_told(each, figures) for each in mine for figures in each.versions]


def _told(found: OutcomeReport, figures: OutcomeFigures) -> Happening:
    words = "Figures sent" if figures.number == 1 else "Figures corrected"
    href = url_for("outcome_reports.report", report_id=found.id)
    return Happening(figures.given_at, f"{words}: {found.time.lower()}", href=href)


def _can_give(actor: Actor, each: OutcomeReport) -> bool:
    return each.status is ReportStatus.ASKED and POLICY.allows(actor, Act.GIVE, each)


def figures_to_give(actor: Actor) -> tuple[Todo, ...]:
    """The figures that a founder is asked for."""
    return tuple(
        _todo(each, "Send your figures" if not each.draft else "Finish and send your figures", "give")
        for each in queries.asked_of(own_ids(actor))
        if POLICY.allows(actor, Act.GIVE, each)
    )


def businesses_to_ring(actor: Actor) -> tuple[Todo, ...]:
    """The businesses that did not answer in time, for those who ring them up."""
    rows = [each for each in queries.to_ring(on=today()) if POLICY.allows(actor, Act.RECORD, each)]
    return tuple(_todo(each, "Ring for the figures that did not come", "record") for each in rows)


def figures_to_confirm(actor: Actor) -> tuple[Todo, ...]:
    """The figures that this person can confirm."""
    rows = [each for each in queries.to_confirm() if POLICY.allows(actor, Act.CONFIRM, each)]
    once = {(each.business.id, each.as_at, _values(each)): each for each in rows}
    return tuple(_to_confirm(each) for each in once.values())


def _values(each: OutcomeReport) -> tuple[Any, ...]:
    """Its figures: what a business sent for several awards at once is confirmed at once."""
    return tuple(each.figures.values.values()) if each.figures else ()


def _to_confirm(each: OutcomeReport) -> Todo:
    where = url_for("outcome_reports.report", report_id=each.id)
    since = day_of(each.figures.given_at) if each.figures else None
    about, ids = _about(each), (each.application_id,)
    return Todo("Confirm figures", None, where, about=about, since=since, things=ids)


def _todo(each: OutcomeReport, words: str, page: str) -> Todo:
    where = url_for(f"outcome_reports.{page}", report_id=each.id)
    late, ids = each.is_late(on=today()), (each.application_id,)
    return Todo(words, None, where, about=_about(each), due=each.due_on, is_overdue=late, things=ids)


def _about(each: OutcomeReport) -> str:
    return f"{each.business.name}: {each.time.lower()}, {each.application.reference}"


def numbers(actor: Actor) -> tuple[Number, ...]:
    """How many reports are late, asked for and to be confirmed, for those who read all of them."""
    if not actor.has(*COUNTERS):
        return ()
    found = queries.counts(actor, shows=NUMBERS)
    return tuple(
        Number(words, found[show], url_for("outcome_reports.reports", show=show))
        for show, words in NUMBERS.items()
        if found[show]
    )


def plans() -> list[Planned]:
    """What is to be paid to awarded businesses, and by when, about their decisions."""
    return [
        Planned(owner, "decision", about, day, amount, claimed_on)
        for owner, about, day, amount, claimed_on in instalments()
    ]


def links(kind: str, thing_id: UUID) -> list[tuple[str, str]]:
    """From an application with an award to asking what became of it."""
    found = known_application(thing_id) if kind == "application" else None
    if found is None or not POLICY.allows(current_actor(), Act.PLAN, found) or why_not_planned(found):
        return []
    return [("Ask for outcomes", url_for("outcome_reports.start", application_id=thing_id))]
