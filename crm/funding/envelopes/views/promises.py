"""What the rooms above say of money: what was awarded, approved, paid and paid back, beside what the ledger has for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import url_for

from crm.audit.queries import Named, names_of
from crm.funding.envelopes.rules import Subject
from crm.funding.envelopes.views.showing import words_of
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Actor
from crm.web.beside import Beside
from crm.web.navigation import features
from crm.web.permit import open_address

Sums = tuple[Money, Money]


@dataclass(frozen=True)
class Differing:
    """One thing of which a room says something else than the ledger."""

    words: str
    href: str
    ours: Money
    ledger: Money


@dataclass(frozen=True)
class Promises:
    """Everything of one kind that has money, both sums, the list that they open, and where the ledger says otherwise."""

    about: Beside
    href: str
    count: int
    ours: Money
    ledger: Money
    note: str
    differing: list[Differing]


def promises(actor: Actor) -> list[Promises]:
    """Each kind of sum that a room above has, to the penny: two queries for each."""
    return [_of_kind(each, actor) for room in features() for each in room.beside]


def _of_kind(about: Beside, actor: Actor) -> Promises:
    sums = about.load()
    whole = tuple(sum((each[place] for each in sums.values()), start=NO_MONEY) for place in (0, 1))
    count = sum(1 for ours, ledger in sums.values() if ours or ledger)
    wrong = {each: pair for each, pair in sums.items() if pair[0] != pair[1]}
    href, note = url_for(about.endpoint, **about.given), about.note() if about.note else ""
    return Promises(about, href, count, whole[0], whole[1], note, _differing(wrong, actor))


def _differing(wrong: Mapping[Subject, Sums], actor: Actor) -> list[Differing]:
    names: dict[Subject, Named] = {}
    for table in {each.table for each in wrong}:
        known = names_of(table, (str(each.id) for each in wrong if each.table == table))
        names |= {Subject(table, UUID(row_id)): named for row_id, named in known.items()}
    return [
        Differing(words_of(each.table, names.get(each)), open_address(each.table, each.id, to=actor), *pair)
        for each, pair in wrong.items()
    ]
