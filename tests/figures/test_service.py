"""Dated figures: proposed by one person, decided on by another, looked up for a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm.audit.queries import entries_about
from crm.figures import queries, service
from crm.figures.forms import ProposalForm
from crm.figures.models import DatedFigure
from crm.figures.queries import NoFigure, figure_on
from crm.figures.rules import CATALOGUE, Unit, read_value, shown, value_of
from crm.figures.rules.targets import TARGETS
from crm.figures.service import Proposal
from crm.figures.workflow import FigureStatus
from crm.kernel.clock import now, today
from crm.kernel.errors import BadInput, Conflict, Invalid, NotAllowed, NotFound
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor
from crm.kernel.roles import STAFF, Role
from tests.accounts.people import actor

NAME = "subsidy.limit"
PROPOSAL = Proposal(NAME, "£400,000", date(2027, 4, 1), None, "an Act of 2027")


@pytest.fixture
def one(db: Session) -> Actor:
    return actor(Role.ADMINISTRATOR)


@pytest.fixture
def two(db: Session) -> Actor:
    return actor(Role.ADMINISTRATOR)


def decided(value: str, first: date, last: date | None, *, one: Actor, two: Actor) -> DatedFigure:
    figure = service.propose(replace(PROPOSAL, value=value, valid_from=first, valid_to=last), by=one)
    service.approve(figure, by=two)
    return figure


# ---------------------------------------------------------------- proposing and deciding


def test_a_proposal_does_not_count_before_it_is_approved(db: Session, one: Actor, two: Actor) -> None:
    figure = service.propose(PROPOSAL, by=one)
    with pytest.raises(NoFigure):
        figure_on(NAME, on=date(2027, 4, 1))
    service.approve(figure, by=two)
    assert figure_on(NAME, on=date(2027, 4, 1)) == Money.pounds(400_000)
    assert (figure.status, figure.decided_by_id, figure.decided_at) == (
        FigureStatus.APPROVED,
        two.account_id,
        now(),
    )


def test_every_step_is_in_the_trail_with_its_values(db: Session, one: Actor, two: Actor) -> None:
    figure = service.propose(PROPOSAL, by=one)
    service.refuse(figure, "the Act was not passed", by=two)
    refused, proposed = entries_about(figure)
    assert proposed.values is not None
    assert refused.values is not None
    assert proposed.values.changes["value"] == [None, "40000000"]
    assert refused.values.changes == {
        "status": ["proposed", "refused"],
        "reason": [None, "the Act was not passed"],
    }
    assert (proposed.actor_id, refused.actor_id) == (one.account_id, two.account_id)


def test_nobody_approves_or_refuses_their_own_proposal(db: Session, one: Actor) -> None:
    figure = service.propose(PROPOSAL, by=one)
    with pytest.raises(NotAllowed):
        service.approve(figure, by=one)
    with pytest.raises(NotAllowed):
        service.refuse(figure, "no", by=one)
    assert figure.status is FigureStatus.PROPOSED


def test_the_database_too_refuses_whoever_approves_their_own(db: Session, one: Actor) -> None:
    figure = service.propose(PROPOSAL, by=one)
    for decider in (one.account_id, None):
        with pytest.raises(IntegrityError), db.begin_nested():
            db.execute(
                update(DatedFigure)
                .where(DatedFigure.id == figure.id)
                .values(_status=FigureStatus.APPROVED, decided_by_id=decider, decided_at=now())
            )


def test_not_even_the_system_approves_what_a_person_proposed(db: Session, one: Actor) -> None:
    figure = service.propose(PROPOSAL, by=one)
    with pytest.raises(IntegrityError), db.begin_nested():
        service.approve(figure, by=SYSTEM)  # and the savepoint, in ending, sends it to the database


def test_only_the_proposer_takes_a_proposal_back(db: Session, one: Actor, two: Actor) -> None:
    figure = service.propose(PROPOSAL, by=one)
    with pytest.raises(NotAllowed):
        service.withdraw(figure, by=two)
    service.withdraw(figure, by=one)
    assert figure.status is FigureStatus.WITHDRAWN


@pytest.mark.parametrize("first", ["approve", "refuse", "withdraw"])
def test_what_is_decided_is_decided(db: Session, one: Actor, two: Actor, first: str) -> None:
    figure = service.propose(PROPOSAL, by=one)
    decide = {
        "approve": lambda: service.approve(figure, by=two),
        "refuse": lambda: service.refuse(figure, "no", by=two),
        "withdraw": lambda: service.withdraw(figure, by=one),
    }
    decide[first]()
    for again in decide.values():
        with pytest.raises(Conflict):
            again()


@pytest.mark.parametrize("role", sorted(STAFF - {Role.ADMINISTRATOR}))
def test_only_administrators_propose(db: Session, role: Role) -> None:
    with pytest.raises(NotAllowed):
        service.propose(PROPOSAL, by=actor(role))


def test_an_approver_approves(db: Session, one: Actor) -> None:
    figure = service.propose(PROPOSAL, by=one)
    service.approve(figure, by=actor(Role.APPROVER))
    assert figure.status is FigureStatus.APPROVED


def test_a_figure_that_the_product_does_not_know_is_refused(db: Session, one: Actor) -> None:
    with pytest.raises(NotFound):
        service.propose(replace(PROPOSAL, name="no.such"), by=one)


def test_a_last_day_before_the_first_is_refused_at_its_field(db: Session, one: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        service.propose(replace(PROPOSAL, valid_to=date(2027, 3, 31)), by=one)
    assert refused.value.field == "valid_to"


def test_a_figure_for_a_single_day_is_fine(db: Session, one: Actor, two: Actor) -> None:
    day = date(2027, 4, 1)
    decided("1", day, day, one=one, two=two)
    assert figure_on(NAME, on=day) == Money.pounds(1)
    for other in (day - timedelta(days=1), day + timedelta(days=1)):
        with pytest.raises(NoFigure):
            figure_on(NAME, on=other)


# ---------------------------------------------------------------- looking up


def test_the_first_and_the_last_day_both_count(db: Session, one: Actor, two: Actor) -> None:
    decided("100", date(2027, 1, 1), date(2027, 12, 31), one=one, two=two)
    for day in (date(2027, 1, 1), date(2027, 12, 31)):
        assert figure_on(NAME, on=day) == Money.pounds(100)
    for day in (date(2026, 12, 31), date(2028, 1, 1)):
        with pytest.raises(NoFigure):
            figure_on(NAME, on=day)


def test_of_two_that_hold_the_one_that_began_later_counts(db: Session, one: Actor, two: Actor) -> None:
    decided("200", date(2027, 6, 1), None, one=one, two=two)
    decided("100", date(2027, 1, 1), None, one=one, two=two)
    assert figure_on(NAME, on=date(2027, 5, 31)) == Money.pounds(100)
    assert figure_on(NAME, on=date(2027, 6, 1)) == Money.pounds(200)


def test_when_the_later_one_ends_the_earlier_holds_again(db: Session, one: Actor, two: Actor) -> None:
    decided("100", date(2027, 1, 1), None, one=one, two=two)
    decided("200", date(2027, 6, 1), date(2027, 6, 30), one=one, two=two)
    assert figure_on(NAME, on=date(2027, 7, 1)) == Money.pounds(100)


def test_of_two_from_the_same_day_the_later_decision_counts(
    db: Session, one: Actor, two: Actor, clock: Any
) -> None:
    first = service.propose(replace(PROPOSAL, value="100"), by=one)
    second = service.propose(replace(PROPOSAL, value="200"), by=one)
    service.approve(second, by=two)
    clock.shift(timedelta(seconds=1))
    service.approve(first, by=two)
    assert figure_on(NAME, on=PROPOSAL.valid_from) == Money.pounds(100)
    assert {each.name: row.value for each, row, _ in queries.current_figures(PROPOSAL.valid_from) if row} == {
        NAME: "10000"
    }


def test_neither_refused_nor_withdrawn_ones_count(db: Session, one: Actor, two: Actor) -> None:
    service.refuse(service.propose(PROPOSAL, by=one), "no", by=two)
    service.withdraw(service.propose(PROPOSAL, by=one), by=one)
    with pytest.raises(NoFigure):
        figure_on(NAME, on=PROPOSAL.valid_from)
    assert queries.proposed_figures() == []


def test_the_page_of_today_and_the_lookup_agree_on_every_figure(db: Session) -> None:
    service.load_shipped_figures()
    for day in (today(), date(2026, 4, 5), date(2026, 4, 6)):
        for known, row, waiting in queries.current_figures(day):
            if row is None:  # a target of the reports: none is set by the plan
                assert known.name.startswith("target."), known.name
                continue
            assert value_of(known.unit, row.value) == figure_on(known.name, on=day)
            assert queries.shipped_figure_on(known.name, on=day) == figure_on(known.name, on=day)
            assert waiting == 0


def test_the_waiting_are_counted(db: Session, one: Actor) -> None:
    service.propose(PROPOSAL, by=one)
    service.propose(replace(PROPOSAL, value="410000"), by=one)
    assert {known.name: waiting for known, _, waiting in queries.current_figures(today()) if waiting} == {
        NAME: 2
    }


# ---------------------------------------------------------------- what comes with the product


def test_shipped_figures_are_loaded_once(db: Session) -> None:
    first = service.load_shipped_figures()
    assert first["dated figures"] == len(queries.shipped_figures())
    assert service.load_shipped_figures() == {"dated figures": 0}
    assert db.scalar(select(func.count()).select_from(DatedFigure)) == first["dated figures"]


def test_every_figure_of_the_catalogue_is_shipped_and_has_a_source_but_targets_that_nobody_set() -> None:
    assert {each.name for each in queries.shipped_figures()} == set(CATALOGUE) - set(TARGETS)
    assert all(each.source for each in queries.shipped_figures())


def test_what_people_decided_stays_when_the_shipped_ones_are_loaded_again(
    db: Session, one: Actor, two: Actor
) -> None:
    service.load_shipped_figures()
    decided("999", date(2026, 1, 1), None, one=one, two=two)
    service.load_shipped_figures()
    assert figure_on(NAME, on=today()) == Money.pounds(999)


def test_the_limit_of_a_tax_year_changes_on_its_first_day(db: Session) -> None:
    service.load_shipped_figures()
    assert figure_on("eis.yearly", on=date(2026, 4, 5)) == Money.pounds(5_000_000)
    assert figure_on("eis.yearly", on=date(2026, 4, 6)) == Money.pounds(10_000_000)


# ---------------------------------------------------------------- bad values

BAD = (
    "1,23",
    "-5",
    "1e6",
    "NaN",
    "1" * 20,
    "",
    " ",
    "١٢",
    "1.5.2",
    "twelve",
    "0x10",
    "1,2345",
    ",1",
    "1,",
    "--1",
)


@pytest.mark.parametrize("unit", list(Unit))
@pytest.mark.parametrize("value", BAD)
def test_a_bad_value_is_refused_in_words(unit: Unit, value: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_value(unit, value)
    assert str(refused.value)


@pytest.mark.parametrize("name", ["subsidy.limit", "subsidy.warn", "directory.fresh_months"])
@pytest.mark.parametrize("value", [value for value in BAD if value.strip()])
def test_a_bad_value_is_refused_at_its_field_and_nothing_is_kept(
    db: Session, one: Actor, name: str, value: str
) -> None:
    with pytest.raises(Invalid) as refused:
        service.propose(replace(PROPOSAL, name=name, value=value), by=one)
    assert refused.value.field == "value"
    assert queries.history_of(name) == []


def test_more_than_a_hundred_per_cent_is_refused() -> None:
    assert read_value(Unit.PERCENT, "100") == "100"
    for value in ("101", "101 %", "101%"):
        with pytest.raises(BadInput):
            read_value(Unit.PERCENT, value)


@pytest.mark.parametrize(
    ("unit", "typed", "kept", "said"),
    [
        (Unit.MONEY, "£1.3m", "130000000", "£1,300,000"),
        (Unit.MONEY, " 12.50 ", "1250", "£12.50"),
        (Unit.MONTHS, "12", "12", "12 months"),
        (Unit.COUNT, "48,800", "48800", "48,800"),
        (Unit.PERCENT, "0", "0", "0%"),
        (Unit.DAYS, "007", "7", "7 working days"),
        (Unit.COUNT, "999,999,999", "999999999", "999,999,999"),
    ],
)
def test_a_good_value_is_kept_in_one_way_and_said_in_words(
    unit: Unit, typed: str, kept: str, said: str
) -> None:
    assert (read_value(unit, typed), shown(unit, kept)) == (kept, said)


def test_the_form_asks_for_all_but_the_last_day() -> None:
    form = ProposalForm()
    assert not form.validate()
    assert set(form.errors) == {"value", "valid_from", "source", "confidence"}
