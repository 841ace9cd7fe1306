"""Every act is tried by its verb in every state that its machine knows, on the things of the demonstration.

It moves the thing exactly where the table says; anywhere else it is refused as a conflict, and nothing has changed.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, cast, get_type_hints

import pytest
import sqlalchemy
from flask import Flask
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from crm.accounts.models import Account, Hub
from crm.angels.pitches.service.pitching import Outcome
from crm.angels.pitches.workflow import ClosedAs
from crm.audit.models import AuditEntry
from crm.documents.service import Stored
from crm.evidence.workflow import UnmetReason
from crm.funding.payments.rules.accounts import BankAccount
from crm.kernel.errors import Conflict, Refusal
from crm.kernel.money import Money
from crm.kernel.permissions import Actor
from crm.programme.awards.service.sending import Paper
from tests.awards import an_offer
from tests.houses import database
from tests.rules.verbs import Moving, arguments, movings

pytestmark = pytest.mark.engine("sqlite")
MOST_TRIED = 12
# Acts that no verb does to one thing alone, each with where it happens and is tried.
WITHIN_ANOTHER = {
    **dict.fromkeys(
        ("letter.take", "letter.mark_sent", "letter.postpone", "letter.lose_sight", "letter.give_up"),
        "the worker that drains the outbox",
    ),
    "account.accept": "the first sign-in, which asks for it each time",
    "hours.confirm_hours": "the answer about all hours of a business at once",
    "hours.dispute_hours": "the answer about all hours of a business at once",
    "place.take_up": "the verbs that find a place free",
    "place.miss": "holding the workshop",
    "referral.lapse": "the daily work",
    "referral.release": "the daily work, once the days to object are over",
    "plan.supersede_plan": "sending a newer plan",
    "question of eligibility.clear": "the answer about the application that it belongs to",
    "question of eligibility.deny": "the answer about the application that it belongs to",
    "assessment.allocate": "allocating an application, which also makes them",
    **dict.fromkeys(
        (f"cohort proposal.{each}_proposal" for each in ("work_on", "return", "answer", "fail")),
        "the worker that works out proposals",
    ),
    "draft cohort.go_stale": "confirming another draft",
    "set of bank details.replace": "confirming newer ones",
    "payment.join": "making a run",
    "payment.leave": "discarding its run",
    "payment.send": "releasing its run",
    "place in a delegation.offer": "offering the places of a delegation",
    "place in a delegation.not_select": "offering the places of a delegation",
    "place in a delegation.apply": "applying again for the delegation, once it was withdrawn",
    "place in a delegation.lapse": "the daily work, which asks it of every one",
    "place in a delegation.wait": "offering the places of a delegation",
    **dict.fromkeys(
        ("place in a delegation.attend", "place in a delegation.miss"), "recording who went on a delegation"
    ),
    "part in a test-bed project.invite": "inviting the business of a cancelled invitation again",
    "consent to be named.ask_naming": "asking those whom a changed text names",
    "outcome report.cancel": "the end or withdrawal of the award",
    **dict.fromkeys(("payment.pay", "payment.fail"), "recording the bank's answer"),
    **dict.fromkeys(("award.end", "award.complete"), "confirming a proposal to close the award"),
    "award.withdraw": "withdrawing the award on the page of its decision",
    "claim on an award.return_unpaid": "confirming a proposal to return it",
    "introduction.hold": "agreeing to a request of somebody who may not be shown the pitch any more",
    "introduction.release": "the hourly work, which asks it of every one",
    "introduction.expire": "the daily work, which asks it of every one",
    "place at a pitch night.unseat": "undoing the check-in of an investor who had no place",
    "place at a pitch night.take_up": "what frees a place at the night",
    "place at a pitch night.miss": "closing the night, for whoever did not come",
    "company update.miss": "asking for the next quarter",
    "due-diligence question.end": "the end of the pitch, or the investor's leaving",
    **dict.fromkeys(("syndicate.open", "version of terms.replace_terms"), "agreeing a version of terms"),
    **dict.fromkeys(("syndicate.vacate", "offer to lead.replace_lead"), "a lead who changes"),
    "place in a syndicate.unsettle": "terms or a lead that change",
    **dict.fromkeys(
        ("syndicate.end", "offer to lead.end_lead", "place in a syndicate.end_member"),
        "the end of the raise, the investor's leaving, or the end of their pledge",
    ),
    "pledge.place": "pledging, where there is room",
    "pledge.offer": "what frees a place in a raise, and the daily work",
    "pledge.let_lapse": "the daily work, which asks it of every one",
    "pledge.ask_again": "publishing a pitch whose terms have changed",
    "pledge.complete": "the investment that completes it",
    "pledge.restore": "the reversal of the investment that completed it",
    "invitation.join_business": "the answer of whoever was invited",
    "invitation.decline_to_join": "the answer of whoever was invited",
}
# Moves that the things of the demonstration cannot show, each with what holds them back.
HELD_BACK = {
    "draft cohort.propose open": "another draft of the demonstration's cohort is proposed",
    "decision.release_reserve notified": "of a place that was told another person proposes it first",
    **dict.fromkeys(
        [f"place in a delegation.offer_again {state}" for state in ("declined", "lapsed", "given_up")],
        "no place is free in the delegations of the demonstration that have such businesses",
    ),
    "place in a syndicate.confirm unconfirmed": "its investor needs a pledge, or an introduction, first",
    "decision.withdraw_award notified": "of an award that was told another person proposes it first",
    "referral.send draft": "drafts of the demonstration are to providers, whose business is told first",
    "query.answer open": "its section wants an answer to each question",
    "invitation.withdraw_invitation open": "its verb reads the business, which only the page of colleagues loads with it",
    "appointment.hold_appointment planned": "it needs somebody of that very business who took part",
    "workshop.hold_workshop open": "none of them has begun",
    "place.attend taken": "whoever came is said first on the page of the workshop",
    "application.submit draft": "none of them is filled in to the end",
    "assessment.hand_in accepted": "none of them has every score",
    "angel.accept applied": "somebody must have checked who they are",
    "angel.leave accepted": "only they themselves leave",
    "angel.leave suspended": "only they themselves leave",
    "award.offer prepared": "its company was not checked, which comes before its offer is sent",
    "set of bank details.confirm entered": "the number that was called must be one that was known before",
    "award.lapse offered": "the last day of no offer of the demonstration is past",
    "change to an award.support_change asked": "the change of the demonstration that is asked for moves no money",
    "claim on an award.approve submitted": "the milestones of these are not confirmed as met",
    "visit to a market.attend going": "none of the markets has begun",
    "outcome report.give asked": "its figures must be whole",
    "outcome report.record asked": "its figures must be whole",
    "outcome report.correct given": "its figures must be whole",
    "outcome report.correct confirmed": "its figures must be whole",
    **dict.fromkeys(
        ("pitch night.invite planned", "pitch night.invite invited"), "who is invited is chosen by name"
    ),
    **dict.fromkeys(
        [f"place at a pitch night.come {state}" for state in ("invited", "maybe", "declined")],
        "the nights of the demonstration are full, so that who says yes waits",
    ),
    **dict.fromkeys(
        [f"place at a pitch night.check_in {state}" for state in ("invited", "maybe", "waiting", "declined")],
        "check-in opens on the day of the night",
    ),
    **dict.fromkeys(
        ("pitch.close draft", "pitch.close screening"),
        "only one that was shown before closes, and none of these of the demonstration was",
    ),
    "pledge.withdraw committed": "the investment of each of the demonstration is reported",
    "pitch night.close invited": "none of the nights that were invited to is over",
    "pitch.submit draft": "each is for a loan or something else that cannot be shown to investors",
    **dict.fromkeys(
        ("pitch.withdraw paused", "pitch.close paused"),
        "the one of the demonstration has investments, with which the result of its raise must agree",
    ),
    "pitch.publish screening": "two people without an interest must have said that it can be shown",
}
# Where the state refuses an act and the verb says something else first, each with what it says.
SAYS_OTHERWISE = {
    "conversation.complete discarded": "what is lacking before it could be complete",
}
# What a verb must be given beyond what its types ask for.
GIVEN: dict[str, dict[str, Any]] = {
    "decision.withdraw_award": {"reason": "The business has closed"},
    "pitch.refuse": {"why": UnmetReason.TOO_EARLY},
    "investment.differ": {"figures": None, "words": "There was none"},
    "award.change": {"details": an_offer(Money.pounds(39_000))},
    "payment run.release": {"payer": BankAccount("Made Payer", "200000", "55779911")},
    "pitch.close": {"outcome": Outcome(ClosedAs.UNFUNDED, why=UnmetReason.TOO_EARLY)},
    "award.send_again": {"until": date(2027, 1, 29)},
    "award.offer": {"paper": Paper(cast(Stored, None))},
}


@pytest.fixture
def connection(demo: Flask) -> Iterator[Connection]:
    """One connection to the demonstration, in which every attempt is undone."""
    opened = database(demo)
    with opened.engine.connect() as connection, demo.app_context(), opened.within(connection):
        yield connection
        connection.rollback()


@contextmanager
def attempt(demo: Flask, connection: Connection) -> Iterator[Session]:
    """A session of its own, of which nothing stays."""
    point, opened = connection.begin_nested(), database(demo)
    try:
        with opened.using(opened.open()) as session:
            yield session
    finally:
        point.rollback()


@cache
def loader_of(demo: Flask, model: type[Any]) -> Callable[[Any], Any] | None:
    """How the pages of such a thing load it: the first of the house's doors that names nothing else."""
    for view in demo.view_functions.values():
        load = getattr(getattr(view, "door", None), "load", None)
        if load is not None and get_type_hints(load).get("return") == model | None:
            names = list(inspect.signature(load).parameters)
            if len(names) == 1:
                return lambda thing_id: load(**{names[0]: thing_id})
    return None


