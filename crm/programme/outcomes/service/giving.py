"""What a business reports: saved as a draft, sent, recorded from a call, corrected with the earlier value kept, confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from crm.audit import service as audit
from crm.db.changes import Changes, amend
from crm.db.session import session
from crm.db.states import advance, refuse_if, require_as_shown
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import now, today
from crm.kernel.errors import Invalid, NotFound
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor
from crm.links.rules import DEAD, Purpose
from crm.links.service import opened
from crm.programme.outcomes.models import OutcomeFigures, OutcomeReport
from crm.programme.outcomes.policy import POLICY
from crm.programme.outcomes.queries import reports as queries
from crm.programme.outcomes.rules.labels import BY_NAME, MEASURES, Asked
from crm.programme.outcomes.workflow import REPORTS, Act, ReportStatus, Way

MONEY = tuple(each.name for each in MEASURES if each.unit == "money")
OWN = "Another person must confirm figures that you sent or recorded yourself."


@dataclass(frozen=True)
class Given:
    """Figures as they were typed: a value for each measure, or None, and the measures that are said not to be known."""

    values: Mapping[str, Any]
    not_known: tuple[str, ...] = ()
    version: int | None = None


@dataclass(frozen=True)
class Said:
    """Who said the figures, and on which day if that was on the telephone."""

    by: str
    on: date | None = None


def open_link(token: str, *, by: Actor) -> OutcomeReport:
    """Open a report by the lasting link in its letter; that it was opened is recorded."""
    POLICY.require(by, Act.OPEN_LINK)
    found = queries.report(UUID(opened(token, Purpose.FIGURES)))
    if found is None:
        raise NotFound(DEAD)
    audit.record(Act.OPEN_LINK, found, by=by)
    return found


def save_draft(report: OutcomeReport, given: Given, *, by: Actor) -> None:
    """Save what is filled in so far. It is not sent, and counts nowhere."""
    POLICY.require(by, Act.SAVE_DRAFT, report)
    changes = advance(REPORTS, report, Act.SAVE_DRAFT)
    require_as_shown(report, given.version)
    amend(report, draft=_as_draft(given))
    session().flush()
    audit.record(Act.SAVE_DRAFT, report, changes, by=by)


def _as_draft(given: Given) -> dict[str, Any]:
    kept = {name: each.pence if isinstance(each, Money) else each for name, each in given.values.items()}
    return {
        **{name: each for name, each in kept.items() if each is not None},
        "not_known": list(given.not_known),
    }


def draft_of(report: OutcomeReport) -> dict[str, Any]:
    """What was saved as a draft, as a form shows it."""
    return {
        name: Money(each) if name in MONEY else list(each) if name == "not_known" else each
        for name, each in report.draft.items()
    }


def give(report: OutcomeReport, given: Given, *, name: str = "", by: Actor) -> None:
    """Send the figures: by the business, signed in or by the link in its letter."""
    POLICY.require(by, Act.GIVE, report)
    said = Said(by.name if by.account_id else name)
    changes = _advance(report, Act.GIVE, given, said=said)
    way = Way.SIGNED_IN if by.account_id else Way.LINK
    changes |= _write(report, given, said, way=way, by=by)
    audit.record(Act.GIVE, report, changes, by=by)
    _count_for_all(report)


def record(report: OutcomeReport, given: Given, *, said: Said, by: Actor) -> None:
    """Record the figures that a business said on the telephone, with who said them and when."""
    POLICY.require(by, Act.RECORD, report)
    if said.on is None or not report.as_at <= said.on <= today():
        REPORTS.target(Act.RECORD, report.status)
        first = day_in_words(report.as_at)
        raise Invalid(f"Enter a day from {first}, which the figures are for, to today", field="said_on")
    changes = _advance(report, Act.RECORD, given, said=said)
    changes |= _write(report, given, said, way=Way.CALL, by=by)
    audit.record(Act.RECORD, report, changes, by=by)
    _count_for_all(report)


def _count_for_all(report: OutcomeReport) -> None:
    """The figures of a day are sent once: they count for every award of the business that is asked for them."""
    for each in queries.twins_of(report):
        if each.status is ReportStatus.ASKED:
            count_too(each, report)


def count_too(report: OutcomeReport, sent: OutcomeReport) -> None:
    """Let the figures that a business sent for another award count for this one, as they were sent."""
    figures = sent.figures
    assert figures is not None
    changes = advance(REPORTS, report, Act.GIVE) | _copy(report, figures)
    audit.record(Act.GIVE, report, changes, by=SYSTEM)


def _copy(report: OutcomeReport, figures: OutcomeFigures) -> Changes:
    """The same figures as the next version of another report, by the person who sent them."""
    given, said = Given(figures.values, tuple(figures.not_known)), Said(figures.said_by, figures.said_on)
    first = report.figures is None
    return _write(
        report, given, said, way=figures.way, reason="" if first else figures.reason, by_id=figures.by_id
    )


def correct(report: OutcomeReport, given: Given, *, reason: str, by: Actor) -> None:
    """Correct figures that were sent: the earlier ones stay beside them, and somebody confirms them again."""
    POLICY.require(by, Act.CORRECT, report)
    before = report.figures
    if before is not None and _same(before, given):
        REPORTS.target(Act.CORRECT, report.status)
        raise Invalid("Change at least one figure", field="reason")
    changes = _advance(report, Act.CORRECT, given, said=Said(by.name))
    changes |= amend(report, confirmed_at=None, confirmed_by_id=None)
    twins = _with_same(report)
    changes |= _write(report, given, Said(by.name), way=Way.SIGNED_IN, reason=reason.strip(), by=by)
    audit.record(Act.CORRECT, report, changes | {"reason": (None, reason)}, by=by)
    for each in twins:
        _correct_too(each, report)


def _with_same(report: OutcomeReport) -> list[OutcomeReport]:
    """The reports of other awards that have the very figures of this one."""
    return [
        each
        for each in queries.twins_of(report)
        if each.figures is not None
        and report.figures is not None
        and each.figures.values == report.figures.values
    ]


def _correct_too(report: OutcomeReport, corrected: OutcomeReport) -> None:
    figures = corrected.figures
    assert figures is not None
    changes = advance(REPORTS, report, Act.CORRECT)
    changes |= amend(report, confirmed_at=None, confirmed_by_id=None) | _copy(report, figures)
    audit.record(Act.CORRECT, report, changes | {"reason": (None, figures.reason)}, by=SYSTEM)


def _advance(report: OutcomeReport, act: Act, given: Given, *, said: Said) -> Changes:
    """Move a report on with figures that are whole; where they are not, nothing is changed."""
    REPORTS.target(act, report.status)
    require_as_shown(report, given.version)
    _require_whole(given)
    if not said.by.strip():
        raise Invalid("Enter your name", field="said_by")
    return advance(REPORTS, report, act)


def _same(before: OutcomeFigures, given: Given) -> bool:
    return all(getattr(before, name) == given.values.get(name) for name in BY_NAME)


def why_not_confirmed_by(report: OutcomeReport, account_id: UUID | None) -> str | None:
    """Why somebody cannot confirm the figures: they sent or recorded them."""
    own = report.figures is not None and report.figures.by_id == account_id and account_id is not None
    return OWN if own else None


def confirm(report: OutcomeReport, *, version: int | None = None, by: Actor) -> None:
    """Confirm figures: a second person has read them, as ``version`` of their page showed them, and found nothing to ask."""
    POLICY.require(by, Act.CONFIRM, report)
    require_as_shown(report, version)
    refuse_if(why_not_confirmed_by(report, by.account_id))
    waiting = [each for each in _with_same(report) if each.status is ReportStatus.GIVEN]
    for each in (report, *waiting):
        changes = advance(REPORTS, each, Act.CONFIRM)
        changes |= amend(each, confirmed_at=now(), confirmed_by_id=by.account_id)
        session().flush()
        audit.record(Act.CONFIRM, each, changes, by=by)


def _write(
    report: OutcomeReport,
    given: Given,
    said: Said,
    *,
    way: Way,
    reason: str = "",
    by_id: UUID | None = None,
    by: Actor = SYSTEM,
) -> Changes:
    """The next version of the figures, complete: each measure has a value or is said not to be known."""
    before = report.figures
    made = _version(given, said, way=way, reason=reason)
    made.report_id, made.by_id = report.id, by_id or by.account_id
    made.number = 1 + (before.number if before is not None else 0)
    session().add(made)
    amend(report, draft={})
    session().flush()
    session().refresh(report, ["versions"])
    old = before.values if before is not None else dict.fromkeys(BY_NAME)
    return {name: (old[name], new) for name, new in made.values.items() if old[name] != new}


def _version(given: Given, said: Said, *, way: Way, reason: str) -> OutcomeFigures:
    figures = {name: given.values.get(name) for name in BY_NAME}
    return OutcomeFigures(
        **figures,
        not_known=given.not_known,
        way=way,
        said_by=said.by.strip(),
        said_on=said.on,
        reason=reason,
        given_at=now(),
    )


def _require_whole(given: Given) -> None:
    """Refuse figures that are not whole. A form shows all of `faults_of` beforehand, each at its field."""
    for name, words in faults_of(given):
        raise Invalid(words, field=name)


def faults_of(given: Given) -> list[tuple[str, str]]:
    """What keeps figures from being sent: each measure with what is wrong, in the order of the form."""
    found = [(each.name, _lack(each, given)) for each in MEASURES]
    return [(name, words) for name, words in found if words] + _beyond(given.values)


def _lack(asked: Asked, given: Given) -> str:
    has_value, unknown = given.values.get(asked.name) is not None, asked.name in given.not_known
    if has_value and unknown:
        return f"Enter {asked.inside}, or tick “not known yet”, not both"
    return "" if has_value or unknown else f"Enter {asked.inside}, or tick “not known yet”. Enter 0 for none"


def _beyond(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Figures that are a part of another and more than it."""
    found, turnover, exported = [], values.get("turnover"), values.get("export_sales")
    if turnover is not None and exported is not None and exported > turnover:
        found.append(("export_sales", "Export sales cannot be more than turnover"))
    people, jobs = values.get("employees"), values.get("fte_hundredths")
    if people is not None and jobs is not None and jobs > people * 100:
        found.append(("fte_hundredths", "Full-time equivalents cannot be more than the people employed"))
    return found
