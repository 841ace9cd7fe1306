"""What the rooms above say of money: what was awarded, approved, paid and paid back, beside what the ledger has for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import url_for

from crm.funding.envelopes.models import LedgerEntry
from crm.funding.envelopes.queries import beside as queries
from crm.funding.envelopes.queries.beside import Beyond, Sums
from crm.funding.envelopes.rules import LedgerAccount, Subject
from crm.funding.envelopes.views.showing import named, words_of
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Actor
from crm.web.beside import Beside
from crm.web.navigation import features
from crm.web.paging import Page, place_in, placed
from crm.web.permit import open_address

AT_ONCE = 200
"""How many things are named on a page."""
NOTHING = Beyond(0, NO_MONEY)
PAID = (LedgerAccount.CLAIMED, LedgerAccount.PAID)


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
    """Everything of one kind that has money: both sums, the page that they open, and where the ledger says otherwise.

    ``differing`` are the things that differ most, so many at most; ``alone`` is what the ledger has about things that the room
    knows nothing of, which ``alone_href`` lists.
    """

    about: Beside
    href: str
    alone_href: str
    sums: Sums
    note: str
    differing: Sequence[Compared]
    alone: Beyond


def every_kind() -> dict[str, Beside]:
    """Each kind of sum that a room above has, by its name in an address."""
    return {each.name: each for room in features() for each in room.beside}


def promises(actor: Actor) -> list[Promises]:
    """Each kind of sum that a room above has, to the penny: two queries for each, and one more for what differs or is explained."""
    return [promises_of(each, actor) for each in every_kind().values()]


def promises_of(about: Beside, actor: Actor) -> Promises:
    """The sums of one kind."""
    found = about.load()
    sums = queries.sums_of(found)
    wrong = queries.compared_in(found, most=AT_ONCE, differing=True) if sums.differing else {}
    href = url_for("envelope_ledger.reconciliation", of=about.name)
    alone_href = url_for("envelope_ledger.reconciliation", of=about.name, show=ALONE)
    note = about.note() if about.note else ""
    alone = queries.beyond(about.alone()) if about.alone else NOTHING
    return Promises(about, href, alone_href, sums, note, by_name(compared(wrong, actor)), alone)


ALONE = "ledger-only"
"""In an address: that only what the ledger has about things that the room knows nothing of is listed."""


def page_of_sums(found: Promises, actor: Actor) -> Page:
    """One page of the things of a kind: by name where one page has all of them, else those that differ and then the largest first."""
    at = place_in(found.sums.count, size=AT_ONCE)
    rows = compared(queries.compared_in(found.about.load(), most=AT_ONCE, after=(at - 1) * AT_ONCE), actor)
    shown = by_name(rows) if found.sums.count <= AT_ONCE else rows
    return placed(shown, at=at, count=found.sums.count, size=AT_ONCE)


def page_of_alone(found: Promises) -> Page:
    """One page of the things that a room knows nothing of, the largest first."""
    at = place_in(found.alone.count, size=AT_ONCE)
    rows = named_alone(found.about, after=(at - 1) * AT_ONCE)
    return placed(rows, at=at, count=found.alone.count, size=AT_ONCE)


def named_alone(about: Beside, *, after: int = 0) -> list[Alone]:
    """What the ledger has about each thing that the room knows nothing of, each with its entries: the largest first, so many at most."""
    rows = queries.largest(about.alone(), most=AT_ONCE, after=after) if about.alone else {}
    way, names = about.alone_moved or PAID, named(one for _, one in rows)
    entries = queries.last_moved(rows, way) if rows else {}
    return [
        Alone(
            words_of(one.table, names.get(one)), _entries(owner, one, way[1]), sum_, entries.get((owner, one))
        )
        for (owner, one), sum_ in rows.items()
    ]


def _entries(envelope_id: UUID, about: Subject, account: LedgerAccount) -> str:
    of = f"{about.table}:{about.id}"
    return url_for("envelope_ledger.ledger", envelope_id=envelope_id, about=of, account=account)


def compared(sums: Mapping[Subject, tuple[Money, Money]], actor: Actor) -> list[Compared]:
    """Both sums of each thing, with what it is called and its page."""
    names = named(sums)
    return [
        Compared(words_of(each.table, names.get(each)), open_address(each.table, each.id, to=actor), *pair)
        for each, pair in sums.items()
    ]


def by_name(rows: Iterable[Compared]) -> list[Compared]:
    """The same in the order of what they are called."""
    return sorted(rows, key=lambda each: each.words)
