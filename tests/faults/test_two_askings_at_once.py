"""Two managers ask the same members, or send the yearly letter, at the same moment: each member gets one email."""

from __future__ import annotations

from datetime import date
from functools import partial
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from crm.accounts.queries import account, actor_of
from crm.angels.investors.models import Angel
from crm.angels.year.models import Asked, Mailing, YearlyCopy, YearlyLetter
from crm.angels.year.rules.kinds import Kind
from crm.angels.year.service import mailing, yearly
from crm.angels.year.service.mailing import Wish
from crm.db.session import session
from crm.kernel.errors import Refusal
from crm.kernel.permissions import Actor
from crm.kernel.roles import Role
from crm.notices.models import Letter
from tests import factories, network
from tests.faults.together import together
from tests.houses import database

MEMBERS = 3


def prepared(app: Flask) -> tuple[UUID, ...]:
    """Members whose membership ends soon; the ids of their places in the network."""
    with database(app).transaction():
        network.basis()
        network.signed_off()
        for _ in range(MEMBERS):
            owner = network.investor()
            network.angel(owner)
            network.membership(owner, days=(-350, 14))
            network.certification(owner, signed_on=date(2025, 6, 1))
        return tuple(session().scalars(select(Angel.id)))


def manager(app: Flask) -> UUID:
    with database(app).transaction():
        made = factories.account()
        factories.grant(made, Role.NETWORK_MANAGER)
        return made.id


def acting(account_id: UUID) -> Actor:
    found = account(account_id)
    assert found is not None
    return actor_of(found)


def ask(account_id: UUID, wish: Wish, mark: str) -> UUID:
    return mailing.write(wish, seen=mark, by=acting(account_id)).id


def send(account_id: UUID, mark: str) -> UUID:
    return yearly.send("Hello", seen=mark, by=acting(account_id)).id


def counts(app: Flask, *kinds: type) -> list[int]:
    with database(app).reading():
        return [session().scalar(select(func.count()).select_from(each)) or 0 for each in kinds]


def test_two_managers_who_ask_the_same_members_at_once_send_each_one_email(furnished: Flask) -> None:
    wish = Wish(Kind.RENEW, prepared(furnished))
    both = [manager(furnished) for _ in range(2)]
    with database(furnished).reading():
        mark = mailing.weigh(wish, by=acting(both[0])).mark
    answers = together(furnished, *(partial(ask, each, wish, mark) for each in both))
    assert sum(isinstance(each, UUID) for each in answers) == 1
    assert any(isinstance(each, IntegrityError | Refusal) for each in answers)
    assert counts(furnished, Mailing, Asked, Letter) == [1, MEMBERS, MEMBERS]


def test_two_managers_who_send_the_yearly_letter_at_once_send_each_member_one(furnished: Flask) -> None:
    prepared(furnished)
    both = [manager(furnished) for _ in range(2)]
    with database(furnished).reading():
        mark = yearly.draft("Hello", by=acting(both[0])).mark
    answers = together(furnished, *(partial(send, each, mark) for each in both))
    assert sum(isinstance(each, UUID) for each in answers) == 1
    assert any(isinstance(each, IntegrityError | Refusal) for each in answers)
    assert counts(furnished, YearlyLetter, YearlyCopy, Letter) == [1, MEMBERS, MEMBERS]
