"""Two in the network at the same moment: one request, one outcome, and no contact that leaks."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from crm.accounts.queries import account
from crm.angels.introductions import queries
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.service import introducing
from crm.angels.introductions.workflow import IntroductionStatus
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.queries import pitches
from crm.angels.pitches.service import pitching
from crm.angels.pitches.workflow import PitchStatus
from crm.billing.models import MembershipPeriod
from crm.billing.service.periods import PeriodDetails, record
from crm.billing.workflow import Way
from crm.db.session import session
from crm.kernel.clock import today
from crm.kernel.errors import Conflict
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from tests import factories, network
from tests.angels.people import acting
from tests.faults.together import together
from tests.houses import database

TIMES = 4


def shown(app: Flask) -> tuple[UUID, UUID]:
    """A pitch that is shown, and an investor who may see it."""
    with database(app).transaction():
        if not session().scalar(select(func.count()).select_from(network.RegulatoryBasis)):
            network.basis()
            network.signed_off()
        return network.pitch(network.legal(factories.business())).id, network.admitted().id


def ask(pitch_id: UUID, account_id: UUID) -> UUID:
    owner, found = account(account_id), pitches.pitch(pitch_id)
    assert owner is not None
    actor = acting(owner)
    found = pitches.pitch(pitch_id)
    assert found is not None
    return introducing.request(found, "Hello", by=actor).id


def test_n20_two_requests_at_once_are_one_and_both_get_it(furnished: Flask) -> None:
    for _ in range(TIMES):
        pitch_id, account_id = shown(furnished)
        both = partial(ask, pitch_id, account_id)
        answers = together(furnished, both, both)
        assert len(set(answers)) == 1
        assert all(isinstance(each, UUID) for each in answers)
        with database(furnished).transaction():
            count = session().scalar(
                select(func.count()).select_from(Introduction).where(Introduction.pitch_id == pitch_id)
            )
        assert count == 1


def agree(introduction_id: UUID) -> str:
    found = queries.introduction(introduction_id)
    assert found is not None
    introducing.agree(found, by=SYSTEM)
    return "agreed"


def withdraw(pitch_id: UUID) -> str:
    found = pitches.pitch(pitch_id)
    assert found is not None
    pitching.withdraw(found, reason="Over", by=SYSTEM)
    return "withdrawn"


def test_n25_agreeing_and_withdrawing_at_once_one_comes_first(furnished: Flask) -> None:
    for _ in range(TIMES):
        pitch_id, account_id = shown(furnished)
        with database(furnished).transaction():
            asked = ask(pitch_id, account_id)
        agreed, withdrawn = together(furnished, partial(agree, asked), partial(withdraw, pitch_id))
        assert withdrawn == "withdrawn"
        with database(furnished).transaction():
            found = queries.introduction(asked)
            assert found is not None
            assert session().get_one(Pitch, pitch_id).status is PitchStatus.WITHDRAWN
            if agreed == "agreed":
                assert found.status is IntroductionStatus.AGREED
            else:
                assert isinstance(agreed, Conflict)
                assert (found.status, found.met_at) == (IntroductionStatus.CANCELLED, None)


def test_two_periods_at_once_pay_no_day_twice(furnished: Flask) -> None:
    with database(furnished).transaction():
        owner = network.investor().id

    def pay() -> str:
        found = account(owner)
        assert found is not None
        record(found, PeriodDetails(today(), today(), Way.INVOICE, Money.pounds(1)), by=SYSTEM)
        return "recorded"

    answers = together(furnished, pay, pay)
    assert answers.count("recorded") == 1
    assert sum(isinstance(each, Conflict) for each in answers) == 1
    with database(furnished).transaction():
        query = select(func.count()).where(MembershipPeriod.account_id == owner)
        assert session().scalar(query) == 1