def loaded(demo: Flask, db: Session, model: type[Any], thing_id: Any) -> Any:
    load = loader_of(demo, model)
    return (load(thing_id) if load else None) or db.get(model, thing_id)


def given(db: Session, by: str) -> dict[str, Any]:
    """What verbs ask for by name. It is the system that acts, in somebody's name: it may do all that a verb offers."""
    account, another = (
        db.scalars(select(Account).where(Account.email == f"{each}@demo.example")).one()
        for each in (by, "adviser.three")
    )
    return {
        "by": Actor(account_id=account.id, name=account.name, is_system=True),
        "account_id": another.id,
        "hub_id": db.scalars(select(Hub.id).order_by(Hub.name.desc()).limit(1)).one(),
        "address": "made@made.example",
        "declared_by": account.name,
    }


def lines(db: Session) -> int:
    return db.scalar(select(func.count()).select_from(AuditEntry)) or 0


def result_of(demo: Flask, connection: Connection, moving: Moving, thing_id: Any, by: str) -> Any:
    """The state after the verb, or what it raised; a refusal that left something behind is told in words."""
    assert moving.verb is not None
    with attempt(demo, connection) as db:
        thing, before = loaded(demo, db, moving.model, thing_id), lines(db)
        state = thing.status
        try:
            values = given(db, by) | GIVEN.get(moving.name, {})
            moving.verb(thing, **arguments(moving.verb, values))
            db.flush()
        except Refusal as refused:
            with db.no_autoflush:
                is_clean = thing.status is state and lines(db) == before
            return refused if is_clean else "it was refused and something changed"
        except SQLAlchemyError as error:
            return error
        return "nothing" if lines(db) == before and thing.status is state else thing.status


