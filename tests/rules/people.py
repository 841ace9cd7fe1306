"""The people of the demonstration as visitors of its pages, and what their pages say."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from sqlalchemy import select

from crm.accounts import queries
from crm.accounts.models import Account
from crm.db.session import session
from crm.kernel.permissions import VISITOR, Actor
from crm.web.identity import informed
from tests.cast import Member
from tests.client import ConformingClient
from tests.conforming import elements_of, texts

CODE = re.compile(r"(?<![\w/.@=-])[a-z]+(?:_[a-z]+)+(?![\w/.@=-])")


def somebody(email: str) -> Account:
    """An account of the demonstration."""
    return session().scalars(select(Account).where(Account.email == email)).one()


def actor_of(demo: Flask, email: str) -> Actor:
    """Who somebody is to the policies, with all that every room knows of them."""
    if not email:
        return VISITOR
    account = queries.account(somebody(email).id)
    assert account is not None
    sources = [room.actor_facts for room in demo.extensions["features"] if room.actor_facts]
    return informed(queries.actor_of(account), sources)


def client_of(demo: Flask, actor: Actor) -> ConformingClient:
    """A browser in which this person is signed in."""
    demo.test_client_class = ConformingClient
    client = demo.test_client()
    assert isinstance(client, ConformingClient)
    return client.sign_in(Member("somebody", actor)) if actor.account_id else client


def main_of(page: str) -> list[Any]:
    """The main part of a page: what it says apart from its frame."""
    return [each for each in elements_of(page) if each.name == "main"]


def said_by(page: str) -> str:
    """All that the main part of a page says, in small letters."""
    return " ".join(text for body in main_of(page) for text in texts(body) if text).casefold()


def raw_codes(page: str) -> set[str]:
    """Values that stand on a page as they are stored, like `under_way`: every value has words."""
    return {code for body in main_of(page) for text in texts(body) for code in CODE.findall(text)}
