"""Two finance officers at the same payments, on connections of their own: nothing is paid or counted twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import select

from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.figures.workflow import FigureStatus
from crm.funding.envelopes.queries.ledger import balances_of
from crm.funding.envelopes.rules import LedgerAccount, Line, Subject
from crm.funding.envelopes.service import posting
from crm.funding.payments.models import RunLine
from crm.funding.payments.queries import answers as answer_queries
from crm.funding.payments.queries import details as details_queries
from crm.funding.payments.queries import payments as queries
from crm.funding.payments.rules.accounts import BankAccount
from crm.funding.payments.service import details, reconciling, requesting, running
from crm.funding.payments.service.details import Call
from crm.funding.payments.workflow import PaymentStatus, RunStatus
from crm.kernel.clock import earlier, today
from crm.kernel.errors import Refusal
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor
from crm.kernel.roles import Role, Scope
from crm.notices.models import Letter
from tests import factories
from tests.accounts.people import acting, again, give, person
from tests.engines import PATIENCE
from tests.faults.test_two_at_one_envelope import opened
from tests.faults.together import browser, command, overlapping, together
from tests.houses import database

NUMBER, HUNDRED = "0121 496 0000", Money.pounds(100)
ACCOUNT, PAYER = BankAccount("Made", "123456", "12345678"), BankAccount("Made Payer", "000000", "00000000")
HEAD = "end_to_end_id,amount,status,reason,paid_on"


def whole(business_id: UUID) -> Business:
    found = business(business_id)
    assert found is not None
    return found


@dataclass(frozen=True)
class Stage:
    """Two finance officers, a payment that is due and its ledger's subject, all committed."""

    first: Actor
    second: Actor
    payment_id: UUID
    about: Subject


def staged(app: Flask) -> Stage:
    envelope_id, about = opened(app, Money.pounds(60_000)), Subject("decision", uuid4())
    with database(app).transaction():
        factories.figure(
            FigureStatus.APPROVED, name="payments.new_number_days", value="30", valid_from=date(2018, 1, 1)
        )
        first, second = (acting(person(Role.FINANCE_OFFICER)) for _ in range(2))
        own = factories.business()
        factories.person(own, name="Ann Made", phone=NUMBER)
        account = person()
        give(account, Role.FOUNDER, scope=Scope.BUSINESS, scope_id=str(own.id))
        owner = acting(again(account))
        made = details_queries.details(details.enter(whole(own.id), ACCOUNT, by=owner).id)
        assert made is not None
        details.confirm(made, Call(NUMBER, "Ann Made"), by=first)
        given: dict[str, Any] = {"amount": HUNDRED, "about": about, "reason": "Made", "by": SYSTEM}
        for verb in (posting.commit, posting.claim):
            verb(envelope_id, Line.CAPITAL, **given)
        payment = requesting.request(made.business_id, envelope_id, line=Line.CAPITAL, **given)
        return Stage(first, second, payment.id, about)


def run_of(app: Flask, stage: Stage) -> UUID:
    with database(app).transaction():
        return running.make([stage.payment_id], pay_on=running.next_pay_day(), by=stage.first).id


def releasing(run_id: UUID, by: Actor) -> None:
    found = queries.run(run_id)
    assert found is not None
    running.release(found, payer=PAYER, by=by)


def file_of(app: Flask, run_id: UUID) -> bytes:
    with database(app).reading():
        found = queries.run(run_id)
        assert found is not None
        return running.file_of(found)


def recorded(answer_id: UUID, by: Actor) -> None:
    found = answer_queries.answer(answer_id)
    assert found is not None
    reconciling.record(found, by=by)


def test_p45_one_payment_is_put_into_two_runs_at_once_and_one_wins(committing_app: Flask) -> None:
    stage = staged(committing_app)
    acts = [
        lambda by=by: running.make([stage.payment_id], pay_on=running.next_pay_day(), by=by)
        for by in (stage.first, stage.second)
    ]
    refused = [each for each in together(committing_app, *acts) if isinstance(each, Exception)]
    assert len(refused) == 1
    with database(committing_app).reading():
        assert len(session().scalars(select(RunLine)).all()) == 1

    (made,) = [each.run_id for each in lines(committing_app)]
    with database(committing_app).transaction():
        found = queries.run(made)
        assert found is not None
        running.discard(found, reason="Made", by=stage.second)
    _done, second = overlapping(committing_app, *acts)
    assert isinstance(second, Refusal), second
    assert [each.is_open for each in lines(committing_app)].count(True) == 1


