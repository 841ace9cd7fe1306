"""What the rooms above say they awarded, beside what the ledger has set aside for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from crm.audit.queries import Named, names_of
from crm.funding.envelopes.queries import ledger as queries
from crm.funding.envelopes.views.showing import words_of
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Actor
from crm.web.navigation import features, kind_of
from crm.web.permit import open_address


@dataclass(frozen=True)
class Differing:
    """One thing whose award is not what the ledger has for it."""

    words: str
    href: str
    awarded: Money
    taken: Money


@dataclass(frozen=True)
class Promises:
    """Everything of one kind that was awarded money, and where the ledger says otherwise."""

    kind: str
    awards: int
    awarded: Money
    taken: Money
    differing: list[Differing]


def promises(actor: Actor) -> list[Promises]:
    """Each kind of thing that is awarded money, to the penny: two queries for each."""
    return [
        _of_kind(table, dict(promised()), actor)
        for room in features()
        for table, promised in room.promised.items()
    ]


def _of_kind(table: str, awarded: Mapping[UUID, Money], actor: Actor) -> Promises:
    taken = queries.taken_by_subject(table)
    sums = {each: (awarded.get(each, NO_MONEY), taken.get(each, NO_MONEY)) for each in {**awarded, **taken}}
    wrong = [each for each, (said, held) in sums.items() if said != held]
    names = names_of(table, map(str, wrong))
    differing = [_differing(table, each, names.get(str(each)), sums[each], actor) for each in wrong]
    return Promises(kind_of(table), len(awarded), _whole(awarded), _whole(taken), differing)


def _differing(
    table: str, row_id: UUID, name: Named | None, sums: tuple[Money, Money], actor: Actor
) -> Differing:
    return Differing(words_of(table, name), open_address(table, row_id, to=actor), *sums)


def _whole(sums: Mapping[UUID, Money]) -> Money:
    return sum(sums.values(), start=NO_MONEY)