def things_in(connection: Connection, moving: Moving, state: StrEnum) -> list[Any]:
    status = sqlalchemy.inspect(moving.model).attrs["_status"].class_attribute
    return list(connection.scalars(select(moving.model.id).where(status == state).limit(MOST_TRIED)))


def results(demo: Flask, connection: Connection, moving: Moving, state: StrEnum) -> Iterator[Any]:
    """What came of trying an act on things in a state: until it moves one, or on two where it must not."""
    move = moving.machine.find(moving.act, state)
    things = things_in(connection, moving, state)
    for each in things if move else things[:2]:
        for by in ("admin", "second.admin") if move else ("admin",):
            came = result_of(demo, connection, moving, each, by)
            yield came
            if move and came is move.target:
                return


def test_an_act_moves_a_thing_just_where_its_table_says(
    demo: Flask, connection: Connection, subtests: pytest.Subtests
) -> None:
    for moving in movings(demo):
        if moving.name in WITHIN_ANOTHER:
            continue
        for state in moving.machine.states:
            key, move = f"{moving.name} {state.value}", moving.machine.find(moving.act, state)
            came = list(results(demo, connection, moving, state))
            with subtests.test(key):
                if move is None:
                    refusal = Refusal if key in SAYS_OTHERWISE else Conflict
                    assert all(isinstance(each, refusal) for each in came), came
                elif came:
                    assert (move.target in came) != (key in HELD_BACK), came


def test_every_act_has_a_verb_that_takes_its_thing_or_happens_within_another(demo: Flask) -> None:
    without = {moving.name for moving in movings(demo) if moving.verb is None}

    assert without - set(WITHIN_ANOTHER) == set()
    assert set(WITHIN_ANOTHER) - {moving.name for moving in movings(demo)} == set()


def test_the_lists_of_exceptions_name_only_what_there_is(demo: Flask) -> None:
    pairs = {f"{moving.name} {state.value}" for moving in movings(demo) for state in moving.machine.states}

    assert {*HELD_BACK, *SAYS_OTHERWISE} - pairs == set()
