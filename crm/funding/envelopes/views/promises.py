"""What the rooms above say of money: what was awarded, approved, paid and paid back, beside what the ledger has for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import url_for

from crm.audit.queries import Named, names_of
from crm.funding.envelopes.models import LedgerEntry
from crm.funding.envelopes.queries.alone import last_moved
from crm.funding.envelopes.rules import LedgerAccount, Subject
from crm.funding.envelopes.views.showing import words_of
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Actor
from crm.web.beside import Beside
from crm.web.navigation import features
from crm.web.permit import open_address

Sums = tuple[Money, Money]
MOST_ALONE = 200


@dataclass(frozen=True)
class Compared:
    """One thing, with what a room says of its money beside what the ledger says."""

    words: str
    href: str
    ours: Money
    ledger: Money


@dataclass(frozen=True)
class Alone:
    """What the ledger has about one thing that a room knows nothing of, and the entries that say so."""

    words: str
    href: str
    ledger: Money
    entry: LedgerEntry | None


@dataclass(frozen=True)
class Promises:
    """Everything of one kind that has money, both sums, the page that they open, and where the ledger says otherwise."""

    about: Beside
    href: str
    sums: Mapping[Subject, Sums]
    ours: Money
    ledger: Money
    note: str
    differing: list[Compared]
    alone: Mapping[tuple[UUID, Subject], Money]

    @property
    def beyond(self) -> Money:
        """What the ledger has about everything that the room knows nothing of."""
        return sum(self.alone.values(), start=NO_MONEY)

    @property
    def count(self) -> int:
        """How many things the sums add up."""
        return len(self.sums)


def every_kind() -> dict[str, Beside]:
    """Each kind of sum that a room above has, by its name in an address."""
    return {each.name: each for room in features() for each in room.beside}


def promises(actor: Actor) -> list[Promises]:
    """Each kind of sum that a room above has, to the penny: two queries for each."""
    return [promises_of(each, actor) for each in every_kind().values()]


def promises_of(about: Beside, actor: Actor) -> Promises:
    """The sums of one kind."""
    sums = {each: pair for each, pair in about.load().items() if any(pair)}
    whole = tuple(sum((each[place] for each in sums.values()), start=NO_MONEY) for place in (0, 1))
    wrong = {each: pair for each, pair in sums.items() if pair[0] != pair[1]}
    href = url_for("envelope_ledger.reconciliation", of=about.name)
    note = about.note() if about.note else ""
    alone = about.alone() if about.alone else {}
    return Promises(about, href, sums, whole[0], whole[1], note, compared(wrong, actor), alone)


def named_alone(found: Promises) -> list[Alone]:
    """What the ledger has about each thing that the room knows nothing of, each with its entries: the largest first, so many at most."""
    largest = sorted(found.alone.items(), key=lambda each: (-each[1].pence, str(each[0])))[:MOST_ALONE]
    names = _named(about for (_, about), _ in largest)
    source, target = found.about.alone_moved or (LedgerAccount.CLAIMED, LedgerAccount.PAID)
    entries = last_moved([place for place, _ in largest], source=source, target=target)
    return [
        Alone(
            words_of(place[1].table, names.get(place[1])), _entries(*place, target), sum_, entries.get(place)
        )
        for place, sum_ in largest
    ]


def _entries(envelope_id: UUID, about: Subject, account: LedgerAccount) -> str:
    of = f"{about.table}:{about.id}"
    return url_for("envelope_ledger.ledger", envelope_id=envelope_id, about=of, account=account)


def compared(sums: Mapping[Subject, Sums], actor: Actor) -> list[Compared]:
    """Both sums of each thing, with what it is called and its page."""
    names = _named(sums)
    found = [
        Compared(words_of(each.table, names.get(each)), open_address(each.table, each.id, to=actor), *pair)
        for each, pair in sums.items()
    ]
    return sorted(found, key=lambda each: each.words)


def _named(subjects: Iterable[Subject]) -> dict[Subject, Named]:
    """What each of some things is called: one query for each kind."""
    found, names = set(subjects), dict[Subject, Named]()
    for table in {each.table for each in found}:
        known = names_of(table, (str(each.id) for each in found if each.table == table))
        names |= {Subject(table, UUID(row_id)): named for row_id, named in known.items()}
    return names
