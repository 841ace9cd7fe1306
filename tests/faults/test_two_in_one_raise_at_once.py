"""Several pledge to one raise at the same moment, both sides report at once: never too much, and one investment."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from crm.accounts.queries import account
from crm.angels.deals.models import Investment, Pledge
from crm.angels.deals.queries import pledges as queries
from crm.angels.deals.service import pledging, reporting
from crm.angels.deals.service.reporting import Figures, InvestmentDetails
from crm.angels.deals.workflow import InvestmentStatus, PledgeStatus
from crm.angels.introductions.queries import introduction
from crm.angels.introductions.workflow import IntroductionStatus
from crm.angels.investors.workflow import Instrument
from crm.angels.pitches.queries import pitches
from crm.db.session import session
from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from tests import factories, network
from tests.angels.deals import made
from tests.angels.people import acting
from tests.faults.together import together
from tests.houses import database

TIMES = 3


def lawful() -> None:
    if not session().scalar(select(func.count()).select_from(network.RegulatoryBasis)):
        network.basis()
        network.signed_off()


def pledge(pitch_id: UUID, account_id: UUID) -> list[PledgeStatus]:
    owner = account(account_id)
    assert owner is not None
    actor = acting(owner)
    found = pitches.pitch(pitch_id)
    assert found is not None
    return [each.status for each in pledging.record(found, Money.pounds(20_000), by=actor)]


def test_n29_two_who_pledge_at_once_never_fill_a_raise_beyond_what_it_seeks(furnished: Flask) -> None:
    for _ in range(TIMES):
        with database(furnished).transaction():
            lawful()
            found = network.pitch(network.legal(factories.business()), amount=Money.pounds(150_000))
            made.pledge(found, status=PledgeStatus.COMMITTED, amount=Money.pounds(140_000))
            people, pitch_id = [network.admitted().id for _ in range(2)], found.id
        answers = together(furnished, *(partial(pledge, pitch_id, each) for each in people))
        assert sorted(answers, key=len) == [
            [PledgeStatus.WAITING],
            [PledgeStatus.PLEDGED, PledgeStatus.WAITING],
        ]
        with database(furnished).transaction():
            assert queries.taken_of([pitch_id]) == {pitch_id: Money.pounds(150_000)}
            line = queries.line_of(pitch_id)
            assert [each.amount for each in line] == [Money.pounds(10_000), Money.pounds(20_000)]
            assert session().scalar(select(func.count()).where(Pledge.pitch_id == pitch_id)) == 4


def figures() -> Figures:
    return Figures(Money.pounds(25_000), Instrument.EQUITY, today())


def by_company(pitch_id: UUID, account_id: UUID) -> str:
    found = pitches.pitch(pitch_id)
    assert found is not None
    reporting.report(found, InvestmentDetails(figures(), account_id), by=SYSTEM)
    return "reported"


def by_investor(introduction_id: UUID) -> str:
    found = introduction(introduction_id)
    assert found is not None
    reporting.report_own(found, InvestmentDetails(figures()), by=SYSTEM)
    return "reported"


def test_n35_both_sides_report_at_once_and_it_is_one_investment(furnished: Flask) -> None:
    for _ in range(TIMES):
        with database(furnished).transaction():
            lawful()
            found = network.pitch(network.legal(factories.business()))
            owner = network.admitted()
            meeting = network.introduction(found, owner, IntroductionStatus.AGREED)
            ids = found.id, owner.id, meeting.id
        answers = together(furnished, partial(by_company, *ids[:2]), partial(by_investor, ids[2]))
        assert answers == ["reported", "reported"]
        with database(furnished).transaction():
            (kept,) = session().scalars(select(Investment).where(Investment.pitch_id == ids[0])).all()
            assert kept.status is InvestmentStatus.MATCHED
