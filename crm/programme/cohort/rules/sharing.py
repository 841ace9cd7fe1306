"""Who shares one limit of subsidies, and what a draft awards them beside what they can still be given (P38, P41)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from crm.kernel.money import NO_MONEY, Money
from crm.kernel.text import series
from crm.programme.cohort.rules.choosing import Candidate

Enterprise = frozenset[UUID]
"""The ids of the businesses that are counted together."""


@dataclass(frozen=True)
class Sharing:
    """The applicants of one enterprise: what a draft awards them together, and what they can still be given of subsidies."""

    members: tuple[Candidate, ...]
    chosen: Money
    room: Money

    @property
    def is_linked(self) -> bool:
        """Whether it is more than one applicant, so that an award to one leaves less for the others."""
        return len(self.members) > 1

    @property
    def is_over(self) -> bool:
        """Whether the draft awards them more than they can be given, by a penny or more."""
        return self.chosen > self.room

    @property
    def words(self) -> str:
        """Both sums in a sentence: "A and B share a limit of subsidies: £60,000.00 chosen, £35,000.00 can be given"."""
        names = series([each.name for each in self.members])
        sums = f"{self.chosen.in_full()} chosen, {self.room.in_full()} can be given"
        return f"{names} share a limit of subsidies: {sums}" if self.is_linked else f"{names}: {sums}"

    def beside(self, one: Candidate) -> str:
        """The names of those that share the limit with one of them."""
        return series([each.name for each in self.members if each.id != one.id])


def shared(
    rows: Sequence[Candidate],
    *,
    enterprises: Mapping[UUID, Enterprise],
    rooms: Mapping[UUID, Money],
    chosen: Mapping[UUID, Money],
) -> list[Sharing]:
    """Those of the ranked applications that share a limit, and each that is chosen for more than it can be given.

    ``enterprises`` and ``rooms`` go by the id of the business, ``chosen`` by that of the application.
    """
    members: dict[Enterprise, list[Candidate]] = {}
    for each in rows:
        members.setdefault(enterprises[each.business_id], []).append(each)
    found = [_sharing(each, rooms, chosen) for each in members.values()]
    return [each for each in found if each.is_linked or each.is_over]


def _sharing(
    members: Sequence[Candidate], rooms: Mapping[UUID, Money], chosen: Mapping[UUID, Money]
) -> Sharing:
    sums = (chosen.get(each.id, NO_MONEY) for each in members)
    room = max(NO_MONEY, rooms[members[0].business_id])
    return Sharing(tuple(members), sum(sums, start=NO_MONEY), room)


def linked_names(found: Sequence[Sharing]) -> dict[UUID, str]:
    """By each application that shares its limit, the names of the applicants that it shares it with."""
    return {one.id: each.beside(one) for each in found if each.is_linked for one in each.members}
