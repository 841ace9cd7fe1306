"""Never more than a raise seeks, whoever writes: the walls of the database, each broken past the verbs."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from crm.angels.deals.workflow import InvestmentStatus, PledgeStatus
from crm.kernel.money import Money
from tests import network
from tests.angels.deals import made
from tests.angels.people import own_business
from tests.cast import Cast

WORDS = "pledges and investments never add up to more than a raise seeks"


def refused(db: Session, change: str) -> bool:
    point = db.connection().begin_nested()
    try:
        with pytest.raises(DBAPIError) as caught:
            db.connection().execute(text(change))
        return WORDS in str(caught.value.orig)
    finally:
        point.rollback()


def test_n29_the_database_lets_nobody_write_more_than_a_raise_seeks(cast: Cast, db: Session) -> None:
    found, investor = (
        network.pitch(network.legal(own_business()), amount=Money.pounds(100)),
        network.admitted(),
    )
    made.pledge(found, investor, amount=Money.pounds(60))
    made.pledge(found, investor, PledgeStatus.WAITING, amount=Money.pounds(50))
    made.investment(found, investor, amount=Money.pounds(40))
    db.flush()
    for change in (
        "UPDATE pledge SET status = 'pledged' WHERE status = 'waiting'",
        "UPDATE pledge SET amount = amount + 1 WHERE status = 'pledged'",
        "UPDATE investment SET amount = amount + 1",
        "UPDATE pitch SET amount = amount - 1",
    ):
        assert refused(db, change), change
    db.execute(text("UPDATE pledge SET status = 'withdrawn', ended_at = pledged_at WHERE status = 'pledged'"))
    made.pledge(found, investor, amount=Money.pounds(60))
    for make in (
        lambda: made.pledge(found, investor, amount=Money(1)),
        lambda: made.investment(found, investor, amount=Money(1)),
    ):
        with db.begin_nested() as point, pytest.raises(DBAPIError, match=WORDS):
            make()
        assert not point.is_active


def test_a_pledge_and_the_investment_that_completes_it_take_their_room_once(cast: Cast, db: Session) -> None:
    found, investor = (
        network.pitch(network.legal(own_business()), amount=Money.pounds(100)),
        network.admitted(),
    )
    pledged = made.pledge(found, investor, amount=Money.pounds(80))
    paid = made.investment(found, investor, amount=Money.pounds(90), pledge_id=pledged.id)
    made.investment(found, investor, InvestmentStatus.REVERSED, amount=Money.pounds(90))
    made.pledge(found, investor, amount=Money.pounds(10))
    db.flush()
    assert refused(db, "UPDATE investment SET amount = amount + 1 WHERE status = 'reported'")
    assert refused(db, "UPDATE investment SET pledge_id = NULL WHERE status = 'reported'")
    assert paid.amount == Money.pounds(90)
