"""The summaries of the scoreboard: equal to counting afresh, renewed where something changed, the same when counted twice."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.visitors import iterate

from crm.businesses.models import Business, YearlyFigures
from crm.businesses.queries.seeing import business
from crm.db.counting import DATA, Measure
from crm.kernel.clock import today
from crm.reports.scoreboard import service
from crm.reports.scoreboard.models import ReportCell, ReportCount
from crm.reports.scoreboard.queries import counting, summaries
from crm.reports.scoreboard.rules.periods import before, offered, quarter_of, year_of
from crm.reports.scoreboard.rules.showing import NONE, Tally, Wanted
from tests import factories
from tests.casework.test_counting import complete
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast

NARROWED = (
    Wanted(),
    Wanted(area="BCLEP", sector=NONE),
    Wanted(authority=NONE, size=NONE),
    Wanted(hub=NONE),
    Wanted(authority="Sandwell", sector="crafts", size="small"),
)


@pytest.fixture
def measures(app: Flask) -> list[Measure]:
    return [each for room in app.extensions["features"] for each in room.measures if each.line != DATA]


@pytest.fixture
def talks(cast: Cast) -> list[Business]:
    """Conversations, hours and asks of three businesses that differ in place, sub-sector and size; one has none of these."""
    found = [each for each in (business(BUSINESS), business(OTHER_BUSINESS)) if each is not None]
    bare = factories.business(hub_id=None, authority=None, leps=(), dcms_groups=())
    for owner, place, group in zip(found, ("Sandwell", "Dudley"), ("crafts", "film_tv"), strict=True):
        owner.authority, owner.dcms_groups = place, (group, "crafts")
    factories.kept(
        YearlyFigures(
            business_id=found[0].id, year_end=today().replace(month=3, day=31), employees=12, source="made"
        )
    )
    last_quarter = before(quarter_of(today())).last
    for owner in (*found, bare):
        complete(owner, 4)
        complete(owner, 8, happened_on=last_quarter)
        factories.hours(owner, quarters=3)
        factories.ask(owner)
    factories.enquiry()
    return [*found, bare]


def kept_equal_afresh(measures: list[Measure]) -> None:
    """Every number that was kept is what counting afresh gives, however it is narrowed."""
    some = (quarter_of(today()), before(quarter_of(today())), year_of(today()))
    pairs = [(each, period) for each in measures for period in some]
    for wanted in NARROWED:
        afresh = counting.tallies(pairs, wanted)
        found = summaries.read(pairs, wanted)
        cells = {(each.key, *period.days): sum_of(each, period.days, wanted) for each, period in pairs}
        assert {key: bare(each) for key, each in found.items()} == afresh
        assert cells == afresh


def sum_of(measure: Measure, days: tuple[object, object], wanted: Wanted) -> Tally:
    parts = summaries.cells_of(measure.key, days)  # type: ignore[arg-type]
    return sum((each for part, each in parts.items() if summaries.fits(part, wanted)), Tally())


def bare(tally: Tally) -> Tally:
    return Tally(tally.count, tally.amount, tally.behind)


def test_what_was_kept_equals_counting_afresh_and_a_second_run_changes_nothing(
    measures: list[Measure], talks: list[Business], db: Session
) -> None:
    assert service.keep(service.count_changed(measures)) > 0
    kept_equal_afresh(measures)

    assert service.count_changed(measures) == []
    assert service.keep(service.count_changed(measures, all_again=True)) == 0
    assert db.scalar(select(func.count()).select_from(ReportCount)) == len(measures) * len(offered(today()))


def test_only_what_changed_is_counted_again(
    measures: list[Measure], talks: list[Business], cast: Cast, db: Session
) -> None:
    service.keep(service.count_changed(measures))
    factories.entry(complete(talks[0], 4))
    again = service.count_changed(measures)

    assert {each.pair[0].table for each in again} == {"conversation"}
    service.keep(again)
    kept_equal_afresh(measures)


ONLY_SAYS_WHO_OR_WHAT = frozenset(
    {
        *("account", "audit_entry", "audit_value", "service", "market", "application"),
        *("bank_answer", "bank_answer_line", "payment_run_line", "payment_settlement"),
    }
)
"""Tables that a measure reads for a name or for who said so, or whose row never changes what is counted."""


def tables_in(query: Any) -> set[str]:
    """Every table that a query reads, in its subqueries too."""
    found = [each if isinstance(each, Table) else getattr(each, "table", None) for each in iterate(query)]
    return {each.name for each in found if isinstance(each, Table)}


def test_k8_whatever_a_measure_reads_makes_it_count_again(measures: list[Measure], db: Session) -> None:
    known = {*summaries.ABOUT_BUSINESSES, *ONLY_SAYS_WHO_OR_WHAT}
    missed = {each.key: tables_in(each.rows()) - {each.table, *each.tables} - known for each in measures}
    assert {key: tables for key, tables in missed.items() if tables} == {}


def test_a_business_that_moves_takes_its_numbers_with_it(
    measures: list[Measure], talks: list[Business], db: Session
) -> None:
    service.keep(service.count_changed(measures))
    talks[0].authority, talks[0].dcms_groups = "Dudley", ()
    factories.entry(talks[0])
    db.flush()
    service.keep(service.count_changed(measures))

    kept_equal_afresh(measures)
    assert (
        db.scalar(select(func.count()).select_from(ReportCell).where(ReportCell.authority == "Sandwell")) == 0
    )


def test_a_change_shows_at_once_where_few_rows_are_counted(
    measures: list[Measure], talks: list[Business], db: Session
) -> None:
    service.keep(service.count_changed(measures))
    factories.entry(complete(talks[0], 4))
    pair = next((each, quarter_of(today())) for each in measures if each.key == "conversations")

    assert summaries.read([pair], Wanted())[("conversations", *pair[1].days)].count == 4


def test_a_large_number_says_when_it_was_counted_until_it_is_renewed(
    measures: list[Measure], talks: list[Business], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summaries, "FEW", 1)
    service.keep(service.count_changed(measures))
    factories.entry(complete(talks[0], 4))
    pair = next((each, quarter_of(today())) for each in measures if each.key == "conversations")
    found = summaries.read([pair], Wanted())[("conversations", *pair[1].days)]

    assert (found.count, found.counted_at is not None) == (3, True)
    service.keep(service.count_changed(measures))
    assert summaries.read([pair], Wanted())[("conversations", *pair[1].days)] == Tally(4, 4, 3)
