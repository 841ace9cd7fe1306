"""The demonstration's outcomes: reports not due yet, asked for, in draft, late, sent, corrected, confirmed and cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from uuid import UUID

from crm.accounts.queries import acting, standing_in, standing_in_for
from crm.db.session import session
from crm.kernel.clock import has_come, moment_on, today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor
from crm.programme.outcomes.models import OutcomeReport
from crm.programme.outcomes.queries.reports import report, reports_of_application
from crm.programme.outcomes.rules.labels import NAMES
from crm.programme.outcomes.service import asking, giving
from crm.programme.outcomes.service.giving import Given, Said

WHO = "Invented Owner"


def report_all(application_ids: Sequence[UUID], *, by: Actor) -> None:
    """One award in its second year, and one that is late with its first figures and did not know all of its baseline."""
    first, *others = application_ids
    _ask_what_is_due(first)
    _recorded(_at(first, 0), _given(80_000, 3, 275), by=by)
    giving.confirm(_at(first, 0), by=standing_in(acting("admin@demo.example")))
    who = _owner(_at(first, 1))
    giving.give(_at(first, 1), _given(96_000, 4, 350), name=who.name, by=who)
    session().flush()
    why = "Invented: the accounts are in"
    giving.correct(_at(first, 1), _given(94_500, 4, 350), reason=why, by=standing_in(by))
    giving.save_draft(_at(first, 2), Given({"employees": 5}, ("finance_raised",)), by=who)
    for each in others[:1]:
        _ask_what_is_due(each)
        unknown = Given(
            {"employees": 12, "rights_registered": 0}, tuple(set(NAMES) - {"employees", "rights_registered"})
        )
        other = _owner(_at(each, 0))
        giving.give(_at(each, 0), unknown, name=other.name, by=other)


def _ask_what_is_due(application_id: UUID) -> None:
    """What the daily job would have asked for since the award was accepted."""
    for place, each in enumerate(reports_of_application(application_id)):
        if each.asked_at is None and has_come(each.as_at, on=today()):
            asking.ask(_at(application_id, place))
            _at(application_id, place).asked_at = moment_on(each.as_at, time(9))


def _owner(found: OutcomeReport) -> Actor:
    return standing_in_for(found.business.id, otherwise=SYSTEM)


def _given(turnover: int, people: int, jobs: int) -> Given:
    values = {"turnover": Money.pounds(turnover), "employees": people, "fte_hundredths": jobs}
    values |= {"export_sales": Money.pounds(turnover // 10), "rights_registered": people // 4}
    return Given({**values, "finance_raised": Money.pounds(0)})


def _recorded(found: OutcomeReport, given: Given, *, by: Actor) -> None:
    giving.record(found, given, said=Said(WHO, today()), by=by)


def _at(application_id: UUID, place: int) -> OutcomeReport:
    session().flush()
    session().expire_all()
    rows = reports_of_application(application_id)
    found = report(rows[place].id)
    assert found is not None
    return found