def lines(app: Flask) -> list[RunLine]:
    with database(app).reading():
        return list(session().scalars(select(RunLine)))


def test_p44_the_same_answer_of_the_bank_recorded_by_two_is_counted_once(committing_app: Flask) -> None:
    stage = staged(committing_app)
    with earlier(timedelta(days=7)):  # whatever day of the week it is: a bank pays on the day of the run
        run_id = run_of(committing_app, stage)
        with database(committing_app).transaction():
            releasing(run_id, stage.second)
    (line,) = lines(committing_app)
    paid = f"{line.end_to_end_id},100.00,PAID,,{today():%Y-%m-%d}"
    rows = (paid, f"ELSE-1,5.00,PAID,,\n{paid}")
    with database(committing_app).transaction():
        one, other = (
            reconciling.upload("a.csv", f"{HEAD}\n{each}\n".encode(), by=stage.first).id for each in rows
        )
        same = reconciling.upload("b.csv", f"{HEAD}\n{rows[0]}\n".encode(), by=stage.second).id
    acts = [
        lambda answer_id=answer_id, by=by: recorded(answer_id, by)
        for answer_id, by in (
            (one, stage.first),
            (one, stage.second),
            (same, stage.first),
            (other, stage.second),
        )
    ]
    ended = together(committing_app, *acts)
    assert sum(isinstance(each, Exception) for each in ended) in {2, 3}, ended
    with database(committing_app).reading():
        assert balances_of(stage.about)[LedgerAccount.PAID] == HUNDRED
        found = queries.payment(stage.payment_id)
        assert found is not None
        assert found.status is PaymentStatus.PAID
        told = session().scalars(select(Letter).where(Letter.kind == "payment_paid")).all()
    assert len(told) == 1


KILLED = """
import os, signal
from uuid import UUID
from crm.app import create_app
from crm.accounts.queries import account, actor_of
from crm.db.session import session
from crm.funding.payments.queries import answers as answer_queries
from crm.funding.payments.queries import details as details_queries
from crm.funding.payments.queries import payments as queries
from crm.funding.payments.rules.accounts import BankAccount
from crm.funding.payments.service import running
def release():
    found = queries.run(UUID("{run_id}"))
    by = actor_of(account(UUID("{by}")))
    running.release(found, payer=BankAccount("Made Payer", "000000", "00000000"), by=by)
    session().flush()
with create_app().extensions["database"].transaction():
    release()
    {inside}
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_p35_killed_between_release_and_download_the_file_is_the_same_and_nothing_is_paid_twice(
    committing_app: Flask,
) -> None:
    stage = staged(committing_app)
    run_id = run_of(committing_app, stage)
    for inside, status in (
        ("os.kill(os.getpid(), signal.SIGKILL)", RunStatus.MADE),
        ("pass", RunStatus.RELEASED),
    ):
        code = KILLED.format(run_id=run_id, by=stage.second.account_id, inside=inside)
        with command(committing_app, "-c", code) as killed:
            assert killed.wait(PATIENCE) == -9
        with database(committing_app).reading():
            found = queries.run(run_id)
            assert found is not None
            assert found.status is status
    assert stage.first.account_id is not None
    officer = browser(committing_app, stage.first.account_id)
    got = [officer.get(f"/payment-runs/{run_id}/file").data for _ in range(2)]
    assert got[0] == got[1] == file_of(committing_app, run_id)
    assert got[0].count(b"<EndToEndId>") == 1
    for again_ in (
        lambda: releasing(run_id, stage.second),
        lambda: running.make([stage.payment_id], pay_on=running.next_pay_day(), by=stage.first),
    ):
        (refused,) = together(committing_app, again_)
        assert isinstance(refused, Refusal), refused
    assert len(lines(committing_app)) == 1
