"""The demonstration: everybody in it is invented, it shows every state there is, and loading it twice adds nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Enum, func, select, text

from crm.accounts.models import RoleGrant
from crm.accounts.rules import DEMO_PEOPLE
from crm.app import FEATURES
from crm.audit import service as trail
from crm.audit.models import AuditEntry
from crm.db.base import Base
from crm.db.session import session
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import GRANTABLE, Standing
from crm.kernel.workflow import Machine
from crm.programme.cohort.models import Cohort, Decision
from crm.web.parts import standings_of
from tests.giving_out import TOGETHER
from tests.houses import Houses, database, run
from tests.rules.house import modules

MACHINES = [machine for room in FEATURES for machine in room.machines]


def counts(app: Flask) -> dict[str, int]:
    with database(app).reading() as opened:
        return {
            table.name: opened.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def test_loading_the_demo_twice_adds_nothing(demo: Flask) -> None:
    before = counts(demo)

    assert run(demo, "demo", "load") == ""
    assert counts(demo) == before
    assert before["account"] >= len(DEMO_PEOPLE)


def column_of(machine: Machine[Any]) -> Any:
    """The column that says in which of its states a thing is."""
    return next(
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Enum) and column.type.enum_class is machine.states
    )


def test_every_state_is_there_to_be_seen(demo: Flask) -> None:
    with database(demo).reading() as opened:
        unseen = {
            (machine.name, state.value)
            for machine in MACHINES
            for state in set(machine.states) - set(opened.scalars(select(column_of(machine)).distinct()))
        }

    assert unseen == set()


def test_the_trail_of_the_demo_is_whole(demo: Flask) -> None:
    with database(demo).reading():
        assert trail.faults() == []
        assert session().scalar(text("SELECT count(*) FROM audit_entry"))


def test_every_role_is_there_to_sign_in_as() -> None:
    assert {person.role for person in DEMO_PEOPLE} == set(GRANTABLE)


def test_everybody_in_the_demo_is_invented() -> None:
    assert all(person.email.endswith("@demo.example") for person in DEMO_PEOPLE)
    assert all("Demo-" in person.name for person in DEMO_PEOPLE)


def test_the_demo_is_refused_where_people_are_real(houses: Houses) -> None:
    with pytest.raises(RuntimeError, match="only where CRM_ENV is demo"):
        run(houses.on("sqlite"), "demo", "load")


def test_the_demo_shows_a_colleague_who_was_removed_a_role_that_was_ended_and_a_step_that_is_late(
    demo: Flask,
) -> None:
    with database(demo).reading() as opened:
        over = "SELECT count(*) FROM role_grant WHERE ended_at IS NOT NULL AND scope "
        late = "SELECT count(*) FROM next_step WHERE done_at IS NULL AND due_on < :today"

        assert opened.scalar(text(f"{over} = 'business'"))
        assert opened.scalar(text(f"{over} = 'everywhere'"))
        assert opened.scalar(text(late), {"today": today()})


def test_only_owners_agreed_to_pitch_or_turned_it_down(demo: Flask) -> None:
    acts = ("agree_to_pitch_at_night", "decline_to_pitch_at_night")
    who = select(AuditEntry.actor_id).where(AuditEntry.act.in_(acts), AuditEntry.actor_id.is_not(None))
    owners = select(RoleGrant.account_id).where(RoleGrant.standing == Standing.OWNER)
    with database(demo).reading() as opened:
        assert opened.scalars(who).all()
        assert opened.scalars(who.where(AuditEntry.actor_id.not_in(owners))).all() == []


def test_whoever_asks_for_the_demonstration_is_given_out_together() -> None:
    """To load it takes longer than most files of tests: another worker would load it once more."""
    asking = {
        module.name
        for module in modules("tests/rules")
        for function in module.functions()
        if function.name.startswith("test_") and "demo" in {each.arg for each in function.args.args}
    }

    assert asking == {file for file, stage in TOGETHER.items() if stage == "the demonstration"}


def test_there_is_a_cohort_in_every_state(demo: Flask) -> None:
    """K15: the list of cohorts says how far each is, from the first draft to finished."""
    with demo.test_request_context(), database(demo).reading() as opened:
        found = standings_of("cohort", opened.scalars(select(Cohort.id)).all(), actor=SYSTEM)
        awarded = dict(
            opened.execute(select(Decision.cohort_id, func.count()).group_by(Decision.cohort_id)).all()
        )
    said = {re.sub(r"^\d+ ", "", each.words) for each in found.values()}

    choosing = {"The round is not open yet", "Ready to choose: no draft yet", "A draft waits for an approver"}
    choosing |= {"The round takes applications", "Applications are being assessed"}
    assert {*choosing, "decisions are not sent yet", "Finished"} <= said
    assert {each for each in said if each.startswith(("offer", "grant"))}, (
        "every decision sent, with awards under way"
    )
    assert set(awarded) <= set(found)


_NOT_CLEARED = {"loan", "revenue_share", "production", "other"}
NEVER_SEEN: dict[str, set[str]] = {
    # What somebody would have to take advice on first cannot be published, so that nobody issues it or agrees on its terms.
    "investment.instrument": _NOT_CLEARED,
    "investment_report.instrument": _NOT_CLEARED,
    "syndicate_terms.instrument": _NOT_CLEARED,
    # The network was there: what finance did not exist is said of other asks.
    "pitch.declined_for": {"nothing_exists"},
    # Stripe's own words for what our settings never do: trials, pauses, invoices that are written off by hand.
    "card_subscription.standing": {"incomplete", "incomplete_expired", "trialing", "unpaid", "paused"},
    "card_payment.invoiced": {"draft", "uncollectible"},
}
"""Values of the angel network and its memberships that no person of the demonstration can bring about."""


def test_every_value_of_the_network_and_its_memberships_is_there_to_be_seen(demo: Flask) -> None:
    rooms = ("crm.angels.", "crm.billing.")
    tables = {each.local_table for each in Base.registry.mappers if each.class_.__module__.startswith(rooms)}
    columns = [(table, each) for table in tables for each in table.columns if isinstance(each.type, Enum)]
    assert len(columns) > 40
    with database(demo).reading() as opened:
        unseen = {
            f"{table.name}.{column.name}": missing
            for table, column in columns
            if (
                missing := {
                    str(each)
                    for each in set(column.type.enum_class) - set(opened.scalars(select(column).distinct()))
                }
            )
        }
    assert unseen == NEVER_SEEN
